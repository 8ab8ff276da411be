// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: where one thread works on one chunk: up to 4 packs of samples on their way
/// through all layers and back. It is used again for the next chunk, and so it stays in
/// the cache of the core.

#include "08_cnn_fast/bricks.hpp"
#include "08_cnn_fast/learned.hpp"
#include "08_cnn_fast/stack.hpp"
#include "common/data/dataset.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>
#include <utility>

namespace cnn::fast {

/// What one layer makes of a chunk.
template <class L, class Layer>
struct Room {
  L a[packsPerChunk * Layer::out.count()];  ///< on the way back, its error
  typename Layer::Memory memory[packsPerChunk];
  typename Layer::Scratch scratch;
};

template <class L, Size image, class Layers>
class Workspace;

template <class L, Size image, class... Layer>
class Workspace<L, image, std::tuple<Layer...>> {
  static constexpr int width = lanesOf<L>;
  static constexpr int depth = sizeof...(Layer);
  /// So many layers take a pack at a time; behind them all take a chunk.
  static constexpr int alone = (!Layer::facts.wholeChunk + ... + 0);
  static constexpr std::array whole{Layer::facts.wholeChunk...};
  static_assert(std::is_sorted(whole.begin(), whole.end()),
                "Network: convolutions and pooling stand before the first FC");
  template <int l>
  using At = std::tuple_element_t<l, std::tuple<Layer...>>;
  static constexpr Size out = At<depth - 1>::out;

 public:
  using Learners = std::tuple<Learned<L, Layer>...>;

  /// Puts images side by side: sample i of a pack into entry i of every pixel; black
  /// where there is none. Pixels 0..255 become 0..1.
  void load(const Dataset& data, const arma::uvec& samples, const Shift& shift = {}) {
    static_assert(image.channels == 1, "images have one channel");
    // Shuffled images lie far apart: ask for all before waiting for the first.
    for (const arma::uword sample : samples)
      for (int line = 0; line < image.count(); line += 64)
        __builtin_prefetch(data.pixels.colptr(sample) + line);
    using Bytes = Pack<std::uint8_t, width>;
    constexpr int blocks = (image.pixels() + width - 1) / width;
    auto sample = samples.begin();
    packs_ = (static_cast<int>(samples.n_elem) + width - 1) / width;
    for (int pack = 0; pack < packs_; ++pack) {
      Bytes pixels[width][blocks] = {};
      for (int i = 0; i < width && sample != samples.end(); ++i)
        data.copyPixels(*sample++, shift, reinterpret_cast<std::uint8_t*>(pixels[i]));
      L* x = x_ + pack * image.pixels();
      for (int block = 0; block < blocks; ++block) {
        Bytes side[width];
        UNROLL_FOR (int i = 0; i < width; ++i) side[i] = pixels[i][block];
        transpose(side);
        for (int k = 0; k < std::min(width, image.pixels() - block * width); ++k)
          x[block * width + k] =
              __builtin_convertvector(widen<L>(side[k]), L) * (Number<L>{1} / 255);
      }
    }
  }

  /// A pack goes through its layers before the next one begins, so that it finds in the
  /// cache what it has left there.
  void forward(const Learners& learned) {
    for (int pack = 0; pack < packs_; ++pack)
      everyLayer<0, alone>([&](auto l) {
        auto& room = std::get<l>(rooms_);
        At<l>::forward(std::get<l>(learned).forLoops(), below<l>(pack), output<l>(pack),
                       room.memory[pack], room.scratch);
      });
    everyLayer<alone, depth>([&](auto l) {
      withPacks(packs_, [&]<int packs> {
        At<l>::template forward<packs>(std::get<l>(learned).forLoops(), below<l>(0),
                                       output<l>(0));
      });
    });
  }

  /// From dJ/dz of the last layer: every layer's gradient, for chunk `chunk`. On the
  /// way, a layer's error takes the place of its output.
  void backward(Learners& learned, std::size_t chunk) {
    everyLayerBack<alone, depth>([&](auto l) {
      auto& learner = std::get<l>(learned);
      learner.section.keep(static_cast<int>(chunk), below<l>(0), output<l>(0));
      if constexpr (l > 0)
        withPacks(packs_, [&]<int packs> {
          At<l>::template backPropError<packs>(learner.forLoops(), output<l>(0),
                                               output<l - 1>(0));
        });
    });
    everyLayer<0, alone>([&](auto l) {
      auto& learner = std::get<l>(learned);
      std::fill_n(learner.sumsOf(chunk), learner.sums, Number<L>{0});
    });
    for (int pack = 0; pack < packs_; ++pack)
      everyLayerBack<0, alone>([&](auto l) {
        auto& room = std::get<l>(rooms_);
        auto& learner = std::get<l>(learned);
        At<l>::computeGradients(below<l>(pack), output<l>(pack), room.memory[pack],
                                room.scratch, learner.sumsOf(chunk));
        if constexpr (l > 0)
          At<l>::backPropError(learner.forLoops(), output<l>(pack), room.memory[pack],
                               room.scratch, output<l - 1>(pack));
      });
  }

  /// What the last layer makes of the chunk's first samples, classes x samples.
  arma::mat logits(arma::uword samples) const {
    const auto& a = std::get<depth - 1>(rooms_).a;
    arma::mat z(out.count(), samples);
    for (arma::uword i = 0; i < samples; ++i)
      for (arma::uword k = 0; k < z.n_rows; ++k)
        z(k, i) = static_cast<double>(a[i / width * z.n_rows + k][i % width]);
    return z;
  }
  /// Sets dJ/dz of the last layer, classes x samples; the places behind have none.
  void setError(const arma::mat& delta) {
    L* error = output<depth - 1>(0);
    std::fill_n(error, packs_ * out.count(), L{});
    for (arma::uword i = 0; i < delta.n_cols; ++i)
      for (arma::uword k = 0; k < delta.n_rows; ++k)
        error[i / width * delta.n_rows + k][i % width] =
            static_cast<Number<L>>(delta(k, i));
  }

 private:
  /// Layer l's output for one pack; on the way back, its error.
  template <int l>
  L* output(int pack) {
    return std::get<l>(rooms_).a + pack * At<l>::out.count();
  }
  template <int l>
  const L* below(int pack) {
    if constexpr (l == 0)
      return x_ + pack * image.count();
    else
      return output<l - 1>(pack);
  }

  /// Calls use<packs>(): the compiler knows the number. Only a batch's last chunk has
  /// fewer packs than the others.
  template <int packs = packsPerChunk, class Use>
  static void withPacks(int count, const Use& use) {
    if (count == packs)
      use.template operator()<packs>();
    else if constexpr (packs > 1)
      withPacks<packs - 1>(count, use);
  }

  int packs_ = 0;  ///< that hold samples of this chunk
  L x_[packsPerChunk * image.count()];
  std::tuple<Room<L, Layer>...> rooms_;
};

}  // namespace cnn::fast
