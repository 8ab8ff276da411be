// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Two gradients that should be equal and are not: a guess at the mistake behind it.

#include <armadillo>

#include <string>
#include <vector>

namespace cnn {

/// A known wrong gradient, for the microscope to recognise.
struct Suspect {
  std::string name;     ///< "the kernel not turned: the flip is missing"
  arma::cube gradient;  ///< what the mistake would give
};

/// What lies under the microscope: arrays of one shape.
struct Specimen {
  const arma::cube& x;         ///< where the gradients were taken
  const arma::cube& analytic;  ///< dJ/dx as it was derived
  const arma::cube& numeric;   ///< dJ/dx as it was measured
  arma::uword samples = 0;  ///< m, when the cost is a mean over m samples; 0: not known
  std::vector<Suspect> suspects = {};
};

/// The first explanation that fits every entry, "" when none does (or nothing is
/// wrong). A guess: each is tested on the numbers, but another mistake may give the
/// same numbers.
std::string guessCause(const Specimen& specimen);

}  // namespace cnn
