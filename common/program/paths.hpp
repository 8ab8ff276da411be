// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Where programs put what they make, and where pictures to try them on lie.

#include <filesystem>
#include <string>

namespace cnn {

/// The folder for the pictures and files of a stage: results/06_cnn_batched, ... The
/// variable CNN_RESULTS_DIR of the environment names another folder than results/.
std::filesystem::path resultsFolder(const std::string& stage);

/// The folder of the photographs in this repository: data/pictures.
std::filesystem::path picturesFolder();

}  // namespace cnn
