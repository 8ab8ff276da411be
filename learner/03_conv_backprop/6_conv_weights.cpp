// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/weights.hpp"

using namespace cnn;

static learner::Parts asConvolution(const learner::Layer& layer) {
  return learner::named(
      "dw", convWeightGradient(layer.delta, layer.x, layer.f(), layer.slide));
}

EXERCISE(3, 6) { learner::weightCases(sheet, asConvolution); }
