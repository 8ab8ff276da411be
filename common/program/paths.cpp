// SPDX-License-Identifier: MIT
#include "common/program/paths.hpp"

namespace cnn {

std::filesystem::path resultsFolder(const std::string& stage) {
  return std::filesystem::path(CNN_RESULTS_DIR) / stage;
}

std::filesystem::path picturesFolder() { return CNN_DATA_DIR "/pictures"; }

}  // namespace cnn
