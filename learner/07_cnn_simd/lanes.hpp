// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What the cases of stage 07 share: from matrices to packs of images and back. A
/// column is a sample: channel by channel, row by row.

#include "07_cnn_simd/images.hpp"

namespace cnn::learner {

/// A column a sample as packs of images of this shape.
template <class P>
simd::Images<P> inLanes(const arma::mat& x, const Shape& image) {
  return simd::toPacks<P>(x).as(image);
}

/// The way back, with the lanes that hold no sample.
template <class P>
arma::mat fromLanes(const simd::Images<P>& x) {
  return arma::conv_to<arma::mat>::from(simd::toColumns(x));
}

/// A layer's parameters; those that it learns with are public in every `Layer`.
template <class P>
Parameters& parametersOf(Layer<simd::Images<P>>& layer) {
  return layer.parameters;
}

}  // namespace cnn::learner
