// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/pixels.hpp"

using namespace cnn;

static cube asConvolution(const learner::Layer& layer) {
  return convInputGradient(layer.delta, layer.w, layer.x.n_rows, layer.x.n_cols,
                           layer.slide);
}

EXERCISE(3, 9) {
  learner::pixelCases(sheet, asConvolution,
                      "the kernel not turned: the flip is missing");
}
