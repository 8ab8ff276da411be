// SPDX-License-Identifier: MIT
#include "common/png.hpp"

#include "common/file.hpp"
#include "common/require.hpp"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace cnn {

namespace {

constexpr png_uint_32 largestSide = 4096;

png_image emptyImage() {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  return image;
}

// What libpng holds on to between reading the header and the pixels.
struct FreeImage {
  void operator()(png_image* image) const { png_image_free(image); }
};

png_byte toByte(double value) {
  if (std::isnan(value)) value = 0.5;
  return static_cast<png_byte>(std::lround(255.0 * std::clamp(value, 0.0, 1.0)));
}

// PNG stores a picture row by row, and the channels of a pixel side by side.
void write(const std::filesystem::path& path, const arma::cube& channels) {
  require(!channels.empty(), "writePng: {} is to hold a picture without pixels",
          path.string());
  std::vector<png_byte> pixels;
  pixels.reserve(channels.n_elem);
  for (arma::uword row = 0; row < channels.n_rows; ++row)
    for (arma::uword column = 0; column < channels.n_cols; ++column)
      for (arma::uword channel = 0; channel < channels.n_slices; ++channel)
        pixels.push_back(toByte(channels(row, column, channel)));

  png_image image = emptyImage();
  image.width = static_cast<png_uint_32>(channels.n_cols);
  image.height = static_cast<png_uint_32>(channels.n_rows);
  image.format = channels.n_slices == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::vector<char> bytes(size);
  if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0,
                                 nullptr))
    throw std::runtime_error(
        fmt::format("{}: cannot make a PNG picture: {}", path.string(), image.message));
  writeFile(path, std::string_view(bytes.data(), size));
}

}  // namespace

arma::mat readPng(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = readFile(path, std::size_t{1} << 28);
  requireInput(bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0,
               "{}: not a PNG picture; save the picture as PNG and try again",
               path.string());

  png_image image = emptyImage();
  const std::unique_ptr<png_image, FreeImage> owner(&image);
  requireInput(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()),
               "{}: a damaged PNG picture: {}", path.string(), image.message);
  requireInput(image.width <= largestSide && image.height <= largestSide,
               "{}: {} x {} pixels are too many; make it at most {} x {}",
               path.string(), image.width, image.height, largestSide, largestSide);

  // A bit a pixel, and no compressed byte unfolds to more than 1032: a header that
  // promises more is not worth the memory.
  requireInput(std::uint64_t{image.width} * image.height <=
                   std::uint64_t{8} * 1032 * bytes.size(),
               "{}: a damaged PNG picture: {} x {} pixels cannot be in {} bytes",
               path.string(), image.width, image.height, bytes.size());

  image.format = PNG_FORMAT_GRAY;
  image.flags |=
      PNG_IMAGE_FLAG_16BIT_sRGB;  // else 16 bits would be taken as linear light
  const png_color white{255, 255, 255};
  arma::Mat<png_byte> rowsAsColumns(image.width, image.height);
  requireInput(
      png_image_finish_read(&image, &white, rowsAsColumns.memptr(), 0, nullptr),
      "{}: a damaged PNG picture: {}", path.string(), image.message);
  return arma::conv_to<arma::mat>::from(rowsAsColumns.t()) / 255.0;
}

void writePng(const std::filesystem::path& path, const arma::mat& grey) {
  arma::cube channels(grey.n_rows, grey.n_cols, 1);
  channels.slice(0) = grey;
  write(path, channels);
}

void writePng(const std::filesystem::path& path, const arma::cube& rgb) {
  require(rgb.n_slices == 3, "writePng: a colour picture has 3 channels, {} given",
          rgb.n_slices);
  write(path, rgb);
}

}  // namespace cnn
