// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: fully connected layers.
///   z[o] = b[o] + sum over i of w[o][i] x[i]
/// for all packs of a chunk at once: a weight, once loaded, serves several of them. The
/// 129,600 weights of `fc1` are too many to go through once more for every pack. So
/// dJ/dw waits until the chunks of a section of the batch are done, and is summed a few
/// weights at a time.

#include "08_cnn_fast/bricks.hpp"

#include <algorithm>

namespace cnn::fast {

/// A fully connected layer, with ReLU or without.
template <int outputs, bool withRelu = true>
struct FC {
  static_assert(outputs >= 1, "FC: at least one output");
  template <class L, Size in, bool first>
  class Layer : public LayerDefaults, public PlainWeights<Number<L>> {
    using T = Number<L>;
    static constexpr int n = in.count();

   public:
    static constexpr Size out{outputs, 1, 1, withRelu};
    static constexpr LayerFacts facts{.kind = "fc",
                                      .weights = outputs * n,
                                      .biases = outputs,
                                      .shape = {outputs, n},
                                      .wholeChunk = true,
                                      .rateFactor = withRelu ? 1 : 0.1};

    /// x, packs x inputs -> a, packs x outputs.
    template <int packs>
    [[gnu::noinline]] static void forward(const T* w, const L* x, L* a) {
      // Five outputs by as many packs as then fit into registers fetch least; of a
      // single pack, ten outputs, or each sum would wait for its last addition.
      constexpr int wide = std::min(packs, sumsAtOnce / 5), high = packs == 1 ? 10 : 5;
      inTiles<outputs, high>([&]<int tall>(int o) {
        inTiles<packs, wide>([&]<int together>(int pack) {
          L z[tall][together];
          UNROLL_FOR (int t = 0; t < tall; ++t)
            UNROLL_FOR (int l = 0; l < together; ++l)
              z[t][l] = all<L>(w[facts.weights + o + t]);
          for (int i = 0; i < n; ++i)
            UNROLL_FOR (int l = 0; l < together; ++l)
              UNROLL_FOR (int t = 0; t < tall; ++t)
                z[t][l] += w[(o + t) * n + i] * x[(pack + l) * n + i];
          UNROLL_FOR (int t = 0; t < tall; ++t)
            UNROLL_FOR (int l = 0; l < together; ++l)
              a[(pack + l) * outputs + o + t] = withRelu ? relu(z[t][l]) : z[t][l];
        });
      });
    }

    /// delta, packs x outputs -> dJ/dz of the layer below, packs x inputs, in the place
    /// of its output x.
    template <int packs>
    [[gnu::noinline]] static void backPropError(const T* w, const L* delta, L* x) {
      inTiles<n, sumsAtOnce / packs>([&]<int together>(int i) {
        L e[together][packs] = {};
        for (int o = 0; o < outputs; ++o)
          UNROLL_FOR (int k = 0; k < together; ++k)
            UNROLL_FOR (int pack = 0; pack < packs; ++pack)
              e[k][pack] += w[o * n + i + k] * delta[pack * outputs + o];
        UNROLL_FOR (int k = 0; k < together; ++k)
          UNROLL_FOR (int pack = 0; pack < packs; ++pack)
            multiplyBySlope<in>(e[k][pack], x[pack * n + i + k]);
      });
    }

    /// A sample's inputs side by side, and zeros after the last, fill so many packs;
    /// `side` of them make a strip.
    static constexpr int width = lanesOf<L>, places = packsPerChunk * width,
                         side = registers > 16 ? 3 : 2,
                         strips = (n + side * width - 1) / (side * width),
                         inputPacks = strips * side;

    /// What the chunks leave for the end of their section, turned round: packs that
    /// hold `width` inputs of one sample. All chunks are full but the last, whose empty
    /// places keep what an earlier section left there: nobody looks at them.
    struct Section {
      static constexpr int early = 4 * width;  // so early is the cache told of a write

      void resize(int count) {
        samples = count;
        chunks = (samples + places - 1) / places;
        x.resize(chunks * inputPacks * places + early);
        delta.resize(chunks * places * outputs);
      }
      int samplesOf(int chunk) const {
        return std::min(places, samples - chunk * places);
      }
      void keep(int chunk, const L* newX, const L* newDelta) {
        const int count = samplesOf(chunk);
        for (int i = 0; i < inputPacks; ++i)
          for (int pack = 0; pack * width < count; ++pack) {
            L* to = &x[((chunk * inputPacks + i) * packsPerChunk + pack) * width];
            L block[width];
            UNROLL_FOR (int k = 0; k < width; ++k)
              block[k] = i * width + k < n ? newX[pack * n + i * width + k] : L{};
            transpose(block);
            UNROLL_FOR (int k = 0; k < width; ++k)
              __builtin_prefetch(to + early + k, 1);
            UNROLL_FOR (int k = 0; k < width; ++k) to[k] = block[k];
          }
        for (int k = 0; k < count; ++k)
          for (int o = 0; o < outputs; ++o)
            delta[(chunk * places + k) * outputs + o] =
                newDelta[k / width * outputs + o][k % width];
      }

      int samples = 0;
      int chunks = 0;
      std::vector<L> x;      ///< chunks x packs of inputs x places of a chunk
      std::vector<T> delta;  ///< chunks x places of a chunk x outputs
    };

    /// Adds strip `strip` of dJ/dw (and of dJ/db) of a section to `gradient`: sample
    /// after sample, dw[o] += delta[o] x for a pack of inputs.
    [[gnu::noinline]] static void computeGradients(const Section& section, int strip,
                                                   T* gradient) {
      constexpr int rows = 5, ahead = side * places * rows / outputs;
      L dw[outputs * side] = {};
      for (int chunk = 0; chunk < section.chunks; ++chunk) {
        const L* x = &section.x[(chunk * inputPacks + strip * side) * places];
        const int samples = section.samplesOf(chunk);
        inTiles<outputs, rows>([&]<int tall>(int o) {
          // What the next chunk has left lies with another core: ask for it bit by bit.
          for (int k = 0; k < ahead && chunk + 1 < section.chunks; ++k)
            __builtin_prefetch(x + inputPacks * places + o / rows * ahead + k);
          L sum[tall * side];
          UNROLL_FOR (int t = 0; t < tall * side; ++t) sum[t] = dw[o * side + t];
          const T* delta = &section.delta[chunk * places * outputs + o];
          for (int k = 0; k < samples; ++k, delta += outputs)
            UNROLL_FOR (int l = 0; l < side; ++l) {
              const L input = x[l * places + k];
              UNROLL_FOR (int t = 0; t < tall; ++t)
                sum[t * side + l] += delta[t] * input;
            }
          UNROLL_FOR (int t = 0; t < tall * side; ++t) dw[o * side + t] = sum[t];
        });
      }
      const int from = strip * side * width, count = std::min(side * width, n - from);
      for (int o = 0; o < outputs; ++o) {
        const T* row = entries(dw + o * side);
        for (int k = 0; k < count; ++k) gradient[o * n + from + k] += row[k];
      }
      if (strip == 0)
        for (int k = 0; k < section.samples; ++k)
          for (int o = 0; o < outputs; ++o)
            gradient[facts.weights + o] += section.delta[k * outputs + o];
    }
  };
};

/// The last layer: logits, to which the network applies the softmax. It learns at a
/// tenth of the rate, as the reference does.
template <int classes>
struct Softmax : FC<classes, false> {};

}  // namespace cnn::fast
