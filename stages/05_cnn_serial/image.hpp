// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: what flows between the layers, one image.
///   rows x columns x channels; a vector is a cube of n x 1 x 1
/// Flattened, its numbers stand channel by channel and in each channel row by row.

#include "01_convolution/convolution.hpp"
#include "05_cnn_serial/layer.hpp"

#include <armadillo>

namespace cnn {

/// Of an image: where in its input each maximum of a pooling layer was.
template <>
struct Memory<cube> {
  arma::ucube winners = {};
};

}  // namespace cnn

namespace cnn::serial {

/// One image as it flows from layer to layer.
using Image = cube;

/// A vector as a cube of n x 1 x 1, and back.
inline Image asImage(const mat& column) {
  return Image(column.memptr(), column.n_rows, 1, 1);
}
inline vec asColumn(const Image& x) { return arma::vectorise(x); }

/// All numbers of an image in one line.
inline vec flatten(const Image& x) {
  vec line(x.n_elem);
  uword i = 0;
  for (uword c = 0; c < x.n_slices; ++c)
    for (uword row = 0; row < x.n_rows; ++row)
      for (uword column = 0; column < x.n_cols; ++column) line(i++) = x(row, column, c);
  return line;
}

/// The exact inverse: another order here would send errors to the wrong pixels.
inline Image unflatten(const vec& line, const Shape& shape) {
  Image x(shape.rows, shape.columns, shape.channels);
  uword i = 0;
  for (uword c = 0; c < x.n_slices; ++c)
    for (uword row = 0; row < x.n_rows; ++row)
      for (uword column = 0; column < x.n_cols; ++column) x(row, column, c) = line(i++);
  return x;
}

}  // namespace cnn::serial
