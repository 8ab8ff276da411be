// SPDX-License-Identifier: MIT
// Stage 07: a training step and prediction over batch size and threads, and each kernel
// with the share it reaches of the peak that this machine was measured to have.

#include "common/blas.hpp"
#include "fast_cnn.hpp"

#include <benchmark/benchmark.h>

#include <memory>

namespace {

using namespace cnn;
using namespace cnn::fast;
using L = Lane<float, 16>;

const Dataset& mnist() {
  static const Dataset data = (prepareMachine(), loadMnist(mnistFolder()).train);
  return data;
}

void countSamples(benchmark::State& state, arma::uword samples) {
  state.counters["samples/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(samples),
      benchmark::Counter::kIsRate);
}

template <class Network>
void stage07Train(benchmark::State& state) {
  const auto batch = static_cast<arma::uword>(state.range(0));
  Network cnn(static_cast<arma::uword>(state.range(1)));
  cnn.init(1);
  const auto samples = arma::regspace<arma::uvec>(0, batch - 1);
  for (auto _ : state) benchmark::DoNotOptimize(cnn.trainStep(mnist(), samples, {}));
  countSamples(state, batch);
}

template <class Network>
void stage07Predict(benchmark::State& state) {
  const auto count = static_cast<arma::uword>(state.range(0));
  Network cnn(static_cast<arma::uword>(state.range(1)));
  cnn.init(1);
  const Dataset data = mnist().slice(0, count);
  for (auto _ : state) benchmark::DoNotOptimize(cnn.evaluate(data));
  countSamples(state, count);
}

// The rungs of the ladder below DirectNetwork: narrower lanes, doubles, no fusion.
using Unfused = Network<float, 16, Size{1, 28, 28}, Conv<10, 3>, MaxPool<2>,
                        Conv<16, 5>, FC<100>, Softmax<10>>;
using Doubles = MnistNetwork<Conv<16, 5>, double, 8>;
template <int width>
using Narrow = MnistNetwork<Conv<16, 5>, float, width>;

BENCHMARK(stage07Train<Doubles>)->ArgNames({"batch", "threads"})->Args({512, 1});
BENCHMARK(stage07Train<Narrow<4>>)->ArgNames({"batch", "threads"})->Args({512, 1});
BENCHMARK(stage07Train<Narrow<8>>)->ArgNames({"batch", "threads"})->Args({512, 1});
BENCHMARK(stage07Train<Unfused>)->ArgNames({"batch", "threads"})->Args({512, 1});

BENCHMARK(stage07Train<DirectNetwork>)
    ->ArgNames({"batch", "threads"})
    ->ArgsProduct({{64, 512}, {1, 2}})
    ->UseRealTime();
BENCHMARK(stage07Train<WinogradNetwork>)
    ->ArgNames({"batch", "threads"})
    ->ArgsProduct({{1, 16, 64, 128, 512, 2048}, {1, 2}})
    ->UseRealTime();
BENCHMARK(stage07Predict<WinogradNetwork>)
    ->ArgNames({"images", "threads"})
    ->ArgsProduct({{1, 1000, 10000}, {1, 2}})
    ->UseRealTime();

}  // namespace
