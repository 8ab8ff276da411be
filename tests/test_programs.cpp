// SPDX-License-Identifier: MIT
/// @file
/// The stages' programs as a reader meets them: started with arguments, judged by what
/// they print, how they end and which files they leave.

#include "catch.hpp"
#include "common/pictures/png.hpp"
#include "desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

void drawDigit(const fs::path& path) {
  cnn::writePng(path, cnn::loadMnist(cnn::mnistFolder()).test.image(0));
}

/// No escape sequences and no bar that overwrites itself: plain lines.
bool isPlain(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) {
    return (c < ' ' && c != '\n') || c == 0x7f;
  });
}

void checkRefused(const Ended& ended, const std::string& says) {
  CHECK(ended.status == 2);
  CHECK(ended.out == "");
  CHECK(std::regex_match(ended.err, std::regex("error: [^\n]+\n")));
  CHECK(isPlain(ended.err));
  checkSays(ended.err, says);
}

}  // namespace

// ---- every stage --------------------------------------------------------------------

TEST_CASE("every stage explains itself when asked for --help", "[programs]") {
  const Desk desk;
  const Words programs = stagePrograms();
  CHECK(programs.size() >= 6);
  for (const std::string& program : programs) {
    const std::string help = desk.good(program, {"--help"});
    checkSays(help, "Stage " + program.substr(0, 2) + ": ");
    for (const char* part : {"[OPTIONS]", "--help", "--out"}) checkSays(help, part);
    CHECK(isPlain(help));
    CHECK_FALSE(fs::exists(desk / "out"));
  }
}

TEST_CASE("every stage refuses what it does not know and writes nothing",
          "[programs]") {
  const Desk desk;
  desk.put("x.png", "this is text");
  for (const std::string& program : stagePrograms()) {
    INFO(program);
    checkRefused(desk.run(program, {"--nonsense", "1"}), "--nonsense");
    checkRefused(desk.run(program, {"stray"}), "stray");
  }
  checkRefused(desk.run("01_convolution", {"--image", "x.png"}), "x.png: not a PNG");
  checkRefused(desk.run("01_convolution", {"--kernel", "cubist"}), "--kernel");
  checkRefused(desk.run("02_pooling", {"--image", "x.png"}), "x.png: not a PNG");
  checkRefused(desk.run("02_pooling", {"--digit", "60000"}), "--digit");
  checkRefused(desk.run("03_conv_backprop", {"--break", "it"}), "--break");
  checkRefused(desk.run("03_conv_backprop", {"--rate", "-1"}), "--rate");
  CHECK_FALSE(fs::exists(desk / "out"));
}

TEST_CASE("every number of every stage is read alike", "[programs]") {
  const Desk desk;
  const std::regex takesNumber(R"((--[a-z-]+) (U?INT|FLOAT)\b)");
  for (const std::string& program : stagePrograms()) {
    const std::string help = desk.good(program, {"--help"});
    std::set<std::string> options;
    for (std::sregex_iterator i(help.begin(), help.end(), takesNumber), end; i != end;
         ++i)
      options.insert((*i)[1]);
    CHECK(options.size() >= 2);
    for (const std::string& option : options)
      for (const std::string number : {"0x10", "5 ", "nan", ""}) {
        INFO(program << " " << option << " '" << number << "'");
        checkRefused(desk.run(program, {option, number}),
                     option + ": '" + number + "' is not a ");
      }
  }
  CHECK_FALSE(fs::exists(desk / "out"));
}

TEST_CASE("an option given twice, without a name or with an empty one, is refused",
          "[programs]") {
  const Desk desk;
  for (const std::string& program : stagePrograms()) {
    INFO(program);
    checkRefused(desk.run(program, {"--out", "here"}), "--out");  // and --out out
    const std::string help = desk.good(program, {"--help"});
    for (const std::string file : {"--image", "--data", "--save", "--load", "--log",
                                   "--checkpoint", "--resume", "--plot", "--predict"})
      if (help.find(file + " ") != std::string::npos) {
        checkRefused(desk.run(program, {file, ""}), file + ": '' names nothing");
        checkRefused(desk.run(program, {file}), file);  // not named "--out"
      }
  }
  CHECK_FALSE(fs::exists(desk / "out"));
}

// ---- the stages that learn ----------------------------------------------------------

TEST_CASE("bad input is refused in one line that names it and harms no file",
          "[programs]") {
  const Desk desk;
  const Files files = smallMnist(20, 20);
  const Words good = data(desk, files);
  const std::string images = "train-images-idx3-ubyte", few = "t10k-labels-idx1-ubyte";
  const std::string labels = "train-labels-idx1-ubyte";
  const auto bad = [&](const std::string& file, const std::string& bytes) {
    static int number = 0;
    Files all = files;
    all.erase(file.substr(0, file.find(".gz")));  // it would come first
    all[file] = bytes;
    return data(desk, all, fmt::format("bad{}", ++number));
  };
  const std::string gz = contentOf(cnn::mnistFolder() / (images + ".gz"));
  std::string csv = "5";
  for (int pixel = 0; pixel < 783; ++pixel) csv += ",0";
  desk.put("mnist_train.csv", csv + "\n");
  desk.put("x.png", "this is text");
  drawDigit(desk / "digit.png");

  // Another network, its checkpoint, that cut short, and with an unrecorded epoch.
  desk.good("04_mlp", good + Words{"--hidden", "5", "--epochs", "1", "--save",
                                   "other.st", "--checkpoint", "other.checkpoint"});
  const std::string whole = contentOf(desk / "other.checkpoint");
  desk.put("cut.checkpoint", whole.substr(0, whole.size() / 2));
  std::string untrue = whole;
  untrue.replace(untrue.find(R"(\"epoch\":1)"), 11, R"(\"epoch\":2)");
  desk.put("untrue.checkpoint", untrue);

  const std::vector<std::pair<Words, std::string>> refused = {
      {{"--data", "nowhere"}, "nowhere: no such file or folder"},
      {bad(images + ".gz", gz.substr(0, 1000)), images + ".gz: the gzipped file ends"},
      {bad(images, std::string(files.at(images)).replace(3, 1, "\2")),
       images + ": is not an IDX file"},
      {bad(labels, big(0x801) + big(19) + std::string(19, 1)),
       labels + ": holds 19 labels for the 20 images in"},
      {bad(few, std::string(files.at(few)).replace(8 + 3, 1, "\13")),
       few + ": the label of image 3 "},
      {{"--data", "mnist_train.csv"}, "mnist_train.csv, line 1: has 784 columns"},
      {{"--load", "nowhere.st"}, "nowhere.st: cannot be read: No such file"},
      {{"--load", "other.st"}, "other.st: "},
      {{"--load", "x.png"}, "x.png: "},
      {{"--resume", "other.st"}, "other.st: these are weights, not a checkpoint"},
      {{"--resume", "other.checkpoint"}, "other.checkpoint: "},
      {{"--resume", "cut.checkpoint"}, "cut.checkpoint: "},
      {{"--resume", "untrue.checkpoint"},
       "untrue.checkpoint: the checkpoint is damaged"},
      {{"--predict", "x.png"}, "x.png: not a PNG or JPEG picture"},
      {{"--predict", "digit.png"}, "weights.safetensors: no weights yet; train first"},
      {{"--plot", "curve.gif"}, "--plot curve.gif: the name must end in .png or .svg"},
      {{"--epochs", "-1"}, "--epochs: '-1' is not a whole number of at least 0"},
      {{"--batch", "0"}, "--batch: '0' is not a whole number of at least 1"},
      {{"--rate", "-1"}, "--rate: '-1' is not a number above 0"},
      {{"--clip", "nan"}, "--clip"},
      {{"--limit", "-1"}, "--limit"},
      {{"--validate", "20"}, "--validate 20: there are only 20 training images"}};
  const Words kept = {"kept.st", "kept.checkpoint", "kept.csv"};
  for (const std::string& file : kept) desk.put(file, "precious");
  fs::remove_all(desk / "out");
  const auto before = desk.count();
  for (const std::string& program : trainers)
    for (const auto& [words, says] : refused) {
      INFO(program << " " << fmt::format("{}", fmt::join(words, " ")));
      Words all =
          words + Words{"--save", kept[0], "--checkpoint", kept[1], "--log", kept[2]};
      if (words[0] != "--data") all = all + good;
      checkRefused(desk.run(program, all), says);
      for (const std::string& file : kept) CHECK(contentOf(desk / file) == "precious");
      CHECK((!fs::exists(desk / "out") || fs::is_empty(desk / "out")));
      fs::remove(desk / "out");
      CHECK(desk.count() == before);
    }
}

TEST_CASE("what would lose a file is refused before training", "[programs]") {
  const Desk desk;
  const Words good = data(desk, smallMnist(20, 20)) + Words{"--epochs", "1"};
  const Files files = smallMnist(20, 20);
  fs::create_directories(desk / "out/maps.png");
  desk.put("w", "precious");
  desk.put("locked", "precious");
  fs::permissions(desk / "locked", fs::perms::owner_read);
  const std::string images = "data/train-images-idx3-ubyte";
  fs::create_hard_link(desk / images, desk / "link");
  const auto both = [](const std::string& a, const std::string& b) {
    return a + " and " + b + " are one file";
  };
  const std::vector<std::pair<Words, std::string>> refused = {
      {{"--save", "x", "--log", "./x"}, both("--save x", "--log ./x")},
      {{"--load", "w", "--log", "w"}, both("--load w", "--log w")},
      {{"--log", "c", "--checkpoint", "c"}, both("--checkpoint c", "--log c")},
      {{"--save", "w", "--checkpoint", "w"}, both("--checkpoint w", "--save w")},
      {{"--load", "w", "--checkpoint", "w"}, both("--load w", "--checkpoint w")},
      {{"--resume", "w", "--save", "w"}, both("--resume w", "--save w")},
      {{"--save", "x.png", "--plot", "x.png"}, both("--save x.png", "--plot x.png")},
      {{"--save", "out/log.csv"}, both("--save out/log.csv", "--log out/log.csv")},
      {{"--save", "out/filters.png"},
       both("--save out/filters.png", "--out's picture out/filters.png")},
      {{"--load", "out/weights.previous.safetensors"}, "--out's earlier weights"},
      {{"--save", images}, both("--data " + images, "--save " + images)},
      {{"--log", "link"}, both("--data " + images, "--log link")},
      {{"--save", "stdout.txt"},
       both("standard output /dev/stdout", "--save stdout.txt")},
      {{"--save", "locked"}, "--save locked: cannot be written: it is read-only"},
      {{"--save", "/dev/null"},
       "--save /dev/null: cannot be written: it is not a file"},
      {{"--log", "data"}, "--log data: cannot be written: it names a folder"},
      {{"--checkpoint", "new/"},
       "--checkpoint new/: cannot be written: it names a folder"},
      {{"--save", std::string(300, 'x')}, ": cannot be written: File name too long"},
      {{}, "--out's picture out/maps.png: cannot be written: it names a folder"},
      {{"--load", "w", "--resume", "w"},
       "--load w and --resume w: both bring weights"}};
  for (const std::string& program : trainers)
    for (const auto& [words, says] : refused) {
      INFO(program << " " << fmt::format("{}", fmt::join(words, " ")));
      checkRefused(desk.run(program, good + words), says);
    }
  for (const auto& [file, bytes] : files)
    CHECK((contentOf(desk / "data" / file) == bytes));
  CHECK(contentOf(desk / "w") == "precious");
  CHECK(contentOf(desk / "locked") == "precious");
  CHECK_FALSE(fs::exists(desk / "new"));
}

TEST_CASE("weights are kept when a run that names no file brings new ones",
          "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(50, 10)) + Words{"--epochs", "1"};
  for (const std::string& program : trainers) {
    INFO(program);
    fs::remove_all(desk / "out");
    const fs::path kept = desk / "out/weights.previous.safetensors";
    desk.good(program, some + Words{"--save", "first"});
    CHECK(desk.good(program, some).find("previous") == std::string::npos);
    const std::string out = desk.good(program, some + Words{"--seed", "2"});
    checkSays(out, "wrote out/weights.previous.safetensors: ");
    CHECK(sameBytes(kept, desk / "first"));
    CHECK_FALSE(sameBytes(desk / "out/weights.safetensors", kept));
  }
}

TEST_CASE("no epochs write the weights that are asked for", "[programs]") {
  const Desk desk;
  const Words none = data(desk, smallMnist(50, 10)) + Words{"--epochs", "0"};
  for (const std::string& program : trainers) {
    INFO(program);
    checkSays(desk.good(program, none + Words{"--save", "a"}), "wrote a: the weights");
    desk.good(program, none + Words{"--seed", "2", "--load", "a", "--save", "b"});
    CHECK(sameBytes(desk / "a", desk / "b"));
    desk.good(program, none + Words{"--seed", "2", "--save", "b"});
    CHECK_FALSE(sameBytes(desk / "a", desk / "b"));
    CHECK(fs::is_empty(desk / "out"));
  }
}

TEST_CASE("pictures of an earlier run do not stay beside new ones", "[programs]") {
  const Desk desk;
  // Learnt by heart, the only test image is no mistake; and where there is no gnuplot...
  const cnn::Dataset one = cnn::loadMnist(cnn::mnistFolder()).train.range(0, 1);
  const Words words = data(desk, filesOf(one, one)) +
                      Words{"--epochs", "20", "--schedule", "constant", "--shift", "0"};
  fs::create_directory(desk / "out");
  for (const std::string& program : trainers) {
    INFO(program);
    const Words stale = {"out/mistakes.png", "out/curve.png", "out/confusion.png"};
    for (const std::string& picture : stale) desk.put(picture, "of an earlier run");
    const Ended ended = desk.run(
        "",
        Words{"/usr/bin/env", "PATH=/nowhere", CNN_PROGRAMS_DIR "/" + program} + words);
    CHECK(ended.status == 0);
    checkSays(ended.out, "test accuracy 100.00 %");
    for (const std::string& picture : stale) CHECK_FALSE(fs::exists(desk / picture));
  }
}

TEST_CASE("a run resumed when it was done writes the whole log", "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(50, 10)) + Words{"--epochs", "2"};
  for (const std::string& program : trainers) {
    INFO(program);
    desk.good(program, some + Words{"--checkpoint", "c", "--log", "straight"});
    checkSays(desk.good(program, some + Words{"--resume", "c", "--log", "resumed"}),
              "wrote resumed: ");
    CHECK(sameBytes(desk / "straight", desk / "resumed"));
  }
}

TEST_CASE("a run goes on as it began or is refused, naming what differs",
          "[programs]") {
  const Desk desk;
  const cnn::Dataset train = cnn::loadMnist(cnn::mnistFolder()).train;
  const Words some = data(desk, filesOf(train.range(0, 50), train.range(50, 10)));
  const Words other =
      data(desk, filesOf(train.range(1, 50), train.range(50, 10)), "other");
  const std::string images = "training images of checksum ";
  const std::vector<std::pair<Words, std::string>> changes = {
      {some + Words{"--batch", "7"}, "--batch 10, not with --batch 7"},
      {some + Words{"--rate", "0.25"}, "--rate 0.125, not with --rate 0.25"},
      {some + Words{"--lambda", "0"}, "not with --lambda 0"},
      {some + Words{"--clip", "3"}, "not with --clip 3"},
      {some + Words{"--shift", "2"}, "not with --shift 2"},
      {some + Words{"--seed", "3"}, "--seed 1, not with --seed 3"},
      {some + Words{"--schedule", "linear"}, "not with --schedule linear --epochs 2"},
      {some + Words{"--no-shuffle"}, "images shuffled, not with --no-shuffle"},
      {some + Words{"--limit", "49"}, "not with 49 " + images},
      {some + Words{"--validate", "9"}, "not with 41 " + images},
      {other, "not with 50 " + images}};
  // The options that only one stage has.
  const std::map<std::string, Words> own = {{"04_mlp", {"--units", "relu"}},
                                            {"06_cnn_batched", {"--chunk", "3"}}};
  for (const std::string& program : trainers) {
    const auto words = [&](const Words& changed) {
      Words all = changed + Words{"--epochs", "2", "--quiet"};
      for (const auto& [option, value] : {std::pair("--batch", "10"),
                                          {"--rate", "0.125"},
                                          {"--schedule", "constant"}})
        if (std::find(all.begin(), all.end(), option) == all.end())
          all = all + Words{option, value};
      return all;
    };
    desk.good(program, words(some) + Words{"--checkpoint", "c"});
    auto all = changes;
    if (own.count(program))
      all.emplace_back(some + own.at(program), "not with " + own.at(program)[0]);
    for (const auto& [changed, says] : all) {
      INFO(program << " " << fmt::format("{}", fmt::join(changed, " ")));
      checkRefused(desk.run(program, words(changed) + Words{"--resume", "c"}), says);
    }
  }
}

TEST_CASE("a checkpoint that does not say what it is of is refused", "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(50, 10)) + Words{"--epochs", "1"};
  desk.good("04_mlp", some + Words{"--checkpoint", "c"});
  std::string old = contentOf(desk / "c");
  old.replace(old.find("recipe"), 6, "nobody");
  desk.put("c", old);
  checkRefused(desk.run("04_mlp", some + Words{"--resume", "c"}),
               "c: an earlier version wrote this checkpoint");
}

TEST_CASE("threads are as many as the run may use, and no more than a machine has",
          "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(50, 10)) + Words{"--epochs", "0"};
  for (const std::string program : {"06_cnn_batched", "08_cnn_fast", "09_winograd"}) {
    INFO(program);
    checkRefused(desk.run(program, some + Words{"--threads", "20000"}),
                 "--threads: '20000' is more than 1024");
    const Ended bound = desk.run(
        "",
        Words{"/usr/bin/taskset", "-c", "0", CNN_PROGRAMS_DIR "/" + program} + some);
    if (bound.status == 127) continue;  // not Linux
    checkSays(bound.out, ", 1 threads\n");
  }
}

TEST_CASE("a training run prints plain lines and ends with two accuracies",
          "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(200, 50));
  for (const std::string& program : trainers) {
    INFO(program);
    fs::remove_all(desk / "out");
    const Words words = some + Words{"--epochs", "2"};
    const Ended ended = desk.run(program, words + Words{"--log", "log.csv"});
    REQUIRE(ended.status == 0);
    CHECK(isPlain(ended.out + ended.err));
    const Words lines = linesOf(ended.out);
    REQUIRE(lines.size() > 4);
    const Words last(lines.end() - 2, lines.end());
    std::smatch accuracy;
    CHECK(std::regex_match(last[0], std::regex("train accuracy \\d{1,3}\\.\\d\\d %")));
    REQUIRE(std::regex_match(last[1], accuracy,
                             std::regex("test accuracy (\\d{1,3}\\.\\d\\d) %")));
    checkSays(lines[0], "200 training images, 50 test images");

    const Words log = linesOf(contentOf(desk / "log.csv"));
    REQUIRE(log.size() == 3);
    CHECK(log[0] == "epoch,cost,train_accuracy,test_accuracy,seconds");
    const std::regex row(R"((\d+),\d+\.\d+,[\d.]+,([\d.]+),\d+\.\d+)");
    for (std::size_t epoch : {1, 2}) {
      std::smatch cells;
      REQUIRE(std::regex_match(log[epoch], cells, row));
      CHECK(cells[1] == std::to_string(epoch));
      if (epoch == 2) CHECK(cells[2] == accuracy[1].str() + "0");
    }

    int written = 0;
    std::set<std::string> files;
    for (const std::string& line : lines) {
      std::smatch file;
      if (!std::regex_match(line, file, std::regex("wrote (.+): .+"))) continue;
      INFO(line);
      CHECK(fs::file_size(desk / file[1].str()) > 0);
      CHECK(files.insert(file[1]).second);  // each once, the log of every epoch too
      ++written;
    }
    CHECK(written >= 2);
    for (const char* picture : {"filters.png", "maps.png"})  // of a first convolution
      CHECK(fs::exists(desk / "out" / picture) == (program != "04_mlp"));
    CHECK(linesOf(desk.good(program, words + Words{"--quiet"})) == last);

    // No epochs: only the judgement of what was learnt, and no file touched.
    const std::string weights = "out/weights.safetensors";
    const std::string bytes = contentOf(desk / weights);
    CHECK(linesOf(desk.good(program, some + Words{"--epochs", "0", "--load", weights,
                                                  "--quiet"})) == last);
    CHECK((contentOf(desk / weights) == bytes));
  }
}

TEST_CASE("a run resumed ends with the bytes of a run that was never stopped",
          "[programs]") {
  const Desk desk;
  // A rate that falls to 0 in the last epoch depends on which is the last.
  const Words some = data(desk, smallMnist(200, 10)) + Words{"--quiet"};
  for (const std::string& program : trainers) {
    INFO(program);
    const Words words = some + Words{"--schedule", "constant"};
    const std::string straight =
        desk.good(program, words + Words{"--epochs", "3", "--save", "a"});
    desk.good(program,
              words + Words{"--epochs", "1", "--save", "b", "--checkpoint", "c"});
    CHECK_FALSE(sameBytes(desk / "a", desk / "b"));
    CHECK(straight == desk.good(program, words + Words{"--epochs", "3", "--save", "b",
                                                       "--resume", "c"}));
    CHECK(sameBytes(desk / "a", desk / "b"));
  }
}

TEST_CASE("images held out by --validate judge and do not teach", "[programs]") {
  const Desk desk;
  const cnn::Dataset train = cnn::loadMnist(cnn::mnistFolder()).train;
  const cnn::Dataset first = train.range(0, 200), last = train.range(200, 50);
  const Words whole = data(desk, filesOf(train.range(0, 250), first), "whole");
  const Words parted = data(desk, filesOf(first, last), "parted");
  const Words words = {"--epochs", "2"};
  for (const std::string& program : trainers) {
    INFO(program);
    const Words held = whole + words + Words{"--validate", "50", "--save", "a"};
    const std::string out = desk.good(program, held);
    checkSays(out, "200 training images, 200 test images");
    checkSays(out, "validation accuracy ");
    const std::string asTest =
        desk.good(program, parted + words + Words{"--save", "b"});
    CHECK(sameBytes(desk / "a", desk / "b"));

    // What judged there as test images judges here, in every epoch and at the end.
    const auto judged = [](const std::string& text, const std::string& by) {
      Words found;
      const std::regex said(by + " (?:accuracy )?([0-9.]+) %");
      for (std::sregex_iterator i(text.begin(), text.end(), said), end; i != end; ++i)
        found.push_back((*i)[1]);
      return found;
    };
    CHECK(judged(out, "validation").size() == 3);
    CHECK(judged(out, "validation") == judged(asTest, "test"));
  }
}

TEST_CASE("any number of threads saves the same bytes", "[programs]") {
  const Desk desk;
  const Words some =
      data(desk, smallMnist(200, 10)) + Words{"--epochs", "2", "--quiet"};
  for (const std::string program : {"06_cnn_batched", "08_cnn_fast", "09_winograd"}) {
    INFO(program);
    for (const std::string threads : {"1", "2", "3"})
      desk.good(program, some + Words{"--threads", threads, "--save", threads});
    CHECK(sameBytes(desk / "1", desk / "2"));
    CHECK(sameBytes(desk / "1", desk / "3"));
    desk.good(program, some + Words{"--seed", "2", "--save", "other"});
    CHECK_FALSE(sameBytes(desk / "1", desk / "other"));
  }
}

TEST_CASE("a picture gets a digit and ten probabilities from --predict", "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(500, 10));
  drawDigit(desk / "my digit.png");
  for (const std::string& program : trainers) {
    INFO(program);
    desk.good(program, some + Words{"--epochs", "3", "--save", "weights"});
    fs::remove_all(desk / "out");
    const std::string out =
        desk.good(program, {"--predict", "my digit.png", "--load", "weights"});
    CAPTURE(out);
    CHECK(isPlain(out));
    CHECK_FALSE(fs::exists(desk / "out"));

    std::vector<double> percent;
    const std::regex answer(R"((\d)  +(\d+\.\d\d) %.*)");
    for (const std::string& line : linesOf(out)) {
      std::smatch found;
      if (!std::regex_match(line, found, answer)) continue;
      CHECK(found[1] == std::to_string(percent.size()));
      percent.push_back(std::stod(found[2]));
    }
    REQUIRE(percent.size() == 10);
    CHECK(arma::accu(arma::vec(percent)) == Approx(100).margin(0.06));
    const auto sure = std::max_element(percent.begin(), percent.end());
    CHECK(linesOf(out).back() ==
          fmt::format("my digit.png is a {}", sure - percent.begin()));
  }
}

TEST_CASE("Ctrl-C keeps what was learnt when there is a checkpoint", "[programs]") {
  const Desk desk;
  const std::string program = "06_cnn_batched";
  const Words some = data(desk, smallMnist(500, 10)) + Words{"--schedule", "constant"};
  const auto interrupt = [&](const Words& words) {
    fs::remove_all(desk / "out");
    desk.put("kept", "precious");
    const pid_t child = desk.start(
        program, some + Words{"--epochs", "100000", "--save", "kept"} + words);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!fs::exists(desk / "out/log.csv") &&  // the end of the first epoch
           std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    kill(child, SIGINT);
    const Ended ended = desk.wait(child);
    CHECK(ended.status == 130);
    CHECK(isPlain(ended.out));
    CHECK(contentOf(desk / "kept") == "precious");
    return linesOf(ended.out).back();
  };
  checkSays(interrupt({}), "nothing was saved (--checkpoint FILE would have)");

  const std::string line = interrupt({"--checkpoint", "c"});
  std::smatch epoch;
  const std::regex said("stopped in epoch (\\d+) after \\d+ images; go on with (.+)");
  REQUIRE(std::regex_match(line, epoch, said));
  CHECK(epoch[2] == "--resume c");
  const auto rows = linesOf(contentOf(desk / "out/log.csv")).size() - 1;
  CHECK(std::to_string(rows + 1) == epoch[1]);  // the one it stopped in is not done
  const Words sum = some + Words{"--epochs", epoch[1]};
  desk.good(program, sum + Words{"--resume", "c", "--save", "resumed"});
  desk.good(program, sum + Words{"--save", "straight"});
  CHECK(sameBytes(desk / "resumed", desk / "straight"));
}

TEST_CASE("a linear schedule goes on with the epochs it was planned for",
          "[programs]") {
  const Desk desk;
  const Words some = data(desk, smallMnist(50, 10)) + Words{"--schedule", "linear"};
  desk.good("06_cnn_batched", some + Words{"--epochs", "1", "--checkpoint", "c"});
  const Ended ended =
      desk.run("06_cnn_batched", some + Words{"--epochs", "2", "--resume", "c"});
  CHECK(ended.status == 2);
  checkSays(ended.err, "--epochs 1");
}

TEST_CASE("doubts about the data are warnings of one line each, and the run goes on",
          "[programs]") {
  const Desk desk;
  Files files = smallMnist(20, 10);
  const Words brief = {"--epochs", "1", "--quiet"};
  CHECK(desk.run("04_mlp", data(desk, files) + brief).err.empty());
  CHECK(desk.run("04_mlp", data(desk, files) + brief + Words{"--limit", "1"})
            .err.empty());
  files["train-labels-idx1-ubyte"].replace(8, 20, 20, '\3');
  const Ended ended = desk.run("04_mlp", data(desk, files, "threes") + brief);
  CHECK(ended.status == 0);
  CHECK(linesOf(ended.out).size() == 2);
  CHECK(linesOf(ended.err).size() == 1);
  CHECK(ended.err.starts_with("warning: the training images all have one label"));
}
