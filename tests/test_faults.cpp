// SPDX-License-Identifier: MIT
/// @file
/// What can go wrong while a program trains, and what must be left of it: one clear line,
/// and the last good checkpoint.

#include "common/pictures/png.hpp"
#include "common/training/safetensors.hpp"
#include "desk.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <regex>
#include <set>
#include <thread>

namespace {

/// Ends with one line that names the trouble, and the checkpoint is as it was.
void checkEndedWell(const Desk& desk, const Ended& ended, int status,
                    const std::string& says) {
  INFO(ended.err);
  CHECK(ended.status == status);
  CHECK(std::regex_match(ended.err, std::regex("error: [^\n]+\n")));
  checkSays(ended.err, says);
  CHECK(sameBytes(desk / "c", desk / "before"));
}

/// A small MNIST and the checkpoint of one epoch, with a copy called `before`. The options
/// to go on with it.
Words prepare(const Desk& desk, const std::string& program) {
  const Words some =
      data(desk, smallMnist(200, 20)) + Words{"--quiet", "--schedule", "constant"};
  desk.good(program, some + Words{"--epochs", "1", "--checkpoint", "c"});
  fs::copy_file(desk / "c", desk / "before");
  return some + Words{"--resume", "c", "--epochs", "400", "--checkpoint", "c"};
}

/// Starts, kills after a random time, and again with what is left, `kills` times; the end
/// must be that of a run which nobody disturbed.
void killAndResume(const std::string& program, int kills) {
  INFO(program);
  const Desk desk;
  const Words some = data(desk, smallMnist(120, 10)) +
                     Words{"--quiet", "--schedule", "constant", "--epochs",
                           program == "05_cnn_serial" ? "40" : "150"};
  std::mt19937 random(static_cast<unsigned>(kills));
  int withCheckpoint = 0;
  unsigned reach = 200;  // milliseconds; a slow machine needs more for its first epoch
  for (int k = 0; k < kills; ++k) {
    Words words = some + Words{"--checkpoint", "c"};
    if (fs::exists(desk / "c")) {
      words = words + Words{"--resume", "c"};
      ++withCheckpoint;
    } else if (k > 0) {
      reach = std::min(2 * reach, 25600U);
    }
    const pid_t child = desk.start(program, words);
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % reach));
    kill(child, SIGKILL);
    const Ended ended = desk.wait(child);
    INFO("kill number " << k + 1 << ": " << ended.err);
    REQUIRE((ended.status == 137 || ended.status == 0));  // 0: it was done before
    REQUIRE(ended.err == "");  // what the last kill had left could be read
  }
  CHECK(withCheckpoint > kills / 4);  // else nothing was tried
  desk.good(program, some + Words{"--resume", "c", "--save", "resumed"});
  desk.good(program, some + Words{"--save", "straight"});
  CHECK(sameBytes(desk / "resumed", desk / "straight"));
}

}  // namespace

TEST_CASE("killed at 15 random moments, stage 04 resumes to the same bits",
          "[faults]") {
  killAndResume("04_mlp", 15);
}
TEST_CASE("killed at 15 random moments, stage 05 resumes to the same bits",
          "[faults]") {
  killAndResume("05_cnn_serial", 15);
}
TEST_CASE("killed at 15 random moments, stage 06 resumes to the same bits",
          "[faults]") {
  killAndResume("06_cnn_batched", 15);
}
TEST_CASE("killed at 15 random moments, stage 08 resumes to the same bits",
          "[faults]") {
  killAndResume("08_cnn_fast", 15);
}
TEST_CASE("killed at 15 random moments, stage 09 resumes to the same bits",
          "[faults]") {
  killAndResume("09_winograd", 15);
}
TEST_CASE("killed at a hundred random moments, each trainer resumes to the same bits",
          "[faults][slow]") {
  for (const std::string& program : trainers) killAndResume(program, 100);
}

TEST_CASE("a disk that fills up leaves the old checkpoint, and nothing half written",
          "[faults]") {
  for (const std::string& program : trainers) {
    INFO(program);
    const Desk desk;
    const Words words = prepare(desk, program);
    // A limit on the size of files fails in the middle of a write, as a full disk does.
    const Ended ended =
        desk.run("", Words{"/bin/sh", "-c", R"(ulimit -f 100; exec "$0" "$@")",
                           CNN_PROGRAMS_DIR "/" + program} +
                         words);
    checkEndedWell(desk, ended, 1, "c: cannot be written");
    for (const auto& entry : fs::directory_iterator(desk.path()))
      CHECK(entry.path().filename().string().find(".tmp") == std::string::npos);
  }
}

TEST_CASE("a folder that may only be read is an error that names it", "[faults]") {
  const Desk desk;
  const Words words = prepare(desk, "06_cnn_batched");
  fs::create_directory(desk / "locked");
  fs::copy_file(desk / "c", desk / "locked/c");
  fs::permissions(desk / "locked", fs::perms::owner_read | fs::perms::owner_exec |
                                       fs::perms::others_read | fs::perms::others_exec);
  Words start = {"/usr/bin/env"};
  if (geteuid() == 0) {  // root may write anywhere
    start = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    fs::permissions(desk.path(), fs::perms::all);
    fs::permissions(desk / "out", fs::perms::all);
  }
  Words locked = words;
  locked.back() = "locked/c";
  const Ended ended =
      desk.run("", start + Words{CNN_PROGRAMS_DIR "/06_cnn_batched"} + locked);
  checkEndedWell(desk, ended, 2,
                 "--checkpoint locked/c: cannot be written: Permission denied");
  CHECK(sameBytes(desk / "locked/c", desk / "before"));
}

TEST_CASE("data that has vanished is an error that names it", "[faults]") {
  const Desk desk;
  for (const std::string& program : trainers) {
    INFO(program);
    fs::remove_all(desk / "data");
    fs::remove(desk / "before");
    const Words words = prepare(desk, program);
    fs::remove(desk / "data/t10k-labels-idx1-ubyte");
    checkEndedWell(desk, desk.run(program, words), 2,
                   "data/t10k-labels-idx1-ubyte: no such file");
  }
}

TEST_CASE("a reader who leaves ends the program with a line", "[faults]") {
  for (const std::string& program : trainers) {
    INFO(program);
    const Desk desk;
    const Words words = data(desk, smallMnist(200, 20)) + Words{"--epochs", "2"};
    const Ended ended =
        desk.run("", Words{"/bin/sh", "-c",
                           R"({ "$0" "$@"; echo "status $?" >status; } | sleep 0)",
                           CNN_PROGRAMS_DIR "/" + program} +
                         words);
    CHECK(std::regex_match(ended.err,
                           std::regex("error: the output was closed[^\n]+\n")));
    CHECK(contentOf(desk / "status") == "status 141\n");
  }
}

TEST_CASE("output to a full disk is an error", "[faults]") {
  const Desk desk;
  const Words words = data(desk, smallMnist(50, 20)) + Words{"--epochs", "1"};
  const Ended ended = desk.runTo(">/dev/full", "06_cnn_batched", words);
  CHECK(ended.status == 1);
  checkSays(ended.err, "error: the output could not be written");
}

TEST_CASE("a closed or full error stream changes nothing but what is said",
          "[faults]") {
  const Desk desk;
  const Words good = data(desk, smallMnist(20, 20)) + Words{"--epochs", "1"};
  for (const std::string& program : stagePrograms())
    for (const std::string streams : {"2>&-", "2>/dev/full"}) {
      INFO(program << " " << streams);
      CHECK(desk.runTo(streams, program, {"--nonsense"}).status == 2);
      CHECK(desk.runTo(streams, program, {"--help"}).status == 0);
    }
  for (const std::string& program : trainers)
    for (const std::string streams : {"2>&-", "2>/dev/full"}) {
      INFO(program << " " << streams);
      // Without a folder for temporary files there is a warning to print, too.
      const Ended ended = desk.run(
          "", Words{"/bin/sh", "-c", R"(TMPDIR=/nowhere exec "$0" "$@" )" + streams,
                    CNN_PROGRAMS_DIR "/" + program} +
                  good);
      CHECK(ended.status == 0);
      checkSays(ended.out, "test accuracy");
    }
}

TEST_CASE("output that is closed or full is an error from the first line on",
          "[faults]") {
  const Desk desk;
  const Words good = data(desk, smallMnist(20, 20)) + Words{"--epochs", "1"};
  for (const std::string& program : stagePrograms())
    for (const std::string streams : {">&-", ">/dev/full"}) {
      INFO(program << " " << streams);
      const Ended ended = desk.runTo(streams, program, {"--help"});
      CHECK(ended.status == 1);
      CHECK(ended.err == "error: the output could not be written\n");
    }
  for (const std::string& program : trainers) {
    INFO(program);
    CHECK(desk.runTo(">&-", program, good + Words{"--save", "s"}).status == 1);
    CHECK_FALSE(fs::exists(desk / "s"));  // nothing was trained
  }
}

TEST_CASE("without a folder for temporary files there is a warning in place of charts",
          "[faults]") {
  const Desk desk;
  const Words words = {"/usr/bin/env", "TMPDIR=/nowhere",
                       CNN_PROGRAMS_DIR "/06_cnn_batched"};
  const Ended ended = desk.run(
      "", words + data(desk, smallMnist(20, 20)) + Words{"--epochs", "1", "--quiet"});
  CHECK(ended.status == 0);
  CHECK(linesOf(ended.out).size() == 2);
  checkSays(ended.err, "no chart drawn: ");
  checkSays(ended.err, "/nowhere");
}

TEST_CASE("a run that diverges stops, says what to try and harms no checkpoint",
          "[faults]") {
  for (const std::string& program : trainers) {
    INFO(program);
    const Desk desk;
    prepare(desk, program);
    // Even where every ReLU has died the penalty multiplies the weights, by
    // -rate lambda = -10^5 a step: they leave the numbers there are within an epoch.
    const Ended ended =
        desk.run(program, Words{"--data", "data", "--quiet", "--batch", "1", "--rate",
                                "1e6", "--lambda", "0.1", "--clip", "1e300",
                                "--checkpoint", "c", "--save", "s"});
    checkEndedWell(desk, ended, 1, "no longer a finite number");
    checkSays(ended.err, "try a smaller --rate");
    CHECK_FALSE(fs::exists(desk / "s"));
  }
}

TEST_CASE("a file is safe on the disk before it takes the old one's place",
          "[faults]") {
  if (!canTrace()) return;
  const Desk desk;
  const Words words = data(desk, smallMnist(50, 20)) +
                      Words{"--epochs", "1", "--checkpoint", "c", "--save", "w"};
  const auto traced = [&](const Words& more) {
    return desk.run(
        "", Words{"/usr/bin/env", "ASAN_OPTIONS=detect_leaks=0", "/usr/bin/strace",
                  "-f", "-qq", "-y", "-o", "calls", "-e", "trace=fsync,/^rename"} +
                more + Words{CNN_PROGRAMS_DIR "/06_cnn_batched"} + words);
  };
  REQUIRE(traced({}).status == 0);
  // fsync(5</tmp/a>) = 0, then rename("/tmp/a", "/tmp/b") = 0: the path is complete
  // in the one, and as the program gave it in the other.
  const std::regex synced(R"re(.* fsync\(\d+<(.+)>\) += 0)re"),
      renamed(R"re(.* rename[^"]*"(.+)", [^"]*"(.+)".* = 0)re");
  std::string safe;
  std::set<std::string> replaced;
  for (const std::string& line : linesOf(contentOf(desk / "calls"))) {
    std::smatch found;
    if (std::regex_match(line, found, synced)) safe = found[1];
    if (!std::regex_match(line, found, renamed)) continue;
    INFO(line);
    CHECK(fs::path(safe).filename() == fs::path(found[1].str()).filename());
    replaced.insert(fs::path(found[2].str()).filename());
  }
  for (const char* file : {"c", "w", "log.csv"}) CHECK(replaced.contains(file));

  desk.put("c", "precious");
  const auto files = desk.count();
  const Ended ended = traced({"-e", "inject=fsync:error=EIO"});
  CHECK(ended.status == 1);
  checkSays(ended.err, "error: c: cannot be written: Input/output error");
  CHECK(contentOf(desk / "c") == "precious");
  CHECK(desk.count() == files);
}

TEST_CASE("a run that diverges after a while leaves its log and its curve",
          "[faults]") {
  const bool gnuplotIsThere = std::system("command -v gnuplot >/dev/null") == 0;
  for (const std::string& program : trainers) {
    INFO(program);
    const Desk desk;
    // As above, but a step multiplies the weights by -2.4, an epoch has 20 of them, and
    // what the images teach is clipped away.
    const Ended ended = desk.run(
        program, data(desk, smallMnist(20, 20)) +
                     Words{"--batch", "1", "--rate", "34", "--lambda", "0.1", "--clip",
                           "0.001", "--epochs", "100", "--schedule", "constant"});
    CHECK(ended.status == 1);
    std::smatch epoch;
    const std::regex said(
        "error: (?:epoch|after epoch) (\\d+):? the cost is no longer a "
        "finite number: [^\n]+\n");
    INFO(ended.err);
    REQUIRE(std::regex_match(ended.err, epoch, said));
    const int last = std::stoi(epoch[1]);
    REQUIRE(last > 1);
    const auto rows = linesOf(contentOf(desk / "out/log.csv")).size() - 1;
    CHECK(static_cast<int>(rows) == last - (ended.err.find("after") == ended.err.npos));
    CHECK(fs::exists(desk / "out/curve.png") == gnuplotIsThere);
    CHECK_FALSE(fs::exists(desk / "out/weights.safetensors"));
  }
}

TEST_CASE("a network whose answer is no number says so", "[faults]") {
  const Desk desk;
  cnn::writePng(desk / "digit.png", cnn::loadMnist(cnn::mnistFolder()).test.image(0));
  const Words good = data(desk, smallMnist(20, 20)) + Words{"--epochs", "0"};
  for (const std::string& program : trainers) {
    INFO(program);
    const Words words = program == "04_mlp" ? good + Words{"--units", "relu"} : good;
    desk.good(program, words + Words{"--save", "w"});
    // Each a number, their products none: stages 07 to 09 compute in 32 bits.
    cnn::TensorFile file = cnn::loadTensors(desk / "w");
    for (auto& [name, tensor] : file.tensors)
      for (double& value : tensor.values) value *= program[1] >= '7' ? 1e38 : 1e300;
    cnn::saveTensors(desk / "w", file);
    const Words load = words + Words{"--load", "w"};
    Ended ended = desk.run(program, load);
    CHECK(ended.status == 1);
    checkSays(ended.err, "error: the network's answers are no numbers");
    ended = desk.run(program, load + Words{"--predict", "digit.png"});
    CHECK(ended.status == 2);
    checkSays(ended.err, "error: w: the network's answer is no number");
  }
}
