// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: flatten, and the fully connected brick of stage 04.

#include "04_mlp/activation.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/image.hpp"

#include <armadillo>

namespace cnn::serial {

/// Nothing is computed: the numbers of an image in one line, and back.
class FlattenLayer : public FlattenBrick<Image> {
 public:
  Trace<Image> forward(const Image& x) const override {
    return {{.z = {}, .a = asImage(flatten(x))}};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    return unflatten(asColumn(delta), input_);
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
