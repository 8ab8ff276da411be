// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a training run leaves to look at.

#include "common/core/tensor.hpp"
#include "common/data/dataset.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// The files of one run, most of them in one folder, and what each shows.
class Results {
 public:
  explicit Results(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }

  /// Notes what was drawn.
  /// What could not be must not lie beside the rest as it was in an earlier run.
  void made(const std::filesystem::path& path, const std::string& shows,
            bool drawn = true);

  /// Names every file, a line each.
  void print() const;

  /// Cost and accuracy over the epochs of the log.
  /// @param judge "test" or "validation": whose images judged after each epoch
  /// @param picture where it goes, .png or .svg
  /// @param log the CSV file of the run
  void drawCurve(const std::filesystem::path& picture, const std::filesystem::path& log,
                 const std::string& judge);

  /// The confusion matrix and the worst mistakes.
  ///   probabilities : classes x samples, the network's answers for `data`
  void drawMistakes(const Dataset& data, const arma::mat& probabilities);

  /// The filters of the first layer and what they make of the image, when that layer
  /// is a convolution: no other makes pictures.
  void drawFirstLayer(const Tensors& weights, const arma::mat& image);

 private:
  std::filesystem::path folder_;
  std::vector<std::pair<std::filesystem::path, std::string>> files_;
};

}  // namespace cnn
