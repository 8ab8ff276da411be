// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "common/data/mnist.hpp"
#include "common/pictures/digit.hpp"
#include "common/pictures/gallery.hpp"
#include "common/pictures/picture.hpp"
#include "common/pictures/png.hpp"
#include "common/pictures/read_picture.hpp"
#include "common/program/paths.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>  // jpeglib.h wants it before
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <jpeglib.h>
#include <limits>
#include <map>
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

/// A JPEG made by libjpeg: of one channel (grey), three (the same in colour) or four.
struct JpegKind {
  int quality = 95, channels = 1;
  bool progressive = false;
  std::string exif = {};
};

std::string makeJpeg(const arma::mat& grey, const JpegKind& kind = {}) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = static_cast<JDIMENSION>(grey.n_cols);
  jpeg.image_height = static_cast<JDIMENSION>(grey.n_rows);
  jpeg.input_components = kind.channels;
  jpeg.in_color_space = kind.channels == 1   ? JCS_GRAYSCALE
                        : kind.channels == 3 ? JCS_RGB
                                             : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, kind.quality, TRUE);
  if (kind.progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (!kind.exif.empty())
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1,
                      reinterpret_cast<const JOCTET*>(kind.exif.data()),
                      static_cast<unsigned>(kind.exif.size()));
  for (arma::uword row = 0; row < grey.n_rows; ++row) {
    std::vector<JSAMPLE> samples;
    for (const double value : arma::rowvec(grey.row(row)))
      samples.insert(samples.end(), static_cast<std::size_t>(kind.channels),
                     static_cast<JSAMPLE>(std::lround(255.0 * value)));
    JSAMPROW line = samples.data();
    jpeg_write_scanlines(&jpeg, &line, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string bytes(reinterpret_cast<char*>(memory), size);
  std::free(memory);
  return bytes;
}

/// What a camera notes down: EXIF, a TIFF with one entry, the orientation (tag 0x0112).
std::string exifOrientation(char orientation) {
  using namespace std::string_literals;
  return "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + orientation +
         "\0\0\0\0\0\0"s;
}

arma::mat readBack(const std::string& bytes) {
  const TemporaryFolder folder;
  return readPicture(folder.put("picture", bytes));
}

arma::mat readBack(const PngKind& kind,
                   const std::vector<std::vector<png_byte>>& rows) {
  const TemporaryFolder folder;
  return readPicture(folder.put("picture.png", makePng(kind, rows)));
}

arma::mat bytesAsGrey(const arma::mat& bytes) { return bytes / 255.0; }

// Armadillo cannot tell a single number in braces from a copy.
arma::mat pixel(double value) { return arma::mat(1, 1).fill(value); }

void checkSame(const arma::mat& given, const arma::mat& expected, double tolerance) {
  CHECK(same(given, expected, tolerance));
}

// Brightness of a linear light value as sRGB stores it (IEC 61966-2-1).
double srgb(double linear) { return 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055; }

}  // namespace

// ---- PNG ----------------------------------------------------------------------------

TEST_CASE("every grey value of 8 bits survives writing and reading", "[common]") {
  const TemporaryFolder folder;
  arma::mat all(8, 32);
  for (arma::uword i = 0; i < 256; ++i) all(i) = static_cast<double>(i) / 255.0;
  writePng(folder / "all.png", all);
  checkSame(readPicture(folder / "all.png"), all, 1e-12);
}

TEST_CASE("a picture of an L is not turned or mirrored by a PNG file", "[common]") {
  const arma::mat expected{{1, 0}, {1, 0}, {1, 1}};
  checkSame(readBack({2, 3, 8, PNG_COLOR_TYPE_GRAY}, {{255, 0}, {255, 0}, {255, 255}}),
            expected, 1e-12);
  const TemporaryFolder folder;
  writePng(folder / "l.png", expected);
  CHECK(contentOf(folder / "l.png").substr(16, 8) ==
        std::string("\0\0\0\2\0\0\0\3", 8));
  checkSame(readPicture(folder / "l.png"), expected, 1e-12);
}

TEST_CASE("a written PNG cuts off what is out of range and draws NaN grey",
          "[common]") {
  const TemporaryFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  writePng(folder / "x.png", arma::mat{{-1.0, 2.0, nan, -infinity, infinity}});
  checkSame(readPicture(folder / "x.png"), bytesAsGrey({{0, 255, 128, 0, 255}}), 1e-12);
}

TEST_CASE("a colour PNG is written channel by channel", "[common]") {
  const TemporaryFolder folder;
  arma::cube rgb(1, 4, 3, arma::fill::zeros);
  rgb(0, 0, 0) = rgb(0, 1, 1) = rgb(0, 2, 2) = 1.0;  // a red, a green, a blue, a black
  writePng(folder / "rgb.png", rgb);
  checkSame(readPicture(folder / "rgb.png"),
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

TEST_CASE("white ink on transparent ground is read on black", "[common]") {
  checkSame(
      readBack({3, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA}, {{255, 0, 255, 51, 255, 255}}),
      bytesAsGrey({{0, 51, 255}}), 1e-12);
  // A card with black on it lies on white, as any paper does.
  checkSame(readBack({3, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA}, {{0, 0, 0, 255, 255, 255}}),
            bytesAsGrey({{255, 0, 255}}), 1e-12);
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
  const std::string message = refusal([&] { readPicture(file); });
  checkSays(message, file.string() + ": not a PNG or JPEG picture; ");
  checkSays(refusal([&] { readPicture(folder.put("empty.png", "")); }),
            "not a PNG or JPEG picture");
  checkSays(refusal([&] { readPicture(folder / "missing.png"); }), "missing.png");
}

TEST_CASE("a truncated PNG is refused wherever it ends", "[common]") {
  const TemporaryFolder folder;
  writePng(folder / "whole.png", arma::mat(7, 5, arma::fill::randu));
  const std::string whole = contentOf(folder / "whole.png");
  const std::size_t end = whole.find("IEND") - 4;  // the pixels' part ends here
  for (std::size_t size = 0; size < end; ++size) {
    const auto file = folder.put("part.png", whole.substr(0, size));
    INFO(size << " of " << whole.size() << " bytes");
    checkSays(refusal([&] { readPicture(file); }), file.string() + ": ");
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
      readPicture(folder.put("spoilt.png", spoilt));
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
    return refusal([&] { readPicture(folder.put("huge.png", png)); });
  };
  checkSays(claiming({"\0\0\x75\x30\0\0\x75\x30", 8}),
            "30000 x 30000 pixels are too many; make it at most 50 million");
  checkSays(claiming({"\0\0\x10\0\0\0\x10\0", 8}),
            "damaged PNG picture: 4096 x 4096 pixels cannot be in");
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

// ---- JPEG and other formats ---------------------------------------------------------

TEST_CASE("a JPEG is read, grey or colour, baseline or progressive", "[common]") {
  arma::mat ramp(40, 56);
  for (arma::uword row = 0; row < 40; ++row)
    for (arma::uword column = 0; column < 56; ++column)
      ramp(row, column) = static_cast<double>(row + 2 * column) / 151.0;
  for (const int channels : {1, 3})
    for (const bool progressive : {false, true})
      checkSame(readBack(makeJpeg(ramp, {95, channels, progressive})), ramp, 0.02);
}

TEST_CASE("a JPEG is turned upright, however the camera was held", "[common]") {
  arma::mat l(48, 32, arma::fill::zeros);  // an L, in whole blocks of the JPEG
  l.submat(0, 0, 47, 15).ones();
  l.submat(32, 0, 47, 31).ones();
  // EXIF 2.3, table 6: on which side of the scene lies the first row, the first column.
  const std::map<char, std::pair<std::string, std::string>> sides = {
      {1, {"top", "left"}},     {2, {"top", "right"}},  {3, {"bottom", "right"}},
      {4, {"bottom", "left"}},  {5, {"left", "top"}},   {6, {"right", "top"}},
      {7, {"right", "bottom"}}, {8, {"left", "bottom"}}};
  for (const auto& [orientation, firsts] : sides) {
    const auto& [firstRow, firstColumn] = firsts;
    const bool lies = firstRow == "left" || firstRow == "right";
    arma::mat stored(lies ? 32 : 48, lies ? 48 : 32);
    for (arma::uword row = 0; row < stored.n_rows; ++row)
      for (arma::uword column = 0; column < stored.n_cols; ++column) {
        arma::uword y = 0, x = 0;
        for (const auto& [side, steps] :
             {std::pair(firstRow, row), std::pair(firstColumn, column)}) {
          if (side == "top") y = steps;
          if (side == "bottom") y = 47 - steps;
          if (side == "left") x = steps;
          if (side == "right") x = 31 - steps;
        }
        stored(row, column) = l(y, x);
      }
    INFO("orientation " << int{orientation});
    checkSame(readBack(makeJpeg(stored, {95, 3, false, exifOrientation(orientation)})),
              l, 0.02);
  }
  checkSame(readBack(makeJpeg(l, {95, 1, false, exifOrientation(9)})), l, 0.02);
}

TEST_CASE("a truncated JPEG is refused wherever it ends", "[common]") {
  const TemporaryFolder folder;
  for (const bool progressive : {false, true}) {
    const std::string whole =
        makeJpeg(arma::mat(20, 30, arma::fill::randu), {60, 1, progressive});
    for (std::size_t size = 3; size < whole.size() - 2; size += 3) {
      const auto file = folder.put("part.jpg", whole.substr(0, size));
      INFO(size << " of " << whole.size() << " bytes");
      checkSays(refusal([&] { readPicture(file); }),
                file.string() + ": a damaged JPEG picture: ");
    }
  }
}

TEST_CASE("a JPEG with any one byte changed is read or refused and nothing else",
          "[common]") {
  const TemporaryFolder folder;
  const std::string whole =
      makeJpeg(arma::mat(20, 30, arma::fill::randu), {60, 3, true, exifOrientation(6)});
  int refused = 0;
  for (std::size_t place = 0; place < whole.size(); ++place) {
    std::string spoilt = whole;
    spoilt[place] = static_cast<char>(spoilt[place] ^ 0x55);
    try {
      readPicture(folder.put("spoilt.jpg", spoilt));
    } catch (const InputError&) {
      ++refused;
    }
  }
  CHECK(refused > 50);
}

TEST_CASE("a JPEG for a printing press is refused in words", "[common]") {
  checkSays(refusal([] {
              readBack(makeJpeg(arma::mat(8, 8, arma::fill::ones), {95, 4}));
            }),
            "CMYK");
}

TEST_CASE("a JPEG that claims to be huge is refused before memory is taken",
          "[common]") {
  const std::string small = makeJpeg(arma::mat(8, 8, arma::fill::ones));
  const auto claiming = [&](const std::string& sides) {
    std::string jpeg = small;
    jpeg.replace(jpeg.find("\xFF\xC0") + 5, 4, sides);
    return refusal([&] { readBack(jpeg); });
  };
  checkSays(claiming("\x75\x30\x75\x30"), "30000 x 30000 pixels are too many");
  checkSays(claiming("\x10\x10\x10\x10"),
            "damaged JPEG picture: 4112 x 4112 pixels cannot be in");
}

TEST_CASE("a telephone's 12 million pixels are read and shrunk", "[common]") {
  arma::mat photo(3000, 4000, arma::fill::value(0.8));
  photo.submat(600, 1000, 2399, 1199).fill(0.2);
  const arma::mat read = readBack(makeJpeg(photo, {85, 3, false, exifOrientation(6)}));
  REQUIRE(arma::size(read) == arma::size(4000, 3000));
  const arma::mat small = shrinkTo(read, 40);  // a hundred pixels become one
  arma::mat expected(30, 40, arma::fill::value(0.8));
  expected.submat(6, 10, 23, 11).fill(0.2);
  checkSame(small, arma::fliplr(expected.t()), 0.01);
}

TEST_CASE("a picture of another format is named", "[common]") {
  const TemporaryFolder folder;
  using namespace std::string_literals;
  const std::vector<std::pair<std::string, std::string>> formats = {
      {"\0\0\0\x18"s + "ftypheic", "HEIC"},
      {"\0\0\0\x18"s + "ftypmif1", "HEIC"},
      {"\0\0\0\x1C"s + "ftypavif", "AVIF"},
      {"RIFF1234WEBPVP8 ", "WebP"},
      {"GIF89a", "GIF"},
      {"BM12345678", "BMP"},
      {"II*\0"s + "1234", "TIFF"},
      {"MM\0*"s + "1234", "TIFF"},
      {"%PDF-1.4", "PDF"},
      {"<svg xmlns=", "SVG"}};
  for (const auto& [bytes, name] : formats) {
    const auto file = folder.put("picture", bytes);
    checkSays(refusal([&] { readPicture(file); }),
              file.string() + ": a picture in the format " + name +
                  "; save it as PNG or JPEG and try again");
  }
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

TEST_CASE("a shrunk picture's pixels are the means of their boxes", "[common]") {
  const arma::mat x(60, 84, arma::fill::randu);
  arma::mat expected(5, 12);
  for (arma::uword row = 0; row < 5; ++row)
    for (arma::uword column = 0; column < 12; ++column)
      expected(row, column) =
          arma::accu(x.submat(12 * row, 7 * column, arma::size(12, 7))) / 84.0;
  checkSame(resize(x, 5, 12), expected, 1e-12);
}

TEST_CASE("shrinkTo keeps the proportions, and small pictures", "[common]") {
  CHECK(arma::size(shrinkTo(arma::mat(300, 400), 100)) == arma::size(75, 100));
  CHECK(arma::size(shrinkTo(arma::mat(400, 1), 100)) == arma::size(100, 1));
  CHECK(arma::size(shrinkTo(arma::mat(30, 100), 100)) == arma::size(30, 100));
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

// A plus, 2 u high and wide, strokes u / 2 wide.
arma::mat plus(arma::uword u) {
  arma::mat shape(2 * u, 2 * u, arma::fill::zeros);
  shape.rows(3 * u / 4, 5 * u / 4 - 1).ones();
  shape.cols(3 * u / 4, 5 * u / 4 - 1).ones();
  return shape;
}

// It on paper, dark or light.
arma::mat paperWithPlus(double paper, double ink, arma::uword row, arma::uword column,
                        arma::uword u) {
  arma::mat picture(120, 150);
  picture.fill(paper);
  picture.submat(row, column, arma::size(2 * u, 2 * u)) += (ink - paper) * plus(u);
  return picture;
}

TEST_CASE("ink alone is centred as a digit is, however little of it lies about",
          "[common]") {
  arma::mat expected(28, 28, arma::fill::zeros);
  expected.submat(4, 4, 23, 23) = resize(plus(20), 20, 20);
  arma::mat ink(120, 150, arma::fill::zeros);
  ink.submat(30, 10, arma::size(80, 80)) = 0.5 * plus(40);  // faint: the darkest is 1
  ink(119, 149) = 0.1;                                      // dust
  checkSame(centredInk(ink), expected, 1e-12);
  CHECK_THROWS_AS(centredInk(arma::mat(9, 9, arma::fill::zeros)),
                  std::invalid_argument);
  CHECK_THROWS_AS(centredInk(ink, 1), std::invalid_argument);
}

TEST_CASE("a drawing off the centre ends in the centre", "[common]") {
  // From 2 u pixels to 20: its bar, of 5, from row 7.5 to 12.5 of the box, which begins
  // in row 4.
  arma::mat expected(28, 28, arma::fill::zeros);
  expected.submat(4, 4, 23, 23) = resize(plus(20), 20, 20);
  checkSame(toMnistDigit(paperWithPlus(1.0, 0.0, 3, 90, 20)), expected, 1e-12);
  checkSame(toMnistDigit(paperWithPlus(1.0, 0.0, 30, 10, 40)), expected, 1e-12);
}

TEST_CASE("a digit's picture may be light on dark or faint", "[common]") {
  const arma::mat plain = toMnistDigit(paperWithPlus(1.0, 0.0, 5, 6, 20));
  checkSame(toMnistDigit(paperWithPlus(0.0, 1.0, 5, 6, 20)), plain, 1e-12);
  checkSame(toMnistDigit(paperWithPlus(0.7, 0.5, 5, 6, 20)), plain, 1e-12);
  checkSame(toMnistDigit(paperWithPlus(0.4, 0.1, 5, 6, 20)), plain, 1e-12);
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
  const arma::mat clean = paperWithPlus(1.0, 0.0, 20, 30, 20);
  arma::mat dusty = clean;
  dusty(2, 2) = 0.8;
  dusty.submat(100, 100, 102, 102).zeros();
  checkSame(toMnistDigit(dusty), toMnistDigit(clean), 1e-12);
}

TEST_CASE("MNIST's own digits stay as they are to the bit", "[common]") {
  const Dataset digits = loadMnist(mnistFolder()).test;
  for (arma::uword i = 0; i < digits.size(); ++i) {
    const arma::mat digit = digits.image(i);
    const arma::mat given = toMnistDigit(digit), inverted = toMnistDigit(1.0 - digit);
    if (arma::any(arma::vectorise(given != digit)) || !same(inverted, digit))
      FAIL("digit " << i << " has changed");
  }
}

TEST_CASE("digits of another size grow in proportion", "[common]") {
  const arma::mat digit = toMnistDigit(paperWithPlus(1.0, 0.0, 3, 40, 40), 14);
  CHECK(arma::size(digit) == arma::size(14, 14));
  // Of a box of 10 x 10 it has two bars of 2.5 x 10, but once where they cross.
  CHECK(arma::accu(digit) == Approx(43.75));
}

TEST_CASE("a picture without a single digit is refused with advice", "[common]") {
  using arma::mat;
  const Dataset digits = loadMnist(mnistFolder()).test.range(0, 40);
  const auto paper = [](const mat& ink) { return mat(0.95 - 0.85 * ink); };
  const auto rowOf = [&](arma::uword first, arma::uword count) {
    mat row;
    for (arma::uword i = first; i < first + count; ++i)
      row = arma::join_rows(row, digits.image(i));
    return row;
  };
  mat page;
  for (arma::uword i = 0; i < 40; i += 8) page = arma::join_cols(page, rowOf(i, 8));
  mat half(200, 300, arma::fill::zeros), square(200, 200, arma::fill::zeros),
      disc = square, sheet(300, 300, arma::fill::value(0.3)),
      ruled(200, 200, arma::fill::ones);
  half.head_rows(100).ones();
  square.submat(50, 60, 129, 139).ones();
  for (arma::uword row = 0; row < 200; ++row)
    for (arma::uword column = 0; column < 200; ++column)
      disc(row, column) = std::hypot(100.0 - static_cast<double>(row),
                                     90.0 - static_cast<double>(column)) < 50.0;
  sheet.submat(40, 50, 250, 240).fill(0.9);
  for (arma::uword line = 10; line < 200; line += 20) ruled.row(line).fill(0.3);
  mat squared = ruled;
  for (arma::uword line = 10; line < 200; line += 20) squared.col(line).fill(0.3);
  const mat photograph = readPicture(picturesFolder() / "ascent.png");
  const mat light =
      arma::repmat(arma::linspace(0.3, 0.9, 200), 1, 250);  // paper, and no ink
  const std::map<std::string, mat> pictures = {
      {"white", mat(50, 40, arma::fill::ones)},
      {"black", mat(28, 28, arma::fill::zeros)},
      {"one pixel", pixel(0.5)},
      {"half black", half},
      {"half black, small", half.submat(86, 0, 113, 27)},
      {"a square", paper(square)},
      {"a disc", paper(disc)},
      {"an empty sheet on a table", sheet},
      {"ruled paper", ruled},
      {"squared paper", squared},
      {"a checkerboard", arma::repmat(enlarge(mat{{0, 1}, {1, 0}}, 25), 4, 4)},
      {"noise", mat(200, 200, arma::fill::randu)},
      {"light from above", light},
      {"a photograph", photograph},
      {"two digits", paper(enlarge(rowOf(0, 2), 6))},
      {"a line of digits", paper(enlarge(rowOf(3, 6), 4))},
      {"a page of digits", paper(enlarge(page, 2))}};
  for (const auto& [name, picture] : pictures) {
    INFO(name);
    checkSays(refusal([&picture = picture] { toMnistDigit(picture); }),
              "no single digit to be seen: ");
  }
  const TemporaryFolder folder;
  writePng(folder / "blank.png", mat(50, 40, arma::fill::ones));
  const std::string message = refusal([&] { readDigit(folder / "blank.png"); });
  checkSays(message, "blank.png: no single digit to be seen");
  checkSays(message, "; draw one digit, dark on light or light on dark");
}

TEST_CASE("MNIST's own digits on a large sheet come back as they were", "[common]") {
  const Dataset digits = loadMnist(mnistFolder()).test.range(0, 100);
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

// How alike two pictures are, 1 the same, a pixel's shift forgiven.
double likeness(const arma::mat& a, const arma::mat& b) {
  double best = -1.0;
  for (int down = -1; down <= 1; ++down)
    for (int right = -1; right <= 1; ++right)
      best = std::max(
          best, arma::as_scalar(arma::cor(
                    arma::vectorise(arma::shift(arma::shift(a, down, 0), right, 1)),
                    arma::vectorise(b))));
  return best;
}

TEST_CASE("a digit is found whatever else is in its picture", "[common]") {
  using arma::mat, arma::uword;
  const Dataset digits = loadMnist(mnistFolder()).test.range(0, 20);
  const auto withFrame = [](mat x, uword width, double brightness) {
    x.head_rows(width).fill(brightness);
    x.tail_rows(width).fill(brightness);
    x.head_cols(width).fill(brightness);
    x.tail_cols(width).fill(brightness);
    return x;
  };
  const auto onTable = [](const mat& sheet, uword margin, double brightness) {
    mat table(sheet.n_rows + 2 * margin, sheet.n_cols + 2 * margin);
    table.fill(brightness);
    table.submat(margin, margin, arma::size(sheet)) = sheet;
    return table;
  };
  const auto noise = [](const mat& x, double strength) {
    return arma::clamp(x + strength * arma::randn(arma::size(x)), 0.0, 1.0).eval();
  };
  const auto lines = [](mat x, double brightness, bool across, bool down) {
    for (uword place = 11; place + 1 < x.n_rows; place += 24) {
      if (across)
        x.rows(place, place + 1) =
            arma::min(x.rows(place, place + 1), mat(2, x.n_cols).fill(brightness));
      if (down)
        x.cols(place, place + 1) =
            arma::min(x.cols(place, place + 1), mat(x.n_rows, 2).fill(brightness));
    }
    return x;
  };
  const auto light = [](const mat& x, double darkest) {
    const mat fall =
        arma::linspace(1.0, darkest, x.n_rows) * arma::linspace(1.0, 0.8, x.n_cols).t();
    return mat(x % fall);
  };
  const auto specks = [](mat x) {
    for (uword i = 0; i < 30; ++i)
      x.submat((37 * i * i) % (x.n_rows - 2), (53 * i) % (x.n_cols - 2),
               arma::size(2, 2))
          .fill(0.2);
    return x;
  };
  const auto corner = [](mat x) {  // a second, small thing: a signature
    x.submat(x.n_rows - 22, x.n_cols - 22, arma::size(16, 16)) -= 0.8 * plus(8);
    return x;
  };
  const auto shadow = [](mat x) {
    x.tail_cols(x.n_cols / 4) *= 0.6;
    return x;
  };
  const std::map<std::string, std::function<mat(const mat&)>> kinds = {
      {"dark on light", [](const mat& x) { return x; }},
      {"light on dark", [](const mat& x) { return mat(1.0 - x); }},
      {"grey on grey", [](const mat& x) { return mat(0.4 + 0.3 * x); }},
      {"a frame", [&](const mat& x) { return withFrame(x, 3, 0.0); }},
      {"a frame and a margin",
       [&](const mat& x) { return onTable(withFrame(x, 3, 0.0), 10, 0.95); }},
      {"a mat", [&](const mat& x) { return withFrame(1.0 - x, 4, 1.0); }},
      {"a dark table", [&](const mat& x) { return onTable(x, 25, 0.2); }},
      {"a lighter table",
       [&](const mat& x) { return noise(onTable(x, 25, 0.5), 0.02); }},
      {"light from one side", [&](const mat& x) { return light(x, 0.4); }},
      {"a shadow at the side", shadow},
      {"noise", [&](const mat& x) { return noise(x, 0.06); }},
      {"specks", specks},
      {"ruled paper", [&](const mat& x) { return lines(x, 0.8, true, false); }},
      {"squared paper", [&](const mat& x) { return lines(x, 0.8, true, true); }},
      {"black lines", [&](const mat& x) { return lines(x, 0.2, true, false); }},
      {"a signature", corner},
      {"a coarse JPEG",
       [](const mat& x) {
         return readBack(makeJpeg(x, {30, 3}));
       }},
      {"a telephone's photograph", [&](const mat& x) {
         return readBack(makeJpeg(
             noise(light(onTable(enlarge(x, 2), 40, 0.3), 0.6), 0.02), {60, 3}));
       }}};
  arma::arma_rng::set_seed(7);
  for (const auto& [name, change] : kinds) {
    uword found = 0;
    std::string missed;
    for (uword i = 0; i < digits.size(); ++i) {
      const mat digit = digits.image(i);
      const uword scale = 3 + i % 2;
      mat paper(44 * scale, 44 * scale);
      paper.fill(0.95);
      paper.submat((1 + i % 14) * scale, (14 - i % 13) * scale,
                   arma::size(28 * scale, 28 * scale)) -= 0.85 * enlarge(digit, scale);
      try {
        const double like = likeness(toMnistDigit(change(paper)), digit);
        if (like > 0.9)
          ++found;
        else
          missed += fmt::format(" {} ({:.2f})", i, like);
      } catch (const InputError&) {
        missed += fmt::format(" {} (refused)", i);
      }
    }
    INFO(name << ": not found:" << missed);
    CHECK(found >= 18);
  }
}

TEST_CASE("a digit cut close is found, or room around it asked for", "[common]") {
  const Dataset digits = loadMnist(mnistFolder()).test.range(0, 20);
  int found = 0;
  for (arma::uword i = 0; i < digits.size(); ++i) {
    const arma::mat digit = digits.image(i);
    const arma::uvec rows = arma::find(arma::max(digit, 1) > 0.5);
    const arma::uvec columns = arma::find(arma::max(digit, 0) > 0.5);
    const arma::mat cut =
        digit.submat(rows.front(), columns.front(), rows.back(), columns.back());
    INFO("image " << i);
    try {
      const arma::mat given = toMnistDigit(0.95 - 0.85 * enlarge(cut, 4));
      CHECK(likeness(given, digit) > 0.9);
      ++found;
    } catch (const InputError& error) {
      checkSays(error.what(), "with room around it");
    }
  }
  CHECK(found >= 10);
}

TEST_CASE("pictures of strangers are read as the digits that they show", "[common]") {
  // By the nearest of 10,000 training images: no network has to be trained for this.
  const Dataset known = loadMnist(mnistFolder()).train.range(0, 10000);
  const arma::mat images =
      arma::normalise(arma::conv_to<arma::mat>::from(known.pixels));
  int read = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(CNN_SOURCE_DIR "/tests/digits")) {
    const arma::mat digit = readDigit(file.path());
    const arma::rowvec pixels =
        arma::vectorise(digit, 1);  // row by row, as IDX has them
    const arma::uword nearest = arma::index_max(pixels * images);
    INFO(file.path().filename() << "\n" << inTerminal(digit, false));
    CHECK(fmt::format("{}", known.labels[nearest]) ==
          file.path().filename().string().substr(0, 1));
    ++read;
  }
  CHECK(read >= 14);
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
  CHECK(mistakesPicture(data.range(0, 1), probabilities.col(0)).empty());
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
  CHECK_THROWS_WITH(featureMapsPicture(arma::cube()),
                    "featureMapsPicture: the activations are empty");
}

TEST_CASE("a caption stands in letters of 5 x 7 in the middle under its image",
          "[common]") {
  // The letters, each in a cell of 6 columns.
  const std::string_view known = "0123456789not";
  const std::vector<std::string_view> drawn = {
      " ###    #    ###   ###     #  #####   ##  #####  ###   ###               #    ",
      "#   #  ##   #   # #   #   ##  #      #        # #   # #   #              #    ",
      "#   #   #       #     #  # #  ####  #        #  #   # #   # # ##   ###  ###   ",
      "#   #   #     ##    ##  #  #      # ####    #    ###   #### ##  # #   #  #    ",
      "#   #   #    #        # #####     # #   #   #   #   #     # #   # #   #  #    ",
      "#   #   #   #     #   #    #  #   # #   #  #    #   #    #  #   # #   #  #  # ",
      " ###   ###  #####  ###     #   ###   ###   #     ###   ##   #   #  ###    ##  "};
  const auto written = [&](const std::string& text) {
    arma::mat picture(7, 6 * text.size());
    for (arma::uword row = 0; row < 7; ++row)
      for (arma::uword column = 0; column < picture.n_cols; ++column)
        picture(row, column) =
            text[column / 6] != ' ' &&
            drawn[row][6 * known.find(text[column / 6]) + column % 6] == '#';
    return picture;
  };
  // 7 letters of 12 pixels are 84; an image of 15 is 60 wide, one of 25 is 100.
  for (const arma::uword columns : {15, 25}) {
    const arma::uword width = std::max<arma::uword>(84, 4 * columns);
    Dataset data{2, columns, arma::Mat<std::uint8_t>(2 * columns, 7), {}};
    data.labels = {0, 2, 4, 6, 8, 0, 0};
    arma::mat probabilities(10, 7, arma::fill::zeros);
    std::vector<arma::mat> expected;
    for (arma::uword n = 0; n < 7; ++n) {
      data.pixels.col(n).fill(static_cast<std::uint8_t>(51 * (n % 5 + 1)));
      const arma::uword answer = data.labels(n) + 1u;
      probabilities(answer, n) = 0.9;  // equally sure: in their order
      arma::mat picture(8 + 14 + 10, width, arma::fill::zeros);
      picture.submat(0, (width - 4 * columns) / 2, arma::size(8, 4 * columns))
          .fill(0.2 * static_cast<double>(n % 5 + 1));
      picture.submat(8 + 2, (width - 84) / 2, arma::size(14, 84)) =
          enlarge(written(fmt::format("{} not {}", data.labels(n), answer)), 2);
      expected.push_back(picture);
    }
    checkSame(mistakesPicture(data, probabilities), grid(expected, 6, 4), 1e-12);
  }
}

TEST_CASE("of very many mistakes thirty are shown", "[common]") {
  const Dataset data{1, 21, arma::Mat<std::uint8_t>(21, 31, arma::fill::zeros),
                     arma::Col<std::uint8_t>(31, arma::fill::zeros)};
  arma::mat probabilities(10, 31, arma::fill::zeros);
  probabilities.row(1).fill(1);
  const arma::uword height = 4 + 14 + 10, width = 84;
  CHECK(arma::size(mistakesPicture(data, probabilities)) ==
        arma::size(5 * height + 4 * 4, 6 * width + 5 * 4));
  CHECK_THROWS_AS(mistakesPicture(data.range(0, 0), arma::mat()),
                  std::invalid_argument);
}

TEST_CASE("a filter's weights keep their places, each on 32 pixels", "[common]") {
  const arma::mat filter{{0.5, 0, -0.25}, {0, 0, 0}}, faint{{0, 0, 0}, {0, 0, 0.25}};
  const arma::cube picture =
      filtersPicture({filter, faint, filter, filter, filter, faint});
  const arma::uword across = 3 * 32, down = 2 * 32, gap = 10;
  REQUIRE(arma::size(picture) == arma::size(2 * down + gap, 5 * across + 4 * gap, 3));
  for (const auto& [index, kernel] : {std::pair(0, filter), {1, faint}, {5, faint}}) {
    const arma::cube colours = signedColours(kernel, 0.5);
    for (arma::uword channel = 0; channel < 3; ++channel)
      checkSame(picture.slice(channel).submat((index / 5) * (down + gap),
                                              (index % 5) * (across + gap),
                                              arma::size(down, across)),
                enlarge(colours.slice(channel), 32), 0.0);
  }
  for (arma::uword channel = 0; channel < 3; ++channel) {
    CHECK(picture(0, across, channel) == 0.5);
    CHECK(picture(down + gap - 1, 0, channel) == 0.5);
  }
}

TEST_CASE("five maps stand in a row, each value on 6 pixels", "[common]") {
  arma::cube maps(2, 3, 6, arma::fill::zeros);
  maps(1, 2, 5) = 7;
  const arma::mat picture = featureMapsPicture(maps);
  REQUIRE(arma::size(picture) == arma::size(2 * 12 + 6, 5 * 18 + 4 * 6));
  CHECK(arma::accu(picture.submat(18, 0, arma::size(12, 18))) == 36);
  CHECK(arma::accu(picture.submat(18 + 6, 12, arma::size(6, 6))) == 36);
}

TEST_CASE("a first layer's filters are found in its weights, and what they see",
          "[common]") {
  const std::vector<arma::mat> filters =
      filtersOf({{2, 1, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}});
  REQUIRE(filters.size() == 2);
  checkSame(filters[0], arma::mat{{1, 2, 3}, {4, 5, 6}}, 0.0);
  checkSame(filters[1], arma::mat{{7, 8, 9}, {10, 11, 12}}, 0.0);

  // Chapter 01's numbers, less a bias of 40: what is below 0 ends as 0.
  const arma::mat x{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {0, 0, 0}}, k{{1, 2}, {3, 4}};
  const arma::cube maps = mapsOf({k, -k}, {{2}, {-40, 50.5}}, x);
  REQUIRE(arma::size(maps) == arma::size(3, 2, 2));
  checkSame(maps.slice(0), arma::mat{{0, 7}, {27, 37}, {0, 0}}, 1e-12);
  checkSame(mapsOf({k}, {{1}, {-40}}, x).slice(0), maps.slice(0), 0.0);
  checkSame(maps.slice(1), arma::mat{{13.5, 3.5}, {0, 0}, {27.5, 24.5}}, 1e-12);
}
