// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// CHECK(same(given, expected)): a failure prints both arrays and where they part.

#include "catch.hpp"

#include <armadillo>
#include <fmt/format.h>

#include <cmath>
#include <ostream>
#include <sstream>
#include <string>

namespace cnn {

/// Whether two arrays are the same, and in words why not.
struct Comparison {
  bool same;
  std::string words;

  explicit operator bool() const { return same; }
};

inline std::ostream& operator<<(std::ostream& out, const Comparison& comparison) {
  return out << comparison.words;
}

/// Equal shapes, and numbers that differ by the tolerance at most; NaN is equal to
/// nothing. In words: the entry that differs most, and the slice around it of both.
inline Comparison same(const arma::cube& given, const arma::cube& expected,
                       double tolerance = 1e-12) {
  if (arma::size(given) != arma::size(expected))
    return {false, fmt::format("given {} x {} x {}, expected {} x {} x {}",
                               given.n_rows, given.n_cols, given.n_slices,
                               expected.n_rows, expected.n_cols, expected.n_slices)};
  double largest = 0;
  arma::uword worst = 0;
  for (arma::uword i = 0; i < given.n_elem; ++i) {
    if (given(i) == expected(i)) continue;  // infinity less infinity is no number
    const double apart = std::abs(given(i) - expected(i));
    if (std::isnan(largest) || apart <= largest) continue;
    largest = apart;
    worst = i;
  }
  if (largest <= tolerance) return {true, fmt::format("differ by {} at most", largest)};
  const arma::uword pixel = worst % given.n_elem_slice,
                    slice = worst / given.n_elem_slice;
  std::ostringstream words;
  words << fmt::format("row {}, column {}, slice {}: given {}, expected {}\n",
                       pixel % given.n_rows, pixel / given.n_rows, slice, given(worst),
                       expected(worst))
        << "given\n"
        << given.slice(slice) << "expected\n"
        << expected.slice(slice);
  return {false, words.str()};
}

inline Comparison same(const arma::mat& given, const arma::mat& expected,
                       double tolerance = 1e-12) {
  const auto asCube = [](const arma::mat& x) {
    return arma::cube(x.memptr(), x.n_rows, x.n_cols, 1);
  };
  return same(asCube(given), asCube(expected), tolerance);
}

}  // namespace cnn

// It says true or false, and no more.
#pragma GCC poison approx_equal
