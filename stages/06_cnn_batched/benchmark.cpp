// SPDX-License-Identifier: MIT
// Stage 05 against stage 06: training and prediction, samples a second, side by side.

#include "batched_cnn.hpp"
#include "common/blas.hpp"
#include "serial_cnn.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cnn;

const Dataset& mnist() {
  static const Dataset data = (prepareMachine(), loadMnist(mnistFolder()).train);
  return data;
}

void report(benchmark::State& state, arma::uword samples) {
  state.counters["samples/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(samples),
      benchmark::Counter::kIsRate);
}

void train(benchmark::State& state, Classifier& network) {
  const auto batch = static_cast<arma::uword>(state.range(0));
  const arma::uvec samples = arma::regspace<arma::uvec>(0, batch - 1);
  const Dataset& data = mnist();
  for (auto _ : state) benchmark::DoNotOptimize(network.trainStep(data, samples, {}));
  report(state, batch);
}

void predict(benchmark::State& state, const Classifier& network) {
  const auto count = static_cast<arma::uword>(state.range(0));
  const Dataset data = mnist().slice(0, count);
  for (auto _ : state) benchmark::DoNotOptimize(network.evaluate(data));
  report(state, count);
}

void stage05Train(benchmark::State& state) {
  auto cnn = serial::mnistNetwork();
  cnn.init(1);
  train(state, cnn);
}
void stage06Train(benchmark::State& state) {
  auto cnn = batched::mnistNetwork(static_cast<arma::uword>(state.range(1)));
  cnn.init(1);
  train(state, cnn);
}
void stage05Predict(benchmark::State& state) {
  auto cnn = serial::mnistNetwork();
  cnn.init(1);
  predict(state, cnn);
}
void stage06Predict(benchmark::State& state) {
  auto cnn = batched::mnistNetwork(static_cast<arma::uword>(state.range(1)));
  cnn.init(1);
  predict(state, cnn);
}

BENCHMARK(stage05Train)->ArgName("batch")->Arg(512)->UseRealTime();
BENCHMARK(stage06Train)
    ->ArgNames({"batch", "threads"})
    ->ArgsProduct({{64, 512}, {1, 2}})
    ->UseRealTime();
BENCHMARK(stage05Predict)->ArgName("images")->Arg(1000)->UseRealTime();
BENCHMARK(stage06Predict)
    ->ArgNames({"images", "threads"})
    ->ArgsProduct({{1000}, {1, 2}})
    ->UseRealTime();

}  // namespace
