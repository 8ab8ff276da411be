// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One seeded generator for a whole run, handed from layer to layer: two layers that
/// each started from the same seed would start with the same weights.

#include <armadillo>

#include <random>

namespace cnn {

using Random = std::mt19937_64;

/// rows x columns numbers drawn from N(0, deviation), row by row.
inline arma::mat normal(arma::uword rows, arma::uword columns, double deviation,
                        Random& random) {
  std::normal_distribution<double> draw(0.0, deviation);
  arma::mat x(rows, columns);
  for (arma::uword row = 0; row < rows; ++row)
    for (arma::uword column = 0; column < columns; ++column)
      x(row, column) = draw(random);
  return x;
}

}  // namespace cnn
