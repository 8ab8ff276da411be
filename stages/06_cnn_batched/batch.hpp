// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: what flows between the layers, a batch of m samples.
///   before flatten : C x (H.W.m), one column a pixel, sample after sample
///   after it       : (C.H.W) x m, the same numbers in the same memory
/// The weights keep their columns in that order too, channels fastest.

#include "01_convolution/convolution.hpp"
#include "05_cnn_serial/layer.hpp"

#include <armadillo>

namespace cnn {

/// Of a batch: where each maximum was, and the windows of a convolution as columns.
template <>
struct Memory<mat> {
  arma::umat winners = {};
  mat columns = {};
};

}  // namespace cnn

namespace cnn::batched {

/// A batch as it flows from layer to layer.
using Batch = mat;

/// A sample's numbers lie pixel by pixel here and channel by channel in files. Own
/// place pixel . C + c is canonical place c . pixels + pixel.
inline arma::uvec channelsFastest(uword channels, uword pixels) {
  return arma::vectorise(
      arma::reshape(arma::regspace<arma::uvec>(0, channels * pixels - 1), pixels,
                    channels)
          .t());
}

}  // namespace cnn::batched
