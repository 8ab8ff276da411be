// SPDX-License-Identifier: MIT
// A checkpoint of a tiny network: what is taken must be fit to go on with.

#include "04_mlp/mlp.hpp"
#include "common/training/checkpoint.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  cnn::Random random(1);
  cnn::MLP network({4, 2, 2}, random);
  cnn::TrainingState state =
      cnn::loadCheckpoint(input.file(), network, {{"--rate", "--rate 0.1"}});
  state.random();
}
