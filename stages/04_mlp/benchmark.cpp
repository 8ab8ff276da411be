// SPDX-License-Identifier: MIT
// The MLP of the chapter: a training step and prediction, over the size of the batch.

#include "04_mlp/mlp.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;

MLP network() {
  Random random(1);
  return MLP({784, 200, 100, 50, 10}, random);
}

void training(benchmark::State& state) {
  MLP mlp = network();
  benchmarkTraining(state, mlp, static_cast<arma::uword>(state.range(0)));
}

void prediction(benchmark::State& state) {
  benchmarkPrediction(state, network(), static_cast<arma::uword>(state.range(0)));
}

BENCHMARK(training)
    ->Name("TrainMLP/stage 04")
    ->ArgName("batch")
    ->RangeMultiplier(4)
    ->Range(1, 1024)
    ->UseRealTime();
BENCHMARK(prediction)
    ->Name("PredictMLP/stage 04")
    ->ArgName("images")
    ->RangeMultiplier(10)
    ->Range(1, 10000)
    ->UseRealTime();

}  // namespace
