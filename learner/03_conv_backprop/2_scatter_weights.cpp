// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/weights.hpp"

using namespace cnn;

static learner::Parts byIndex(const learner::Layer& layer) {
  return learner::named(
      "dw", scatterWeightGradient(layer.delta, layer.x, layer.f(), layer.slide));
}

EXERCISE(3, 2) { learner::weightCases(sheet, byIndex); }
