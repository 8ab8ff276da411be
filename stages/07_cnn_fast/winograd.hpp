// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: the last rung, a convolution with fewer multiplications than it has terms.
/// Three outputs of a row, y[i] = sum over j < 5 of g[j] d[i + j], need 15 products. As
/// polynomials are known by their values, 7 are enough (Toom and Cook; Winograd 1980):
///   y = AT ((G g) . (BT d))        . is entry by entry, of 7 numbers each
/// Along x only; rows and channels are summed before AT brings the 7 back to 3. Each
/// step is linear, so every gradient is the same chain with the matrices transposed.

#include "fast_bricks.hpp"

#include <algorithm>

namespace cnn::fast {

/// The matrices of F(3, 5): 3 outputs of a filter of 5 by 7 products. Polynomials are
/// taken at six points p[q] and "at infinity", where only the leading coefficient
/// counts.
struct Winograd {
  static constexpr int outputs = 3, taps = 5, points = outputs + taps - 1;
  double AT[outputs][points] = {}, G[points][taps] = {}, BT[points][points] = {};

  constexpr Winograd() {
    constexpr double p[points - 1] = {0, 1, -1, 2, -2, 0.5};
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
      double largest = 0;  // rows of one size lose the fewest digits
      for (double k : m) largest = std::max(largest, k < 0 ? -k : k);
      for (int k = 0; k < points; ++k) BT[q][k] = m[k] / largest;
      atOwnPoint /= largest;
      // G and AT: the powers of p[q]; G divides by what BT's product is at p[q].
      double power = 1;
      for (int k = 0; k < taps; ++k, power *= infinity ? 0 : p[q]) {
        G[q][k] = (infinity ? k == taps - 1 : power) / atOwnPoint;
        if (k < outputs) AT[k][q] = infinity ? k == outputs - 1 : power;
      }
    }
  }
};
inline constexpr Winograd winograd;

/// Conv<filters, 5> by Winograd's F(3, 5); rows of outputs in tiles of three.
template <int filters>
struct WinogradConv {
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults {
    static constexpr int f = Winograd::taps, m = Winograd::outputs,
                         Q = Winograd::points, C = in.channels,
                         tiles = (in.columns - f + 1) / m;
    static_assert(in.rows >= f && tiles * m == in.columns - f + 1 && tiles > 0,
                  "WinogradConv: a row of outputs must be a multiple of 3 long; take "
                  "Conv<filters, 5> instead");
    using T = Number<L>;

   public:
    static constexpr Size out{filters, in.rows - f + 1, in.columns - f + 1, true};
    static constexpr LayerFacts facts{.kind = "conv",
                                      .weights = filters * C * f * f,
                                      .biases = filters,
                                      .shape = {filters, C, f, f}};
    struct Scratch {
      L V[Q][C][in.rows * tiles];         ///< BT x, and its errors on the way back
      L M[Q][filters][out.rows * tiles];  ///< products, and theirs
    };

    /// The kernels at the 7 points, G w, and the biases: points x channels x f x
    /// filters.
    struct Prepared {
      T u[Q][C][f][filters], b[filters];
    };
    static void prepare(const T* w, Prepared& to) {
      for (int q = 0; q < Q; ++q)
        for (int c = 0; c < C; ++c)
          for (int u = 0; u < f; ++u)
            for (int n = 0; n < filters; ++n) {
              T sum = 0;
              for (int v = 0; v < f; ++v)
                sum += number(winograd.G[q][v]) * w[at(n, c, u, v)];
              to.u[q][c][u][n] = sum;
            }
      for (int n = 0; n < filters; ++n) to.b[n] = w[facts.weights + n];
    }

    [[gnu::noinline]] static void forward(const Prepared& w, const L* x, L* a, Memory&,
                                          Scratch& scratch) {
      auto& V = scratch.V;
      auto& M = scratch.M;
      toPoints(x, V);
      // At each point an ordinary sum over channels and rows, no columns left.
      for (int q = 0; q < Q; ++q)
        inTiles<out.rows, std::min(3, sumsAtOnce / tiles)>([&]<int rows>(int i) {
          inTiles<filters, sumsAtOnce / (rows * tiles)>([&]<int together>(int n) {
            L sum[together][rows * tiles] = {};
            for (int c = 0; c < C; ++c)
              for (int u = 0; u < f; ++u) {
                const L* v = &V[q][c][(i + u) * tiles];
                UNROLL_FOR (int o = 0; o < together; ++o)
                  UNROLL_FOR (int k = 0; k < rows * tiles; ++k)
                    sum[o][k] += w.u[q][c][u][n + o] * v[k];
              }
            UNROLL_FOR (int o = 0; o < together; ++o)
              UNROLL_FOR (int k = 0; k < rows * tiles; ++k)
                M[q][n + o][i * tiles + k] = sum[o][k];
          });
        });
      for (int n = 0; n < filters; ++n)
        for (int i = 0; i < out.rows; ++i)
          for (int t = 0; t < tiles; ++t)
            UNROLL_FOR (int k = 0; k < m; ++k) {
              L z = all<L>(w.b[n]);
              UNROLL_FOR (int q = 0; q < Q; ++q)
                if (winograd.AT[k][q] != 0)
                  z += number(winograd.AT[k][q]) * M[q][n][i * tiles + t];
              a[out.at(n, i, m * t + k)] = relu(z);
            }
    }

    /// dM = A delta, then dU = sum of dM V over the pixels of a point, as in Conv.
    static constexpr int sums = Q * C * filters * f + filters;
    [[gnu::noinline]] static void gradient(const L* x, const L* delta, const Memory&,
                                           Scratch& scratch, T* sum) {
      auto& V = scratch.V;
      auto& dM = scratch.M;
      toPoints(x, V);  // made again: that is quicker than to fetch it from afar
      L db[filters] = {};
      for (int n = 0; n < filters; ++n)
        for (int i = 0; i < out.rows; ++i)
          for (int t = 0; t < tiles; ++t) {
            const L* d = delta + out.at(n, i, m * t);
            for (int k = 0; k < m; ++k) db[n] += d[k];
            UNROLL_FOR (int q = 0; q < Q; ++q) {
              L e{};
              UNROLL_FOR (int k = 0; k < m; ++k)
                if (winograd.AT[k][q] != 0) e += number(winograd.AT[k][q]) * d[k];
              dM[q][n][i * tiles + t] = e;
            }
          }
      addSumsOverSamples<filters>(db, sum + Q * C * filters * f);
      for (int q = 0; q < Q; ++q)
        for (int c = 0; c < C; ++c) {
          L kernels[filters][f];
          inTiles<filters, sumsAtOnce / f>([&]<int together>(int n) {
            L dU[together][f] = {};
            for (int t = 0; t < tiles; ++t)  // down a column V moves on by one
              for (int i = 0; i < out.rows; ++i)
                UNROLL_FOR (int o = 0; o < together; ++o)
                  UNROLL_FOR (int u = 0; u < f; ++u)
                    dU[o][u] +=
                        dM[q][n + o][i * tiles + t] * V[q][c][(i + u) * tiles + t];
            UNROLL_FOR (int o = 0; o < together; ++o)
              UNROLL_FOR (int u = 0; u < f; ++u) kernels[n + o][u] = dU[o][u];
          });
          addSumsOverSamples<filters * f>(kernels[0], sum + sumAt(q, c, 0, 0));
        }
    }
    /// dw = G' dU, when the sums over the samples are done; added to `gradient`.
    static void finish(const T* sum, T* gradient) {
      for (int n = 0; n < filters; ++n) {
        for (int c = 0; c < C; ++c)
          for (int u = 0; u < f; ++u)
            for (int v = 0; v < f; ++v)
              for (int q = 0; q < Q; ++q)
                gradient[at(n, c, u, v)] +=
                    number(winograd.G[q][v]) * sum[sumAt(q, c, n, u)];
        gradient[facts.weights + n] += sum[Q * C * filters * f + n];
      }
    }

    /// dV = sum of u dM, then dx = B dV, in the place of x; the dM of `gradient` is
    /// still there.
    [[gnu::noinline]] static void errorBack(const Prepared& w, const L*, const Memory&,
                                            Scratch& scratch, L* x) {
      auto& dV = scratch.V;
      auto& dM = scratch.M;
      for (int q = 0; q < Q; ++q)
        for (int y = 0; y < in.rows; ++y)
          inTiles<C, sumsAtOnce / tiles>([&]<int together>(int c) {
            L sum[together][tiles] = {};
            for (int u = 0; u < f; ++u) {
              if (y - u < 0 || y - u >= out.rows) continue;
              for (int n = 0; n < filters; ++n)
                UNROLL_FOR (int o = 0; o < together; ++o)
                  UNROLL_FOR (int t = 0; t < tiles; ++t)
                    sum[o][t] += w.u[q][c + o][u][n] * dM[q][n][(y - u) * tiles + t];
            }
            UNROLL_FOR (int o = 0; o < together; ++o)
              UNROLL_FOR (int t = 0; t < tiles; ++t)
                dV[q][c + o][y * tiles + t] = sum[o][t];
          });
      for (int c = 0; c < C; ++c)
        for (int y = 0; y < in.rows; ++y) {
          L row[in.columns] = {};
          UNROLL_FOR (int t = 0; t < tiles; ++t)
            UNROLL_FOR (int q = 0; q < Q; ++q)
              UNROLL_FOR (int k = 0; k < Q; ++k)
                if (winograd.BT[q][k] != 0)
                  row[m * t + k] += number(winograd.BT[q][k]) * dV[q][c][y * tiles + t];
          UNROLL_FOR (int k = 0; k < in.columns; ++k)
            throughBend<in>(row[k], x[in.at(c, y, k)]);
        }
    }

   private:
    /// V = BT d for every tile of three outputs: 7 numbers of 7 pixels.
    static void toPoints(const L* x, L (&V)[Q][C][in.rows * tiles]) {
      for (int c = 0; c < C; ++c)
        for (int y = 0; y < in.rows; ++y)
          for (int t = 0; t < tiles; ++t) {
            const L* d = x + in.at(c, y, m * t);
            UNROLL_FOR (int q = 0; q < Q; ++q) {
              L v{};
              UNROLL_FOR (int k = 0; k < Q; ++k)
                if (winograd.BT[q][k] != 0) v += number(winograd.BT[q][k]) * d[k];
              V[q][c][y * tiles + t] = v;
            }
          }
    }

    static constexpr T number(double v) { return static_cast<T>(v); }
    static constexpr int at(int n, int c, int u, int v) {
      return ((n * C + c) * f + u) * f + v;
    }
    static constexpr int sumAt(int q, int c, int n, int u) {
      return ((q * C + c) * filters + n) * f + u;
    }
  };
};

}  // namespace cnn::fast
