// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The networks of the page, and whose code trains them.
///   article  28 x 28 -> conv 10 of 3 x 3, pool 2, conv 16 of 5 x 5, fc 100, fc 10
///   small    28 x 28 -> conv  4 of 3 x 3, pool 2, conv  8 of 5 x 5, fc  50, fc 10
///   mlp      784 -> 100 logistic units -> 10

#include "05_cnn_serial/cnn.hpp"
#include "common/training/classifier.hpp"
#include "common/training/state.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace cnn::web {

/// A network by its name, and the stage whose code trains it.
struct NetworkChoice {
  std::string name = "article";
  int stage = 9;  ///< 5, 7, 8, 9; of the MLP 4
};

/// The stage that trains a network when none is asked for: the fastest.
int usualStage(const std::string& name);

/// How a network is trained unless the reader says otherwise.
TrainingPlan usualPlan(const std::string& name);

/// A network with random weights; the same seed gives the same ones in every stage.
/// @throws InputError when there is no such network, or not by that stage
std::unique_ptr<Classifier> makeNetwork(const NetworkChoice& choice,
                                        std::uint64_t seed);

/// The same network as bricks of stage 05, to look into.
/// @throws InputError when there is no such network
serial::CNNClassifier makeBricks(const std::string& name);

}  // namespace cnn::web
