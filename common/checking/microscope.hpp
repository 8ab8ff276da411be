// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient microscope: two gradients that should be equal and are not.
/// What they look like near the worst entry (microscope.cpp),
/// and a guess at the mistake behind it (diagnosis.cpp).

#include <armadillo>

#include <string>
#include <vector>

namespace cnn {

/// A known wrong gradient, to be recognised.
struct Suspect {
  std::string name;     ///< "the kernel not turned: the flip is missing"
  arma::cube gradient;  ///< what the mistake would give
};

/// What lies under the microscope: arrays of one shape.
struct Specimen {
  const arma::cube& x;         ///< where the gradients were taken
  const arma::cube& analytic;  ///< dJ/dx as it was derived
  const arma::cube& numeric;   ///< dJ/dx as it was measured
  /// m, when the cost is a mean over m samples; 0: not known.
  arma::uword samples = 0;
  std::vector<Suspect> suspects = {};
};

/// Analytic, numeric and their ratio as small matrices: the part of a slice around the
/// entry, at most 6 x 6.
std::string magnify(const Specimen& specimen, arma::uword row, arma::uword column,
                    arma::uword slice);

/// The first explanation that fits every entry, "" when none does or nothing is wrong.
/// A guess: each is tested on the numbers, but another mistake may give the same ones.
std::string guessCause(const Specimen& specimen);

}  // namespace cnn
