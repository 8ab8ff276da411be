// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The judge of a gradient check: two gradients that should be equal, one derived, one
/// measured. What must be refused, what passed, and what it looks like when it did not.

#include "common/checking/microscope.hpp"

#include <armadillo>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cnn {

/// J, as it is at the x that it reads by reference.
using Cost = std::function<double()>;

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
  /// A kink or a tie at that entry, or the microscope's guess; "": none.
  std::string guess;
  /// One line; when the check failed, the microscope's view under it.
  std::string text;
};

/// What a check has measured.
struct Measured {
  const Cost& cost;
  arma::cube& x;
  double costAtX;  ///< before the first entry was moved
  const arma::cube& analytic;
  const arma::cube& numeric;  ///< the central differences
  double error;               ///< relative to the largest entry
};

/// The report on what cannot be measured; none when it can.
std::optional<GradientReport> refuse(const arma::cube& x, const arma::cube& analytic,
                                     double costAtX, const GradientOptions& options);

/// The report on what was measured. Where the check fails, the worst entry is moved
/// once more, to look for a kink.
GradientReport judge(const Measured& found, const GradientOptions& options);

}  // namespace cnn
