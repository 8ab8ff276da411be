// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: fully connected layers.
///   z[o] = b[o] + sum over i of w[o][i] x[i]
/// for all lanes of a chunk at once: a weight, once loaded, serves 64 samples. Its
/// 129,600 weights cannot have a lane each in the cache. So dJ/dw waits until the
/// chunks of a section of the batch are done, and is summed a few weights at a time.

#include "fast_bricks.hpp"

#include <algorithm>

namespace cnn::fast {

/// A fully connected layer, with ReLU or without.
template <int outputs, bool bent = true>
struct FC {
  static_assert(outputs >= 1, "FC: at least one output");
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults {
    using T = Number<L>;
    static constexpr int n = in.count(), lanes = lanesPerChunk;

   public:
    static constexpr Size out{outputs, 1, 1, bent};
    static constexpr LayerFacts facts{.kind = "fc",
                                      .weights = outputs * n,
                                      .biases = outputs,
                                      .shape = {outputs, n},
                                      .wholeChunk = true,
                                      .rateFactor = bent ? 1 : 0.1};

    /// x, lanes x inputs -> a, lanes x outputs.
    static void forward(const T* w, const L* x, L* a) {
      constexpr int together = tile(outputs, 5);
      for (int o = 0; o < outputs; o += together) {
        L z[together][lanes];
        for (int k = 0; k < together; ++k)
          for (L& lane : z[k]) lane = all<L>(w[facts.weights + o + k]);
        for (int i = 0; i < n; ++i)
          UNROLL_FOR (int k = 0; k < together; ++k)
            UNROLL_FOR (int lane = 0; lane < lanes; ++lane)
              z[k][lane] += w[(o + k) * n + i] * x[lane * n + i];
        for (int k = 0; k < together; ++k)
          for (int lane = 0; lane < lanes; ++lane)
            a[lane * outputs + o + k] = bent ? relu(z[k][lane]) : z[k][lane];
      }
    }

    /// delta, lanes x outputs -> dJ/dz of the layer below, lanes x inputs.
    static void errorBack(const T* w, const L* x, const L* delta, L* error) {
      constexpr int together = tile(n, 6);
      for (int i = 0; i < n; i += together) {
        L e[together][lanes] = {};
        for (int o = 0; o < outputs; ++o)
          UNROLL_FOR (int k = 0; k < together; ++k)
            UNROLL_FOR (int lane = 0; lane < lanes; ++lane)
              e[k][lane] += w[o * n + i + k] * delta[lane * outputs + o];
        for (int k = 0; k < together; ++k)
          for (int lane = 0; lane < lanes; ++lane) {
            const int at = lane * n + i + k;
            error[at] = throughBend<in>(e[k][lane], x[at]);
          }
      }
    }

    /// What a section keeps for its end: x and delta turned round, so that the lanes of
    /// one input, or output, lie in a line. An odd stride spreads them over the cache.
    struct Section {
      explicit Section(int chunks)
          : stride(chunks * lanes + 1), x(n * stride), delta(outputs * stride) {}

      void keep(int chunk, const L* newX, const L* newDelta) {
        for (int lane = 0; lane < lanes; ++lane) {
          for (int i = 0; i < n; ++i)
            x[i * stride + chunk * lanes + lane] = newX[lane * n + i];
          for (int o = 0; o < outputs; ++o)
            delta[o * stride + chunk * lanes + lane] = newDelta[lane * outputs + o];
        }
      }

      int stride;
      std::vector<L> x, delta;
    };

    /// How many parts the gradient of a section can be shared out in.
    static constexpr int inputsTogether = tile(n, 4), parts = n / tile(n, 8);

    /// Adds part `part` of dJ/dw (and of dJ/db) of a section to `gradient`.
    static void gradient(const Section& section, int part, T* gradient) {
      constexpr int columns = n / parts, side = tile(columns, std::min(8, widthOf<L>)),
                    tall = tile(outputs, std::max(1, widthOf<L> / side));
      for (int o = 0; o < outputs; o += tall)
        for (int i = part * columns; i < (part + 1) * columns; i += side) {
          L dw[std::max(widthOf<L>, tall * side)] = {};
          const L* delta = &section.delta[o * section.stride];
          const L* x = &section.x[i * section.stride];
          for (int lane = 0; lane < section.stride - 1; ++lane) {
            L d[tall];  // by hand: the compiler would fetch them for every sum
            for (int k = 0; k < tall; ++k) d[k] = delta[k * section.stride + lane];
            UNROLL_FOR (int l = 0; l < side; ++l) {
              const L input = x[l * section.stride + lane];
              UNROLL_FOR (int k = 0; k < tall; ++k) dw[k * side + l] += d[k] * input;
            }
          }
          const L sums = sumsOverSamples(dw);
          for (int a = 0; a < tall; ++a)
            for (int b = 0; b < side; ++b)
              gradient[(o + a) * n + i + b] += sums[a * side + b];
        }
      for (int o = part; o < outputs; o += parts) {
        L db{};
        for (int lane = 0; lane < section.stride - 1; ++lane)
          db += section.delta[o * section.stride + lane];
        gradient[facts.weights + o] += sumOverSamples(db);
      }
    }
  };
};

/// The last layer: logits, to which the network applies the softmax. It learns at a
/// tenth of the rate, as in the article.
template <int classes>
struct Softmax : FC<classes, false> {};

}  // namespace cnn::fast
