// SPDX-License-Identifier: MIT
#include "common/pictures/plot.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"
#include "common/pictures/palette.hpp"
#include "common/program/run_main.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <memory>
#include <regex>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cnn {

namespace {

namespace fs = std::filesystem;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// A file that nobody else sees: its name is gone before anything is in it.
File temporaryFile() {
  const char* folder = std::getenv("TMPDIR");
  std::string name = fs::path(folder ? folder : "/tmp") / "cnn-plot-XXXXXX";
  const int descriptor = mkstemp(name.data());
  if (descriptor < 0)
    throw std::runtime_error(name + ": cannot make a file for gnuplot's output");
  unlink(name.c_str());
  return {fdopen(descriptor, "r+"), std::fclose};
}

std::string contentOf(std::FILE* file) {
  std::rewind(file);
  std::string content;
  std::array<char, 65536> piece;
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file))
    content.append(piece.data(), n);
  return content;
}

// What gnuplot prints. @throws std::runtime_error saying why there is nothing
std::string outputOf(std::vector<std::string> words) {
  const File output = temporaryFile(), errors = temporaryFile();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, fileno(output.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&streams, fileno(errors.get()), STDERR_FILENO);
  posix_spawn_file_actions_addopen(&streams, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  const int failure =
      posix_spawnp(&child, arguments[0], &streams, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  if (failure == ENOENT) throw std::runtime_error("gnuplot is not installed");
  if (failure) throw std::runtime_error(std::strerror(failure));

  int status = 0;
  waitpid(child, &status, 0);
  std::string picture = contentOf(output.get());
  if (status == 0 && !picture.empty()) return picture;
  // gnuplot repeats the script's line and points at a word: its last line says it all.
  std::string reason = contentOf(errors.get());
  reason.erase(reason.find_last_not_of(" \n") + 1);
  reason.erase(0, reason.rfind('\n') + 1);
  throw std::runtime_error("gnuplot failed: " +
                           (reason.empty() ? "it says nothing" : reason));
}

// What takes the place of a colour of the palette on a dark page, as gnuplot writes it.
const Colour* colourOf(const std::string& written) {
  unsigned red = 0, green = 0, blue = 0;  // "black" is for letters: ink
  if (std::sscanf(written.c_str(), "rgb(%u,%u,%u)", &red, &green, &blue) != 3)
    return &palette[0];
  const unsigned light = red << 16 | green << 8 | blue;
  const auto* found = std::find_if(palette.begin(), palette.end(),
                                   [=](const Colour& c) { return c.light == light; });
  return found == palette.end() ? nullptr : found;
}

// gnuplot's SVG with other colours on a dark page.
std::string withDarkColours(std::string svg) {
  const std::size_t root = svg.find("<svg");
  if (root == std::string::npos) return svg;
  static const std::regex attribute(
      R"((fill|stroke|color) ?= ?['"](rgb\([^)]*\)|black)['"])");
  std::map<std::string, unsigned> rules;
  for (std::sregex_iterator found(svg.begin(), svg.end(), attribute), end; found != end;
       ++found)
    if (const Colour* colour = colourOf(found->str(2)))
      rules[fmt::format("[{0}='{1}']{{{0}", found->str(1), found->str(2))] =
          colour->dark;
  std::string style = "\n<style>@media (prefers-color-scheme:dark){\n";
  for (const auto& [rule, colour] : rules)
    style += fmt::format("{}:#{:06x}}}\n", rule, colour);
  return svg.insert(svg.find('>', root) + 1, style + "}</style>");
}

}  // namespace

std::string chart(const std::string& kind, const std::string& script,
                  const fs::path& table, const std::vector<std::string>& words) {
  try {
    // A name that begins with '<' would be a command; an absolute one does not.
    const std::string root = CNN_SOURCE_DIR "/", style = "common/pictures/style.gp";
    std::vector<std::string> all = {"gnuplot", "-d", "-e", "kind = '" + kind + "'"};
    all.insert(all.end(), {root + style, "-c", root + script, fs::absolute(table)});
    all.insert(all.end(), words.begin(), words.end());
    std::string picture = outputOf(std::move(all));
    return kind == "svg" ? withDarkColours(std::move(picture)) : picture;
  } catch (const std::runtime_error& error) {
    printError(fmt::format("no chart drawn: {}\n", error.what()));
    return "";
  }
}

bool plot(const fs::path& path, const std::string& script, const fs::path& table,
          const std::vector<std::string>& words) {
  const std::string ending = path.extension().string();
  requireInput(ending == ".png" || ending == ".svg",
               "{}: a chart's name ends in .png or .svg", path.string());
  const std::string picture = chart(ending.substr(1), script, table, words);
  if (!picture.empty()) writeFile(path, picture);
  return !picture.empty();
}

bool plotTable(const fs::path& path, const std::string& script,
               const std::string& table, const std::vector<std::string>& words) {
  const fs::path rows = fs::path(path).replace_extension(".csv");
  writeFile(rows, table);
  return plot(path, script, rows, words);
}

}  // namespace cnn
