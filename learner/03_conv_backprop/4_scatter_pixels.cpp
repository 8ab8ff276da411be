// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/pixels.hpp"

using namespace cnn;

static cube byIndex(const learner::Layer& layer) {
  return scatterInputGradient(layer.delta, layer.w, layer.x.n_rows, layer.x.n_cols,
                              layer.slide);
}

EXERCISE(3, 4) {
  learner::pixelCases(sheet, byIndex,
                      "the kernel turned: by index it lies on the window as it is");
}
