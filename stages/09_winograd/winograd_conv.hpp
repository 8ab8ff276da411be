// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 09: the last rung, a convolution by F(3, 5) along both sides of its tiles.
///   Y = A' ((G g G') . (BT d BT')) A   . is entry by entry, of 7 x 7 numbers each
/// 9 outputs by 49 products instead of 225 (Lavin and Gray 2015). The channels are
/// summed before A brings the 49 back to 9. Each step is linear, so every gradient is
/// the same chain with the matrices transposed.

#include "08_cnn_fast/bricks.hpp"
#include "09_winograd/winograd.hpp"

#include <algorithm>
#include <array>

namespace cnn::fast {

/// Conv<filters, 5> by Winograd's F(3, 5) along x and y: outputs in tiles of 3 x 3.
template <int filters>
struct WinogradConv {
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults {
    using T = Number<L>;
    static constexpr int f = 5, side = 3;  // of a kernel, of a tile of outputs
    using W = Winograd<T, side, f>;
    static constexpr W winograd = fast::winograd<T, side, f>;
    static constexpr int Q = W::points, C = in.channels, height = in.rows - f + 1,
                         width = in.columns - f + 1, down = height / side,
                         across = width / side, tiles = down * across;
    static_assert(
        height > 0 && height % side == 0 && width > 0 && width % side == 0,
        "WinogradConv: the output must be a multiple of 3 high and wide; take "
        "Conv<filters, 5> instead");

    /// Where row u of filter n for channel c begins.
    static constexpr int at(int n, int c, int u) { return ((n * C + c) * f + u) * f; }

   public:
    static constexpr Size out{filters, height, width, true};
    static constexpr LayerFacts facts{.kind = "conv",
                                      .weights = filters * C * f * f,
                                      .biases = filters,
                                      .shape = {filters, C, f, f}};

    /// The kernels at 7 x 7 points, G w G', and the biases.
    struct Prepared {
      T u[Q][Q][C][filters], b[filters];
    };
    // Compiled once, not into each place that calls it: there GCC may round otherwise,
    // and a run that is resumed would not end with the same bits.
    [[gnu::noinline]] static void prepare(const T* w, Prepared& to) {
      for (int n = 0; n < filters; ++n)
        for (int c = 0; c < C; ++c) {
          T rows[Q][f];
          for (int u = 0; u < f; ++u) {
            const auto row = W::toPoints(winograd.G, w + at(n, c, u));
            for (int q = 0; q < Q; ++q) rows[q][u] = row[q];
          }
          for (int q = 0; q < Q; ++q) {
            const auto column = W::toPoints(winograd.G, rows[q]);
            for (int p = 0; p < Q; ++p) to.u[q][p][c][n] = column[p];
          }
        }
      std::copy_n(w + facts.weights, filters, to.b);
    }

    /// Of pixels (V) and outputs (M): rows at the points along x, then, for one of
    /// these points, the columns of these at the points along y.
    struct Scratch {
      L rowsV[Q][C][in.rows * across], V[Q][C][tiles];
      L rowsM[Q][filters][height * across], M[Q][filters][tiles];
    };

   private:
    /// Every row of an image of size `of`, tile after tile, at the points along x.
    template <Size of, int n>
    static void rowsToPoints(const T (&M)[Q][n], const L* image,
                             L (&to)[Q][of.channels][of.rows * across]) {
      for (int c = 0; c < of.channels; ++c)
        for (int y = 0; y < of.rows; ++y)
          for (int t = 0; t < across; ++t) {
            const auto row = W::toPoints(M, image + of.at(c, y, side * t));
            UNROLL_FOR (int q = 0; q < Q; ++q) to[q][c][y * across + t] = row[q];
          }
    }

    /// Of rows at one point along x, the column of every tile at the points along y.
    template <Size of, int n>
    static void columnsToPoints(const T (&M)[Q][n],
                                const L (&rows)[of.channels][of.rows * across],
                                L (&to)[Q][of.channels][tiles]) {
      for (int c = 0; c < of.channels; ++c)
        for (int tile = 0; tile < tiles; ++tile) {
          const int corner = tile / across * side * across + tile % across;
          const auto column = W::toPoints(M, &rows[c][corner], across);
          UNROLL_FOR (int p = 0; p < Q; ++p) to[p][c][tile] = column[p];
        }
    }

    /// to[o] = sum over i of u(i, o) from[i], for every tile.
    template <int inputs, int outputs, class Weight>
    static void product(const L (&from)[inputs][tiles], L (&to)[outputs][tiles],
                        const Weight& u) {
      inTiles<tiles, sumsAtOnce>([&]<int wide>(int tile) {
        inTiles<outputs, sumsAtOnce / wide>([&]<int together>(int o) {
          L sum[together][wide] = {};
          for (int i = 0; i < inputs; ++i)
            UNROLL_FOR (int t = 0; t < together; ++t)
              UNROLL_FOR (int k = 0; k < wide; ++k)
                sum[t][k] += u(i, o + t) * from[i][tile + k];
          UNROLL_FOR (int t = 0; t < together; ++t)
            UNROLL_FOR (int k = 0; k < wide; ++k) to[o + t][tile + k] = sum[t][k];
        });
      });
    }

    /// The way back; where tiles overlap, they add up.
    template <Size of, int n>
    static void columnsFromPoints(const T (&M)[Q][n],
                                  const L (&from)[Q][of.channels][tiles],
                                  L (&rows)[of.channels][of.rows * across]) {
      for (int c = 0; c < of.channels; ++c)
        for (int t = 0; t < across; ++t) {
          L column[of.rows] = {};
          for (int r = 0; r < down; ++r) {
            std::array<L, Q> v;
            UNROLL_FOR (int p = 0; p < Q; ++p) v[p] = from[p][c][r * across + t];
            W::fromPoints(M, v, column + side * r);
          }
          for (int y = 0; y < of.rows; ++y) rows[c][y * across + t] = column[y];
        }
    }

    /// Calls use(c, pixel, value) for every pixel.
    template <Size of, int n, class Use>
    static void rowsFromPoints(const T (&M)[Q][n],
                               const L (&from)[Q][of.channels][of.rows * across],
                               const Use& use) {
      for (int c = 0; c < of.channels; ++c)
        for (int y = 0; y < of.rows; ++y) {
          L row[of.columns] = {};
          UNROLL_FOR (int t = 0; t < across; ++t) {
            std::array<L, Q> v;
            UNROLL_FOR (int q = 0; q < Q; ++q) v[q] = from[q][c][y * across + t];
            W::fromPoints(M, v, row + side * t);
          }
          UNROLL_FOR (int x = 0; x < of.columns; ++x) use(c, of.at(c, y, x), row[x]);
        }
    }

   public:
    [[gnu::noinline]] static void forward(const Prepared& w, const L* x, L* a, Memory&,
                                          Scratch& s) {
      rowsToPoints<in>(winograd.BT, x, s.rowsV);
      for (int q = 0; q < Q; ++q) {
        columnsToPoints<in>(winograd.BT, s.rowsV[q], s.V);
        // At each point an ordinary sum over channels, no rows and columns left.
        for (int p = 0; p < Q; ++p)
          product(s.V[p], s.M[p], [&](int c, int n) { return w.u[q][p][c][n]; });
        columnsFromPoints<out>(winograd.A, s.M, s.rowsM[q]);
      }
      rowsFromPoints<out>(winograd.A, s.rowsM,
                          [&](int n, int pixel, L z) { a[pixel] = relu(z + w.b[n]); });
    }

    /// dM = A delta A', then dU = sum of dM V over the tiles.
    static constexpr int sums = Q * Q * filters * C + filters;
    [[gnu::noinline]] static void computeGradients(const L* x, const L* delta,
                                                   const Memory&, Scratch& s, T* sum) {
      rowsToPoints<in>(winograd.BT, x, s.rowsV);  // again: quicker than fetching it
      rowsToPoints<out>(winograd.A, delta, s.rowsM);
      for (int q = 0; q < Q; ++q) {
        columnsToPoints<in>(winograd.BT, s.rowsV[q], s.V);
        columnsToPoints<out>(winograd.A, s.rowsM[q], s.M);
        for (int p = 0; p < Q; ++p, sum += filters * C) {
          L kernels[filters * C];
          inTiles<C, sumsAtOnce>([&]<int wide>(int c) {
            inTiles<filters, sumsAtOnce / wide>([&]<int together>(int n) {
              L dU[together][wide] = {};
              for (int tile = 0; tile < tiles; ++tile)
                UNROLL_FOR (int o = 0; o < together; ++o)
                  UNROLL_FOR (int k = 0; k < wide; ++k)
                    dU[o][k] += s.M[p][n + o][tile] * s.V[p][c + k][tile];
              UNROLL_FOR (int o = 0; o < together; ++o)
                UNROLL_FOR (int k = 0; k < wide; ++k)
                  kernels[(n + o) * C + c + k] = dU[o][k];
            });
          });
          addSumsOverSamples<filters * C>(kernels, sum);
        }
      }
      addBiasGradient<out>(delta, sum);
    }
    /// dw = G' dU G, when the sums over the samples are done; added to `gradient`.
    static void finish(const T* sum, T* gradient) {
      for (int n = 0; n < filters; ++n)
        for (int c = 0; c < C; ++c) {
          T rows[Q][f] = {};
          std::array<T, Q> dU;
          for (int q = 0; q < Q; ++q) {
            for (int p = 0; p < Q; ++p)
              dU[p] = sum[((q * Q + p) * filters + n) * C + c];
            W::fromPoints(winograd.G, dU, rows[q]);
          }
          for (int u = 0; u < f; ++u) {
            for (int q = 0; q < Q; ++q) dU[q] = rows[q][u];
            W::fromPoints(winograd.G, dU, gradient + at(n, c, u));
          }
        }
      for (int n = 0; n < filters; ++n)
        gradient[facts.weights + n] += sum[Q * Q * filters * C + n];
    }

    /// dV = sum of u dM, then dx = B dV B', in the place of x; the rows of dM that
    /// `computeGradients` has made are still there.
    [[gnu::noinline]] static void backPropError(const Prepared& w, const L*,
                                                const Memory&, Scratch& s, L* x) {
      for (int q = 0; q < Q; ++q) {
        columnsToPoints<out>(winograd.A, s.rowsM[q], s.M);
        for (int p = 0; p < Q; ++p)
          product(s.M[p], s.V[p], [&](int n, int c) { return w.u[q][p][c][n]; });
        columnsFromPoints<in>(winograd.BT, s.V, s.rowsV[q]);
      }
      rowsFromPoints<in>(winograd.BT, s.rowsV, [&](int, int pixel, L dx) {
        multiplyBySlope<in>(dx, x[pixel]);
      });
    }
  };
};

}  // namespace cnn::fast
