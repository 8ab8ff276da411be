// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: the bricks of stage 05 for a whole batch at a time.
///   between the layers: C x (H.W.m), one column a pixel, m samples one after the other
///   after flatten:      (C.H.W) x m, the same numbers in the same memory, one column a
///   sample
/// The weights keep their columns in that order too (channels fastest).

#include "activation.hpp"
#include "bricks.hpp"
#include "im2col.hpp"
#include "layer.hpp"
#include "pooling.hpp"

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

/// Convolution as a product, z = w columns + b. One product would do for all samples;
/// taken sample by sample its matrices stay in the cache, and are small enough for
/// OpenBLAS to multiply as they lie, without packing them first.
class ConvLayer : public ConvBrick<Batch> {
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

 private:
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

  Windows windows_;
};

/// Max or mean pooling, every channel on its own.
class PoolLayer : public PoolBrick<Batch> {
 public:
  using PoolBrick::PoolBrick;

  Shape connect(const Shape& input) override {
    const Shape output = PoolBrick::connect(input);
    windows_ = Windows(input, static_cast<uword>(size_), slide_);
    return output;
  }

  Trace<Batch> forward(const Batch& x) const override {
    return pooling_ == Pooling::max ? maxPool(x) : Trace<Batch>{{{}, meanPool(x)}};
  }

  Batch backPropError(const Batch& delta, const Trace<Batch>& trace) const override {
    const uword m = delta.n_cols / output_.pixels();
    Batch x(input_.channels, input_.pixels() * m, arma::fill::zeros);
    if (pooling_ == Pooling::max) {
      for (uword i = 0; i < delta.n_elem; ++i) x(trace.memory.winners(i)) += delta(i);
      return x;
    }
    const double share = 1.0 / (size_ * size_);
    eachCell(m, [&](uword window, uword pixel) {
      x.col(pixel) += share * delta.col(window);
    });
    return x;
  }

 private:
  /// Calls visit(window, pixel) for every pixel of every window of m samples.
  template <class Visit>
  void eachCell(uword m, const Visit& visit) const {
    eachWindowRow(windows_, m, [&](const WindowRow& row) {
      for (uword k = 0; k < row.count; ++k) visit(row.window, row.pixel + k);
    });
  }

  /// The cells of a window come row by row: the first leads until one beats it.
  Trace<Batch> maxPool(const Batch& x) const {
    const uword c = x.n_rows, m = x.n_cols / input_.pixels();
    Batch a(c, output_.pixels() * m, arma::fill::none);
    arma::umat winners(c, a.n_cols, arma::fill::none);
    uword begun = 0;  // windows
    eachCell(m, [&](uword window, uword pixel) {
      const bool first = window == begun;
      if (first) ++begun;
      const double* candidate = x.colptr(pixel);
      double* best = a.colptr(window);
      uword* winner = winners.colptr(window);
      for (uword k = 0; k < c; ++k) {
        const bool better = first || beats(candidate[k], best[k]);
        best[k] = better ? candidate[k] : best[k];
        winner[k] = better ? pixel * c + k : winner[k];
      }
    });
    return {{.z = {}, .a = std::move(a)}, {.winners = std::move(winners)}};
  }

  Batch meanPool(const Batch& x) const {
    const uword m = x.n_cols / input_.pixels();
    Batch a(x.n_rows, output_.pixels() * m, arma::fill::zeros);
    eachCell(m, [&](uword window, uword pixel) { a.col(window) += x.col(pixel); });
    return a / (size_ * size_);
  }

  Windows windows_;
};

/// One column a pixel becomes one column a sample: the numbers stay where they are.
class FlattenLayer : public FlattenBrick<Batch> {
 public:
  Trace<Batch> forward(const Batch& x) const override {
    return {{.z = {}, .a = arma::reshape(x, input_.size(), x.n_elem / input_.size())}};
  }
  Batch backPropError(const Batch& delta, const Trace<Batch>&) const override {
    return arma::reshape(delta, input_.channels, delta.n_elem / input_.channels);
  }
};

/// Every output sees every input: z = w x + b.
class FCLayer : public FCBrick<Batch> {
 public:
  using FCBrick::FCBrick;

  Shape connect(const Shape& input) override {
    const Shape output = FCBrick::connect(input);
    columnOrder = channelsFastest(input.channels, input.pixels());
    return output;
  }

  Trace<Batch> forward(const Batch& x) const override {
    Batch z = parameters.w * x;
    z.each_col() += parameters.b;
    return {activate(std::move(z), activation)};
  }
  Batch backPropError(const Batch& delta, const Trace<Batch>&) const override {
    return parameters.w.t() * delta;
  }
  void computeGradients(const Batch& delta, const Batch& x, const Trace<Batch>&,
                        Parameters& sum) const override {
    sum.w += delta * x.t();
    sum.b += arma::sum(delta, 1);
  }
};

}  // namespace cnn::batched
