// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The IDX format of MNIST: a big-endian header with the sizes, then one byte a value.
/// Source: the format's description on the home page of the MNIST database.

#include "common/data/dataset.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace cnn {

/// The bytes of a file, and what error messages call it.
struct NamedBytes {
  std::string name;                     ///< for messages
  std::span<const std::uint8_t> bytes;  ///< the whole file, unzipped
};

/// True when the file starts as an IDX file of bytes does, whatever its rank.
bool looksLikeIdx(std::span<const std::uint8_t> bytes);

/// The images of one IDX file with the labels of another.
/// @throws InputError naming the file and what is wrong with it
Dataset parseIdx(const NamedBytes& images, const NamedBytes& labels);

}  // namespace cnn
