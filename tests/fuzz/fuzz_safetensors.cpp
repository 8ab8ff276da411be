// SPDX-License-Identifier: MIT
// Weights: what is taken has as many numbers as its shape says.

#include "common/training/safetensors.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  const cnn::TensorFile file = cnn::parseTensors(input.bytes, "input.safetensors");
  for (const auto& [name, tensor] : file.tensors)
    if (tensor.values.size() != cnn::elementCount(tensor.shape)) __builtin_trap();
}
