// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: where one thread works on one chunk: 4 lanes of samples on their way
/// through all layers and back. It is used again for the next chunk, and so stays in
/// the cache.

#include "common/dataset.hpp"
#include "fast_bricks.hpp"
#include "learned.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

namespace cnn::fast {

/// What one layer makes of a chunk.
template <class L, class Layer>
struct Room {
  std::vector<L> a = std::vector<L>(lanesPerChunk * Layer::out.count());
  std::vector<typename Layer::Memory> memory =
      std::vector<typename Layer::Memory>(lanesPerChunk);
  std::vector<typename Layer::Scratch> scratch =
      std::vector<typename Layer::Scratch>(1);
  std::vector<L> sums = std::vector<L>(Learned<L, Layer>::sums);
};

template <class L, Size image, class Layers>
class Workspace;

template <class L, Size image, class... Layer>
class Workspace<L, image, std::tuple<Layer...>> {
  static constexpr int lanes = lanesPerChunk, width = widthOf<L>;
  static constexpr int depth = sizeof...(Layer);
  static constexpr int largest = std::max({image.count(), Layer::out.count()...});
  template <int l>
  using At = std::tuple_element_t<l, std::tuple<Layer...>>;
  static constexpr Size out = At<depth - 1>::out;

 public:
  /// Puts images side by side: sample i of `count` into entry i of every pixel of a
  /// lane; black where there is none. Pixels 0..255 become 0..1.
  void load(int lane, const Dataset& data, const arma::uword* samples,
            arma::uword count, const Shift& shift) {
    static_assert(image.channels == 1, "images have one channel");
    std::uint8_t pixels[width][image.pixels()] = {};
    for (arma::uword i = 0; i < count; ++i)
      data.copyPixels(samples[i], shift, pixels[i]);
    L* x = x_.data() + lane * image.pixels();
    for (int k = 0; k < image.pixels(); ++k) {
      Lane<std::uint8_t, width> bytes;
      UNROLL_FOR (int i = 0; i < width; ++i) bytes[i] = pixels[i][k];
      x[k] = __builtin_convertvector(bytes, L) / Number<L>{255};
    }
  }

  template <int l>
  void forward(const Learned<L, At<l>>& learned) {
    auto& room = std::get<l>(rooms_);
    if constexpr (At<l>::facts.wholeChunk) {
      At<l>::forward(learned.forLoops(), below<l>(0), room.a.data());
    } else {
      for (int lane = 0; lane < lanes; ++lane)
        At<l>::forward(learned.forLoops(), below<l>(lane), &room.a[lane * size<l>()],
                       room.memory[lane], room.scratch[0]);
    }
  }

  /// From dJ/dz of layer l: its gradient into `learned`, and dJ/dz of the layer below.
  template <int l>
  void backward(Learned<L, At<l>>& learned, std::size_t chunk) {
    auto& room = std::get<l>(rooms_);
    if constexpr (At<l>::facts.wholeChunk) {
      learned.section->keep(static_cast<int>(chunk), below<l>(0), delta_.data());
      if constexpr (l > 0)
        At<l>::errorBack(learned.forLoops(), below<l>(0), delta_.data(), error_.data());
    } else {
      std::fill(room.sums.begin(), room.sums.end(), L{});
      for (int lane = 0; lane < lanes; ++lane) {
        const L* x = below<l>(lane);
        const L* delta = &delta_[lane * size<l>()];
        auto& memory = room.memory[lane];
        At<l>::gradient(x, delta, memory, room.scratch[0], room.sums.data());
        if constexpr (l > 0)
          At<l>::errorBack(learned.forLoops(), x, delta, memory, room.scratch[0],
                           &error_[lane * size<l - 1>()]);
      }
      Number<L>* to = learned.chunkSums.data() + chunk * learned.sums;
      for (int i = 0; i < learned.sums; i += width) {
        const L sums = sumsOverSamples(&room.sums[i]);
        for (int k = 0; k < width; ++k) to[i + k] = sums[k];
      }
    }
    std::swap(delta_, error_);
  }

  /// Output k of the last layer for one of the chunk's samples.
  Number<L> logit(int sample, int k) const {
    return std::get<depth - 1>(rooms_).a[place(sample, k)][sample % width];
  }
  void clearError() { std::fill_n(delta_.begin(), lanes * out.count(), L{}); }
  void setError(int sample, int k, double error) {
    delta_[place(sample, k)][sample % width] = static_cast<Number<L>>(error);
  }

 private:
  template <int l>
  static constexpr int size() {
    return At<l>::out.count();
  }
  static constexpr std::size_t place(int sample, int k) {
    return static_cast<std::size_t>(sample / width * out.count() + k);
  }

  /// The input of layer l for one lane.
  template <int l>
  const L* below(int lane) const {
    if constexpr (l == 0)
      return x_.data() + lane * image.count();
    else
      return std::get<l - 1>(rooms_).a.data() + lane * size<l - 1>();
  }

  std::vector<L> x_ = std::vector<L>(lanes * image.count());
  std::vector<L> delta_ = std::vector<L>(lanes * largest), error_ = delta_;
  std::tuple<Room<L, Layer>...> rooms_;
};

}  // namespace cnn::fast
