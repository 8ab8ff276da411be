// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Programs as a reader meets them:
/// a folder to start them in, and what they leave there.

#include "catch.hpp"
#include "common/data/mnist.hpp"
#include "temporary_folder.hpp"

#include <fmt/ranges.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

inline const Words trainers = {"04_mlp",      "05_cnn_serial", "06_cnn_batched",
                               "07_cnn_simd", "08_cnn_fast",   "09_winograd"};

inline Words operator+(Words some, const Words& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

inline Words linesOf(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Programs that were built, in the order of their stages.
inline Words stagePrograms() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(CNN_PROGRAMS_DIR)) {
    const std::string name = entry.path().filename();
    if (std::regex_match(name, std::regex("\\d\\d_\\w+"))) names.insert(name);
  }
  return {names.begin(), names.end()};
}

/// With single spaces in the place of ends of lines and of alignment.
inline std::string inOneLine(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

/// How a program ended, and what it printed to a file in place of a terminal.
struct Ended {
  int status;  ///< 128 and the signal's number when a signal ended it, as in a shell
  std::string out, err;
};

/// A folder with programs running in it. What they make goes to `out/` in it.
class Desk : public TemporaryFolder {
 public:
  /// No shell is in between, so nothing needs quoting. One that hangs is ended.
  /// Without a program the first word is the path of what is started.
  pid_t start(const std::string& program, Words words) const {
    if (!program.empty()) words = Words{CNN_PROGRAMS_DIR "/" + program} + words;
    words = words + Words{"--out", "out"};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child > 0) return child;
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    if (chdir(path().c_str()) == 0 &&
        dup2(open("stdout.txt", flags, 0666), STDOUT_FILENO) >= 0 &&
        dup2(open("stderr.txt", flags, 0666), STDERR_FILENO) >= 0) {
      alarm(600);  // sanitizers, on a busy machine, take their time
      execv(argv[0], argv.data());
    }
    _exit(127);
  }

  Ended wait(pid_t child) const {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            contentOf(*this / "stdout.txt"), contentOf(*this / "stderr.txt")};
  }

  Ended run(const std::string& program, const Words& words) const {
    return wait(start(program, words));
  }

  /// The same with its streams sent elsewhere, in a shell's words: "2>&-" closes one.
  Ended runTo(const std::string& streams, const std::string& program,
              const Words& words) const {
    return run("", Words{"/bin/sh", "-c", R"(exec "$0" "$@" )" + streams,
                         CNN_PROGRAMS_DIR "/" + program} +
                       words);
  }

  /// In the place of gnuplot, which takes longer than all the rest, one whose picture is
  /// what it was given: the kind, a line for each word, the script and the table.
  void putGnuplot() const {
    fs::create_directory(*this / "bin");
    putProgram("bin/gnuplot",
               R"(echo "$3"; chart="$6"; table="$7"; shift 7; printf '%s\n' "$@")"
               R"(; /bin/cat "$chart" "$table")");
  }

  /// What a run prints that must succeed.
  std::string good(const std::string& program, const Words& words) const {
    const Ended ended = run(program, words);
    INFO(program << " " << fmt::format("{}", fmt::join(words, " ")));
    INFO(ended.err);
    REQUIRE(ended.status == 0);
    return ended.out;
  }
};

/// The files of a small MNIST, by name.
using Files = std::map<std::string, std::string>;

inline std::string big(arma::uword number) {  // as IDX has its sizes, below 2^16 here
  return {'\0', '\0', static_cast<char>(number >> 8), static_cast<char>(number)};
}

inline Files filesOf(const cnn::Dataset& train, const cnn::Dataset& test) {
  Files files;
  const auto add = [&](const std::string& set, const cnn::Dataset& data) {
    const std::string count = big(data.size());
    files[set + "-images-idx3-ubyte"] =
        big(0x803) + count + big(data.rows) + big(data.columns) +
        std::string(data.pixels.begin(), data.pixels.end());
    files[set + "-labels-idx1-ubyte"] =
        big(0x801) + count + std::string(data.labels.begin(), data.labels.end());
  };
  add("train", train);
  add("t10k", test);
  return files;
}

inline Files smallMnist(arma::uword train, arma::uword test) {
  const cnn::TrainTest all = cnn::loadMnist(cnn::mnistFolder());
  return filesOf(all.train.range(0, train), all.test.range(0, test));
}

/// The name of a new folder with these files, as an option.
inline Words data(const Desk& desk, const Files& files,
                  const std::string& folder = "data") {
  fs::create_directory(desk / folder);
  for (const auto& [file, bytes] : files)
    desk.put((fs::path(folder) / file).string(), bytes);
  return {"--data", folder};
}

/// Whether calls of the system can be watched here: strace is there and allowed to.
inline bool canTrace() {
  const bool can = std::system("/usr/bin/strace -o /dev/null true 2>/dev/null") == 0;
  if (!can) WARN("strace is not here or not allowed: its checks were left out");
  return can;
}

/// Compared out of sight: a failing check would print them.
inline bool sameBytes(const fs::path& a, const fs::path& b) {
  return contentOf(a) == contentOf(b);
}
