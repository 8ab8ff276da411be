// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Is this the gradient of that cost? Every entry of x is moved by +-h and the cost
/// measured:
///   numeric = (J(x + h) - J(x - h)) / 2h
///   error   = max |analytic - numeric| / max(max |analytic|, max |numeric|)

#include "common/checking/microscope.hpp"

#include <armadillo>

#include <functional>
#include <string>
#include <vector>

namespace cnn {

/// How a check is done; used as {.tolerance = 1e-7} or {.samples = m}.
struct GradientOptions {
  double tolerance = 1e-6;  ///< the largest error that passes
  double step = 1e-5;       ///< h
  bool allowZero = false;   ///< else two gradients that are both zero prove nothing
  arma::uword samples = 0;  ///< the m of a mean over m samples, for the microscope
  std::vector<Suspect> suspects = {};  ///< known mistakes, for the microscope
};

/// What a check found. A check that was refused (shapes differ, a value is not finite,
/// zero against zero, a cost that gives two answers, no entries, h lost beside x) has
/// not passed, its error is infinite, and the text says why. One whose error is no more
/// than the rounding of the costs is refused too, with that error.
struct GradientReport {
  bool passed = false;
  double error = arma::datum::inf;
  arma::uword row = 0, column = 0, slice = 0;  ///< the worst entry
  double analytic = 0, numeric = 0;            ///< its two values
  std::string guess;  ///< a kink or a tie at that entry, or the microscope's; "": none
  std::string
      text;  ///< one line; when the check failed, the microscope's view under it
};

/// Checks dJ/dx entry by entry. `cost` reads x by reference; x is changed on the way
/// and restored bit for bit, also when `cost` throws. A vector is a matrix with one
/// column.
[[nodiscard]] GradientReport checkGradient(const std::function<double()>& cost,
                                           arma::mat& x, const arma::mat& analytic,
                                           const GradientOptions& options = {});

/// The same for x of shape rows x columns x slices.
[[nodiscard]] GradientReport checkGradient(const std::function<double()>& cost,
                                           arma::cube& x, const arma::cube& analytic,
                                           const GradientOptions& options = {});

}  // namespace cnn
