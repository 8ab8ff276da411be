// SPDX-License-Identifier: MIT
#include "common/training/classifier.hpp"

#include "common/core/require.hpp"
#include "common/training/safetensors.hpp"

namespace cnn {

void Classifier::saveWeights(const std::filesystem::path& path) const {
  saveTensors(path, {weights(), {}}, Precision::F64);
}

void Classifier::loadWeights(const std::filesystem::path& path) {
  const TensorFile file = loadTensors(path);
  try {
    setWeights(file.tensors);
  } catch (const InputError& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
}

}  // namespace cnn
