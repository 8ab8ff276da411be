// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A network on disk: a safetensors file with the weights.
/// A checkpoint of a training run says besides, in its metadata, where the run stands.
/// It goes on from there bit for bit.

#include "common/training/state.hpp"

#include <filesystem>

namespace cnn {

/// Writes all weights, whole or not at all.
/// @throws as saveTensors
void saveWeights(const Classifier& network, const std::filesystem::path& path);

/// Takes all weights from the file, or none.
/// @throws InputError naming file and tensor
void loadWeights(Classifier& network, const std::filesystem::path& path);

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
