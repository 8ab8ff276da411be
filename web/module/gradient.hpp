// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient check of stage 03 on a network as it is now, entry by entry.
///   J = (1/m) (sum of the m images' cross-entropies + (lambda/2) sum of w^2)

#include "03_conv_backprop/gradient_check.hpp"
#include "05_cnn_serial/cnn.hpp"
#include "common/core/tensor.hpp"
#include "common/data/dataset.hpp"

#include <string>
#include <vector>

namespace cnn::web {

/// Which entries of a tensor are checked: `first`, `first` + `step`, ...
struct Entries {
  std::string tensor;     ///< "conv1.weight"
  arma::uword first = 0;  ///< row by row, as in files
  arma::uword count = 0;  ///< at most; 0: all that are left
  arma::uword step = 1;
};

/// Both gradients of these entries, and the judge's word.
struct GradientSeen {
  std::vector<std::size_t> shape;         ///< of the whole tensor
  std::vector<double> analytic, numeric;  ///< entry by entry
  GradientReport report;
};

/// Checks these entries on these images.
/// @throws InputError when the network has no such tensor or entry, or without images
GradientSeen checkEntries(serial::CNNClassifier& bricks, const Dataset& images,
                          double lambda, const Entries& entries);

}  // namespace cnn::web
