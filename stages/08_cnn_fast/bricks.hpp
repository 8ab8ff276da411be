// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: what the bricks of packs have in common.
///   x, z, delta : channels x rows x columns packs, row by row: flatten costs nothing
///   w           : as in files, filters x channels x rows x columns; then the biases
/// A brick is a type: `Conv<16, 5>`. Given a pack and the size of its input it becomes
/// a layer, `Conv<16, 5>::Layer<Pack, size, first>`, in which every loop's length is
/// known to the compiler. A layer that stands first need not send the error on.
/// Its functions are never inlined: side by side in one, the loops of two layers would
/// take registers from each other.

#include "08_cnn_fast/pack.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace cnn::fast {

/// What flows between two layers, for one sample.
struct Size {
  int channels = 1, rows = 1, columns = 1;
  bool afterRelu = false;  ///< these numbers come out of a ReLU

  constexpr int pixels() const { return rows * columns; }
  constexpr int count() const { return channels * pixels(); }
  constexpr int at(int channel, int row, int column) const {
    return (channel * rows + row) * columns + column;
  }
};

/// What a layer with weights tells of itself. A layer takes one pack at a time and sums
/// its gradient pack after pack (conv), or a chunk at a time and sums its gradient over
/// a whole section of the batch when its chunks are done (fc: too many weights).
struct LayerFacts {
  std::string_view kind;          ///< "conv", "fc", "" without weights
  int weights = 0, biases = 0;    ///< how many
  std::array<int, 4> shape = {};  ///< of the weights in a file; 0: no such side
  bool wholeChunk = false;        ///< takes a chunk at a time
  double rateFactor = 1;          ///< of this layer's learning rate

  constexpr int parameters() const { return weights + biases; }
};

/// What most layers need not say.
struct LayerDefaults {
  struct Memory {};   ///< of a pack: what the way back must know of the way there
  struct Scratch {};  ///< of a thread: room to work in
  struct Section {};  ///< of a section: what its chunks leave for its end
};

/// A layer whose loops take the weights as they are, not prepared in another form.
template <class T>
struct PlainWeights {
  using Prepared = const T*;
  static void prepare(const T* w, Prepared& to) { to = w; }
};

/// dJ/db of a convolution: its error summed over pixels and samples, added to `sum`.
template <Size out, class L>
inline void addBiasGradient(const L* delta, Number<L>* sum) {
  L db[out.channels] = {};
  for (int n = 0; n < out.channels; ++n)
    for (int pixel = 0; pixel < out.pixels(); ++pixel)
      db[n] += delta[n * out.pixels() + pixel];
  addSumsOverSamples<out.channels>(db, sum);
}

/// The error dJ/da on its way to dJ/dz of the layer below, which may have a ReLU; its
/// slope can be read off its output a = x: that is positive exactly where z is. With
/// this x has served, and dJ/dz takes its place in memory.
template <Size in, class L>
inline void multiplyBySlope(L error, L& x) {
  if constexpr (in.afterRelu) error = x > L{} ? error : L{};
  x = error;
}

/// At most so many packs share a layer: a weight, once loaded, serves all of them.
constexpr int packsPerChunk = 4;

}  // namespace cnn::fast
