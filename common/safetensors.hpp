// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Weights on disk, in the safetensors format that PyTorch and others read and write:
/// 8 bytes with the header's length, a JSON header (name -> dtype, shape, place), raw
/// data. Source: the format's description in the safetensors project's README.

#include "common/tensor.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace cnn {

/// What a safetensors file holds.
struct TensorFile {
  Tensors tensors;
  std::map<std::string, std::string> metadata;
};

/// How numbers are stored; both are read.
enum class Precision { F32, F64 };

/// Writes to a temporary file beside `path` and renames it, so that a crash or a full
/// disk never leaves half a file. @throws std::runtime_error naming the path
void saveTensors(const std::filesystem::path& path, const TensorFile& file,
                 Precision precision);

/// Reads tensors of dtype F32 or F64. Every length is checked against the file's size
/// before anything is allocated. @throws InputError naming the path and what is wrong
TensorFile loadTensors(const std::filesystem::path& path);

/// The same from a file's bytes, which `name` stands for in messages.
/// @throws InputError
TensorFile parseTensors(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace cnn
