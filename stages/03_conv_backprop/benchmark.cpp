// SPDX-License-Identifier: MIT
// The gradients of a layer of eight filters over 28 x 28 x 4, over the size of the
// kernel: as sums over every product, and as convolutions.

#include "03_conv_backprop/conv_backprop.hpp"
#include "03_conv_backprop/trial.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cnn;

/// A layer with kernels of the size asked for: 28 x 28 x 4 -> 8 maps.
TrialLayer layerFor(const benchmark::State& state) {
  Random random(1);
  return trialLayer({28, 28, 4, static_cast<uword>(state.range(0)), 8}, random);
}

using WeightGradient = Filters (*)(const cube&, const cube&, uword, Slide);
template <WeightGradient gradient>
void weights(benchmark::State& state) {
  const TrialLayer layer = layerFor(state);
  const cube delta = layer.delta();
  const uword f = layer.w[0].n_rows;
  for (auto _ : state) benchmark::DoNotOptimize(gradient(delta, layer.x, f, {}));
}

using InputGradient = cube (*)(const cube&, const Filters&, uword, uword, Slide);
template <InputGradient gradient>
void input(benchmark::State& state) {
  const TrialLayer layer = layerFor(state);
  const cube delta = layer.delta();
  for (auto _ : state) benchmark::DoNotOptimize(gradient(delta, layer.w, 28, 28, {}));
}

template <void (*work)(benchmark::State&)>
bool add(const char* name) {
  benchmark::RegisterBenchmark(name, work)->ArgName("kernel")->DenseRange(1, 9, 2);
  return true;
}

[[maybe_unused]] const bool added =
    add<weights<scatterWeightGradient>>("ConvBackprop/dw, scattered") &&
    add<weights<convWeightGradient>>("ConvBackprop/dw, convolved") &&
    add<input<scatterInputGradient>>("ConvBackprop/dx, scattered") &&
    add<input<convInputGradient>>("ConvBackprop/dx, convolved");

}  // namespace
