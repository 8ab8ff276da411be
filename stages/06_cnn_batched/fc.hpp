// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: flatten, and the fully connected brick for a batch.

#include "04_mlp/activation.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "06_cnn_batched/batch.hpp"

#include <armadillo>

namespace cnn::batched {

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
