// SPDX-License-Identifier: MIT
// Files, IDX, CSV and MNIST itself: what is read is what lies on the disk, and bad
// input is refused in one line that names it.

#include "catch.hpp"
#include "common/data/csv.hpp"
#include "common/data/file.hpp"
#include "common/data/idx.hpp"
#include "common/data/mnist.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <armadillo>
#include <fmt/ranges.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <regex>
#include <sys/resource.h>
#include <thread>

using namespace cnn;
using Bytes = std::vector<std::uint8_t>;

namespace {

std::string asText(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// A gzipped file, made by zlib.
std::string zipped(const std::string& bytes) {
  std::string result(bytes.size() + 1024, '\0');
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

/// The first word a command prints.
std::string firstWordOf(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 256> word = {};
  const int read = std::fscanf(pipe, "%255s", word.data());
  pclose(pipe);
  REQUIRE(read == 1);
  return word.data();
}

std::string sha256(const std::filesystem::path& path) {
#ifdef __APPLE__
  return firstWordOf("shasum -a 256 '" + path.string() + "'");
#else
  return firstWordOf("sha256sum '" + path.string() + "'");
#endif
}

/// A big-endian number of four bytes, as in an IDX header.
std::string big(unsigned number) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

/// Two images of 3 x 2, an "L" and a bar:   255 0       0 51
///                                           255 0       0 51
///                                           255 102     0 51
const std::string twoPixels("\xff\x00\xff\x00\xff\x66\x00\x33\x00\x33\x00\x33", 12);
const std::string twoImages = big(0x803) + big(2) + big(3) + big(2) + twoPixels;
const std::string twoLabels = big(0x801) + big(2) + "\x07" + "\x01";

std::span<const std::uint8_t> view(const std::string& bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

Dataset parse(const std::string& images, const std::string& labels) {
  return parseIdx({"my images", view(images)}, {"my labels", view(labels)});
}

std::string refusedIdx(const std::string& images,
                       const std::string& labels = twoLabels) {
  return refusal([&] { parse(images, labels); });
}

/// A CSV line of a label and 784 equal cells.
std::string csvLine(const std::string& label, const std::string& cell = "0") {
  std::string line = label;
  for (int pixel = 0; pixel < 784; ++pixel) line += "," + cell;
  return line;
}

std::string csvOf(const Dataset& data, const std::string& lineEnd = "\n") {
  std::string text;
  for (arma::uword sample = 0; sample < data.size(); ++sample) {
    text += std::to_string(data.labels[sample]);
    for (const auto pixel : data.pixels.col(sample)) text += fmt::format(",{}", pixel);
    text += lineEnd;
  }
  return text;
}

Comparison same(const Dataset& a, const Dataset& b) {
  if (a.rows != b.rows || a.columns != b.columns || a.size() != b.size())
    return {false, fmt::format("{} of {} x {} and {} of {} x {}", a.size(), a.rows,
                               a.columns, b.size(), b.rows, b.columns)};
  for (arma::uword i = 0; i < a.size(); ++i) {
    if (a.labels[i] != b.labels[i])
      return {false, fmt::format("sample {}: {} and {}", i, a.labels[i], b.labels[i])};
    if (auto found = cnn::same(a.image(i), b.image(i), 0); !found) return found;
  }
  return {true, "the same"};
}

}  // namespace

// ---- files --------------------------------------------------------------------------

TEST_CASE("a file is read whole whether it is gzipped or not", "[common]") {
  const TemporaryFolder folder;
  std::string bytes;
  for (unsigned i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * i >> 3 & 0xff);
  CHECK(asText(readFile(folder.put("raw", bytes))) == bytes);
  CHECK(asText(readFile(folder.put("zipped.gz", zipped(bytes)))) == bytes);
  CHECK(asText(readFile(folder.put("two.gz", zipped("ab") + zipped("cd")))) == "abcd");
  CHECK(asText(readFile(folder.put("one byte", "\x1f"))) == "\x1f");
  CHECK(readFile(folder.put("empty", "")).empty());
  CHECK(readFile(folder.put("empty.gz", zipped(""))).empty());
}

TEST_CASE("a missing file and a folder are refused by name", "[common]") {
  const TemporaryFolder folder;
  const std::string missing = refusal([&] { readFile(folder / "nothing"); });
  checkSays(missing, (folder / "nothing").string());
  checkSays(missing, "No such file");
  checkSays(refusal([&] { readFile(folder.path()); }), "is a folder");
}

TEST_CASE("a gzipped file that was cut anywhere is refused", "[common]") {
  const TemporaryFolder folder;
  const std::string whole =
      zipped(asText(readFile(mnistFolder() / "t10k-labels-idx1-ubyte.gz")));
  for (const std::size_t length :
       {std::size_t{2}, std::size_t{5}, std::size_t{11}, whole.size() / 2,
        whole.size() - 9, whole.size() - 8, whole.size() - 1}) {
    const auto path = folder.put("cut.gz", whole.substr(0, length));
    const std::string message = refusal([&] { readFile(path); });
    checkSays(message, path.string());
    checkSays(message, "ends early");
  }
}

TEST_CASE("a gzipped file with a changed byte is refused", "[common]") {
  const TemporaryFolder folder;
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += static_cast<char>('a' + i * i % 7);
  const std::string whole = zipped(bytes);
  for (const std::size_t place :
       {whole.size() / 2, whole.size() - 6, whole.size() - 2}) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    const auto path = folder.put("damaged.gz", damaged);
    checkSays(refusal([&] { readFile(path); }), path.string());
  }
  std::string damaged = whole;
  damaged[whole.size() - 6] ^= 1;  // the check sum
  const auto path = folder.put("damaged.gz", damaged);
  checkSays(refusal([&] { readFile(path); }), "damaged");
}

TEST_CASE("of a gzipped file every member is read and nothing else may follow",
          "[common]") {
  const TemporaryFolder folder;
  const std::string first = zipped("ab"), last = zipped(std::string(200'000, 'c'));
  CHECK(asText(readFile(folder.put("three.gz", first + zipped("") + last))) ==
        "ab" + std::string(200'000, 'c'));
  for (const std::string& rest : {std::string("x"), std::string(512, '\0'),
                                  std::string("\x1f"), std::string("\x1f\x00", 2)}) {
    for (const std::string& whole : {first, first + last}) {
      const auto path = folder.put("more.gz", whole + rest);
      CHECK(refusal([&] { readFile(path); }) ==
            fmt::format("{}: the gzipped file is too long: it has {} bytes more; fetch "
                        "it again",
                        path.string(), rest.size()));
    }
  }
  // Of another member that was cut or changed it is said.
  const auto cut = folder.put("cut.gz", first + last.substr(0, last.size() - 3));
  checkSays(refusal([&] { readFile(cut); }), "ends early, 200002 bytes");
  const auto changed = folder.put("changed.gz", first + "\x1f\x8b\x07" + last);
  checkSays(refusal([&] { readFile(changed); }), "is damaged");
}

TEST_CASE("a file larger than the limit is refused before it fills the memory",
          "[common]") {
  const TemporaryFolder folder;
  const auto raw = folder.put("raw", std::string(1001, 'x'));
  std::string zeros;
  zeros.resize(10'000'000);
  const auto bomb = folder.put("bomb.gz", zipped(zeros));
  CHECK(std::filesystem::file_size(bomb) < 11'000);
  checkSays(refusal([&] { readFile(raw, 1000); }), "more than the 1000 bytes");
  checkSays(refusal([&] { readFile(bomb, 100'000); }), "more than the 100000 bytes");
  CHECK(readFile(raw, 1001).size() == 1001);
}

TEST_CASE("a written file holds the bytes and leaves nothing beside it", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder / "new/deep/file";
  const std::string bytes("a\0b\r\n\xff", 6);
  writeFile(path, bytes);
  CHECK(contentOf(path) == bytes);
  writeFile(path, "");
  CHECK(contentOf(path).empty());
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) ==
        1);
}

TEST_CASE("a name without a folder is written into the current one", "[common]") {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  writeFile("here", "x");
  std::filesystem::current_path(before);
  CHECK(contentOf(folder / "here") == "x");
}

TEST_CASE("a disk that fills up leaves the old file untouched", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("weights", "good");
  // A limit on the size of files stands in for the full disk: both stop a write
  // halfway.
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old = {};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small = {1000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    writeFile(path, std::string(5000, 'x'));
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  checkSays(message, path.string());
  checkSays(message, "File too large");
  CHECK(contentOf(path) == "good");
  CHECK(folder.count() == 1);
}

TEST_CASE("what is not a file is never replaced by one", "[common]") {
  const TemporaryFolder folder;
  const auto file = folder.put("file", "x");
  CHECK_THROWS_AS(writeFile(folder.path(), "y"), std::runtime_error);
  CHECK_THROWS_AS(writeFile("/dev/null", "y"), std::runtime_error);
  CHECK(std::filesystem::is_character_file("/dev/null"));
  CHECK_THROWS_AS(writeFile(file / "inside", "y"), std::runtime_error);
  CHECK(contentOf(file) == "x");
  CHECK(folder.count() == 1);
}

TEST_CASE("a replaced file keeps its permissions and a link stays a link", "[common]") {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const auto file = folder.put("file", "old");
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink(file, folder / "link");
  writeFile(folder / "link", "new");
  CHECK(contentOf(file) == "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::status(file).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("of two writers one wins with all of its bytes", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder / "file";
  {
    std::vector<std::jthread> writers;
    for (const char letter : {'a', 'b', 'c', 'd'})
      writers.emplace_back([&, letter] {
        for (int i = 0; i < 10; ++i) writeFile(path, std::string(20'000, letter));
      });
  }
  const std::string bytes = contentOf(path);
  CHECK(bytes == std::string(20'000, bytes.at(0)));
  CHECK(folder.count() == 1);
}

// ---- IDX ----------------------------------------------------------------------------

TEST_CASE("an image keeps its orientation: rows in the file are rows of the matrix",
          "[common]") {
  const Dataset data = parse(twoImages, twoLabels);
  REQUIRE(data.size() == 2);
  CHECK(data.rows == 3);
  CHECK(data.columns == 2);
  const arma::mat l = {{1, 0}, {1, 0}, {1, 0.4}};
  const arma::mat bar = {{0, 0.2}, {0, 0.2}, {0, 0.2}};
  CHECK(same(data.image(0), l, 0));
  CHECK(same(data.image(1), bar, 0));
  CHECK(data.labels[0] == 7);
  CHECK(data.labels[1] == 1);
}

TEST_CASE("images are picked in the order that is asked for and stay row by row",
          "[common]") {
  const Dataset data = parse(twoImages, twoLabels);
  const arma::mat expected = {{0, 1, 0},     {0.2, 0, 0.2}, {0, 1, 0},
                              {0.2, 0, 0.2}, {0, 1, 0},     {0.2, 0.4, 0.2}};
  CHECK(same(data.images({1, 0, 1}), expected, 0));
  const arma::mat none = data.images({});
  CHECK(none.n_rows == 6);
  CHECK(none.n_cols == 0);
  CHECK_THROWS_AS(data.images({0, 2}), std::invalid_argument);
  CHECK_THROWS_AS(data.image(2), std::invalid_argument);
}

TEST_CASE("a range holds its samples and nothing else", "[common]") {
  const Dataset data = parse(twoImages, twoLabels);
  const Dataset last = data.range(1, 1);
  REQUIRE(last.size() == 1);
  CHECK(last.rows == 3);
  CHECK(last.columns == 2);
  CHECK(last.labels[0] == 1);
  CHECK(same(last.image(0), data.image(1), 0));
  CHECK(same(data.range(0, 2), data));
  CHECK(data.range(2, 0).size() == 0);
  CHECK(data.range(2, 0).pixels.n_rows == 6);
  CHECK_THROWS_AS(data.range(1, 2), std::invalid_argument);
  CHECK_THROWS_AS(data.range(3, 0), std::invalid_argument);
  CHECK_THROWS_AS(data.range(1, static_cast<arma::uword>(-1)), std::invalid_argument);
}

TEST_CASE(
    "a cut or oversized IDX file is refused with what is there and what is expected",
    "[common]") {
  CHECK(refusedIdx(twoImages.substr(0, 27)) ==
        "my images: the file ends early: its header promises 2 images of 3 x 2 (28 "
        "bytes), "
        "1 are there; fetch it again");
  checkSays(refusedIdx(""), "my images: the file is empty");
  checkSays(refusedIdx(twoImages.substr(0, 15)), "15 are there");
  checkSays(refusedIdx(twoImages + "x"), "it has 1 bytes more");
  checkSays(refusedIdx(twoImages, ""), "my labels: the file is empty");
  checkSays(refusedIdx(twoImages, twoLabels.substr(0, 7)), "7 are there");
  checkSays(refusedIdx(twoImages, twoLabels.substr(0, 9)),
            "promises 2 labels (10 bytes), 1 are there");
  checkSays(refusedIdx(twoImages, twoLabels + "\x01"),
            "my labels: the file is too long");
}

TEST_CASE("an IDX header that promises the impossible allocates nothing", "[common]") {
  const auto header = [](unsigned count, unsigned rows, unsigned columns) {
    return big(0x803) + big(count) + big(rows) + big(columns) + twoPixels;
  };
  checkSays(refusedIdx(header(60'000, 28, 28)),
            "promises 60,000 images of 28 x 28 (47,040,016 bytes), 0 are there");
  checkSays(refusedIdx(header(0xffffffff, 4096, 4096)), "4,294,967,295 images");
  // 4 . 2^31 . 2^31 bytes wrap round to 0, as many as follow.
  checkSays(refusedIdx(header(4, 0x80000000, 0x80000000).substr(0, 16)),
            "its images are 2147483648 x 2147483648, expected 1 x 1 to 4096 x 4096");
  for (const auto& [rows, columns] : {std::pair(0U, 28U), std::pair(28U, 0U),
                                      std::pair(4097U, 1U), std::pair(1U, 4097U)})
    checkSays(refusedIdx(header(2, rows, columns)),
              fmt::format("its images are {} x {}, expected", rows, columns));
  for (const auto& [rows, columns] :
       {std::pair(4096U, 1U), std::pair(1U, 4096U), std::pair(1U, 1U)}) {
    const std::string one = big(0x803) + big(1) + big(rows) + big(columns);
    const Dataset data = parse(one + std::string(std::size_t{rows} * columns, 'x'),
                               big(0x801) + big(1) + "\x09");
    CHECK(data.rows == rows);
    CHECK(data.columns == columns);
    CHECK(data.labels[0] == 9);
  }
  checkSays(refusedIdx(big(0x803) + big(0) + big(3) + big(2)), "holds no images");
}

TEST_CASE("an IDX file of another kind or with wrong labels is refused", "[common]") {
  checkSays(
      refusedIdx(twoLabels + twoImages),
      "my images: is not an IDX file of images: it starts with 0x00000801, expected "
      "0x00000803 (it holds labels)");
  checkSays(refusedIdx(twoImages, twoImages),
            "my labels: is not an IDX file of labels: it starts with 0x00000803");
  checkSays(refusedIdx("<!DOCTYPE html> not found"), "it starts with 0x3c21444f");
  checkSays(refusedIdx(big(0xd03) + twoImages.substr(4)), "0x00000d03");  // floats
  for (const std::size_t wrong : {0, 1, 2}) {  // the first, one between, the last
    std::string labels = "\x09\x09\x09";
    labels[wrong] = '\x0a';
    checkSays(refusedIdx(big(0x803) + big(3) + big(1) + big(1) + "xyz",
                         big(0x801) + big(3) + labels),
              fmt::format("my labels: the label of image {} (the first is 0) is 10, "
                          "expected 0 to 9",
                          wrong));
  }
  checkSays(refusedIdx(twoImages, big(0x801) + big(1) + "\x01"),
            "my labels: holds 1 labels for the 2 images in my images");
  checkSays(refusedIdx(twoImages, big(0x801) + big(3) + "\x01\x02\x03"),
            "holds 3 labels for the 2 images");
  checkSays(refusedIdx(twoImages, big(0x801) + big(0)), "holds 0 labels");
}

// ---- CSV ----------------------------------------------------------------------------

TEST_CASE("a CSV line is a label and 784 pixels row by row", "[common]") {
  std::string text = csvLine("3");
  const std::size_t second = text.find(",0", 0) + 2;
  text.replace(second, 2, ",255");  // the second pixel: row 0, column 1
  const Dataset data = parseCsv(text, "my file");
  REQUIRE(data.size() == 1);
  CHECK(data.labels[0] == 3);
  arma::mat expected(28, 28, arma::fill::zeros);
  expected(0, 1) = 1;
  CHECK(same(data.image(0), expected, 0));
}

TEST_CASE(
    "a CSV file may have column names and Windows line ends and a last empty line",
    "[common]") {
  const Dataset plain = parseCsv(csvLine("3") + "\n" + csvLine("9", "255"), "my file");
  REQUIRE(plain.size() == 2);
  CHECK(same(plain.image(1), arma::mat(arma::size(plain.image(1)), arma::fill::ones)));
  const std::string names = csvLine("label", "1x1");
  for (const std::string& start : {std::string(), std::string("\xEF\xBB\xBF"),
                                   names + "\r\n", "\"" + names + "\"\n"})
    for (const std::string end : {"\n", "\r\n"})
      for (const std::string last : {"", "\n", "\r\n\r\n"})
        CHECK(same(parseCsv(fmt::format("{}{}{}{}{}", start, csvLine("3"), end,
                                        csvLine("9", "255"), last),
                            "my file"),
                   plain));
}

TEST_CASE("a CSV cell may be quoted, a decimal number, or have spaces around it",
          "[common]") {
  const Dataset plain = parseCsv(csvLine("3") + "\n" + csvLine("9", "255"), "my file");
  for (const auto& [three, nine, zero, white] : std::vector<std::array<std::string, 4>>{
           {"\"3\"", "\"9\"", "\"0\"", "\"255\""},
           {"3.0", "9.0", "0.0", "255.0"},
           {"3.000000000000000000e+00", "9e0", "-0.0", "2.55e+02"},  // numpy's default
           {" 3", "9 ", "  0", " \"255\" "}})
    CHECK(same(parseCsv(csvLine(three, zero) + "\n" + csvLine(nine, white), "my file"),
               plain));
}

TEST_CASE("CSV lines may end as on an old Mac and be numbered all the same",
          "[common]") {
  const std::string text = csvLine("3") + "\r\r" + csvLine("9", "255");
  CHECK(same(parseCsv(text, "my file"),
             parseCsv(csvLine("3") + "\n" + csvLine("9", "255"), "my file")));
  CHECK(parseCsv("label,x\r" + text, "my file").size() == 2);
  for (const std::string end : {"\r", "\n", "\r\n"})
    checkSays(refusal([&] {
                parseCsv(csvLine("3") + end + end + csvLine("10") + end, "my file");
              }),
              "my file, line 3, column 1");
}

TEST_CASE("semicolons, tabs and spaces separate CSV cells as commas do", "[common]") {
  const std::string text =
      csvLine("label", "x") + "\n" + csvLine("3") + "\n" + csvLine("9", "255");
  for (const char separator : {';', '\t', ' '}) {
    std::string other = text;
    std::ranges::replace(other, ',', separator);
    CHECK(same(parseCsv(other, "my file"), parseCsv(text, "my file")));
  }
  checkSays(refusal([&] { parseCsv("3|0|0", "my file"); }), "line 1: has 1 columns");
}

TEST_CASE("the first CSV line is an image unless it names the columns", "[common]") {
  for (const std::string& first :
       {csvLine("3"), csvLine("\"3\"", "\"0\""), csvLine("3.0", "0.0")})
    CHECK(parseCsv(first + "\n" + csvLine("9"), "my file").labels[0] == 3);
  // An image that went wrong is none the less one.
  for (const std::string label : {"-1", "x", "", "\"?\"", "10"})
    checkSays(
        refusal([&] { parseCsv(csvLine(label) + "\n" + csvLine("9"), "my file"); }),
        "line 1, column 1: the label is");
  // Pixels may be named by numbers alone.
  std::string names = "label";
  for (int pixel = 0; pixel < 784; ++pixel) names += fmt::format(",{}", pixel);
  CHECK(parseCsv("\n\r\n" + names + "\n" + csvLine("9"), "my file").labels[0] == 9);
}

TEST_CASE("the label is the CSV column with its name, wherever it stands", "[common]") {
  // A pencil image: pixel k is k mod 251, the label 7.
  const auto lineWith = [](std::size_t place, const std::string& label, bool names) {
    std::vector<std::string> cells;
    for (int pixel = 0; pixel < 784; ++pixel)
      cells.push_back(names ? fmt::format("pixel{}", pixel)
                            : std::to_string(pixel % 251));
    cells.insert(cells.begin() + static_cast<std::ptrdiff_t>(place), label);
    return fmt::format("{}\n", fmt::join(cells, ","));
  };
  for (const std::string word :
       {"label", "Label", "\"CLASS\"", "target", "y", "Digit", " label "})
    for (const std::size_t place : {0U, 1U, 500U, 784U}) {
      INFO(word << " in column " << place);
      const Dataset data = parseCsv(
          lineWith(place, word, true) + lineWith(place, "7", false), "my file");
      REQUIRE(data.size() == 1);
      CHECK(data.labels[0] == 7);
      arma::uword wrong = 0;
      for (arma::uword k = 0; k < 784; ++k) wrong += data.pixels(k, 0) != k % 251;
      CHECK(wrong == 0);
      checkSays(refusal([&] {
                  parseCsv(lineWith(place, word, true) + lineWith(place, "10", false),
                           "my file");
                }),
                fmt::format("line 2, column {}: the label is \"10\"", place + 1));
    }
  // Two labels, and one in a list that does not name every column.
  checkSays(
      refusal([&] { parseCsv("class," + lineWith(784, "label", true), "my file"); }),
      "my file, line 1: names 2 columns that could be the label, expected one of "
      "label, class, target, y, digit");
  checkSays(refusal([&] { parseCsv("pixel0,label\n" + csvLine("7"), "my file"); }),
            "my file, line 1: names 1 pixels beside the label, expected 28 x 28 = 784");
}

TEST_CASE("a CSV column that counts the lines is passed over by its name", "[common]") {
  const Dataset plain = parseCsv(csvLine("3") + "\n" + csvLine("9", "255"), "my file");
  const std::string names = csvLine("label", "x");
  for (const std::string index : {"", "id", "ID", "index", "Unnamed: 0", "\"\""}) {
    INFO(index);
    CHECK(same(parseCsv(fmt::format("{0},{1}\n0,{2}\nsecond,{3}\n", index, names,
                                    csvLine("3"), csvLine("9", "255")),
                        "my file"),
               plain));
    CHECK(same(parseCsv(fmt::format("{1},{0}\n{2},0\n{3},1\n", index, names,
                                    csvLine("3"), csvLine("9", "255")),
                        "my file"),
               plain));
    checkSays(refusal([&] {
                parseCsv(csvLine(index, "x") + "\n" + csvLine("1"), "my file");
              }),
              "line 1: names 0 columns that could be the label");
  }
  checkSays(
      refusal([&] { parseCsv("id," + names + "\n" + csvLine("3"), "my file"); }),
      "line 2: has 785 columns, expected 786 (the label, 28 x 28 pixels and an index)");
  checkSays(refusal([&] { parseCsv("0," + csvLine("3"), "my file"); }),
            "line 1: has 786 columns, expected 785");
}

TEST_CASE("CSV pixels that are not named row by row are refused", "[common]") {
  const auto refused = [](const std::string& first, const std::string& second,
                          const std::string& third) {
    std::string names = fmt::format("label,{},{},{}", first, second, third);
    for (int pixel = 3; pixel < 784; ++pixel) names += ",z";
    return refusal([&] { parseCsv(names + "\n" + csvLine("1"), "my file"); });
  };
  CHECK(refused("pixel0", "pixel10", "pixel1") ==
        "my file, line 1: the pixel \"pixel1\" comes too late; they must stand row by "
        "row");
  checkSays(refused("1x28", "2x1", "1x2"), "the pixel \"1x2\"");  // column by column
}

TEST_CASE("a CSV file without names whose label may be the last is refused",
          "[common]") {
  // Pixels, then the label: 0,...,0,5 and 0,...,0,8.
  const auto lastIs = [](const std::string& label, const std::string& first = "0") {
    std::string line = csvLine(first);
    return line.replace(line.size() - 1, 1, label) + "\n";
  };
  CHECK(refusal([&] { parseCsv(lastIs("5") + lastIs("8"), "my file"); }) ==
        "my file: no column is named as the label, which should then be the first, but "
        "the last looks like it (2 different digits): put it first, or name every "
        "column in the first line, this one label");
  checkSays(refusal([&] { parseCsv(lastIs("5", "200") + lastIs("8"), "my file"); }),
            "the last looks like it");
  checkSays(refusal([&] {
              parseCsv(csvLine("a", "b") + "\n" + lastIs("5") + lastIs("8"), "my file");
            }),
            "the last looks like it");
  // It does not where it holds a pixel, or where the first holds several digits.
  CHECK(parseCsv(lastIs("5") + lastIs("10"), "my file").labels[1] == 0);
  CHECK(parseCsv(lastIs("5") + lastIs("5"), "my file").pixels(783, 1) == 5);
  CHECK(parseCsv(csvLine("label", "x") + "\n" + lastIs("5") + lastIs("8"), "my file")
            .pixels(783, 1) == 8);
  CHECK(parseCsv(lastIs("5", "1") + lastIs("8", "2"), "my file").labels[1] == 2);
  checkSays(refusal([&] { parseCsv(lastIs("0", "200") + lastIs("0"), "my file"); }),
            "line 1, column 1: the label is \"200\"");
}

TEST_CASE("a bad CSV line is refused with its number", "[common]") {
  const std::string good = csvLine("3") + "\n";
  const auto refused = [&](const std::string& line) {
    const std::string text = csvLine("label", "1x1") + "\n" + good + line + "\n" + good;
    return refusal([&] { parseCsv(text, "my file"); });
  };
  CHECK(refused("3,0,0") ==
        "my file, line 3: has 3 columns, expected 785 (the label, 28 x 28 pixels)");
  checkSays(refused(csvLine("3") + ",0"), "line 3: has 786 columns");
  checkSays(refused("3;0;0"), "line 3: has 1 columns");
  CHECK(refused(csvLine("10")) ==
        "my file, line 3, column 1: the label is \"10\", expected a whole number from "
        "0 to "
        "9");
  CHECK(refused(csvLine("1", "256")) ==
        "my file, line 3, column 2: a pixel is \"256\", expected a whole number from 0 "
        "to "
        "255");
  CHECK(refused(csvLine("1", "0.5")) ==
        "my file, line 3, column 2: a pixel is \"0.5\", expected a whole number from 0 "
        "to 255; multiply pixels from 0 to 1 by 255");
  CHECK(refused(csvLine("1", "1.5")).ends_with("from 0 to 255"));
  CHECK(parseCsv(csvLine("9", "255"), "my file").labels[0] == 9);
  for (const std::string cell :
       {"-1", "", " ", "1.5", "256.0", "1e3", "1e999", "x", "99999999999", "1 2", "0x1",
        "nan", "inf", "1e", "--1"}) {
    std::string line = csvLine("1");
    line.replace(line.size() - 1, 1, cell);  // the last column
    checkSays(refused(line),
              fmt::format("line 3, column 785: a pixel is \"{}\"", cell));
  }
  // Half a pair of quotation marks is none.
  checkSays(refused(csvLine("\"10")), R"(the label is "\"10", expected)");
  checkSays(refused(csvLine("10\"")), R"(the label is "10\"", expected)");
  // Nothing from the file reaches the terminal raw: no escape, in one byte or in two.
  const std::string message = refused(csvLine("\x1b[31m\xc2\x9b\xff"));
  CHECK(std::ranges::all_of(message, [](char c) { return c >= ' ' && c <= '~'; }));
}

TEST_CASE("a CSV file without images is refused", "[common]") {
  for (const std::string& text :
       {std::string(), std::string("\n\r\n"), csvLine("label", "1x1") + "\n"})
    checkSays(refusal([&] { parseCsv(text, "my file"); }), "my file: holds no images");
  const std::string twice = csvLine("3") + "\n" + csvLine("3");
  for (const std::string& bytes : {std::string("PK\x03\x04\0\0", 6), twice + '\0'})
    CHECK(refusal([&] { parseCsv(bytes, "my file"); }) ==
          "my file: is no plain text; a CSV file is expected");
}

TEST_CASE("a CSV file without labels is refused in words", "[common]") {
  std::string pixels = csvLine("0");
  pixels.resize(pixels.size() - 2);  // 784 columns
  std::string names = csvLine("x", "x");
  names.resize(names.size() - 2);
  CHECK(refusal([&] { parseCsv(names + "\n" + pixels, "test.csv"); }) ==
        "test.csv, line 2: has 784 columns, expected 785 (the label, 28 x 28 pixels): "
        "without labels, as in Kaggle's test.csv, nobody can train or test; keep the "
        "last lines of the training file as a test file");
  checkSays(refusal([&] { parseCsv(pixels, "test.csv"); }), "without labels");
}

// ---- MNIST --------------------------------------------------------------------------

TEST_CASE("the four files of MNIST are those that data/README.md lists", "[common]") {
  const std::string text = contentOf(CNN_SOURCE_DIR "/data/README.md");
  const std::regex row("\\| `([a-z0-9.-]+)` \\| ([0-9,]+) \\| `([0-9a-f]{64})` \\|");
  const TemporaryFolder folder;
  int zippedFiles = 0, rawFiles = 0;
  for (std::sregex_iterator i(text.begin(), text.end(), row), end; i != end; ++i) {
    const std::string name = (*i)[1];
    INFO(name);
    std::string size = (*i)[2];
    std::erase(size, ',');
    const bool isZipped = name.ends_with(".gz");
    const auto path = isZipped ? mnistFolder() / name : folder / name;
    if (!isZipped) writeFile(path, asText(readFile(mnistFolder() / (name + ".gz"))));
    ++(isZipped ? zippedFiles : rawFiles);
    CHECK(std::to_string(std::filesystem::file_size(path)) == size);
    CHECK(sha256(path) == (*i)[3]);
  }
  CHECK(zippedFiles == 4);
  CHECK(rawFiles == 4);
}

TEST_CASE("MNIST has as many images of each digit as is known of it", "[common]") {
  const auto [train, test] = loadMnist(mnistFolder());
  CHECK(train.size() == 60'000);
  CHECK(test.size() == 10'000);
  for (const Dataset* set : {&train, &test}) {
    CHECK(set->rows == 28);
    CHECK(set->columns == 28);
    CHECK(set->pixels.n_rows == 784);
    CHECK(set->labels.n_elem == set->size());
  }
  const auto countOf = [](const Dataset& set) {
    std::vector<int> count(10, 0);
    for (const auto label : set.labels) ++count[label];
    return count;
  };
  CHECK(countOf(train) ==
        std::vector{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(countOf(test) ==
        std::vector{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
}

TEST_CASE("MNIST is the same from raw files and from CSV", "[common]") {
  const auto whole = loadMnist(mnistFolder());
  const Dataset train = whole.train.range(0, 100), test = whole.test.range(0, 10);
  const auto idxOf = [](const Dataset& set) {
    const auto count = static_cast<unsigned>(set.size());
    return std::pair(
        big(0x803) + big(count) + big(28) + big(28) +
            std::string(set.pixels.begin(), set.pixels.end()),
        big(0x801) + big(count) + std::string(set.labels.begin(), set.labels.end()));
  };
  const TemporaryFolder raw;
  raw.put("train-images-idx3-ubyte", idxOf(train).first);
  raw.put("train-labels-idx1-ubyte.gz", zipped(idxOf(train).second));
  raw.put("t10k-images-idx3-ubyte", idxOf(test).first);
  raw.put("t10k-labels-idx1-ubyte", idxOf(test).second);
  const TemporaryFolder csv;
  csv.put("mnist_train.csv", csvOf(train));
  csv.put("mnist_test.csv.gz", zipped(csvOf(test, "\r\n")));
  const TemporaryFolder named;
  named.put("train-train.csv.gz", zipped(csvOf(train)));
  named.put("train-test.csv", csvOf(test));

  for (const auto& path : {raw.path(), csv.path(), csv / "mnist_train.csv",
                           named / "train-train.csv.gz"}) {
    INFO(path);
    const auto [givenTrain, givenTest] = loadMnist(path);
    CHECK(same(givenTrain, train));
    CHECK(same(givenTest, test));
  }
}

TEST_CASE("MNIST is found under the names and in the folders of common downloads",
          "[common]") {
  namespace fs = std::filesystem;
  const std::string trainLabels = big(0x801) + big(2) + "\x07" + "\x02";
  const auto fill = [&](const fs::path& folder, const std::string& joint,
                        const std::string& ending, bool inFolders) {
    for (const std::string set : {"train", "t10k"})
      for (const std::string kind : {"images", "labels"}) {
        std::string bytes = kind == "images" ? twoImages
                            : set == "train" ? trainLabels
                                             : twoLabels;
        if (!ending.empty()) bytes = zipped(bytes);
        const fs::path name = fmt::format("{}-{}{}idx{}-ubyte{}", set, kind, joint,
                                          kind == "images" ? 3 : 1, ending);
        const fs::path file = inFolders ? folder / name / name : folder / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << bytes;
      }
  };
  const auto checkFound = [](const fs::path& folder) {
    INFO(folder);
    const TrainTest data = loadMnist(folder);
    CHECK(data.train.size() == 2);
    CHECK(data.train.labels[1] == 2);
    CHECK(data.test.labels[1] == 1);
  };
  for (const std::string joint : {"-", "."})
    for (const std::string ending : {"", ".gz"})
      for (const bool inFolders : {false, true}) {
        const TemporaryFolder folder;
        fill(folder.path(), joint, ending, inFolders);
        checkFound(folder.path());
      }
  const TemporaryFolder root;  // torchvision's
  fill(root / "MNIST/raw", "-", "", false);
  checkFound(root.path());
  checkFound(root / "MNIST");
  checkFound(root / "MNIST/raw");
  fill(root / "FashionMNIST/raw", "-", "", false);
  checkFound(root / "FashionMNIST");
  checkSays(refusal([&] { loadMnist(root.path()); }),
            "holds 2 data sets; give the folder of one, as " +
                (root / "FashionMNIST/raw").string());

  for (const std::string name : {"train.csv", "fashion-mnist_train.csv.gz"}) {
    const TemporaryFolder kaggle;
    const bool isZipped = name.ends_with(".gz");
    const std::string train = csvLine("label", "x") + "\n" + csvLine("3");
    kaggle.put(name, isZipped ? zipped(train) : train);
    kaggle.put(isZipped ? "fashion-mnist_test.csv" : "test.csv", csvLine("4"));
    CHECK(loadMnist(kaggle.path()).train.labels[0] == 3);
    CHECK(loadMnist(kaggle.path()).test.labels[0] == 4);
  }
}

TEST_CASE("a path without a whole MNIST behind it is refused with what to do",
          "[common]") {
  const TemporaryFolder folder;
  const auto refused = [](const std::filesystem::path& path) {
    std::string message = refusal([&] { loadMnist(path); });
    checkSays(message, path.string());
    return message;
  };
  checkSays(refused(folder / "nothing"), "no such file or folder");
  checkSays(refused(folder.path()), "holds neither train-images-idx3-ubyte");
  checkSays(refused(folder.path()), "; it holds nothing");
  {
    const TemporaryFolder other;
    for (const char* name : {"d", "c", "b", "a", "e"}) other.put(name, "");
    CHECK(refused(other.path()).ends_with("; it holds a, b, c, d, e"));
    other.put("f", "");
    other.put("g", "");
    checkSays(refused(other.path()), "; it holds a, b, c, d, e and 2 more");
  }
  checkSays(refused(mnistFolder() / "train-images-idx3-ubyte.gz"),
            "is an IDX file; give the folder");

  checkSays(refused(folder.put("digits.csv", csvLine("1"))), "has no 'train'");
  folder.put("mnist_train.csv", csvLine("1"));
  checkSays(refused(folder.path()),
            "mnist_test.csv: no such file, with or without .gz; "
            "the folder holds digits.csv, mnist_train.csv");
  folder.put("train-images-idx3-ubyte", twoImages);
  checkSays(refused(folder.path()), "train-labels-idx1-ubyte: no such file");
  folder.put("train-labels-idx1-ubyte", twoLabels);
  checkSays(refused(folder.path()), "t10k-images-idx3-ubyte: no such file");
  folder.put("t10k-images-idx3-ubyte", twoImages);
  checkSays(refused(folder.path()), "t10k-labels-idx1-ubyte: no such file");
  folder.put("t10k-labels-idx1-ubyte", big(0x801) + big(1) + "\x01");
  for (const auto& [rows, columns] : {std::pair(3U, 1U), std::pair(2U, 2U)}) {
    folder.put("t10k-images-idx3-ubyte",
               big(0x803) + big(1) + big(rows) + big(columns) +
                   std::string(std::size_t{rows} * columns, 'x'));
    checkSays(refused(folder.path()),
              fmt::format("the training images are 3 x 2, the test images {} x {}",
                          rows, columns));
  }
}

TEST_CASE("whichever file of MNIST is wrong is the one that is named", "[common]") {
  const std::vector<std::string> idx = {
      "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte"};
  const std::vector<std::string> csv = {"mnist_train.csv", "mnist_test.csv"};
  for (const auto& names : {idx, csv})
    for (const std::string& wrong : names) {
      const TemporaryFolder folder;
      for (const std::string& name : names)
        folder.put(name, name.ends_with("csv")                      ? csvLine("3")
                         : name.find("images") != std::string::npos ? twoImages
                                                                    : twoLabels);
      CHECK(loadMnist(folder.path()).train.size() == (names == csv ? 1 : 2));
      folder.put(wrong, "\x01");
      const std::string message = refusal([&] { loadMnist(folder.path()); });
      INFO(message);
      CHECK(message.starts_with((folder / wrong).string()));
    }
}

TEST_CASE("images from which nothing can be learnt are doubted in words", "[common]") {
  const auto setOf = [](std::vector<std::uint8_t> labels, std::uint8_t first,
                        std::uint8_t last) {
    Dataset set{.rows = 1, .columns = 1, .pixels = {}, .labels = labels};
    set.pixels.zeros(1, labels.size());
    set.pixels[0] = first;
    set.pixels[labels.size() - 1] = last;
    return set;
  };
  const Dataset good = setOf({1, 1, 2}, 0, 2), oneClass = setOf({3, 3, 3}, 2, 0);
  const Dataset blank = setOf({1, 2}, 0, 0), dim = setOf({2, 1}, 0, 1);
  using Doubts = std::vector<std::string>;
  CHECK(doubtsAbout({good, good}).empty());
  CHECK(
      doubtsAbout({setOf({1}, 9, 9), setOf({2}, 2, 2)}).empty());  // one has one class
  CHECK(
      doubtsAbout({oneClass, good}) ==
      Doubts{"the training images all have one label: they teach and test nothing; is "
             "it the right column, and is the file sorted?"});
  CHECK(doubtsAbout({good, blank}) ==
        Doubts{"the test images are blank: every pixel is 0"});
  CHECK(
      doubtsAbout({dim, dim}) ==
      Doubts{"the training and test images have no pixel above 1, where white is 255; "
             "multiply pixels from 0 to 1 by 255"});
  CHECK(doubtsAbout({setOf({5, 5}, 1, 0), blank}).size() == 3);
}

TEST_CASE("a shift moves an image by at most so many pixels, and fills up with black",
          "[common]") {
  Dataset data{.rows = 5, .columns = 4, .pixels = {}, .labels = {}};
  data.pixels.zeros(20, 500);
  data.labels.zeros(500);
  data.pixels.row(1 * 4 + 2).fill(255);  // row 1, column 2: up is not left
  data.pixels.row(4 * 4 + 3).fill(51);   // the last corner, which may leave
  arma::umat seen(3, 3, arma::fill::zeros);
  for (arma::uword i = 0; i < data.size(); ++i) {
    const Shift shift{.most = 1, .round = 7};
    const auto [down, right] = shift.of(i);
    arma::mat expected(5, 4, arma::fill::zeros);
    expected(1 + down, 2 + right) = 1;
    if (down <= 0 && right <= 0) expected(4 + down, 3 + right) = 0.2;
    CHECK(same(data.image(i, shift), expected, 1e-15));
    CHECK(same(data.images({i}, shift), arma::vectorise(expected.t()), 1e-15));
    ++seen(down + 1, right + 1);
  }
  CHECK(seen.min() > 30);  // 500 / 9 = 56 of each are expected
}

TEST_CASE("an image moves elsewhere in another round and stays put without a shift",
          "[common]") {
  int moved = 0;
  for (arma::uword i = 0; i < 100; ++i) {
    CHECK(Shift{}.of(i) == std::array<int, 2>{0, 0});
    CHECK(Shift{2, 1}.of(i) == Shift{2, 1}.of(i));
    moved += Shift{2, 1}.of(i) != Shift{2, 2}.of(i);
  }
  CHECK(moved > 80);  // 96 are expected
}
