// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: the convolution brick for a batch.

#include "04_mlp/activation.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "06_cnn_batched/batch.hpp"
#include "06_cnn_batched/im2col.hpp"

#include <armadillo>

namespace cnn::batched {

/// Convolution as a product, z = w columns + b. One product would do for all samples,
/// but it would use no entry of the columns more often: taken sample by sample, its
/// matrices stay in the cache.
class ConvLayer : public ConvBrick<Batch> {
  Windows windows_;

  uword samples(const Batch& x) const { return x.n_cols / windows_.count(); }

  /// What belongs to sample n in a matrix with one column a window: a second view of
  /// the same memory, so that to assign to it writes into x.
  Batch sample(uword n, Batch& x) const {
    return {x.colptr(n * windows_.count()), x.n_rows, windows_.count(), false, true};
  }

  /// The same of a matrix that may only be read.
  const Batch sample(uword n, const Batch& x) const {
    return sample(n, const_cast<Batch&>(x));
  }

 public:
  using ConvBrick::ConvBrick;

  Shape connect(const Shape& input) override {
    const Shape output = ConvBrick::connect(input);
    windows_ = Windows(input, size(), slide_);
    columnOrder = channelsFastest(input.channels, size() * size());
    return output;
  }

  Trace<Batch> forward(const Batch& x) const override {
    Batch columns = im2col(x, windows_);
    Batch z(output_.channels, columns.n_cols, arma::fill::none);
    for (uword n = 0; n < samples(z); ++n)
      sample(n, z) = parameters.w * sample(n, columns);
    z.each_col() += parameters.b;
    return {activate(std::move(z), activation), {.columns = std::move(columns)}};
  }

  /// dJ/dx = col2im(w' delta): each window's share goes back to its pixels.
  Batch backPropError(const Batch& delta, const Trace<Batch>&) const override {
    const Batch wt = parameters.w.t();
    Batch columns(wt.n_rows, delta.n_cols, arma::fill::none);
    for (uword n = 0; n < samples(delta); ++n)
      sample(n, columns) = wt * sample(n, delta);
    return col2im(columns, windows_);
  }

  /// dJ/dw = delta columns': the product sums over the windows, += over the samples.
  void computeGradients(const Batch& delta, const Batch&, const Trace<Batch>& trace,
                        Parameters& sum) const override {
    for (uword n = 0; n < samples(delta); ++n)
      sum.w += sample(n, delta) * sample(n, trace.memory.columns).t();
    sum.b += arma::sum(delta, 1);
  }
};

}  // namespace cnn::batched
