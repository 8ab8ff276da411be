// SPDX-License-Identifier: MIT
#include "common/pictures/png.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"
#include "common/pictures/read_picture.hpp"

#include <png.h>

#include <memory>
#include <stdexcept>

namespace cnn {

namespace {

// PNG stores a picture row by row, and the channels of a pixel side by side.
void write(const std::filesystem::path& path, const arma::cube& channels) {
  require(!channels.empty(), "writePng: {} is to hold a picture without pixels",
          path.string());
  arma::mat pixels(channels.n_slices, channels.n_elem_slice);
  for (arma::uword channel = 0; channel < channels.n_slices; ++channel)
    pixels.row(channel) = arma::vectorise(channels.slice(channel), 1);  // row by row
  pixels.replace(arma::datum::nan, 0.5);
  const auto bytes = arma::conv_to<arma::Mat<png_byte>>::from(
      arma::round(255.0 * arma::clamp(pixels, 0.0, 1.0)));

  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(channels.n_cols);
  image.height = static_cast<png_uint_32>(channels.n_rows);
  image.format = channels.n_slices == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string file(size, '\0');
  if (!png_image_write_to_memory(&image, file.data(), &size, 0, bytes.memptr(), 0,
                                 nullptr))
    throw std::runtime_error(
        fmt::format("{}: cannot make a PNG picture: {}", path.string(), image.message));
  writeFile(path, file.substr(0, size));
}

// The picture on a ground on which it shows:
// black when all that is drawn is light, else white.
arma::mat onContrast(const arma::mat& grey, const arma::mat& alpha) {
  const double drawn = arma::accu(alpha), mean = arma::accu(alpha % grey) / drawn;
  const double variance = arma::accu(alpha % grey % grey) / drawn - mean * mean;
  const double ground = mean > 0.5 && variance < 0.15 * 0.15 ? 0.0 : 1.0;
  return grey % alpha + ground * (1.0 - alpha);
}

}  // namespace

arma::mat decodePng(std::span<const std::uint8_t> bytes, const std::string& name) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  // What libpng holds on to between reading the header and the pixels.
  const std::unique_ptr<png_image, void (*)(png_image*)> owner(&image, png_image_free);
  requireInput(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()),
               "{}: a damaged PNG picture: {}", name, image.message);
  // A bit a pixel, and no compressed byte unfolds to more than 1032.
  checkPixels("PNG", image.width, image.height, std::uint64_t{8} * 1032 * bytes.size(),
              name);

  image.format = PNG_FORMAT_GA;
  // Else 16 bits would be taken as linear light.
  image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  // Grey and alpha of each pixel, row by row.
  arma::Mat<png_byte> pixels(2, arma::uword{image.width} * image.height);
  requireInput(png_image_finish_read(&image, nullptr, pixels.memptr(), 0, nullptr),
               "{}: a damaged PNG picture: {}", name, image.message);
  const arma::mat shares = arma::conv_to<arma::mat>::from(pixels) / 255.0;
  return onContrast(arma::reshape(shares.row(0), image.width, image.height).t(),
                    arma::reshape(shares.row(1), image.width, image.height).t());
}

void writePng(const std::filesystem::path& path, const arma::mat& grey) {
  write(path, arma::cube(grey.memptr(), grey.n_rows, grey.n_cols, 1));
}

void writePng(const std::filesystem::path& path, const arma::cube& rgb) {
  require(rgb.n_slices == 3, "writePng: a colour picture has 3 channels, {} given",
          rgb.n_slices);
  write(path, rgb);
}

}  // namespace cnn
