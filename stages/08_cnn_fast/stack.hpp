// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: a list of bricks becomes a tuple of layers, and a loop over layers knows
/// the number of each while it is compiled.

#include "08_cnn_fast/bricks.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

namespace cnn::fast {

/// Bricks as layers: each gets the size that the one before it makes.
template <class L, Size in, bool first, class... Bricks>
struct Stack {
  using Layers = std::tuple<>;
};
template <class L, Size in, bool first, class Brick, class... Rest>
struct Stack<L, in, first, Brick, Rest...> {
  using Layer = typename Brick::template Layer<L, in, first>;
  using Layers = decltype(std::tuple_cat(
      std::tuple<Layer>{}, typename Stack<L, Layer::out, false, Rest...>::Layers{}));
};

/// Calls use(first), ..., use(end - 1) with numbers known to the compiler.
template <int first, int end, class Use>
void everyLayer(const Use& use) {
  [&]<int... l>(std::integer_sequence<int, l...>) {
    (use(std::integral_constant<int, first + l>{}), ...);
  }
  (std::make_integer_sequence<int, end - first>{});
}

/// Calls use(end - 1), ..., use(first): the way back.
template <int first, int end, class Use>
void everyLayerBack(const Use& use) {
  everyLayer<0, end - first>(
      [&](auto k) { use(std::integral_constant<int, end - 1 - k>{}); });
}

}  // namespace cnn::fast
