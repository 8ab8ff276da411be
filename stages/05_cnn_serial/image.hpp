// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: what flows between the layers, one image.
///   rows x columns x channels; a vector is a cube of n x 1 x 1

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
inline Image asImage(const arma::mat& column) {
  return Image(column.memptr(), column.n_rows, 1, 1);
}
inline arma::vec asColumn(const Image& x) { return arma::vectorise(x); }

}  // namespace cnn::serial
