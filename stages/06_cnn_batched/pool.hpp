// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: the pooling brick for a batch.

#include "02_pooling/pooling.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "06_cnn_batched/batch.hpp"
#include "06_cnn_batched/im2col.hpp"

#include <armadillo>

namespace cnn::batched {

/// Max or mean pooling, every channel on its own.
class PoolLayer : public PoolBrick<Batch> {
  Windows windows_;

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
};

}  // namespace cnn::batched
