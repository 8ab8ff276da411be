// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: convolution, ReLU and max pooling in one.
///   a[n][i][j] = max over the window's cells q of relu(z[n][i s + q / s][j s + q % s])
/// z is never stored: the candidates of a window stay in registers, and only the best
/// and its place (a byte a sample) are kept.

#include "08_cnn_fast/bricks.hpp"

#include <algorithm>

namespace cnn::fast {

/// Where the candidate takes the lead: an equal does not, and a NaN takes it for good,
/// so that a broken run shows.
template <class L>
inline Mask<L> takesLead(L candidate, L best) {
  return ~(candidate <= best) & (best == best);
}

/// Conv<filters, f> and the maxima of its windows, as the first layer of a network.
template <int filters, int f, int window>
struct ConvPool {
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults, public PlainWeights<Number<L>> {
    static_assert(first, "ConvPool stands first: it sends no error to a layer below");
    static_assert(in.rows >= f + window - 1 && in.columns >= f + window - 1,
                  "ConvPool: the kernel or the window is larger than its input");
    using T = Number<L>;
    static constexpr int cells = window * window;

   public:
    static constexpr Size out{filters, (in.rows - f + 1) / window,
                              (in.columns - f + 1) / window};
    static constexpr LayerFacts facts{.kind = "conv",
                                      .weights = filters * in.channels * f * f,
                                      .biases = filters,
                                      .shape = {filters, in.channels, f, f}};
    struct Memory {
      Tags<L> winner[out.count()];  ///< a cell, or -1: ReLU let none through
    };

    [[gnu::noinline]] static void forward(const T* w, const L* x, L* a, Memory& memory,
                                          Scratch&) {
      for (int i = 0; i < out.rows; ++i)
        inTiles<filters, 2>([&]<int together>(int n) {
          for (int j = 0; j < out.columns; ++j) {
            L z[together][cells];
            UNROLL_FOR (int o = 0; o < together; ++o)
              UNROLL_FOR (int q = 0; q < cells; ++q)
                z[o][q] = all<L>(w[facts.weights + n + o]);
            for (int c = 0; c < in.channels; ++c)
              UNROLL_FOR (int k = 0; k < f * f; ++k)
                UNROLL_FOR (int o = 0; o < together; ++o)
                  UNROLL_FOR (int q = 0; q < cells; ++q)
                    z[o][q] += w[((n + o) * in.channels + c) * f * f + k] *
                               x[patch(c, i, j, q) + in.at(0, k / f, k % f)];
            UNROLL_FOR (int o = 0; o < together; ++o) {
              L best{};  // ReLU's zero is the candidate to beat
              Mask<L> winner = Mask<L>{} - 1;
              UNROLL_FOR (int q = 0; q < cells; ++q) {
                const L candidate = z[o][q];
                const Mask<L> takes = takesLead(candidate, best);
                best = takes ? candidate : best;
                winner = takes ? Mask<L>{} + q : winner;
              }
              a[out.at(n + o, i, j)] = best;
              memory.winner[out.at(n + o, i, j)] = narrow<L>(winner);
            }
          }
        });
    }

    /// Only the winner's patch of the image has had a part in the output.
    [[gnu::noinline]] static void computeGradients(const L* x, const L* delta,
                                                   const Memory& memory, Scratch&,
                                                   T* sum) {
      for (int n = 0; n < filters; ++n)
        for (int c = 0; c < in.channels; ++c) {
          L dw[f * f] = {}, db{};
          for (int i = 0; i < out.rows; ++i)
            for (int j = 0; j < out.columns; ++j) {
              const int at = out.at(n, i, j);
              const auto winner = widen<L>(memory.winner[at]);
              const L d = winner < 0 ? L{} : delta[at];
              db += d;
              UNROLL_FOR (int k = 0; k < f * f; ++k) {
                L pixel = x[patch(c, i, j, 0) + in.at(0, k / f, k % f)];
                UNROLL_FOR (int q = 1; q < cells; ++q)
                  pixel = winner == q ? x[patch(c, i, j, q) + in.at(0, k / f, k % f)]
                                      : pixel;
                dw[k] += d * pixel;
              }
            }
          L kernel[f * f];  // a copy: what has an address may not stay in registers
          std::copy_n(dw, f * f, kernel);
          addSumsOverSamples<f * f>(kernel, sum + (n * in.channels + c) * f * f);
          if (c == 0) sum[facts.weights + n] += sumOverLanes(db);
        }
    }

    static void backPropError(const T*, const L*, const Memory&, Scratch&, L*) {}

   private:
    /// Where in channel c the patch of candidate q of window (i, j) begins.
    static constexpr int patch(int c, int i, int j, int q) {
      return in.at(c, i * window + q / window, j * window + q % window);
    }
  };
};

}  // namespace cnn::fast
