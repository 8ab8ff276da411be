// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "common/dataset.hpp"
#include "common/digit.hpp"
#include "common/gallery.hpp"
#include "common/picture.hpp"
#include "common/png.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <png.h>
#include <zlib.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

using namespace cnn;

namespace {

/// A PNG made by libpng's low-level interface, which the program does not use.
struct PngKind {
  png_uint_32 width, height;
  int bitDepth, colourType;
  int interlace = PNG_INTERLACE_NONE;
  std::vector<png_color> palette = {};
  std::vector<png_byte> paletteAlpha = {};
};

std::string makePng(const PngKind& kind, std::vector<std::vector<png_byte>> rows) {
  const auto fail = [](png_structp, png_const_charp text) -> void {
    throw std::runtime_error(text);
  };
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, fail, nullptr);
  png_infop info = png_create_info_struct(png);
  std::string bytes;
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep data, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(writer))
            ->append(reinterpret_cast<char*>(data), size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, kind.width, kind.height, kind.bitDepth, kind.colourType,
               kind.interlace, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!kind.palette.empty())
    png_set_PLTE(png, info, kind.palette.data(), static_cast<int>(kind.palette.size()));
  if (!kind.paletteAlpha.empty())
    png_set_tRNS(png, info, kind.paletteAlpha.data(),
                 static_cast<int>(kind.paletteAlpha.size()), nullptr);
  std::vector<png_bytep> pointers;
  for (auto& row : rows) pointers.push_back(row.data());
  png_set_rows(png, info, pointers.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

arma::mat readBack(const PngKind& kind,
                   const std::vector<std::vector<png_byte>>& rows) {
  const TemporaryFolder folder;
  return readPng(folder.put("picture.png", makePng(kind, rows)));
}

arma::mat bytesAsGrey(const arma::mat& bytes) { return bytes / 255.0; }

// Armadillo cannot tell a single number in braces from a copy.
arma::mat pixel(double value) { return arma::mat(1, 1).fill(value); }

void checkSame(const arma::mat& given, const arma::mat& expected, double tolerance) {
  CHECK(same(given, expected, tolerance));
}

// Brightness of a linear light value as sRGB stores it (IEC 61966-2-1).
double srgb(double linear) { return 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055; }

// Blank paper (brightness `paper`) with a block of ink on it.
arma::mat paperWithBlock(double paper, double ink, arma::uword row, arma::uword column,
                         arma::uword height, arma::uword width) {
  arma::mat picture(60, 90);
  picture.fill(paper);
  picture.submat(row, column, arma::size(height, width)).fill(ink);
  return picture;
}

}  // namespace

// ---- PNG ----------------------------------------------------------------------------

TEST_CASE("every grey value of 8 bits survives writing and reading", "[common]") {
  const TemporaryFolder folder;
  arma::mat all(8, 32);
  for (arma::uword i = 0; i < 256; ++i) all(i) = static_cast<double>(i) / 255.0;
  writePng(folder / "all.png", all);
  checkSame(readPng(folder / "all.png"), all, 1e-12);
}

TEST_CASE("a picture of an L is not turned or mirrored by a PNG file", "[common]") {
  const arma::mat expected{{1, 0}, {1, 0}, {1, 1}};
  checkSame(readBack({2, 3, 8, PNG_COLOR_TYPE_GRAY}, {{255, 0}, {255, 0}, {255, 255}}),
            expected, 1e-12);
  const TemporaryFolder folder;
  writePng(folder / "l.png", expected);
  CHECK(contentOf(folder / "l.png").substr(16, 8) ==
        std::string("\0\0\0\2\0\0\0\3", 8));
  checkSame(readPng(folder / "l.png"), expected, 1e-12);
}

TEST_CASE("a written PNG cuts off what is out of range and draws NaN grey",
          "[common]") {
  const TemporaryFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  writePng(folder / "x.png", arma::mat{{-1.0, 2.0, nan, -infinity, infinity}});
  checkSame(readPng(folder / "x.png"), bytesAsGrey({{0, 255, 128, 0, 255}}), 1e-12);
}

TEST_CASE("a colour PNG is written channel by channel", "[common]") {
  const TemporaryFolder folder;
  arma::cube rgb(1, 4, 3, arma::fill::zeros);
  rgb(0, 0, 0) = rgb(0, 1, 1) = rgb(0, 2, 2) = 1.0;  // a red, a green, a blue, a black
  writePng(folder / "rgb.png", rgb);
  checkSame(readPng(folder / "rgb.png"),
            arma::mat{{srgb(0.2126), srgb(0.7152), srgb(0.0722), 0.0}}, 1.5 / 255.0);
  CHECK_THROWS_AS(writePng(folder / "no.png", arma::cube(2, 2, 4)),
                  std::invalid_argument);
}

TEST_CASE("a colour PNG is read by its luminance", "[common]") {
  checkSame(readBack({4, 1, 8, PNG_COLOR_TYPE_RGB},
                     {{255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77}}),
            arma::mat{{srgb(0.2126), srgb(0.7152), srgb(0.0722), 77.0 / 255.0}},
            1.5 / 255.0);
}

TEST_CASE("an interlaced PNG is read", "[common]") {
  std::vector<std::vector<png_byte>> rows;
  arma::mat expected(9, 11);
  for (arma::uword row = 0; row < 9; ++row) {
    rows.emplace_back();
    for (arma::uword column = 0; column < 11; ++column) {
      rows.back().push_back(static_cast<png_byte>(20 * row + 7 * column));
      expected(row, column) = static_cast<double>(rows.back().back()) / 255.0;
    }
  }
  checkSame(readBack({11, 9, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_ADAM7}, rows),
            expected, 1e-12);
}

TEST_CASE("a PNG with a palette and transparency is read", "[common]") {
  PngKind kind{4, 1, 8, PNG_COLOR_TYPE_PALETTE};
  kind.palette = {{0, 0, 0}, {255, 255, 255}, {128, 128, 128}, {0, 0, 0}};
  kind.paletteAlpha = {255, 255, 255, 0};  // the last is clear: white shows through
  checkSame(readBack(kind, {{0, 1, 2, 3}}), bytesAsGrey({{0, 255, 128, 255}}), 1e-12);
}

TEST_CASE("a PNG with an alpha channel is read on white", "[common]") {
  checkSame(readBack({3, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA},
                     {{0, 0, 0, 0, 0, 0, 0, 255, 90, 90, 90, 255}}),
            bytesAsGrey({{255, 0, 90}}), 1e-12);
}

TEST_CASE("a PNG of 16 bits or 1 bit a pixel is read", "[common]") {
  checkSame(readBack({3, 1, 16, PNG_COLOR_TYPE_GRAY}, {{0, 0, 0x80, 0x80, 0xFF, 0xFF}}),
            bytesAsGrey({{0, 128, 255}}), 1e-12);
  checkSame(readBack({3, 1, 1, PNG_COLOR_TYPE_GRAY}, {{0b10100000}}),
            bytesAsGrey({{255, 0, 255}}), 1e-12);
}

TEST_CASE("a text file is refused as a picture", "[common]") {
  const TemporaryFolder folder;
  const auto file = folder.put("notes.txt", "milk, eggs, bread and butter\n");
  const std::string message = refusal([&] { readPng(file); });
  checkSays(message, file.string() + ": not a PNG picture; ");
  checkSays(refusal([&] { readPng(folder.put("empty.png", "")); }),
            "not a PNG picture");
  checkSays(refusal([&] { readPng(folder / "missing.png"); }), "missing.png");
}

TEST_CASE("a truncated PNG is refused wherever it ends", "[common]") {
  const TemporaryFolder folder;
  writePng(folder / "whole.png", arma::mat(7, 5, arma::fill::randu));
  const std::string whole = contentOf(folder / "whole.png");
  const std::size_t end = whole.find("IEND") - 4;  // the pixels' part ends here
  for (std::size_t size = 0; size < end; ++size) {
    const auto file = folder.put("part.png", whole.substr(0, size));
    INFO(size << " of " << whole.size() << " bytes");
    checkSays(refusal([&] { readPng(file); }), file.string() + ": ");
  }
}

TEST_CASE("a PNG with any one byte changed is read or refused and nothing else",
          "[common]") {
  const TemporaryFolder folder;
  writePng(folder / "whole.png", arma::mat(7, 5, arma::fill::randu));
  const std::string whole = contentOf(folder / "whole.png");
  int refused = 0;
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string spoilt = whole;
    spoilt[place] = static_cast<char>(spoilt[place] ^ 0x55);
    try {
      readPng(folder.put("spoilt.png", spoilt));
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 50);
}

TEST_CASE("a PNG that claims to be huge is refused before memory is taken",
          "[common]") {
  const TemporaryFolder folder;
  const auto claiming = [&](const std::string& sides) {
    std::string png = makePng({1, 1, 8, PNG_COLOR_TYPE_GRAY}, {{0}});
    png.replace(16, 8, sides);
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(png.data()) + 12, 17);
    for (std::size_t i = 0; i < 4; ++i)
      png[29 + i] = static_cast<char>((sum >> (24 - 8 * i)) & 255);
    return refusal([&] { readPng(folder.put("huge.png", png)); });
  };
  checkSays(claiming({"\0\0\x75\x30\0\0\x75\x30", 8}),
            "30000 x 30000 pixels are too many");
  checkSays(claiming({"\0\0\x10\0\0\0\x10\0", 8}), "4096 x 4096 pixels cannot be in");

  writePng(folder / "wide.png", arma::mat(1, 4097, arma::fill::zeros));
  checkSays(refusal([&] { readPng(folder / "wide.png"); }), "at most 4096 x 4096");
  writePng(folder / "widest.png", arma::mat(1, 4096, arma::fill::zeros));
  CHECK(readPng(folder / "widest.png").n_cols == 4096);
}

TEST_CASE("a PNG that cannot be written is an error that names its path", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("file", "x") / "picture.png";
  try {
    writePng(path, arma::mat(2, 2, arma::fill::zeros));
    FAIL("nothing was thrown");
  } catch (const std::runtime_error& error) {
    checkSays(error.what(), path.string());
  }
  CHECK_THROWS_AS(writePng(folder / "none.png", arma::mat()), std::invalid_argument);
}

// ---- pictures -----------------------------------------------------------------------

TEST_CASE("toGrey stretches from the smallest to the largest", "[common]") {
  checkSame(toGrey(arma::mat{{-2, 0}, {2, 6}}), arma::mat{{0, 0.25}, {0.5, 1}}, 1e-15);
  checkSame(toGrey(arma::mat{{3, 3}}), arma::mat{{0, 0}}, 0.0);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const arma::mat holed = toGrey(arma::mat{{1, nan, 3, infinity}});
  CHECK(holed(0) == 0.0);
  CHECK(std::isnan(holed(1)));
  CHECK(holed(2) == 1.0);
}

TEST_CASE("enlarge turns each pixel into a square", "[common]") {
  checkSame(enlarge(arma::mat{{1, 2}, {3, 4}}, 2),
            arma::mat{{1, 1, 2, 2}, {1, 1, 2, 2}, {3, 3, 4, 4}, {3, 3, 4, 4}}, 0.0);
}

TEST_CASE("resize takes the mean of the area that a pixel covers", "[common]") {
  const arma::mat x{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  checkSame(resize(x, 1, 1), pixel(5), 1e-12);
  checkSame(resize(x, 3, 3), x, 1e-12);
  // Two columns for three: each new pixel covers one old one and half of the middle
  // one.
  checkSame(resize(arma::mat{{1, 2, 3}}, 1, 2), arma::mat{{4.0 / 3.0, 8.0 / 3.0}},
            1e-12);
  checkSame(resize(arma::mat{{0, 1}}, 1, 4), arma::mat{{0, 0, 1, 1}}, 1e-12);
  CHECK_THROWS_AS(resize(x, 0, 3), std::invalid_argument);
}

TEST_CASE("grid sets pictures in rows with grey between them", "[common]") {
  const arma::mat one{{1, 1}}, two{{0, 0}};
  checkSame(
      grid({one, two, two}, 2, 1),
      arma::mat{{1, 1, 0.5, 0, 0}, {0.5, 0.5, 0.5, 0.5, 0.5}, {0, 0, 0.5, 0.5, 0.5}},
      0.0);
  CHECK(grid({one}, 5).n_cols == 2);
  CHECK_THROWS_AS(grid({}, 2), std::invalid_argument);
  CHECK_THROWS_AS(grid({one}, 0), std::invalid_argument);
  CHECK_THROWS_AS(grid({one, pixel(1)}, 2), std::invalid_argument);
}

TEST_CASE("signed colours are blue below zero and red above", "[common]") {
  const arma::cube colours = signedColours(arma::mat{{-4, 0, 2, 4}});
  const auto channels = [&](arma::uword column) {
    return arma::vec(colours.tube(0, column));
  };
  checkSame(channels(1), arma::vec(3, arma::fill::ones), 0);
  CHECK(channels(0)(2) > channels(0)(0) + 0.5);              // blue
  CHECK(channels(3)(0) > channels(3)(2) + 0.5);              // red
  checkSame(channels(2), (1.0 + channels(3)) / 2.0, 1e-12);  // half way from white
  checkSame(signedColours(pixel(2), 4.0).slice(1), colours.slice(1).submat(0, 2, 0, 2),
            1e-12);
  CHECK(signedColours(arma::mat(2, 2, arma::fill::zeros)).min() == 1.0);
}

TEST_CASE("without colour a pixel is two characters of its shade", "[common]") {
  CHECK(inTerminal(arma::mat{{0, 1}, {0.5, 0.05}}, false) == "  @@\n++\n");
  CHECK(inTerminal(arma::mat{{-1, 9}}, false) == "  @@\n");
  CHECK(inTerminal(pixel(std::numeric_limits<double>::quiet_NaN()), false) == "++\n");
}

TEST_CASE("in colour two pixels share a character cell", "[common]") {
  CHECK(inTerminal(arma::mat(arma::vec{0, 1}), true) ==
        "\x1b[38;5;16m\x1b[48;5;231m\u2580\x1b[0m\n");
  // An odd last row leaves the cell's lower half to the terminal.
  CHECK(inTerminal(pixel(1), true) == "\x1b[38;5;231m\u2580\x1b[0m\n");
}

TEST_CASE("a picture too wide for the terminal shrinks by averaging", "[common]") {
  const arma::mat x{{1, 0, 1, 1}, {0, 1, 1, 1}};
  CHECK(inTerminal(x, false, 4) == "++@@\n");
  CHECK(inTerminal(x, false, 8) == "@@  @@@@\n  @@@@@@\n");
}

TEST_CASE("pictures side by side stand under their titles", "[common]") {
  const arma::mat tall{{1, 1}, {1, 1}}, flat{{1, 1, 1}};
  CHECK(sideBySide({tall, flat}, {"a", "much too long"}, false) ==
        "a     much t\n@@@@  @@@@@@\n@@@@\n");
  CHECK(
      sideBySide({flat}, {"\u03b4\u03b4\u03b4w = 7"}, false) ==  // a letter, two bytes
      "\u03b4\u03b4\u03b4w =\n@@@@@@\n");
  CHECK(sideBySide({}, {}, false).empty());
  CHECK_THROWS_AS(sideBySide({tall}, {}, false), std::invalid_argument);
}

TEST_CASE("pictures side by side shrink by one factor to fit the terminal",
          "[common]") {
  const arma::mat large(28, 28, arma::fill::ones), half(14, 14, arma::fill::ones);
  // 56 + 2 + 28 cells do not fit 78; 76 / 84 of 28 and of 14 pixels are 25 and 12.
  const std::string text = sideBySide({large, half}, {"", ""}, false);
  CHECK(text.find("\n" + std::string(50, '@') + "  " + std::string(24, '@') + "\n") !=
        std::string::npos);
}

namespace {

/// Sets a variable of the environment, or takes it out, as long as it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const char* value) const {
    value ? setenv(name_, value, 1) : unsetenv(name_);
  }
  const char* name_;
  std::optional<std::string> before_;
};

/// What is asked while standard output is this.
bool showsColourOn(int output, const char* terminal, const char* refusal) {
  const Variable term("TERM", terminal), noColour("NO_COLOR", refusal);
  const int before = dup(STDOUT_FILENO);
  std::fflush(stdout);
  dup2(output, STDOUT_FILENO);
  const bool answer = terminalShowsColour();
  dup2(before, STDOUT_FILENO);
  close(before);
  return answer;
}

}  // namespace

TEST_CASE("colour is shown on a terminal that can and where NO_COLOR is not set",
          "[common]") {
  const TemporaryFolder folder;
  const int outside = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(outside >= 0);
  REQUIRE(grantpt(outside) == 0);
  REQUIRE(unlockpt(outside) == 0);
  const int terminal = open(ptsname(outside), O_RDWR | O_NOCTTY);
  const int file = open((folder / "out").c_str(), O_CREAT | O_WRONLY, 0600);
  REQUIRE(terminal >= 0);
  REQUIRE(file >= 0);
  CHECK(showsColourOn(terminal, "xterm", nullptr));
  CHECK(showsColourOn(terminal, "xterm", ""));  // no-color.org: set and not empty
  CHECK_FALSE(showsColourOn(terminal, "xterm", "1"));
  CHECK_FALSE(showsColourOn(terminal, "dumb", nullptr));
  CHECK_FALSE(showsColourOn(terminal, nullptr, nullptr));
  CHECK_FALSE(showsColourOn(file, "xterm", nullptr));
  for (const int descriptor : {file, terminal, outside}) close(descriptor);
}

// ---- a digit as MNIST's makers would have stored it ---------------------------------

TEST_CASE("a block of ink off the centre ends in the centre", "[common]") {
  arma::mat expected(28, 28, arma::fill::zeros);
  expected.submat(4, 4, 23, 23).ones();
  checkSame(toMnistDigit(paperWithBlock(1.0, 0.0, 3, 40, 10, 10)), expected, 1e-12);
  checkSame(toMnistDigit(paperWithBlock(1.0, 0.0, 12, 10, 40, 40)), expected, 1e-12);
}

TEST_CASE("a digit's picture may be light on dark or faint", "[common]") {
  const arma::mat plain = toMnistDigit(paperWithBlock(1.0, 0.0, 5, 6, 20, 8));
  checkSame(toMnistDigit(paperWithBlock(0.0, 1.0, 5, 6, 20, 8)), plain, 1e-12);
  checkSame(toMnistDigit(paperWithBlock(0.7, 0.5, 5, 6, 20, 8)), plain, 1e-12);
  checkSame(toMnistDigit(paperWithBlock(0.4, 0.1, 5, 6, 20, 8)), plain, 1e-12);
}

TEST_CASE("a digit keeps its shape and is not turned", "[common]") {
  arma::mat l(100, 100, arma::fill::zeros);  // an L, 40 x 20, strokes 10 wide
  l.submat(10, 50, 49, 59).ones();
  l.submat(40, 50, 49, 69).ones();
  // Scaled by a half it is 20 x 10, strokes 5 wide: the upright has 100 pixels around
  // row 9.5 and column 2, the foot's other half 25 around row 17 and column 7. Together
  // their centre is row 11, column 3, and it goes to row 14, column 14.
  arma::mat expected(28, 28, arma::fill::zeros);
  expected.submat(3, 11, 22, 15).ones();
  expected.submat(18, 11, 22, 20).ones();
  checkSame(toMnistDigit(l), expected, 1e-12);
}

TEST_CASE("a digit whose mass lies at one end stays inside its picture", "[common]") {
  arma::mat heavy(60, 60, arma::fill::zeros);  // 20 x 20: a thin stem on a broad foot
  heavy.submat(30, 25, 44, 25).ones();
  heavy.submat(45, 20, 49, 39).ones();
  // The centre is row (15 . 7 + 100 . 17) / 115 = 15.7: to bring it to row 14, the stem
  // would begin 2 rows above the picture. It begins in the first row.
  const arma::vec profile = arma::sum(toMnistDigit(heavy), 1);
  CHECK(profile(0) == Approx(1.0));
  CHECK(profile(19) == Approx(20.0));
  CHECK(arma::accu(profile) == Approx(115.0));
}

TEST_CASE("a thin line is as bright as a thick one", "[common]") {
  arma::mat thin(200, 200, arma::fill::ones);
  thin.submat(20, 50, 179, 50)
      .zeros();  // one pixel wide, an eighth of one when scaled,
  thin.submat(20, 50, 20, 120).zeros();  // and a corner
  CHECK(toMnistDigit(thin).max() == Approx(1.0));
}

TEST_CASE("dust beside a digit is not taken for ink", "[common]") {
  const arma::mat clean = paperWithBlock(1.0, 0.0, 20, 30, 10, 10);
  arma::mat dusty = clean;
  dusty(2, 2) = 0.8;
  checkSame(toMnistDigit(dusty), toMnistDigit(clean), 1e-12);
}

TEST_CASE("a picture of MNIST's size stays as it is but for its paper", "[common]") {
  arma::mat digit(28, 28, arma::fill::zeros);
  digit.submat(10, 3, 20, 5).fill(0.6);
  checkSame(toMnistDigit(digit), digit, 0.0);
  checkSame(toMnistDigit(1.0 - digit), digit, 1e-12);
}

TEST_CASE("digits of another size grow in proportion", "[common]") {
  const arma::mat digit = toMnistDigit(paperWithBlock(1.0, 0.0, 3, 40, 10, 10), 14);
  CHECK(arma::size(digit) == arma::size(14, 14));
  CHECK(arma::accu(digit) == Approx(100.0));
}

TEST_CASE("a picture without a digit is refused with advice", "[common]") {
  checkSays(refusal([] { toMnistDigit(arma::mat(50, 40, arma::fill::ones)); }),
            "no digit to be seen");
  checkSays(refusal([] { toMnistDigit(arma::mat(28, 28, arma::fill::zeros)); }),
            "draw one digit");
  const TemporaryFolder folder;
  writePng(folder / "blank.png", arma::mat(50, 40, arma::fill::ones));
  checkSays(refusal([&] { readDigit(folder / "blank.png"); }), "blank.png: no digit");
}

TEST_CASE("MNIST's own digits on a large sheet come back as they were", "[common]") {
  const Dataset digits = loadMnist(mnistFolder()).test.slice(0, 100);
  double difference = 0.0, ink = 0.0;
  for (arma::uword i = 0; i < digits.size(); ++i) {
    const arma::mat digit = digits.image(i);
    arma::mat sheet(300, 400);
    sheet.fill(0.9);
    sheet.submat(30, 120, arma::size(224, 224)) -= 0.8 * enlarge(digit, 8);
    difference += arma::accu(arma::abs(toMnistDigit(sheet) - digit));
    ink += arma::accu(digit);
  }
  INFO("difference " << difference << ", ink " << ink);
  CHECK(difference < 0.1 * ink);
}

// ---- gallery ------------------------------------------------------------------------

TEST_CASE("the confusion matrix counts truth by row and answer by column", "[common]") {
  const arma::umat counts = confusionMatrix({0, 1, 1, 2}, {0, 1, 2, 2}, 3);
  checkSame(arma::conv_to<arma::mat>::from(counts),
            arma::mat{{1, 0, 0}, {0, 1, 1}, {0, 0, 1}}, 0.0);
  CHECK_THROWS_AS(confusionMatrix({0}, {0, 1}), std::invalid_argument);
  CHECK_THROWS_AS(confusionMatrix({0}, {10}), std::invalid_argument);
  CHECK_THROWS_AS(confusionMatrix({3}, {0}, 3), std::invalid_argument);
}

TEST_CASE("the most certain mistake comes first over its caption", "[common]") {
  Dataset data{1, 21, arma::Mat<std::uint8_t>(21, 3), {4, 1, 7}};
  data.pixels.col(0).fill(51);   // right
  data.pixels.col(1).fill(102);  // a 1 taken for a 7, not so sure
  data.pixels.col(2).fill(255);  // a 7 taken for a 1, quite sure
  arma::mat probabilities(10, 3, arma::fill::zeros);
  probabilities(4, 0) = 1.0;
  probabilities(7, 1) = 0.6;
  probabilities(1, 2) = 0.9;
  const arma::mat picture = mistakesPicture(data, probabilities);
  REQUIRE(picture.n_cols == 84 + 4 + 84);  // 21 pixels of 4, a gap, the other
  CHECK(picture(0, 0) == 1.0);
  CHECK(picture(0, 171) == Approx(0.4));

  // The first caption is "7 not 1", in letters of 12 x 14 pixels: its last is a one.
  const arma::mat one{{0, 0, 1, 0, 0}, {0, 1, 1, 0, 0}, {0, 0, 1, 0, 0},
                      {0, 0, 1, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 1, 0, 0},
                      {0, 1, 1, 1, 0}};
  checkSame(picture.submat(6, 72, arma::size(14, 10)), enlarge(one, 2), 0.0);
  checkSame(picture.submat(6, 88, arma::size(14, 10)), enlarge(one, 2), 0.0);

  CHECK(mistakesPicture(data, probabilities, 1).n_cols == 84);
  CHECK(mistakesPicture(data.slice(0, 1), probabilities.col(0)).empty());
  CHECK_THROWS_AS(mistakesPicture(data, probabilities.cols(0, 1)),
                  std::invalid_argument);
}

TEST_CASE("filters share one colour scale", "[common]") {
  const arma::cube picture = filtersPicture({pixel(4), pixel(2)}, 2, 3);
  REQUIRE(arma::size(picture) == arma::size(3, 3 + 1 + 3, 3));
  CHECK(picture(0, 6, 1) == Approx((1.0 + picture(0, 0, 1)) / 2.0));
  CHECK(picture(0, 3, 0) == 0.5);
  CHECK_THROWS_AS(filtersPicture({}), std::invalid_argument);
}

TEST_CASE("feature maps run from black to white each", "[common]") {
  arma::cube maps(1, 2, 3);
  maps.slice(0) = arma::mat{{0, 5}};
  maps.slice(1) = arma::mat{{3, 1}};
  maps.slice(2) = arma::mat{{0, 0}};
  checkSame(featureMapsPicture(maps, 3, 1), arma::mat{{0, 1, 0.5, 1, 0, 0.5, 0, 0}},
            0.0);
  CHECK_THROWS_AS(featureMapsPicture(arma::cube()), std::invalid_argument);
}
