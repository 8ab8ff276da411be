// SPDX-License-Identifier: MIT
#include "common/data/dataset.hpp"

#include "common/core/require.hpp"

#include <algorithm>

namespace cnn {

std::array<int, 2> Shift::of(arma::uword sample) const {
  if (most == 0) return {0, 0};
  // splitmix64 (Steele et al. 2014): well-mixed bits from any two numbers
  std::uint64_t h = sample + round * 0x9e3779b97f4a7c15u;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  h ^= h >> 31;
  const auto places = 2 * static_cast<std::uint64_t>(most) + 1;
  return {static_cast<int>(h % places) - most,
          static_cast<int>(h / places % places) - most};
}

void Dataset::copyPixels(arma::uword sample, const Shift& shift,
                         std::uint8_t* to) const {
  require(sample < size(), "image {} is asked for, there are {}", sample, size());
  const std::uint8_t* from = pixels.colptr(sample);
  const auto [down, right] = shift.of(sample);
  if (down == 0 && right == 0) {
    std::copy_n(from, pixels.n_rows, to);
    return;
  }
  const int height = static_cast<int>(rows), width = static_cast<int>(columns);
  std::fill_n(to, pixels.n_rows, std::uint8_t{0});
  for (int y = std::max(0, down); y < std::min(height, height + down); ++y)
    for (int x = std::max(0, right); x < std::min(width, width + right); ++x)
      to[y * width + x] = from[(y - down) * width + x - right];
}

arma::mat Dataset::image(arma::uword sample, const Shift& shift) const {
  return arma::reshape(images({sample}, shift), columns, rows).t();
}

arma::mat Dataset::images(const arma::uvec& samples, const Shift& shift) const {
  arma::mat x(pixels.n_rows, samples.n_elem);
  arma::Col<std::uint8_t> bytes(pixels.n_rows);
  for (arma::uword i = 0; i < samples.n_elem; ++i) {
    copyPixels(samples[i], shift, bytes.memptr());
    x.col(i) = arma::conv_to<arma::vec>::from(bytes) / 255.0;
  }
  return x;
}

Dataset Dataset::range(arma::uword first, arma::uword count) const {
  require(first <= size() && count <= size() - first,
          "samples {} to {} are asked for, there are {}", first, first + count, size());
  return {.rows = rows,
          .columns = columns,
          .pixels = {pixels.memptr() + first * pixels.n_rows, pixels.n_rows, count},
          .labels = {labels.memptr() + first, count}};
}

}  // namespace cnn
