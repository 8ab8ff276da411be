// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: convolution and ReLU, directly, a pack of samples at a time.
///   z[n][i][j] = b[n] + sum over c, u, v of w[n][c][u][v] x[c][i + u][j + v]
/// A row of outputs, or the filters of a tile, stays in registers while the sums run.

#include "08_cnn_fast/bricks.hpp"

namespace cnn::fast {

/// A convolution with `filters` square kernels of f x f and stride 1; and ReLU.
template <int filters, int f>
struct Conv {
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults, public PlainWeights<Number<L>> {
    static_assert(f >= 1 && filters >= 1, "Conv: filters and kernel are at least 1");
    static_assert(in.rows >= f && in.columns >= f,
                  "Conv: the kernel is larger than its input");
    using T = Number<L>;

   public:
    static constexpr Size out{filters, in.rows - f + 1, in.columns - f + 1, true};
    static constexpr LayerFacts facts{.kind = "conv",
                                      .weights = filters * in.channels * f * f,
                                      .biases = filters,
                                      .shape = {filters, in.channels, f, f}};

    /// One pack's samples: x -> a = relu(z).
    [[gnu::noinline]] static void forward(const T* w, const L* x, L* a, Memory&,
                                          Scratch&) {
      const T* b = w + facts.weights;
      for (int i = 0; i < out.rows; ++i)
        for (int n = 0; n < filters; ++n)
          inTiles<out.columns, 13>([&]<int width>(int j) {  // side by side in registers
            L z[width];
            UNROLL_FOR (int k = 0; k < width; ++k) z[k] = all<L>(b[n]);
            for (int c = 0; c < in.channels; ++c)
              for (int u = 0; u < f; ++u) {
                const L* row = x + in.at(c, i + u, j);
                const T* weight = w + at(n, c, u);
                UNROLL_FOR (int v = 0; v < f; ++v)
                  UNROLL_FOR (int k = 0; k < width; ++k) z[k] += weight[v] * row[v + k];
              }
            UNROLL_FOR (int k = 0; k < width; ++k) a[out.at(n, i, j + k)] = relu(z[k]);
          });
    }

    /// dJ/dw and dJ/db, the sums over one pack's samples, added to `sum`.
    [[gnu::noinline]] static void computeGradients(const L* x, const L* delta,
                                                   const Memory&, Scratch&, T* sum) {
      inTiles<filters, sumsAtOnce / f>([&]<int together>(int n) {
        for (int c = 0; c < in.channels; ++c) {
          L kernels[together][f * f];
          for (int u = 0; u < f; ++u) {
            L dw[together][f] = {};
            for (int i = 0; i < out.rows; ++i)
              for (int j = 0; j < out.columns; ++j) {
                const L* row = x + in.at(c, i + u, j);
                UNROLL_FOR (int k = 0; k < together; ++k)
                  UNROLL_FOR (int v = 0; v < f; ++v)
                    dw[k][v] += delta[out.at(n + k, i, j)] * row[v];
              }
            UNROLL_FOR (int k = 0; k < together; ++k)
              UNROLL_FOR (int v = 0; v < f; ++v) kernels[k][u * f + v] = dw[k][v];
          }
          for (int k = 0; k < together; ++k)
            addSumsOverSamples<f * f>(kernels[k], sum + at(n + k, c, 0));
        }
      });
      addBiasGradient<out>(delta, sum + facts.weights);
    }

    /// One pack's error dJ/dz of the layer below, in the place of its output x. A row
    /// of inputs gathers from every row of outputs that its pixels touched.
    [[gnu::noinline]] static void backPropError(const T* w, const L* delta,
                                                const Memory&, Scratch&, L* x) {
      for (int c = 0; c < in.channels; ++c)
        for (int y = 0; y < in.rows; ++y) {
          L row[in.columns] = {};
          inTiles<out.columns, 10>([&]<int width>(int j) {
            // So many inputs in a row do these outputs touch, each a sum in a register.
            constexpr int reach = width - 1 + f;
            L sum[reach] = {};
            for (int u = 0; u < f; ++u) {
              const int i = y - u;
              if (i < 0 || i >= out.rows) continue;
              for (int n = 0; n < filters; ++n) {
                const T* weight = w + at(n, c, u);
                const L* from = delta + out.at(n, i, j);
                UNROLL_FOR (int v = 0; v < f; ++v)
                  UNROLL_FOR (int k = 0; k < width; ++k)
                    sum[k + v] += weight[v] * from[k];
              }
            }
            UNROLL_FOR (int k = 0; k < reach; ++k) row[j + k] += sum[k];
          });
          for (int k = 0; k < in.columns; ++k)
            multiplyBySlope<in>(row[k], x[in.at(c, y, k)]);
        }
    }

   private:
    /// Where row u of filter n for channel c begins.
    static constexpr int at(int n, int c, int u) {
      return ((n * in.channels + c) * f + u) * f;
    }
  };
};

}  // namespace cnn::fast
