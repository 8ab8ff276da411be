// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One seeded generator for a whole run, handed from layer to layer: two layers that
/// each started from the same seed would start with the same weights.
/// The standard fixes what the generator yields, but not what std::shuffle and
/// std::normal_distribution make of it. These here make the same of it everywhere.

#include <armadillo>

#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

namespace cnn {

using Random = std::mt19937_64;

/// A whole number from 0 to n - 1, each as likely: 2^64 is no multiple of n, so the few
/// draws beyond the last whole multiple are drawn again.
inline std::uint64_t below(std::uint64_t n, Random& random) {
  const std::uint64_t excess = (Random::max() % n + 1) % n;  // 2^64 mod n
  std::uint64_t draw = random();
  while (draw > Random::max() - excess) draw = random();
  return draw % n;
}

/// Any order of the entries, each as likely.
/// Source: Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm P
/// (Fisher and Yates).
inline void shuffle(arma::uvec& x, Random& random) {
  for (arma::uword left = x.n_elem; left > 1; --left)
    std::swap(x[left - 1], x[static_cast<arma::uword>(below(left, random))]);
}

/// rows x columns numbers drawn from N(0, deviation), row by row. A random point in the
/// unit disk gives two of them at a time.
/// Source: Marsaglia and Bray 1964 ("polar method"); Knuth 2, 3.4.1, algorithm P.
inline arma::mat normal(arma::uword rows, arma::uword columns, double deviation,
                        Random& random) {
  const auto side = [&] {  // -1 to 1, from the 53 bits that a double holds
    return std::ldexp(static_cast<double>(random() >> 11), -52) - 1;
  };
  arma::mat x(columns, rows);  // so its memory goes row by row
  for (arma::uword i = 0; i < x.n_elem; i += 2) {
    double u = 0, v = 0, square = 0;
    while (square >= 1 || square == 0) {
      u = side(), v = side();
      square = u * u + v * v;
    }
    const double stretch = deviation * std::sqrt(-2 * std::log(square) / square);
    x[i] = stretch * u;
    if (i + 1 < x.n_elem) x[i + 1] = stretch * v;
  }
  return x.t();
}

}  // namespace cnn
