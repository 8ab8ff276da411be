// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the convolution brick, out of the functions of stages 01 and 03.

#include "01_convolution/convolution.hpp"
#include "03_conv_backprop/conv_backprop.hpp"
#include "04_mlp/activation.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/image.hpp"

#include <armadillo>

namespace cnn::serial {

/// A row of w holds one filter, channel by channel and each of them row by row.
inline Filters toFilters(const arma::mat& w, uword f, uword channels) {
  Filters filters(w.n_rows, Image(f, f, channels));
  for (uword k = 0; k < w.n_rows; ++k)
    for (uword c = 0; c < channels; ++c)
      for (uword u = 0; u < f; ++u)
        for (uword v = 0; v < f; ++v) filters[k](u, v, c) = w(k, (c * f + u) * f + v);
  return filters;
}

/// The way back: filters to rows.
inline arma::mat toRows(const Filters& filters) {
  const uword f = filters[0].n_rows, channels = filters[0].n_slices;
  arma::mat w(filters.size(), channels * f * f);
  for (uword k = 0; k < w.n_rows; ++k)
    for (uword c = 0; c < channels; ++c)
      for (uword u = 0; u < f; ++u)
        for (uword v = 0; v < f; ++v) w(k, (c * f + u) * f + v) = filters[k](u, v, c);
  return w;
}

/// Convolution, stages 01 and 03.
class ConvLayer : public ConvBrick<Image> {
 public:
  using ConvBrick::ConvBrick;

  Trace<Image> forward(const Image& x) const override {
    return {activate(convolve(x, filters(), parameters.b, slide_), activation)};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    return convInputGradient(delta, filters(), input_.rows, input_.columns, slide_);
  }
  void computeGradients(const Image& delta, const Image& x, const Trace<Image>&,
                        Parameters& sum) const override {
    sum.w += toRows(convWeightGradient(delta, x, size(), slide_));
    sum.b += convBiasGradient(delta);
  }

 private:
  Filters filters() const { return toFilters(parameters.w, size(), input_.channels); }
};

}  // namespace cnn::serial
