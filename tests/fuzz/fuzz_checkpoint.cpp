// SPDX-License-Identifier: MIT
// A checkpoint of a tiny network: what is taken must be fit to go on with.

#include "common/checkpoint.hpp"
#include "fuzz.hpp"
#include "mlp.hpp"

FUZZ(input) {
  cnn::Random random(1);
  cnn::MLP network({4, 2, 2}, random);
  cnn::TrainingState state =
      cnn::loadCheckpoint(input.file(), network, {{"--rate", "--rate 0.1"}});
  state.random();
}
