// SPDX-License-Identifier: MIT
#include "common/training/safetensors.hpp"

#include "common/data/file.hpp"

namespace cnn {

void saveTensors(const std::filesystem::path& path, const TensorFile& file) {
  writeFile(path, tensorBytes(file, path.string()));
}

TensorFile loadTensors(const std::filesystem::path& path) {
  return parseTensors(readFile(path), path.string());
}

}  // namespace cnn
