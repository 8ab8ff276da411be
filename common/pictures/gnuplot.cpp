// SPDX-License-Identifier: MIT
#include "common/pictures/gnuplot.hpp"

#include "common/data/file.hpp"
#include "common/program/run_main.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace cnn {

namespace {

namespace fs = std::filesystem;

// A folder of its own for the script, removed with all that is in it.
struct ScratchFolder {
  fs::path path;
  ScratchFolder() {
    const char* folder = std::getenv("TMPDIR");
    std::string name = fs::path(folder ? folder : "/tmp") / "cnn-plot-XXXXXX";
    if (!mkdtemp(name.data()))
      throw std::runtime_error(name + ": cannot make a folder for gnuplot's script");
    path = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
};

// A word for the shell: within single quotes only the quote itself is special.
std::string shellQuoted(const std::string& word) {
  std::string result = "'";
  for (const char c : word)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string contentOf(const fs::path& path) {
  const auto bytes = readFile(path);
  return {bytes.begin(), bytes.end()};
}

// What gnuplot prints. @throws std::runtime_error saying why there is nothing
std::string outputFor(const std::string& script) {
  const ScratchFolder scratch;
  const fs::path file = scratch.path / "chart.gp", errors = scratch.path / "errors.txt";
  writeFile(file, "set encoding utf8\n" + script);
  const std::string command =
      fmt::format("gnuplot -d {} 2>{} </dev/null", shellQuoted(file.string()),
                  shellQuoted(errors.string()));
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw std::runtime_error("cannot start a shell to run gnuplot");
  std::string output;
  std::array<char, 65536> piece;
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), n);
  const int status = pclose(pipe);
  if (status == 0 && !output.empty()) return output;

  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    throw std::runtime_error("gnuplot is not installed");
  // gnuplot repeats the script's line and points at a word: its last line says it all.
  std::istringstream lines(contentOf(errors));
  std::string reason = "it says nothing";
  for (std::string line; std::getline(lines, line);)
    if (line.find_first_not_of(' ') != std::string::npos) reason = line;
  throw std::runtime_error("gnuplot failed: " + reason);
}

}  // namespace

std::string gnuplot(const std::string& script) {
  try {
    return outputFor(script);
  } catch (const std::runtime_error& error) {
    printError(fmt::format("no chart drawn: {}\n", error.what()));
    return "";
  }
}

std::string gnuplotQuoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? std::string("''")
                        : std::string(1, c == '\n' || c == '\r' ? ' ' : c);
  return result + "'";
}

}  // namespace cnn
