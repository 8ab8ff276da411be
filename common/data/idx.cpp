// SPDX-License-Identifier: MIT
#include "common/data/idx.hpp"

#include "common/core/require.hpp"

namespace cnn {
namespace {

// Bytes, of rank 1 and 3.
constexpr std::uint64_t labelsMagic = 0x801, imagesMagic = 0x803;

/// Big-endian, as the file stores its sizes.
std::uint64_t sizeAt(std::span<const std::uint8_t> bytes, std::size_t place) {
  std::uint64_t size = 0;
  for (const std::uint8_t byte : bytes.subspan(place, 4)) size = size << 8 | byte;
  return size;
}

void checkMagic(const NamedBytes& file, std::uint64_t magic, std::size_t headerLength) {
  requireInput(!file.bytes.empty(), "{}: the file is empty; fetch it again", file.name);
  const char* kind = magic == imagesMagic ? "images" : "labels";
  requireInput(
      file.bytes.size() >= headerLength,
      "{}: the file ends early: an IDX file of {} starts with {} bytes of header, "
      "{} are there; fetch it again",
      file.name, kind, headerLength, file.bytes.size());
  const std::uint64_t found = sizeAt(file.bytes, 0);
  requireInput(found == magic,
               "{}: is not an IDX file of {}: it starts with 0x{:08x}, expected "
               "0x{:08x}{}",
               file.name, kind, found, magic,
               found == imagesMagic   ? " (it holds images)"
               : found == labelsMagic ? " (it holds labels)"
                                      : "");
}

/// `count` things of `itemLength` bytes each must fill the rest of the file exactly.
void checkLength(const NamedBytes& file, std::size_t headerLength, std::uint64_t count,
                 std::uint64_t itemLength, const std::string& what) {
  const std::uint64_t expected = headerLength + count * itemLength;
  const std::uint64_t found = file.bytes.size();
  requireInput(found >= expected,
               "{}: the file ends early: its header promises {} {} ({} bytes), {} are "
               "there; fetch it again",
               file.name, fmt::group_digits(count), what, fmt::group_digits(expected),
               fmt::group_digits((found - headerLength) / itemLength));
  requireInput(
      found == expected,
      "{}: the file is too long: its header promises {} {} ({} bytes), it has {} "
      "bytes more; fetch it again",
      file.name, fmt::group_digits(count), what, fmt::group_digits(expected),
      fmt::group_digits(found - expected));
}

}  // namespace

bool looksLikeIdx(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 8;
}

Dataset parseIdx(const NamedBytes& images, const NamedBytes& labels) {
  checkMagic(images, imagesMagic, 16);
  const std::uint64_t count = sizeAt(images.bytes, 4);
  const std::uint64_t rows = sizeAt(images.bytes, 8);
  const std::uint64_t columns = sizeAt(images.bytes, 12);
  // With sides of at most 4096 the product below fits 64 bits, whatever the count.
  requireInput(rows >= 1 && columns >= 1 && rows <= 4096 && columns <= 4096,
               "{}: its images are {} x {}, expected 1 x 1 to 4096 x 4096", images.name,
               rows, columns);
  requireInput(count >= 1, "{}: holds no images", images.name);
  checkLength(images, 16, count, rows * columns,
              fmt::format("images of {} x {}", rows, columns));

  checkMagic(labels, labelsMagic, 8);
  const std::uint64_t labelCount = sizeAt(labels.bytes, 4);
  checkLength(labels, 8, labelCount, 1, "labels");
  requireInput(labelCount == count,
               "{}: holds {} labels for the {} images in {}; both must be of one set",
               labels.name, fmt::group_digits(labelCount), fmt::group_digits(count),
               images.name);
  // The files hold that much, and so these fit, also where a size has 32 bits.
  const auto height = static_cast<arma::uword>(rows);
  const auto width = static_cast<arma::uword>(columns);
  const auto samples = static_cast<arma::uword>(count);
  Dataset data{.rows = height,
               .columns = width,
               .pixels = {images.bytes.data() + 16, height * width, samples},
               .labels = {labels.bytes.data() + 8, samples}};
  const arma::uword worst = data.labels.index_max();
  requireInput(data.labels(worst) <= 9,
               "{}: the label of image {} (the first is 0) is {}, expected 0 to 9",
               labels.name, worst, data.labels(worst));
  return data;
}

}  // namespace cnn
