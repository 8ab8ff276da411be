// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights on disk, in the safetensors format that PyTorch and others read and write.

#include "common/training/tensor_bytes.hpp"

#include <filesystem>

namespace cnn {

/// Writes the numbers as F64, to a temporary file beside `path` that is then renamed,
/// so that a crash or a full disk never leaves half a file. Weights that are not finite
/// (a run has diverged) are refused, and the old file stays.
/// @throws std::runtime_error naming the path: not writable, or a value not finite
/// @throws std::invalid_argument when a tensor's values do not fill its shape
void saveTensors(const std::filesystem::path& path, const TensorFile& file);

/// Reads tensors of dtype F32 or F64, as parseTensors.
/// @throws InputError naming the path and what is wrong
TensorFile loadTensors(const std::filesystem::path& path);

}  // namespace cnn
