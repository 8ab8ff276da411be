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

  /// Notes what was drawn. What could not be drawn must not lie beside the rest as it
  /// was in an earlier run.
  void made(const std::filesystem::path& path, const std::string& shows,
            bool drawn = true);

  /// Names every file, a line each.
  void print() const;

  /// Cost and accuracy over the epochs of the log; `judge`, "test" or "validation", is
  /// whose images the network was asked about after each.
  void drawCurve(const std::filesystem::path& picture, const std::filesystem::path& log,
                 const std::string& judge);

  /// The confusion matrix and the worst mistakes, from the network's answers for
  /// `data`, classes x samples.
  void drawMistakes(const Dataset& data, const arma::mat& probabilities);

  /// The filters, when the first layer is a convolution: no other makes pictures. And
  /// what they make of the image.
  void drawFirstLayer(const Tensors& weights, const arma::mat& image);

 private:
  std::filesystem::path folder_;
  std::vector<std::pair<std::filesystem::path, std::string>> files_;
};

}  // namespace cnn
