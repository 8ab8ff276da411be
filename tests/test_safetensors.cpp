// SPDX-License-Identifier: MIT
// Weights on disk: files made by hand from the format's description are read, what we
// write follows it to the byte, and damaged files are refused.

#include "catch.hpp"
#include "common/core/tensor.hpp"
#include "common/training/safetensors.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

using namespace cnn;

namespace {

/// A file by the book: the header's length in 8 bytes, least significant first, the
/// header, the data.
std::string fileOf(const std::string& header, const std::string& data) {
  std::string bytes;
  for (std::size_t i = 0, length = header.size(); i < 8; ++i, length >>= 8)
    bytes += static_cast<char>(length & 0xff);
  return bytes + header + data;
}

TensorFile parse(const std::string& bytes) {
  return parseTensors(
      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "my file");
}

// 1, -2 and 0.5 as IEEE 754 lays them out: sign, exponent, fraction, the last byte
// first.
const std::string one32("\x00\x00\x80\x3f", 4), minusTwo32("\x00\x00\x00\xc0", 4),
    half32("\x00\x00\x00\x3f", 4);
const std::string one64("\x00\x00\x00\x00\x00\x00\xf0\x3f", 8),
    minusTwo64("\x00\x00\x00\x00\x00\x00\x00\xc0", 8),
    half64("\x00\x00\x00\x00\x00\x00\xe0\x3f", 8);

const std::string goodHeader =
    R"({"__metadata__":{"format":"pt"},)"
    R"("w":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},)"
    R"("b":{"dtype":"F64","shape":[2],"data_offsets":[12,28]}})";
const std::string goodData = one32 + minusTwo32 + half32 + one64 + minusTwo64;

/// The good header with one part of it changed.
std::string changed(const std::string& part, const std::string& to) {
  std::string header = goodHeader;
  const std::size_t place = header.find(part);
  REQUIRE(place != std::string::npos);
  return header.replace(place, part.size(), to);
}

/// What is said of a file, which starts with the file's name whatever is wrong.
std::string refused(const std::string& bytes) {
  std::string message = refusal([&] { parse(bytes); });
  INFO(message);
  CHECK(message.starts_with("my file: "));
  return message;
}

std::string refusedHeader(const std::string& header) {
  return refused(fileOf(header, goodData));
}

bool sameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, {}, std::bit_cast<std::uint64_t, double>,
                            std::bit_cast<std::uint64_t, double>);
}

}  // namespace

// ---- tensors ------------------------------------------------------------------------

TEST_CASE("a tensor runs through the rows of its matrix", "[common]") {
  const arma::mat x = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  const Tensor tensor = toTensor(x, {2, 1, 2, 2});
  CHECK(tensor.shape == std::vector<std::size_t>{2, 1, 2, 2});
  CHECK(tensor.values == std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(same(toMatrix(tensor), x, 0));

  const arma::vec b = {1, 2, 3};
  CHECK(toTensor(b, {3}).values == std::vector<double>{1, 2, 3});
  const arma::mat column = toMatrix({{3}, {1, 2, 3}});
  CHECK(column.n_rows == 3);
  CHECK(column.n_cols == 1);
  CHECK(same(toMatrix({{}, {7}}), arma::mat(1, 1, arma::fill::value(7)), 0));
  CHECK(toMatrix({{0, 4}, {}}).empty());
  CHECK(toMatrix({{4, 0}, {}}).n_rows == 4);
}

TEST_CASE("a matrix and a shape that do not fit are refused with both", "[common]") {
  const arma::mat x(2, 3, arma::fill::zeros);
  std::string message;
  try {
    toTensor(x, {2, 4});
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  CHECK(message == "toTensor: a matrix of 2 x 3 does not fill a tensor of 2 x 4");
  CHECK_THROWS_AS(toTensor(x, {3, 2}), std::invalid_argument);  // other rows
  CHECK_THROWS_AS(toTensor(x, {}), std::invalid_argument);
  CHECK_THROWS_AS(toMatrix({{2, 3}, {1, 2, 3}}), std::invalid_argument);
}

TEST_CASE("a shape too large to count is no shape of anything", "[common]") {
  constexpr std::size_t huge = std::size_t{1} << 32;
  CHECK(elementCount({2, 3, 4}) == 24);
  CHECK(elementCount({}) == 1);
  CHECK(elementCount({huge, huge}) == std::numeric_limits<std::size_t>::max());
  CHECK(elementCount({huge, huge, 0}) == 0);
  CHECK(describe({10, 1, 3, 3}) == "10 x 1 x 3 x 3");
}

// ---- reading ------------------------------------------------------------------------

TEST_CASE("a safetensors file made by hand is read", "[common]") {
  for (const std::string& padding : {std::string(), std::string("     ")}) {
    const TensorFile file = parse(fileOf(goodHeader + padding, goodData));
    REQUIRE(file.tensors.size() == 2);
    CHECK(file.tensors.at("w").shape == std::vector<std::size_t>{1, 3});
    CHECK(file.tensors.at("w").values == std::vector<double>{1, -2, 0.5});
    CHECK(file.tensors.at("b").shape == std::vector<std::size_t>{2});
    CHECK(file.tensors.at("b").values == std::vector<double>{1, -2});
    CHECK(file.metadata == std::map<std::string, std::string>{{"format", "pt"}});
  }
}

TEST_CASE("safetensors files at the edge of the format are read", "[common]") {
  CHECK(parse(fileOf("{}", "")).tensors.empty());
  const TensorFile file =
      parse(fileOf(R"({"none":{"dtype":"F32","shape":[0,5],"data_offsets":[0,0]},)"
                   R"("one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
                   one32));
  CHECK(file.tensors.at("none").values.empty());
  CHECK(file.tensors.at("one").values == std::vector<double>{1});
  CHECK(file.tensors.at("one").shape.empty());
}

TEST_CASE("a safetensors file that is cut anywhere is refused", "[common]") {
  const std::string whole = fileOf(goodHeader, goodData);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const bool withLength = length >= 8, withHeader = length >= 8 + goodHeader.size();
    checkSays(refused(whole.substr(0, length)), withHeader   ? "within the"
                                                : withLength ? "its header should take"
                                                             : "ends early");
  }
  checkSays(refused(whole + "x"), "1 bytes of data belong to no tensor");
}

TEST_CASE("a safetensors header that promises the impossible is refused", "[common]") {
  checkSays(refused(std::string(8, '\xff') + goodHeader), "18446744073709551615 bytes");
  checkSays(refused(fileOf(std::string((1 << 20) + 1, ' '), "")), "at most 1048576");
  // 2^33 . 2^31 floats of 4 bytes wrap round to 0 bytes.
  checkSays(refusedHeader(changed(R"([1,3],"data_offsets":[0,12])",
                                  R"([8589934592,2147483648],"data_offsets":[0,0])")),
            "8589934592 x 2147483648");
  checkSays(refusedHeader(changed("[1,3]", "[4611686018427387904,3]")),
            "does not fill");
  checkSays(refusedHeader(changed("[12,28]", "[12,18446744073709551615]")),
            "within the 28 bytes");
}

TEST_CASE("a safetensors header that is not one is refused", "[common]") {
  for (const std::string header :
       {"", " ", "[]", "7", "null", "\"w\"", "{", "{}x", "{'a':1}", "\xEF\xBB\xBF{}",
        " {}", R"({"w":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}})",
        "{\"\xff\":1}"}) {
    INFO(header);
    checkSays(refused(fileOf(header, "")), "not a JSON object");
  }
  // Nothing but spaces may follow the object.
  for (const std::string& rest :
       {std::string(1, '\0'), std::string("\0 x", 3), std::string("{}"),
        std::string(" 1"), std::string(",")})
    checkSays(refusedHeader(goodHeader + rest), "not a JSON object");
  // So deep that a reader which calls itself for each bracket would run out of stack.
  checkSays(refused(fileOf(std::string(1'000'000, '['), "")), "not a JSON object");
  refused(fileOf(
      "{\"w\":" + std::string(400'000, '[') + std::string(400'000, ']') + "}", ""));
}

TEST_CASE("a tensor without all of its fields is refused by name", "[common]") {
  for (const std::string entry : {"1", "[]", "{}", "null", R"({"shape":[1]})"})
    checkSays(refused(fileOf("{\"w\":" + entry + "}", "")),
              "tensor \"w\": its dtype must be a string");
  checkSays(refusedHeader(changed("\"dtype\":\"F32\"", "\"dtype\":32")),
            "tensor \"w\"");
  checkSays(refusedHeader(changed("\"shape\"", "\"size\"")),
            "\"w\": its shape must be");
  checkSays(refusedHeader(changed("\"data_offsets\"", "\"offsets\"")),
            "\"w\": its data_offsets must be");
  for (const std::string shape : {"3", "[-1,-3]", "[1.0,3]", "[\"3\"]", "[[3]]", "{}"})
    checkSays(refusedHeader(changed("[1,3]", shape)), "its shape must be a list");
  for (const std::string offsets : {"12", "[0,-12]", "[0.0,12]"})
    checkSays(refusedHeader(changed("[0,12]", offsets)),
              "its data_offsets must be a list");
}

TEST_CASE("a tensor of another type is refused by name and type", "[common]") {
  for (const std::string dtype : {"F16", "BF16", "I64", "f32", ""})
    checkSays(refusedHeader(changed("F32", dtype)),
              "tensor \"w\": its dtype is \"" + dtype + "\", expected F32 or F64");
}

TEST_CASE("data in the wrong place are refused", "[common]") {
  for (const std::string offsets : {"[]", "[0]", "[0,12,12]", "[12,0]", "[0,29]"})
    checkSays(refusedHeader(changed("[0,12]", offsets)), "must be a begin and an end");
  checkSays(refusedHeader(changed("[1,3]", "[1,2]")),
            "its shape is 1 x 2, which does not fill its 12 bytes of F32");
  checkSays(refusedHeader(changed(R"([1,3],"data_offsets":[0,12])",
                                  R"([1,2],"data_offsets":[0,11])")),
            "does not fill its 11 bytes");  // two floats and three bytes
  // A gap before, between and after; then an overlap.
  checkSays(refusedHeader(changed(R"([1,3],"data_offsets":[0,12])",
                                  R"([1,2],"data_offsets":[4,12])")),
            "begin at byte 4, expected 0");
  checkSays(refusedHeader(changed(R"([1,3],"data_offsets":[0,12])",
                                  R"([1,2],"data_offsets":[0,8])")),
            "\"b\": its data begin at byte 12, expected 8");
  checkSays(refusedHeader(changed(R"([2],"data_offsets":[12,28])",
                                  R"([1],"data_offsets":[12,20])")),
            "8 bytes of data belong to no tensor");
  checkSays(refusedHeader(changed("[12,28]", "[8,24]")),
            "begin at byte 8, expected 12");
}

TEST_CASE("a name that comes twice in a safetensors header is refused", "[common]") {
  checkSays(refusedHeader(changed("\"b\"", "\"w\"")), "names \"w\" twice");
  checkSays(refusedHeader(changed("\"shape\":[2]", "\"shape\":[2],\"shape\":[2]")),
            "names \"shape\" twice");
}

TEST_CASE("whichever tensor is wrong is the one that is named", "[common]") {
  const std::string nan32("\x00\x00\xc0\x7f", 4);
  // Three tensors of one number, one of them with this type, shape, end and number.
  const auto fileWith = [](const std::string& wrong, const std::string& dtype,
                           int shape, int length, const std::string& number) {
    std::string header, data;
    int begin = 0;
    for (const std::string name : {"a", "b", "c"}) {
      const bool isWrong = name == wrong;
      const int end = begin + (isWrong ? length : 4);
      header +=
          fmt::format(R"({}"{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                      name == "a" ? "{" : ",", name, isWrong ? dtype : "F32",
                      isWrong ? shape : 1, begin, end);
      data += isWrong ? number : one32;
      begin += 4;
    }
    return fileOf(header + "}", data);
  };
  CHECK(parse(fileWith("", "", 0, 0, "")).tensors.size() == 3);
  for (const std::string name : {"a", "b", "c"})
    for (const std::string& bytes :
         {fileWith(name, "I32", 1, 4, one32), fileWith(name, "F64", 1, 4, one32),
          fileWith(name, "F32", 2, 4, one32), fileWith(name, "F32", 0, 4, one32),
          fileWith(name, "F32", 1, 3, one32), fileWith(name, "F32", 1, 40, one32),
          fileWith(name, "F32", 1, 4, nan32)})
      checkSays(refused(bytes), "my file: tensor \"" + name + "\": its ");
}

TEST_CASE("metadata are strings", "[common]") {
  checkSays(refusedHeader(changed("\"pt\"", "1")), "the value of \"format\"");
  checkSays(refusedHeader(changed("{\"format\":\"pt\"}", "[]")), "must be an object");
}

TEST_CASE("weights that are not finite are refused", "[common]") {
  const std::string header =
      R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  for (const std::string& bad :
       {std::string("\x00\x00\xc0\x7f", 4),   // not a number
        std::string("\x00\x00\x80\x7f", 4),   // infinity
        std::string("\x00\x00\x80\xff", 4)})  // and its negative
    checkSays(refused(fileOf(header, one32 + bad)),
              "tensor \"w\": its value 1 (the first is 0) is");
}

TEST_CASE("names from a safetensors file reach the terminal without control characters",
          "[common]") {
  const std::string message = refusedHeader(
      changed(R"("w":{"dtype":"F32")", R"("\u001b[31m\n":{"dtype":"\u001b[2J")"));
  checkSays(message, R"("\u001b[31m\n")");
  CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("a bad weights file is refused by its path", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("weights.safetensors", "not weights");
  checkSays(refusal([&] { loadTensors(path); }), path.string());
  checkSays(refusal([&] { loadTensors(folder / "none"); }), (folder / "none").string());
}

// ---- writing ------------------------------------------------------------------------

TEST_CASE("a written safetensors file follows the format to the byte", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder / "weights";
  saveTensors(path, {{{"w", {{3}, {1, -2, 0.5}}}}, {}});
  // Filled up with spaces so that the data start at a multiple of 8.
  const std::string header =
      R"({"w":{"data_offsets":[0,24],"dtype":"F64","shape":[3]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(contentOf(path) == fileOf(padded, one64 + minusTwo64 + half64));
}

TEST_CASE("doubles come back from a file bit for bit", "[common]") {
  using limits = std::numeric_limits<double>;
  const TensorFile file = {{{"conv1.weight",
                             {{2, 1, 2, 2},
                              {0.1, -0.0, 1e-320, limits::max(), limits::lowest(),
                               limits::min(), limits::denorm_min(), 1.0 / 3}}},
                            {"conv1.bias", {{1}, {-1e-300}}},
                            {"empty", {{0}, {}}},
                            {"a \"name\" with \n and \u00e9", {{1}, {4}}}},
                           {{"epoch", "12"}, {"state", "1 2 3\n"}}};
  const TemporaryFolder folder;
  const auto path = folder / "new/weights";
  saveTensors(path, file);
  const TensorFile read = loadTensors(path);
  CHECK(read.metadata == file.metadata);
  REQUIRE(read.tensors.size() == file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    INFO(name);
    CHECK(read.tensors.at(name).shape == tensor.shape);
    CHECK(sameBits(read.tensors.at(name).values, tensor.values));
  }
}

TEST_CASE("what cannot be loaded is not saved and the old weights stay", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("weights", "good");
  const auto save = [&](const std::string& name, const Tensor& tensor) {
    saveTensors(path, {{{name, tensor}}, {}});
  };
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(save("w", {{1}, {NAN}}), std::runtime_error);
  CHECK_THROWS_AS(save("w", {{1}, {infinity}}), std::runtime_error);
  CHECK_THROWS_AS(save("w", {{2}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(save("__metadata__", {{1}, {1}}), std::invalid_argument);
  CHECK_THROWS_AS(save(std::string(2 << 20, 'w'), {{1}, {1}}), std::invalid_argument);
  CHECK(contentOf(path) == "good");
  CHECK(folder.count() == 1);
}
