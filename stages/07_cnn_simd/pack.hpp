// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: one variable that holds the same number of many samples.
///   Pack : one pixel, weighted sum or error; a sample in each of its lanes
/// The loops of the earlier stages stay as they are, only the type of a number changes:
/// + * < ?: of packs work lane by lane, one SIMD instruction for all of them.
/// (A vector extension of GCC, which Clang shares.)

#include <armadillo>

#include <type_traits>
#include <utility>
#include <vector>

namespace cnn::simd {

#if defined(__AVX512F__)
constexpr int registerBytes = 64;
#elif defined(__AVX__)
constexpr int registerBytes = 32;
#else
constexpr int registerBytes = 16;
#endif

template <class T, int lanes>
struct PackOf {
  typedef T type __attribute__((vector_size(lanes * sizeof(T))));
};
/// `lanes` numbers of type T; as many as fill a register, unless you say otherwise.
template <class T, int lanes = registerBytes / sizeof(T)>
using Pack = typename PackOf<T, lanes>::type;

/// What a pack is made of, and of how many.
template <class P>
using Number = std::remove_cvref_t<decltype(std::declval<P>()[0])>;
template <class P>
constexpr int lanesOf = sizeof(P) / sizeof(Number<P>);

/// What comparing packs gives: whole numbers, -1 (true) or 0 in each lane.
template <class P>
using Mask = decltype(std::declval<P>() < std::declval<P>());

/// The sum over the samples of a pack.
template <class P>
Number<P> sumOverLanes(P v) {
  Number<P> sum = 0;
  for (int lane = 0; lane < lanesOf<P>; ++lane) sum += v[lane];
  return sum;
}

/// Calls use<size>(0), use<size>(size), ... and use<1>(k) for what is left over. A sum
/// waits for each of its multiply-adds to end, four steps of the clock; of four sums at
/// once there is always one that need not wait.
template <int size, class Use>
void inGroups(int count, const Use& use) {
  int k = 0;
  for (; k + size <= count; k += size) use.template operator()<size>(k);
  for (; k < count; ++k) use.template operator()<1>(k);
}

/// Weights as the loops multiply them: rounded to a pack's numbers, row by row.
template <class P>
std::vector<Number<P>> rounded(const arma::mat& w) {
  const arma::mat rows = w.t();  // Armadillo goes by columns
  return {rows.begin(), rows.end()};
}

}  // namespace cnn::simd
