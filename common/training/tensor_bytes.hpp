// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The safetensors format in memory: 8 bytes with the header's length, a JSON header
/// (name -> dtype, shape, place), raw data.
/// Source: the format's description in the safetensors project's README.

#include "common/core/tensor.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace cnn {

/// What a safetensors file holds.
struct TensorFile {
  Tensors tensors;                              ///< by name
  std::map<std::string, std::string> metadata;  ///< anything else, as text
};

/// The bytes of a file, the numbers as F64; `name` stands for it in messages. Weights
/// that are not finite (a run has diverged) are refused.
/// @throws std::runtime_error when a value is not finite
/// @throws std::invalid_argument when a tensor's values do not fill its shape
std::string tensorBytes(const TensorFile& file, const std::string& name);

/// Tensors of dtype F32 or F64 from a file's bytes; `name` stands for it in messages.
/// Every length is checked against the file's size before anything is allocated; values
/// that are not finite are refused.
/// @throws InputError naming what is wrong
TensorFile parseTensors(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace cnn
