// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A training run on disk: a safetensors file with the weights, and in its metadata
/// where the run stands. It goes on from there bit for bit.

#include "common/training/state.hpp"

#include <filesystem>

namespace cnn {

/// Writes weights, recipe and state, whole or not at all.
/// @throws std::runtime_error naming the path
void saveCheckpoint(const std::filesystem::path& path, const Classifier& network,
                    const Recipe& recipe, const TrainingState& state);

/// Puts the weights into the network and returns the state.
/// @throws InputError when the file is no checkpoint, or of another network or a run
///         with another recipe: it names what differs
TrainingState loadCheckpoint(const std::filesystem::path& path, Classifier& network,
                             const Recipe& recipe);

}  // namespace cnn
