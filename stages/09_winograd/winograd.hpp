// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 09: fewer multiplications than a sum has terms.
///   y[i] = sum over j < f of g[j] d[i + j], i < t      by t f products, or
///   y    = A' ((G g) . (BT d))                         by t + f - 1
/// where . multiplies entry by entry. A product of polynomials is known by its values
/// at t + f - 1 points (Toom and Cook); this is that product turned round (Winograd).

#include "08_cnn_fast/pack.hpp"

#include <algorithm>
#include <array>

namespace cnn::fast {

/// The matrices of F(outputs, taps). A row belongs to a point: pairs p and -p, then 0
/// if one is left over, and "infinity", where only a leading coefficient counts.
template <class T, int outputs, int taps>
struct Winograd {
  static constexpr int points = outputs + taps - 1, paired = (points - 1) / 2 * 2;
  static_assert(outputs >= 2 && taps >= 2 && points <= 8,
                "Winograd: three pairs at most");
  T A[points][outputs] = {}, G[points][taps] = {}, BT[points][points] = {};

  constexpr Winograd() {
    constexpr double pairs[] = {1, -1, 2, -2, 0.5, -0.5};
    double p[points] = {};
    std::copy_n(pairs, paired, p);
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
      // So the rows of p and -p differ in the sign of odd powers only: with 0 among the
      // points they do as they are, without it divided by p.
      const double divisor = points % 2 == 0 || infinity ? 1 : p[q];
      for (int k = 0; k < points; ++k) BT[q][k] = static_cast<T>(m[k] / divisor);
      // G and A: the powers of p[q]; G divides by what BT's product is at p[q].
      double power = 1;
      for (int k = 0; k < points; ++k, power *= p[q]) {
        if (k < outputs) A[q][k] = static_cast<T>(infinity ? k == outputs - 1 : power);
        if (k < taps)
          G[q][k] =
              static_cast<T>((infinity ? k == taps - 1 : power) * divisor / atOwnPoint);
      }
    }
  }

  /// v = M d for one of the matrices; entries of d lie `step` apart. At p and -p the
  /// even powers agree and the odd ones differ in sign: two for one.
  template <int n, class L>
  static std::array<L, points> toPoints(const T (&M)[points][n], const L* d,
                                        int step = 1) {
    std::array<L, points> v;
    UNROLL_FOR (int q = 0; q < paired; q += 2) {
      L even = M[q][0] * d[0], odd = M[q][1] * d[step];
      UNROLL_FOR (int k = 2; k < n; ++k)
        if (M[q][k] != 0) (k % 2 ? odd : even) += M[q][k] * d[k * step];
      v[q] = even + odd;
      v[q + 1] = even - odd;
    }
    UNROLL_FOR (int q = paired; q < points; ++q) {
      v[q] = M[q][n - 1] * d[(n - 1) * step];
      UNROLL_FOR (int k = 0; k < n - 1; ++k)
        if (M[q][k] != 0) v[q] += M[q][k] * d[k * step];
    }
    return v;
  }

  /// y += M' v, the way back.
  template <int n, class L>
  static void fromPoints(const T (&M)[points][n], const std::array<L, points>& v,
                         L* y) {
    UNROLL_FOR (int q = 0; q < paired; q += 2) {
      const L even = v[q] + v[q + 1], odd = v[q] - v[q + 1];
      UNROLL_FOR (int k = 0; k < n; ++k) y[k] += M[q][k] * (k % 2 ? odd : even);
    }
    UNROLL_FOR (int q = paired; q < points; ++q)
      UNROLL_FOR (int k = 0; k < n; ++k)
        if (M[q][k] != 0) y[k] += M[q][k] * v[q];
  }
};
template <class T, int outputs = 3, int taps = 5>
inline constexpr Winograd<T, outputs, taps> winograd;

}  // namespace cnn::fast
