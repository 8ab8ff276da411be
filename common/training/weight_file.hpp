// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A network's weights to and from a safetensors file.

#include "common/training/classifier.hpp"

#include <filesystem>

namespace cnn {

/// Writes all weights, whole or not at all.
/// @throws as saveTensors
void saveWeights(const Classifier& network, const std::filesystem::path& path);

/// Takes all weights from the file, or none.
/// @throws InputError naming file and tensor
void loadWeights(Classifier& network, const std::filesystem::path& path);

}  // namespace cnn
