// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights on disk, in the safetensors format that PyTorch and others read and write:
/// 8 bytes with the header's length, a JSON header (name -> dtype, shape, place), raw
/// data. Source: the format's description in the safetensors project's README.

#include "common/core/tensor.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace cnn {

/// What a safetensors file holds.
struct TensorFile {
  Tensors tensors;                              ///< by name
  std::map<std::string, std::string> metadata;  ///< anything else, as text
};

/// Writes the numbers as F64, to a temporary file beside `path` that is then renamed,
/// so that a crash or a full disk never leaves half a file. Weights that are not finite
/// (a run has diverged) are refused, and the old file stays.
/// @throws std::runtime_error naming the path: not writable, or a value not finite
/// @throws std::invalid_argument when a tensor's values do not fill its shape
void saveTensors(const std::filesystem::path& path, const TensorFile& file);

/// Reads tensors of dtype F32 or F64. Every length is checked against the file's size
/// before anything is allocated; values that are not finite are refused.
/// @throws InputError naming the path and what is wrong
TensorFile loadTensors(const std::filesystem::path& path);

/// The same from a file's bytes, which `name` stands for in messages.
/// @throws InputError naming what is wrong
TensorFile parseTensors(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace cnn
