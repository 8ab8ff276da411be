// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the network of this book, 28 x 28 x 1 -> 10 classes, 134,826 parameters.

#include "05_cnn_serial/bricks.hpp"
#include "common/training/state.hpp"

namespace cnn {

inline constexpr Shape mnistImage{.rows = 28, .columns = 28, .channels = 1};

/// Its layers on an empty network, made of any stage's bricks.
template <class Conv, class Pool, class Flatten, class FC, class Network>
Network withMnistLayers(Network cnn) {
  cnn.add(Conv({.filters = 10, .size = 3}));  // 26 x 26 x 10
  cnn.add(Pool({.size = 2}));                 // 13 x 13 x 10
  cnn.add(Conv({.filters = 16, .size = 5}));  // 9 x 9 x 16
  cnn.add(Flatten());                         // 1296
  cnn.add(FC({.outputs = 100}));
  cnn.add(FC({.outputs = 10, .activation = Activation::softmax, .rateFactor = 0.1}));
  return cnn;
}

/// How stages 06 to 09 train it.
/// Chosen with --validate 10000: a small clip lets the rate be large.
inline TrainingPlan mnistPlan(arma::uword epochs) {
  return {.epochs = epochs,
          .batch = 128,
          .rule = {.rate = 0.5, .lambda = 0.004, .clip = 0.01, .shift = {1}}};
}

}  // namespace cnn
