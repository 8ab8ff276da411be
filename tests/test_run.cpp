// SPDX-License-Identifier: MIT
/// @file
/// What a program looks at before it begins: numbers and names on its command line, the
/// files it will write, the processors it may use.

#include "catch.hpp"
#include "common/data/file.hpp"
#include "common/program/machine.hpp"
#include "common/program/run_main.hpp"
#include "common/training/run_files.hpp"
#include "temporary_folder.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace cnn;
namespace fs = std::filesystem;

namespace {

/// What `--n TEXT` comes to.
template <class Number>
Number numberFrom(const std::string& text, const CLI::Validator& validator) {
  Number number = 77;
  CLI::App app;
  app.add_option("--n", number)->transform(validator);
  const char* const argv[] = {"program", "--n", text.c_str()};
  parseOptions(app, 3, argv);
  return number;
}

std::string refusedNumber(const std::string& text, const CLI::Validator& validator) {
  INFO(text);
  return refusal([&] { numberFrom<double>(text, validator); });
}

/// The reason for which a file cannot be written; nothing may come of the attempt.
std::string refusedPath(const fs::path& path) {
  INFO(path.string());
  std::string reason;
  try {
    checkWritable(path);
  } catch (const std::runtime_error& error) {
    reason = error.what();
  }
  std::string again;
  try {
    writeFile(path, "new");
  } catch (const std::runtime_error& error) {
    again = error.what();
  }
  CHECK(reason == again);
  checkSays(reason, path.string() + ": cannot be written: ");
  return reason;
}

std::string refusedRoles(const fs::path& a, const fs::path& b) {
  return refusal([&] { checkRunFiles({{"--read", a}, {"--write", b, true}}); });
}

}  // namespace

// ---- numbers ------------------------------------------------------------------------

TEST_CASE("a whole number is read as people write it", "[common]") {
  for (const auto& [text, number] : std::vector<std::pair<std::string, unsigned>>{
           {"0", 0}, {"12", 12}, {"010", 10}, {"+5", 5}, {"1e3", 1000}, {"2.0", 2}})
    CHECK(numberFrom<unsigned>(text, atLeast(0)) == number);
  CHECK(numberFrom<unsigned long>("999999999999999", atLeast(0)) == 999999999999999);
  CHECK(numberFrom<int>("-3", between(-3, 3)) == -3);
  CHECK(numberFrom<int>("3", between(-3, 3)) == 3);
}

TEST_CASE("what is no whole number is refused in words", "[common]") {
  for (const std::string text :
       {"-1", "0x10", " 5", "5 ", "5,", "1.5", "five", "nan", "inf", "1e", ""})
    checkSays(refusedNumber(text, atLeast(0)),
              "--n: '" + text + "' is not a whole number of at least 0");
  checkSays(refusedNumber("0", atLeast(1)), "'0' is not a whole number of at least 1");
  checkSays(refusedNumber("99999999999999999999", atLeast(0)), "is more than 1000000");
  checkSays(refusedNumber("4", between(-3, 3)), "--n: '4' is more than 3");
  checkSays(refusedNumber("-4", between(-3, 3)), "of at least -3");
}

TEST_CASE("what is no decimal number is refused in words", "[common]") {
  CHECK(numberFrom<double>("1e-3", notNegative()) == 0.001);
  CHECK(numberFrom<double>(".5", notNegative()) == 0.5);
  CHECK(numberFrom<double>("0", notNegative()) == 0);
  for (const std::string text : {"-1", "0x1p3", " 5", "5 ", "nan", "inf", "1e999", ""})
    checkSays(refusedNumber(text, notNegative()),
              "--n: '" + text + "' is not a number at least 0");
  checkSays(refusedNumber("0", notNegative(false)), "'0' is not a number above 0");
}

// ---- files --------------------------------------------------------------------------

TEST_CASE("a file in two roles is refused, whatever it is called", "[common]") {
  const TemporaryFolder folder;
  const fs::path file = folder.put("file", "precious");
  fs::create_symlink(file, folder / "symbolic");
  fs::create_hard_link(file, folder / "hard");
  for (const fs::path& name :
       {file, folder.path() / "." / "file", folder / "symbolic", folder / "hard",
        fs::proximate(file), folder / "nowhere/../file"}) {
    CHECK(refusedRoles(name, file) == "--read " + name.string() + " and --write " +
                                          file.string() +
                                          " are one file; give each its own");
    refusedRoles(file, name);
  }
  refusedRoles(folder / "not there yet", folder.path() / "." / "not there yet");
  CHECK(contentOf(file) == "precious");
  CHECK(folder.count() == 3);

  // Others may lie beside it, two may read it, and two pairs are one on purpose.
  checkRunFiles({{"--read", file}, {"--write", folder / "other", true}});
  checkRunFiles({{"--load", file}, {"--resume", file}});
  checkRunFiles({{"--load", file}, {"--save", file, true}});
  checkRunFiles({{"--resume", file}, {"--checkpoint", file, true}});
  checkSays(refusal([&] {
              checkRunFiles({{"--resume", file}, {"--save", file, true}});
            }),
            "--resume");
}

TEST_CASE("a data set's files are known by their names", "[common]") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "MNIST/raw");
  for (const char* name :
       {"train-images-idx3-ubyte", "MNIST/raw/t10k-labels-idx1-ubyte.gz",
        "train-images.idx3-ubyte", "mnist_train.csv", "mnist_test.csv.gz", "log.csv",
        "weights.safetensors", "train.txt"})
    folder.put(name, "");
  const auto found = [&](const fs::path& data) {
    std::set<std::string> names;
    for (const fs::path& file : dataFiles(data)) names.insert(file.filename());
    return names;
  };
  const std::set<std::string> all = {
      "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz", "train-images.idx3-ubyte",
      "mnist_train.csv", "mnist_test.csv.gz"};
  CHECK(found(folder.path()) == all);
  CHECK(found(folder / "mnist_train.csv") == all);
  CHECK(found(folder / "train.txt").count("train.txt") == 1);
}

TEST_CASE("a name as long as the system allows is written", "[common]") {
  const TemporaryFolder folder;
  const std::string longest(255, 'x');
  writeFile(folder / longest, "old");
  writeFile(folder / longest, "new");
  CHECK(contentOf(folder / longest) == "new");
  checkSays(refusedPath(folder / (longest + "x")), "name too long");
  CHECK(folder.count() == 1);
}

TEST_CASE("what is no file cannot be written, which is known before", "[common]") {
  const TemporaryFolder folder;
  const fs::path file = folder.put("file", "precious");
  fs::create_directory(folder / "folder");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("/dev/null", folder / "link");
  for (const std::string name : {"folder", "folder/", "not there yet/"})
    checkSays(refusedPath(folder / name), "it names a folder; name a file in it");
  for (const fs::path& path : {folder / "pipe", folder / "link", fs::path("/dev/null")})
    checkSays(refusedPath(path), "it is not a file");
  refusedPath(file / "inside");
  CHECK(contentOf(file) == "precious");
  CHECK(folder.count() == 4);
}

TEST_CASE("a read-only file is not replaced, not even by root", "[common]") {
  const TemporaryFolder folder;
  const fs::path file = folder.put("file", "precious");
  fs::permissions(file, fs::perms::owner_read | fs::perms::others_read);
  checkSays(refusedPath(file), "it is read-only");
  CHECK(contentOf(file) == "precious");
  CHECK(folder.count() == 1);
}

TEST_CASE("to look whether a file can be written makes its folder and no more",
          "[common]") {
  const TemporaryFolder folder;
  const fs::path file = folder.put("file", "precious");
  checkWritable(file);
  CHECK(contentOf(file) == "precious");
  checkWritable(folder / "new/deep/file");
  CHECK(fs::is_empty(folder / "new/deep"));
  CHECK(folder.count() == 2);
}

// ---- processors ---------------------------------------------------------------------

TEST_CASE("a quota gives processors, rounded up, and no quota none", "[common]") {
  CHECK(processorsOfQuota("100000 100000") == 1);
  CHECK(processorsOfQuota("150000 100000") == 2);
  CHECK(processorsOfQuota("400000 100000\n") == 4);
  CHECK(processorsOfQuota("1000 100000") == 1);
  for (const char* none : {"max 100000", "-1 100000", "", "100000", "100000 0", "x y"})
    CHECK(processorsOfQuota(none) == 0);
  CHECK(availableProcessors() >= 1);
}
