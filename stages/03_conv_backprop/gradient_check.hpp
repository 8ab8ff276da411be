// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 03: is this the gradient of that cost? Every entry of x moves up and down by
/// h, and the cost is measured.
///   numeric = (J(x + h) - J(x - h)) / 2h
///   error   = max |analytic - numeric| / max(max |analytic|, max |numeric|)

#include "common/checking/judge.hpp"

#include <armadillo>

#include <algorithm>

namespace cnn {

/// dJ/dx as the definition of the derivative has it. `cost` reads x by reference.
///   x, numeric : H x W x channels
inline arma::cube centralDifferences(const Cost& cost, arma::cube& x, double h = 1e-5) {
  arma::cube numeric(arma::size(x));
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    const double value = x(i);
    const double above = value + h, below = value - h;
    x(i) = above;
    const double costAbove = cost();
    x(i) = below;
    const double costBelow = cost();
    x(i) = value;
    numeric(i) = (costAbove - costBelow) / (above - below);  // rounded, so not quite 2h
  }
  return numeric;
}

/// The largest difference, over the largest entry of both gradients.
inline double relativeError(const arma::cube& analytic, const arma::cube& numeric) {
  const double largest = std::max(arma::abs(analytic).max(), arma::abs(numeric).max());
  return arma::abs(analytic - numeric).max() / largest;
}

/// Checks dJ/dx entry by entry. x is moved on the way and restored bit for bit, also
/// when `cost` throws. What can go wrong is the judge's business.
[[nodiscard]] inline GradientReport checkGradient(const Cost& cost, arma::cube& x,
                                                  const arma::cube& analytic,
                                                  const GradientOptions& options = {}) {
  const arma::cube start = x;
  try {
    const double costAtX = cost();
    if (const auto refusal = refuse(x, analytic, costAtX, options)) return *refusal;
    const arma::cube numeric = centralDifferences(cost, x, options.step);
    const double error = relativeError(analytic, numeric);
    return judge({cost, x, costAtX, analytic, numeric, error}, options);
  } catch (...) {
    x = start;
    throw;
  }
}

/// The same for a matrix, or a vector, which is a matrix with one column.
[[nodiscard]] inline GradientReport checkGradient(const Cost& cost, arma::mat& x,
                                                  const arma::mat& analytic,
                                                  const GradientOptions& options = {}) {
  // A cube that uses the matrix's own memory: `cost` must see the changes.
  arma::cube view(x.memptr(), x.n_rows, x.n_cols, 1, false, true);
  const arma::cube gradient(analytic.memptr(), analytic.n_rows, analytic.n_cols, 1);
  return checkGradient(cost, view, gradient, options);
}

}  // namespace cnn
