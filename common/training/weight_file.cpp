// SPDX-License-Identifier: MIT
#include "common/training/weight_file.hpp"

#include "common/core/require.hpp"
#include "common/training/safetensors.hpp"

namespace cnn {

void saveWeights(const Classifier& network, const std::filesystem::path& path) {
  saveTensors(path, {network.weights(), {}});
}

void loadWeights(Classifier& network, const std::filesystem::path& path) {
  const TensorFile file = loadTensors(path);
  try {
    network.setWeights(file.tensors);
  } catch (const InputError& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
}

}  // namespace cnn
