// SPDX-License-Identifier: MIT
#include "common/paths.hpp"

namespace cnn {

std::filesystem::path resultsFolder(const std::string& stage) {
  return std::filesystem::path(CNN_RESULTS_DIR) / stage;
}

}  // namespace cnn
