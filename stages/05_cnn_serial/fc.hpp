// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: flatten, and the fully connected brick of stage 04.

#include "04_mlp/activation.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/image.hpp"

#include <armadillo>

namespace cnn::serial {

/// The numbers of a cube in one line, channel by channel and each of them row by row.
class FlattenLayer : public FlattenBrick<Image> {
 public:
  Trace<Image> forward(const Image& x) const override {
    Image line(input_.size(), 1, 1);
    for (uword c = 0; c < x.n_slices; ++c)
      line.slice(0).rows(c * input_.pixels(), (c + 1) * input_.pixels() - 1) =
          arma::vectorise(x.slice(c), 1).t();  // 1: row by row
    return {{.z = {}, .a = std::move(line)}};
  }

  /// The exact inverse: a different order here would send errors to the wrong pixels.
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    Image x(input_.rows, input_.columns, input_.channels);
    for (uword c = 0; c < x.n_slices; ++c)
      x.slice(c) = arma::reshape(delta.slice(0).rows(c * input_.pixels(),
                                                     (c + 1) * input_.pixels() - 1),
                                 input_.columns, input_.rows)
                       .t();
    return x;
  }
};

/// Every output sees every input, stage 04: z = w x + b.
class FCLayer : public FCBrick<Image> {
 public:
  using FCBrick::FCBrick;

  Trace<Image> forward(const Image& x) const override {
    return {activate(asImage(parameters.w * asColumn(x) + parameters.b), activation)};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    return asImage(parameters.w.t() * asColumn(delta));
  }
  void computeGradients(const Image& delta, const Image& x, const Trace<Image>&,
                        Parameters& sum) const override {
    sum.w += asColumn(delta) * asColumn(x).t();
    sum.b += asColumn(delta);
  }
};

}  // namespace cnn::serial
