// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the cases of stage 06 share: how a batch is shown, and connected layers.

#include "06_cnn_batched/conv.hpp"
#include "learner/exercise.hpp"

#include <utility>

namespace cnn::learner {

/// One sample of one channel as it lies on paper: 1 x (H.W) -> H x W. Any other number
/// of pixels stays as it came.
inline mat onPaper(const mat& x, const Shape& image) {
  if (x.n_elem != image.pixels()) return x;
  return mat(arma::reshape(x, image.columns, image.rows).t());
}

/// The numbers that say how windows lie on m samples.
inline void giveWindows(Sheet& sheet, const batched::Windows& windows, uword m) {
  sheet.given("H", windows.image.rows);
  sheet.given("W", windows.image.columns);
  sheet.given("C", windows.image.channels);
  sheet.given("f", windows.f);
  sheet.given("stride", windows.slide.stride);
  sheet.given("padding", windows.slide.padding);
  sheet.given("samples", m);
}

/// A layer that knows its input. The order of files is asked for last, and no product
/// needs it: where that is not written yet, the layer is ready all the same.
template <class Brick, class Sizes>
Brick connected(const Sizes& sizes, const Shape& input) {
  Brick brick(sizes);
  try {
    brick.connect(input);
  } catch (const NotWritten&) {
  }
  return brick;
}

/// Memory as a long run leaves it, not zeros, so that what nobody writes shows.
inline void soilMemory(uword entries) {
  const std::vector<mat> used(8, mat(entries, 1, arma::fill::value(arma::datum::nan)));
}

}  // namespace cnn::learner
