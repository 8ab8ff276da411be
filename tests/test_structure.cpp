// SPDX-License-Identifier: MIT
/// @file
/// The rules of the house, held against the files: who may include whom, what every
/// stage has, the licence line, lines that fit a page. Each rule also meets a house that
/// breaks it.

#include "catch.hpp"
#include "temporary_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Paths = std::vector<fs::path>;

/// All headers and sources below a folder, in the order of their names.
Paths sources(const fs::path& folder) {
  Paths found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".hpp" || entry.path().extension() == ".cpp")
      found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

Paths stageFolders(const fs::path& root) {
  Paths found;
  for (const auto& entry : fs::directory_iterator(root / "stages"))
    if (entry.is_directory()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// NN of a folder NN_name, 0 for any other.
int numberOf(const fs::path& folder) {
  std::smatch match;
  const std::string name = folder.filename();
  return std::regex_match(name, match, std::regex("(\\d\\d)_\\w+"))
             ? std::stoi(match[1])
             : 0;
}

void eachLine(const fs::path& file,
              const std::function<void(const std::string&, int)>& look) {
  std::ifstream stream(file);
  int number = 0;
  for (std::string line; std::getline(stream, line);) look(line, ++number);
}

/// Quotes look beside the including file first, and one folder serves all stages: so an
/// include in quotes names its stage or its room of common/, and no file of another
/// kind. Stages see common/ and no larger number; common/ sees itself.
std::string wrongIncludes(const fs::path& root) {
  std::string problems;
  const std::regex include("\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  const auto check = [&](int stage, const fs::path& file) {
    eachLine(file, [&](const std::string& line, int number) {
      std::smatch match;
      if (!std::regex_match(line, match, include)) return;
      const fs::path header = match[2].str();
      const bool ours = match[1] == "\"" || fs::exists(root / header) ||
                        fs::exists(root / "stages" / header) ||
                        fs::exists(file.parent_path() / header);
      if (!ours) return;
      const std::string first = *header.begin();
      const int of = numberOf(first);
      const bool named = header == header.lexically_normal() &&
                         header.has_parent_path() &&
                         fs::exists(root / (of ? "stages" : "") / header);
      const std::string place =
          fmt::format("{}:{}", fs::relative(file, root).string(), number);
      if (!named || !(of || first == "common"))
        problems += fmt::format("{}: {} names no header of a stage or of common/\n",
                                place, header.string());
      else if (of > stage)
        problems += fmt::format("{}: {} includes {}\n", place,
                                stage ? fmt::format("stage {:02}", stage) : "common/",
                                header.string());
    });
  };
  for (const fs::path& folder : stageFolders(root))
    for (const fs::path& file : sources(folder)) check(numberOf(folder), file);
  for (const fs::path& file : sources(root / "common")) check(0, file);
  return problems;
}

/// What the headers of the stages include, directly or not, that belongs to a machine with
/// files, terminals, signals or other programs. Networks are to run where there are none.
std::string worldlyHeaders(const fs::path& root) {
  const std::regex include("\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*"),
      worldly(
          "filesystem|fstream|iostream|csignal|cstdio|unistd\\.h|sys/.*|fmt/core\\.h|"
          "CLI/.*|png\\.h|nlohmann/.*|common/(program|pictures)/.*");
  std::string problems;
  std::set<fs::path> seen;
  const std::function<void(const fs::path&)> look = [&](const fs::path& file) {
    if (!seen.insert(file).second) return;
    eachLine(file, [&](const std::string& line, int number) {
      std::smatch match;
      if (!std::regex_match(line, match, include)) return;
      if (const std::string header = match[1]; std::regex_match(header, worldly))
        problems += fmt::format("{}:{}: {}\n", fs::relative(file, root).string(),
                                number, header);
      for (const fs::path& place :
           {root / match[1].str(), root / "stages" / match[1].str()})
        if (fs::exists(place)) look(place);
    });
  };
  for (const fs::path& folder : stageFolders(root))
    for (const fs::path& file : sources(folder))
      if (file.extension() == ".hpp") look(file);
  return problems;
}

/// A chapter, a program and a lesson in every stage.
std::string missingParts(const fs::path& root) {
  std::string problems;
  for (const fs::path& folder : stageFolders(root)) {
    const std::string name = fs::relative(folder, root);
    if (numberOf(folder) == 0) problems += fmt::format("{}: not named NN_name\n", name);
    for (const char* part : {"README.md", "main.cpp"})
      if (!fs::exists(folder / part))
        problems += fmt::format("{}: no {}\n", name, part);
    const Paths files = sources(folder);
    if (std::none_of(files.begin(), files.end(),
                     [](const fs::path& file) { return file.extension() == ".hpp"; }))
      problems += fmt::format("{}: no header\n", name);
  }
  return problems;
}

std::string withoutLicence(const fs::path& root) {
  std::string problems;
  for (const char* folder : {"stages", "common", "tests", "web"})
    for (const fs::path& file : sources(root / folder)) {
      std::string first;
      std::ifstream stream(file);
      std::getline(stream, first);
      if (first != "// SPDX-License-Identifier: MIT")
        problems += fmt::format("{}:1: expected \"// SPDX-License-Identifier: MIT\"\n",
                                fs::relative(file, root).string());
    }
  return problems;
}

/// Characters, not bytes: in UTF-8 the later bytes of a character begin with bits 10.
auto width(const std::string& line) {
  return std::count_if(line.begin(), line.end(),
                       [](unsigned char byte) { return (byte & 0xC0) != 0x80; });
}

std::string longLines(const fs::path& root) {
  std::string problems;
  for (const char* folder : {"stages", "common", "web"})
    for (const fs::path& file : sources(root / folder)) {
      if (file.extension() != ".hpp") continue;
      eachLine(file, [&](const std::string& line, int number) {
        if (width(line) > 88)
          problems +=
              fmt::format("{}:{}: {} columns, expected 88 at most\n",
                          fs::relative(file, root).string(), number, width(line));
      });
    }
  return problems;
}

/// A word or two alone under a full line of the same comment: a formatter tore it off.
std::string tornComments(const fs::path& root) {
  static const std::regex full("(\\s*///? )\\S.*"), few("\\S+( \\S+)?");
  std::string problems;
  for (const char* folder : {"stages", "common", "web"})
    for (const fs::path& file : sources(root / folder)) {
      std::string before;
      eachLine(file, [&](const std::string& line, int number) {
        std::smatch match;
        if (std::regex_match(before, match, full) && width(before) >= 70) {
          const std::string start = match[1];
          const std::string rest =
              line.starts_with(start) ? line.substr(start.size()) : "";
          if (std::regex_match(rest, few) && !rest.starts_with('@'))
            problems += fmt::format("{}:{}: \"{}\" was torn off\n",
                                    fs::relative(file, root).string(), number, rest);
        }
        before = line;
      });
    }
  return problems;
}

const fs::path house = CNN_SOURCE_DIR;

/// A small house in a temporary folder; its files are given by path and content.
class OtherHouse {
 public:
  explicit OtherHouse(const std::map<std::string, std::string>& files) {
    for (const auto& [path, content] : files) {
      fs::create_directories((folder_.path() / path).parent_path());
      folder_.put(path, content);
    }
  }
  const fs::path& root() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a stage includes common and smaller numbers only", "[common]") {
  CHECK(wrongIncludes(house) == "");
}

TEST_CASE("what a network needs knows of no files, terminals or signals", "[common]") {
  CHECK(worldlyHeaders(house) == "");
}

TEST_CASE("the rules look at every stage that is built, and at every other folder",
          "[common]") {
  std::set<std::string> built, seen;
  const std::regex stage("add_stage\\((\\w+).*");
  eachLine(house / "CMakeLists.txt", [&](const std::string& line, int) {
    std::smatch match;
    if (std::regex_match(line, match, stage)) built.insert(match[1]);
  });
  for (const fs::path& folder : stageFolders(house)) {
    seen.insert(folder.filename());
    CHECK_FALSE(sources(folder).empty());
  }
  CHECK(seen == built);
  CHECK(built.contains("01_convolution"));
  for (const char* folder : {"common", "tests", "web"})
    CHECK_FALSE(sources(house / folder).empty());
}

TEST_CASE("every stage has a chapter and a program and a header", "[common]") {
  CHECK(missingParts(house) == "");
}

TEST_CASE("every source file begins with its licence", "[common]") {
  CHECK(withoutLicence(house) == "");
}

TEST_CASE("the lines of headers fit a page", "[common]") {
  CHECK(longLines(house) == "");
}

TEST_CASE("a comment ends where a thought does", "[common]") {
  CHECK(tornComments(house) == "");
}

TEST_CASE("the rules see a house that breaks them", "[common]") {
  const std::string wide(89, 'x');
  const std::string torn = "// " + std::string(70, 'x') + "\n// and so\n";
  const std::string fits = std::string(86, 'x') + "\u00e9\u00e9";  // 88 characters
  const OtherHouse other({
      {"stages/01_one/one.hpp",
       "// SPDX-License-Identifier: MIT\n#include \"02_two/two.hpp\"\n" + wide + "\n"},
      {"stages/01_one/main.cpp",
       "#include <02_two/two.hpp>\n#include \"../01_one/one.hpp\"\n"
       "#include \"01_one/../02_two/two.hpp\"\n#include \"01_one/one.hpp\"\n"},
      {"stages/01_one/README.md", "# One\n"},
      {"stages/02_two/two.hpp",
       "// SPDX-License-Identifier: MIT\n#include \"common/a.hpp\"\n" + fits +
           "\n#include \"part/one.hpp\"\n  #  include \"tests/catch.hpp\"\n"
           "#include <vector>\n#include \"01_one/one.hpp\"\n#include <part/one.hpp>\n"},
      {"stages/02_two/part/one.hpp", "// SPDX-License-Identifier: MIT\n"},
      {"stages/03_three/three.hpp",
       "// SPDX-License-Identifier: MIT\n// short\n// line\n" + torn},
      {"stages/04_four/main.cpp", "// SPDX-License-Identifier: MIT\n"},
      {"stages/five/README.md", "# Five\n"},
      {"stages/10_ten/ten.hpp",
       "// SPDX-License-Identifier: MIT\n#include \"02_two/two.hpp\"\n"},
      {"common/a.hpp",
       "// SPDX-License-Identifier: MIT\n#include <fstream>\n"
       "#include \"01_one/one.hpp\"\n"},
      {"common/b.cpp",
       "// SPDX-License-Identifier: MIT\n#include \"tests/catch.hpp\"\n" + wide + "\n"},
      {"common/room/c.hpp", "// SPDX-License-Identifier: MIT\n#include \"a.hpp\"\n"},
      {"tests/catch.hpp", "// Copyright\n"},
  });
  const std::string none = " names no header of a stage or of common/\n";
  CHECK(wrongIncludes(other.root()) ==
        "stages/01_one/main.cpp:1: stage 01 includes 02_two/two.hpp\n"
        "stages/01_one/main.cpp:2: ../01_one/one.hpp" +
            none + "stages/01_one/main.cpp:3: 01_one/../02_two/two.hpp" + none +
            "stages/01_one/one.hpp:2: stage 01 includes 02_two/two.hpp\n"
            "stages/02_two/two.hpp:4: part/one.hpp" +
            none + "stages/02_two/two.hpp:5: tests/catch.hpp" + none +
            "stages/02_two/two.hpp:8: part/one.hpp" + none +
            "common/a.hpp:3: common/ includes 01_one/one.hpp\n"
            "common/b.cpp:2: tests/catch.hpp" +
            none + "common/room/c.hpp:2: a.hpp" + none);
  CHECK(worldlyHeaders(other.root()) == "common/a.hpp:2: fstream\n");
  CHECK(missingParts(other.root()) ==
        "stages/02_two: no README.md\n"
        "stages/02_two: no main.cpp\n"
        "stages/03_three: no README.md\n"
        "stages/03_three: no main.cpp\n"
        "stages/04_four: no README.md\n"
        "stages/04_four: no header\n"
        "stages/10_ten: no README.md\n"
        "stages/10_ten: no main.cpp\n"
        "stages/five: not named NN_name\n"
        "stages/five: no main.cpp\n"
        "stages/five: no header\n");
  CHECK(withoutLicence(other.root()) ==
        "stages/01_one/main.cpp:1: expected \"// SPDX-License-Identifier: MIT\"\n"
        "tests/catch.hpp:1: expected \"// SPDX-License-Identifier: MIT\"\n");
  CHECK(longLines(other.root()) ==
        "stages/01_one/one.hpp:3: 89 columns, expected 88 at most\n");
  CHECK(tornComments(other.root()) ==
        "stages/03_three/three.hpp:5: \"and so\" was torn off\n");
}
