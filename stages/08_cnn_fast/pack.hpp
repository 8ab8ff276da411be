// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: packs at full speed: tiles of them in registers, sums across their lanes,
/// and packs turned round.

#include "07_cnn_simd/pack.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace cnn::fast {

using simd::lanesOf, simd::Mask, simd::Number, simd::Pack, simd::registerBytes,
    simd::sumOverLanes;

/// How many registers the processor has that this is compiled for.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int registers = 32;
#else
constexpr int registers = 16;
#endif

/// A pack of numbers T that fills a register is so wide.
template <class T>
constexpr int fullWidth = registerBytes / sizeof(T);

/// So many sums run in registers at once; the other registers hold what meets them.
constexpr int sumsAtOnce = registers * 3 / 4;

// Loops of a few rounds, known to the compiler, become straight code: their small
// arrays then live in registers.
#ifdef __clang__
#define UNROLL_FOR _Pragma("unroll") for
#else
#define UNROLL_FOR _Pragma("GCC unroll 32") for
#endif

/// Cuts 0 .. n - 1 into the fewest tiles of at most `limit`, as even as can be. Calls
/// use<size>(first) for each: the compiler knows the size, so that what a tile sums
/// stays in registers.
template <int n, int limit, class Use>
inline void inTiles(const Use& use) {
  constexpr int most = std::max(1, limit), tiles = (n + most - 1) / most,
                size = n / tiles, larger = n % tiles;
  int first = 0;
  if constexpr (larger > 0)
    for (; first < larger * (size + 1); first += size + 1)
      use.template operator()<size + 1>(first);
  for (; first < n; first += size) use.template operator()<size>(first);
}

/// The same number for every sample. With a minus: x - 0 is x for each x, even for -0,
/// so the compiler leaves it out; x + 0 is not.
template <class L>
inline L all(Number<L> number) {
  return number - L{};
}

/// max(0, v); a NaN stays a NaN, so that a broken run shows.
template <class L>
inline L relu(L v) {
  return v < L{} ? L{} : v;
}

template <int apart, class L, int... i>
inline void exchange(L& a, L& b, std::integer_sequence<int, i...>) {
  constexpr int width = lanesOf<L>;
  const L first = __builtin_shufflevector(a, b, (i & apart ? i - apart + width : i)...);
  b = __builtin_shufflevector(a, b, (i & apart ? i + width : i + apart)...);
  a = first;
}
/// Entries of a and b change places across: b's entry i goes to a's i + `apart`, and
/// back, for every i without the bit `apart`, a power of two. Halves of a register move
/// as a whole, or entries within their half: that takes the fewest instructions.
template <int apart, class L>
inline void exchange(L& a, L& b) {
  exchange<apart>(a, b, std::make_integer_sequence<int, lanesOf<L>>{});
}

/// From `count` packs, at most as many as a pack is wide, to one pack: entry i is the
/// sum over the samples in v[i]. Of every second pack, and of the others, one is made
/// first; these two exchange entries, so that adding them halves the samples left.
template <int count, class L, int apart = 1>
inline L sumsOverSamples(const L* v) {
  if constexpr (count <= 0)
    return L{};
  else if constexpr (apart == lanesOf<L>)
    return *v;
  else {
    L a = sumsOverSamples<count, L, 2 * apart>(v),
      b = sumsOverSamples<count - apart, L, 2 * apart>(v + apart);
    exchange<apart>(a, b);
    return a + b;
  }
}

/// Adds to to[i] the sum over the samples in v[i], for i < count. Not inlined: it would
/// take registers from the loops of a gradient.
template <int count, class L>
[[gnu::noinline]] void addSumsOverSamples(const L* v, Number<L>* to) {
  constexpr int width = std::min(count, lanesOf<L>);
  const L sums = sumsOverSamples<width>(v);
  for (int k = 0; k < width; ++k) to[k] += sums[k];
  if constexpr (count > width) addSumsOverSamples<count - width>(v + width, to + width);
}

/// Small whole numbers, a byte for each sample: which cell of a window won.
template <class L>
using Tags = Pack<signed char, lanesOf<L>>;

/// Bytes, a sample each, as whole numbers as wide as a mask's. By way of `short`: in
/// one step GCC 12 takes the bytes apart, sample by sample.
template <class L, class Bytes>
inline Mask<L> widen(Bytes bytes) {
  const auto shorts = __builtin_convertvector(bytes, Pack<short, lanesOf<L>>);
  return __builtin_convertvector(shorts, Mask<L>);
}

/// The way back, for the small whole numbers of Tags.
template <class L>
inline Tags<L> narrow(Mask<L> mask) {
  const auto shorts = __builtin_convertvector(mask, Pack<short, lanesOf<L>>);
  return __builtin_convertvector(shorts, Tags<L>);
}

/// As many packs as a pack is wide, turned round: entry i of pack k and entry k of pack
/// i change places. One bit of i and k after the other: blocks of a matrix of 2 x 2,
/// then the blocks of these blocks.
template <int apart = 1, class L>
inline void transpose(L* v) {
  UNROLL_FOR (int k = 0; k < lanesOf<L>; ++k)
    if ((k & apart) == 0) exchange<apart>(v[k], v[k + apart]);
  if constexpr (2 * apart < lanesOf<L>) transpose<2 * apart>(v);
}

/// The numbers in packs, as they lie in memory one after the other.
template <class L>
inline const Number<L>* entries(const L* packs) {
  return reinterpret_cast<const Number<L>*>(packs);
}

}  // namespace cnn::fast
