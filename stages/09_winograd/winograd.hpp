// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 09: the idea of the last rung, fewer multiplications than a sum has terms.
/// Three outputs of a row, y[i] = sum over j < 5 of g[j] d[i + j], need 15 products. As
/// polynomials are known by their values, 7 are enough (Toom and Cook; Winograd 1980):
///   y = A' ((G g) . (BT d))            . is entry by entry, of 7 numbers each

#include "08_cnn_fast/pack.hpp"

#include <cstddef>

namespace cnn::fast {

/// The matrices of F(3, 5): 3 outputs of a filter of 5 by 7 products.
/// A row belongs to a point: three pairs p, -p, and "infinity", where only the leading
/// coefficient of a polynomial counts.
template <class T>
struct Winograd {
  static constexpr int outputs = 3, taps = 5, points = outputs + taps - 1;
  T A[points][outputs] = {}, G[points][taps] = {}, BT[points][points] = {};

  constexpr Winograd() {
    constexpr double p[points - 1] = {1, -1, 2, -2, 0.5, -0.5};
    for (int q = 0; q < points; ++q) {
      const bool infinity = q == points - 1;
      // BT: coefficients of the product of (x - p[r]), r != q: zero at other points.
      double m[points] = {1}, atOwnPoint = 1;
      for (int r = 0; r < points - 1; ++r) {
        if (r == q) continue;
        for (int k = points - 1; k > 0; --k) m[k] = m[k - 1] - p[r] * m[k];
        m[0] *= -p[r];
        if (!infinity) atOwnPoint *= p[q] - p[r];
      }
      // Divided by p, the rows of p and -p differ in the sign of odd powers only.
      const double divisor = infinity ? 1 : p[q];
      for (int k = 0; k < points; ++k) BT[q][k] = static_cast<T>(m[k] / divisor);
      // G and A: the powers of p[q]; G divides by what BT's product is at p[q].
      double power = 1;
      for (int k = 0; k < taps; ++k, power *= infinity ? 0 : p[q]) {
        G[q][k] =
            static_cast<T>((infinity ? k == taps - 1 : power) * divisor / atOwnPoint);
        if (k < outputs) A[q][k] = static_cast<T>(infinity ? k == outputs - 1 : power);
      }
    }
  }

  /// v = M d for one of the matrices; entries of d lie `step` apart, those of v `far`.
  /// At p and -p the even powers agree and the odd ones differ in sign: two for one.
  template <int n, class L>
  static void toPoints(const T (&M)[points][n], const L* d, std::ptrdiff_t step, L* v,
                       std::ptrdiff_t far) {
    UNROLL_FOR (int q = 0; q < points - 1; q += 2) {
      L even = M[q][0] * d[0], odd = M[q][1] * d[step];
      UNROLL_FOR (int k = 2; k < n; ++k) (k % 2 ? odd : even) += M[q][k] * d[k * step];
      v[q * far] = even + odd;
      v[(q + 1) * far] = even - odd;
    }
    L last = M[points - 1][n - 1] * d[(n - 1) * step];
    UNROLL_FOR (int k = 0; k < n - 1; ++k)
      if (M[points - 1][k] != 0) last += M[points - 1][k] * d[k * step];
    v[(points - 1) * far] = last;
  }

  /// y += M' v, the way back.
  template <int n, class L>
  static void fromPoints(const T (&M)[points][n], const L* v, std::ptrdiff_t far,
                         L* y) {
    UNROLL_FOR (int q = 0; q < points - 1; q += 2) {
      const L even = v[q * far] + v[(q + 1) * far], odd = v[q * far] - v[(q + 1) * far];
      UNROLL_FOR (int k = 0; k < n; ++k) y[k] += M[q][k] * (k % 2 ? odd : even);
    }
    UNROLL_FOR (int k = 0; k < n; ++k)
      if (M[points - 1][k] != 0) y[k] += M[points - 1][k] * v[(points - 1) * far];
  }
};
template <class T>
inline constexpr Winograd<T> winograd;

}  // namespace cnn::fast
