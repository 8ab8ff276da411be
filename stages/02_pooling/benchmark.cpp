// SPDX-License-Identifier: MIT
// Pooling and unpooling ten maps of 26 x 26, over the size of the window.

#include "02_pooling/pooling.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cnn;

const cube maps(26, 26, 10, arma::fill::randu);

/// Windows side by side, as the network has them.
Slide besides(int size) { return {.stride = size}; }

void maxForward(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(maxPool(maps, size, besides(size)));
}

void maxBackward(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  const auto [z, winners] = maxPool(maps, size, besides(size));
  for (auto _ : state) benchmark::DoNotOptimize(maxUnpool(z, winners, 26, 26));
}

void meanForward(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(meanPool(maps, size, besides(size)));
}

void meanBackward(benchmark::State& state) {
  const int size = static_cast<int>(state.range(0));
  const cube z = meanPool(maps, size, besides(size));
  for (auto _ : state)
    benchmark::DoNotOptimize(meanUnpool(z, size, besides(size), 26, 26));
}

BENCHMARK(maxForward)->Name("Pooling/max")->ArgName("window")->DenseRange(2, 6);
BENCHMARK(maxBackward)->Name("Pooling/max back")->ArgName("window")->DenseRange(2, 6);
BENCHMARK(meanForward)->Name("Pooling/mean")->ArgName("window")->DenseRange(2, 6);
BENCHMARK(meanBackward)->Name("Pooling/mean back")->ArgName("window")->DenseRange(2, 6);

}  // namespace
