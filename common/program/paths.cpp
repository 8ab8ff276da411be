// SPDX-License-Identifier: MIT
#include "common/program/paths.hpp"

#include <cstdlib>

namespace cnn {

std::filesystem::path resultsFolder(const std::string& stage) {
  const char* chosen = std::getenv("CNN_RESULTS_DIR");
  return std::filesystem::path(chosen ? chosen : CNN_SOURCE_DIR "/results") / stage;
}

std::filesystem::path picturesFolder() { return CNN_SOURCE_DIR "/data/pictures"; }

}  // namespace cnn
