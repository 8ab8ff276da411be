// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Where programs put what they make.

#include <filesystem>
#include <string>

namespace cnn {

/// The folder for the pictures and files of a stage: results/06_cnn_batched, ...
std::filesystem::path resultsFolder(const std::string& stage);

}  // namespace cnn
