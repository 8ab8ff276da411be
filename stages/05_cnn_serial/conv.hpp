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

/// The rows of w as filters: a row is a filter, flattened.
inline Filters toFilters(const mat& w, uword f, uword channels) {
  Filters filters;
  for (uword k = 0; k < w.n_rows; ++k)
    filters.push_back(unflatten(w.row(k).t(), {f, f, channels}));
  return filters;
}

/// The way back: filters as rows.
inline mat toRows(const Filters& filters) {
  mat w(filters.size(), filters[0].n_elem);
  for (uword k = 0; k < w.n_rows; ++k) w.row(k) = flatten(filters[k]).t();
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
