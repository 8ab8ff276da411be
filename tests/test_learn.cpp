// SPDX-License-Identifier: MIT
/// @file
/// `learn` in a small checkout of its own: the true script, CMake and Ninja, and a book
/// whose one program says from which folder it was built. Only what would install or
/// compile for long is played by stand-ins.

#include "catch.hpp"
#include "desk.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <sys/file.h>

namespace {

constexpr const char* bookOfOneProgram = R"(cmake_minimum_required(VERSION 3.21)
project(book LANGUAGES NONE)
option(CNN_TESTS "" ON)
option(CNN_WERROR "" OFF)
option(CNN_WEB "" OFF)
file(WRITE ${CMAKE_BINARY_DIR}/cxx "$ENV{CXX}")
configure_file(program.in program @ONLY)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_custom_command(OUTPUT copied DEPENDS program VERBATIM
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_BINARY_DIR}/program
    ${CMAKE_BINARY_DIR}/bin/01_convolution
  COMMAND ${CMAKE_COMMAND} -E touch ${CMAKE_BINARY_DIR}/copied)
add_custom_target(01_convolution DEPENDS copied)
add_custom_target(12_later COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_BINARY_DIR}/program
  ${CMAKE_BINARY_DIR}/bin/12_later)
if(CNN_TESTS)
  enable_testing()
  add_test(NAME "right" COMMAND ${CMAKE_COMMAND} -E true)
  add_test(NAME "right too" COMMAND ${CMAKE_COMMAND} -E true)
  add_test(NAME "wrong" COMMAND ${CMAKE_COMMAND} -E false)
endif()
)";
constexpr const char* program = R"(#!/bin/sh
cat <<'END'
built from @PROJECT_SOURCE_DIR@
END
if { true >&9; } 2>/dev/null; then echo "and still holds the lock"; fi
)";
constexpr const char* presets = R"({"version": 3, "configurePresets": [
  {"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release"}]})";

/// A desk with a checkout in the folder `book`, and stand-ins in `tools`.
class Checkout : public Desk {
 public:
  explicit Checkout(const std::string& book = "book") : book_(book) {
    for (const std::string folder :
         {"common", "learner", "stages/01_convolution", "tests", "web"})
      fs::create_directories(*this / book / folder);
    fs::copy(CNN_SOURCE_DIR "/learn", *this / book / "learn");
    put(book + "/CMakeLists.txt", bookOfOneProgram);
    put(book + "/CMakePresets.json", presets);
    put(book + "/program.in", program);
    fs::permissions(*this / book / "program.in", fs::perms::owner_all);
    fs::create_directory(*this / "tools");
    putProgram("tools/apt-get", "exit 1");
    putProgram("tools/dpkg-query", "for name; do echo \"|$name installed|\"; done");
  }

  /// The words of a command that calls `path`, as if from a shell without other settings.
  Words command(const std::string& path, const Words& words,
                const Words& settings = {}) const {
    const std::string found = std::getenv("PATH");
    return Words{"/usr/bin/env", "-i", "PATH=" + tools() + ":" + found} + settings +
           Words{"/bin/sh", "-c", R"(exec "$0" "$@")", path} + words;
  }

  Ended learn(const Words& words, const Words& settings = {}) const {
    return run("", command((path() / book_ / "learn").string(), words, settings));
  }

  /// Runs stage 1, which must succeed: what it prints to the error stream.
  std::string stage1(const Words& settings = {}) const {
    return stage1(book_, book_ + "/learn", settings);
  }

  /// The same by another path, and built from the sources in `book`.
  std::string stage1(const std::string& book, const std::string& path,
                     const Words& settings = {}) const {
    const Ended ended = run("", command(path, {"stage", "1"}, settings));
    CAPTURE(book, path, ended.err);
    CHECK(ended.status == 0);
    CHECK(ended.out == "built from " + fs::canonical(*this / book).string() + "\n");
    return ended.err;
  }

  std::string tools() const { return (*this / "tools").string(); }
  std::string built(const std::string& file) const {
    return contentOf(*this / book_ / "build/release" / file);
  }

 private:
  std::string book_;
};

void checkRefusal(const Ended& ended, const std::string& says) {
  CHECK(ended.status == 2);
  CHECK(ended.out == "");
  checkSays(ended.err, says);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The house's shell scripts.
std::vector<fs::path> scripts() {
  std::vector<fs::path> found;
  const auto look = [&](const fs::path& file) {
    if (contentOf(file).rfind("#!/usr/bin/env bash\n", 0) == 0) found.push_back(file);
  };
  const fs::path house = CNN_SOURCE_DIR;
  look(house / "learn");
  for (const std::string folder : {".ci", "docs", "tests", "tests/fuzz", "tests/golden",
                                   "tests/site", "tests/web"})
    for (const auto& entry : fs::directory_iterator(house / folder))
      if (entry.is_regular_file() && entry.path().extension() == "") look(entry.path());
  return found;
}

}  // namespace

// ---- what is built --------------------------------------------------------------------

TEST_CASE("the first build says that it takes a while, and the second nothing",
          "[learn]") {
  const Checkout desk;
  const std::string first = desk.stage1();
  checkSays(first, "Building 01_convolution: about a minute the first time ...\n");
  checkSays(first, "[1/1] ");  // Ninja's progress
  CHECK(desk.stage1() == "");
}

TEST_CASE("only learn test builds the tests, whatever was built before", "[learn]") {
  const Checkout desk;
  const auto testsAre = [&](const std::string& state) {
    checkSays(desk.built("CMakeCache.txt"), "CNN_TESTS:BOOL=" + state + "\n");
  };
  desk.stage1();
  testsAre("OFF");
  desk.learn({"test", ""});
  testsAre("ON");
  desk.stage1();
  testsAre("ON");
}

TEST_CASE("the last line of learn test counts the tests", "[learn]") {
  const Checkout desk;
  const Ended all = desk.learn({"test", ""});
  CHECK(all.status != 0);
  CHECK(linesOf(all.out).back() == "2 passed, 1 failed");
  const Ended some = desk.learn({"test", "right"});
  CHECK(some.status == 0);
  CHECK(linesOf(some.out).back() == "2 passed, 0 failed");
  const Ended none = desk.learn({"test", "elsewhere"});
  CHECK(none.status == 2);
  checkSays(none.err, "no test ran; is the filter 'elsewhere' right?");
}

TEST_CASE("warnings are errors where CI is set, and nowhere else", "[learn]") {
  const Checkout desk;
  const auto werrorIs = [&](const std::string& state) {
    checkSays(desk.built("CMakeCache.txt"), "CNN_WERROR:BOOL=" + state + "\n");
  };
  desk.stage1();
  werrorIs("OFF");
  desk.stage1({"CI=true"});
  werrorIs("ON");
  desk.stage1();
  werrorIs("OFF");
}

TEST_CASE("the compilers get -Werror from CNN_WERROR alone", "[learn]") {
  const Desk desk;
  const auto rules = [&](const std::string& werror) {
    desk.good("", {"/bin/sh", "-c", "cmake -G Ninja -S \"$0\" -B build -DCNN_WERROR=$1",
                   CNN_SOURCE_DIR, werror});
    return contentOf(desk / "build/build.ninja");
  };
  CHECK_FALSE(contains(rules("OFF"), " -Werror "));
  CHECK(contains(rules("ON"), " -Werror "));
}

TEST_CASE("a compiler too old gives way to a newer one", "[learn]") {
  // The system's compiler under other names; only its version is played.
  const std::string gcc = "exec /usr/bin/c++ -w -U__clang__ -U__GNUC__ -D__GNUC__=";
  const std::string clang =
      "exec /usr/bin/c++ -w -U__clang__ -D__clang__ -U__GNUC__ -D__GNUC__=4 "
      "-U__clang_major__ -D__clang_major__=";
  const Checkout desk;
  const auto compiler = [&](const std::string& name, const std::string& version) {
    desk.putProgram("tools/" + name, version + " \"$@\"");
  };
  const auto taken = [&](const Words& settings = {}) {
    fs::remove_all(desk / "book/build");
    const std::string err = desk.stage1(settings);
    const std::string cxx = desk.built("cxx");
    CHECK(contains(err, "c++ is older than GCC 12 and Clang 14: taking " + cxx +
                            "\n") == !cxx.empty());
    return cxx;
  };
  for (const std::string name : {"g++-14", "g++-12"}) compiler(name, "exit 1");
  compiler("g++-13", gcc + "13");
  for (const std::string& good : {gcc + "12", gcc + "16", clang + "14"}) {
    compiler("c++", good);
    CHECK(taken() == "");  // CMake takes it by itself
  }
  for (const std::string& old : {gcc + "11", gcc + "9", clang + "13"}) {
    compiler("c++", old);
    CHECK(taken() == "g++-13");
  }

  // None is there: apt has one.
  compiler("g++-13", gcc + "11");
  desk.putProgram("tools/dpkg-query",
                  "for name; do case $name in g++-12) ;;"
                  " *) echo \"|$name installed|\" ;; esac; done");
  fs::remove_all(desk / "book/build");
  checkRefusal(desk.learn({"stage", "1"}), "apt could not install g++-12");
  compiler("new", gcc + "12");
  desk.putProgram("tools/apt-get",
                  "cd \"${0%/*}\"; case $* in *' g++-12') mv new g++-12 ;; esac");
  CHECK(taken() == "g++-12");
  // Or it has not, and says nothing.
  compiler("g++-12", "exit 1");
  desk.putProgram("tools/apt-get", "exit 0");
  fs::remove_all(desk / "book/build");
  checkRefusal(desk.learn({"stage", "1"}),
               "no g++-12 here; install GCC 12, Clang 14 or newer and try again");
}

// ---- where it is built ----------------------------------------------------------------

TEST_CASE("a copied or moved checkout builds its own sources", "[learn]") {
  const Checkout desk;
  desk.stage1();
  for (const std::string how : {"cp -a book copy", "cp -r book other", "mv copy new"}) {
    CAPTURE(how);
    desk.good("", {"/bin/sh", "-c", how});
    const std::string to = how.substr(how.rfind(' ') + 1);
    checkSays(desk.stage1(to, to + "/learn"), "copied or moved");
    CHECK(desk.stage1(to, to + "/learn") == "");
  }
  CHECK(desk.stage1() == "");
}

TEST_CASE("CNN_BUILD_DIR is seen from where learn was called", "[learn]") {
  const Checkout desk;
  desk.stage1({"CNN_BUILD_DIR=elsewhere/deeper"});
  CHECK(fs::exists(desk / "elsewhere/deeper/bin/01_convolution"));
  CHECK_FALSE(fs::exists(desk / "book/build"));
  CHECK(desk.stage1({"CNN_BUILD_DIR=./elsewhere/deeper/"}) == "");

  // What was built there for others is not ours to remove.
  fs::rename(desk / "book", desk / "moved");
  const Words words =
      desk.command("moved/learn", {"stage", "1"}, {"CNN_BUILD_DIR=elsewhere/deeper"});
  checkRefusal(desk.run("", words), "was made for other sources");
  CHECK(fs::exists(desk / "elsewhere/deeper/bin/01_convolution"));
}

TEST_CASE("CDPATH leads nowhere else", "[learn]") {
  const Checkout desk;
  fs::create_directories(desk / "other/book");
  desk.stage1({"CDPATH=" + (desk / "other").string()});
  for (const fs::path& script : scripts())
    for (const std::string& line : linesOf(contentOf(script))) {
      CAPTURE(script, line);
      CHECK((script.filename() == "learn" || !contains(line, "cd \"$(dirname") ||
             contains(line, "CDPATH='' cd ")));
    }
}

TEST_CASE("learn finds its files behind symbolic links", "[learn]") {
  const Checkout desk;
  fs::create_directories(desk / "bin/deeper");
  fs::create_symlink(desk / "book/learn", desk / "absolute");
  fs::create_symlink("../book/learn", desk / "bin/relative");
  fs::create_symlink("../relative", desk / "bin/deeper/chain");
  fs::create_symlink("book", desk / "same");
  desk.stage1();
  for (const std::string link :
       {"./absolute", "bin/relative", "bin/deeper/chain", "same/learn"})
    CHECK(desk.stage1("book", link) == "");
}

TEST_CASE("a folder's name may hold what CMake and Ninja can read", "[learn]") {
  const std::string strange = "a  #b (c) %d @e ~ ! = + , : {f} [g] \xc3\xa9";
  const Checkout desk(strange);
  // CMake drops a definition with a # in it, an option not.
  desk.put(strange + "/main.cpp",
           "#include <cstdio>\nint main() { std::puts(\"built from \" FOLDER); }");
  desk.put(strange + "/CMakeLists.txt", R"(cmake_minimum_required(VERSION 3.21)
project(book LANGUAGES CXX)
option(CNN_TESTS "")
option(CNN_WERROR "")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
add_executable(01_convolution main.cpp)
target_compile_options(01_convolution PRIVATE "-DFOLDER=\"${PROJECT_SOURCE_DIR}\"")
)");
  const std::regex dropped(R"(definitions\([^)]*_DIR=)");
  for (const std::string file : {"/CMakeLists.txt", "/tests/CMakeLists.txt"})
    CHECK_FALSE(std::regex_search(contentOf(CNN_SOURCE_DIR + file), dropped));
  desk.stage1();
  CHECK(desk.stage1() == "");
  for (const char character : std::string("\"'`$;\\|&<>*?^\n")) {
    const std::string book = fmt::format("a{}b", character);
    CAPTURE(book);
    const Checkout other(book);
    for (const Words& words : {Words{"stage", "1"}, Words{"docs"}})
      checkRefusal(other.learn(words), "a folder's name must not have one of");
    CHECK_FALSE(fs::exists(other / book / "build"));
  }

  // The folder of the caller counts when CNN_BUILD_DIR starts from there.
  const Checkout other;
  const std::string inside = "mkdir \"$0\" && cd \"$0\" && exec ../book/learn stage 1";
  Words words = other.command("a;b", {}, {"CNN_BUILD_DIR=x"});
  words[words.size() - 2] = inside;
  checkRefusal(other.run("", words), "a folder's name must not have one of");
}

TEST_CASE("a folder that cannot be written is named, without an old log", "[learn]") {
  const Checkout desk;
  checkRefusal(desk.learn({"stage", "1"}, {"CNN_BUILD_DIR=/dev/null/x"}),
               "error: no folder to build in; CNN_BUILD_DIR=FOLDER names one");
  // Root may write everywhere, but not into a folder as if it were a file.
  fs::create_directories(desk / "book/build/release/build.log");
  desk.put("book/build/release/build.log/old", "-- Build files have been written");
  const Ended ended = desk.learn({"stage", "1"});
  checkRefusal(ended, "error: cannot write in ");
  CHECK(linesOf(ended.err).size() == 1);
}

TEST_CASE("a configuration that fails shows its own log", "[learn]") {
  const Checkout desk;
  desk.stage1();
  desk.put("book/CMakeLists.txt", "message(FATAL_ERROR \"no luck\")");
  const Ended ended = desk.learn({"stage", "1"}, {"CI=true"});
  checkRefusal(ended, "no luck");
  CHECK_FALSE(contains(ended.err, "Build files have been written"));
  CHECK(linesOf(ended.err).back() ==
        "error: the configuration failed; its output stands above");
}

TEST_CASE("a second learn waits for the first", "[learn]") {
  const Checkout desk;
  const std::string flock = "/usr/bin/flock", says = "Another ./learn is at work here";
  if (!fs::exists(flock)) return;  // a Mac has none
  // Asks in earnest, but ends where it would wait.
  desk.putProgram("tools/flock", "[ $# = 2 ] && exec " + flock + " \"$@\"\nexit 3");
  const int first = open((desk / "book/learn").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::flock(first, LOCK_EX) == 0);
  const Ended second = desk.learn({"stage", "1"});
  CHECK(second.status == 3);
  checkSays(second.err, says);
  CHECK_FALSE(fs::exists(desk / "book/build"));
  close(first);
  CHECK_FALSE(contains(desk.stage1(), says));

  // No locks, as in some file systems, or no flock: no waiting.
  for (const std::string status : {"65", "127"}) {
    desk.putProgram("tools/flock", "exit " + status);
    CHECK(desk.stage1() == "");
  }
}

// ---- with what it is built ------------------------------------------------------------

TEST_CASE("shell scripts keep to bash 3.2 and to tools that a Mac has", "[learn]") {
  const std::vector<std::pair<std::string, std::string>> newer = {
      {R"(\b(mapfile|readarray|coproc)\b)", "bash 4"},
      {R"((declare|local|typeset) -[a-zA-Z]*[Ang])", "bash 4"},
      {R"(\$\{\w+(\[[@*]\])?(,|\^|@))", "bash 4"},
      {R"(\|&|&>>|;;?&)", "bash 4"},
      {R"(\[\[ -v |\$\{?EPOCH|\$\{\w+: -\d)", "bash 4"},
      {R"(\{[^}' ]*[pqd]\}")", "GNU sed"},
      {R"(\bsed -[a-z]*[ri]|readlink -f|realpath|\bstat -c|\bdate -d|\bnproc\b)",
       "GNU"},
      {R"(\bfind\b.* -(printf|quit|executable)|\bgrep -[a-zA-Z]*P|mktemp -p)", "GNU"},
      {R"(\bcp -[a-zA-Z]*a|\bxargs -[a-z]*[rd]\b|\bsort -[a-z]*V|\btimeout )", "GNU"}};
  for (const fs::path& script : scripts()) {
    const std::string text = contentOf(script);
    for (const std::string& line : linesOf(text)) {
      CAPTURE(script, line);
      for (const auto& [pattern, kind] : newer)
        CHECK((std::regex_search(line, std::regex(pattern)) ? kind : "") == "");
      // Before bash 4.4 a script ends at "${a[@]}" of an empty array: who begins with
      // one asks for its length.
      std::smatch array;
      if (std::regex_search(line, array, std::regex("(\\w+)=\\(\\)")))
        checkSays(text, "((${#" + array[1].str() + "[@]}))");
    }
  }
}

TEST_CASE("shellcheck has nothing to warn of", "[learn]") {
  const Desk desk;
  const std::string shellcheck = "/usr/bin/shellcheck";
  if (!fs::exists(shellcheck)) return;
  Words words = {shellcheck, "-S", "warning"};
  for (const fs::path& script : scripts()) words.push_back(script.string());
  words.push_back("--");  // what follows is no option
  const Ended ended = desk.run("", words);
  CHECK(ended.out == "");
}

TEST_CASE("in every test OpenBLAS has one thread", "[learn]") {
  const Desk desk;  // more would spin, and take the processor from the others
  const std::string all =
      desk.good("", {"/bin/sh", "-c", "cd \"$0\" && ctest --show-only=json-v1",
                     CNN_PROGRAMS_DIR "/.."});
  const nlohmann::json listed = nlohmann::json::parse(all);
  for (const auto& test : listed["tests"]) {
    const std::string name = test["name"], properties = test["properties"].dump();
    if (contains(name, "_NOT_BUILT")) continue;
    CAPTURE(name, properties);
    CHECK(contains(properties, "OPENBLAS_NUM_THREADS=1"));
  }
}

TEST_CASE("a stage is known by its number, of one digit or two", "[learn]") {
  const Checkout desk;
  fs::create_directory(desk / "book/stages/12_later");
  for (const std::string number : {"1", "01", "12"}) {
    INFO(number);
    const Ended ended = desk.learn({"stage", number});
    CHECK(ended.status == 0);
    checkSays(ended.out, "built from");
  }
  for (const std::string number : {"2", "11", "99", "0"}) {
    INFO(number);
    checkRefusal(desk.learn({"stage", number}), "there is no such stage");
  }
  for (const std::string number : {"", "one", "123", "1a", "-1", "1 2"}) {
    INFO(number);
    checkRefusal(desk.learn({"stage", number}), "which stage?");
  }
}
