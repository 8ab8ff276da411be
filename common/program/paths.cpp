// SPDX-License-Identifier: MIT
#include "common/program/paths.hpp"

namespace cnn {

std::filesystem::path resultsFolder(const std::string& stage) {
  return std::filesystem::path(CNN_SOURCE_DIR "/results") / stage;
}

std::filesystem::path picturesFolder() { return CNN_SOURCE_DIR "/data/pictures"; }

}  // namespace cnn
