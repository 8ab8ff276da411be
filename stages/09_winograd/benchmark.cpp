// SPDX-License-Identifier: MIT
// Stage 09: a training step and prediction over batch size and threads.

#include "09_winograd/cnn.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;

void training(benchmark::State& state) {
  fast::WinogradNetwork cnn(static_cast<arma::uword>(state.range(0)));
  cnn.init(1);
  benchmarkTraining(state, cnn, static_cast<arma::uword>(state.range(1)));
}
BENCHMARK(training)
    ->Name("Train/stage 09")
    ->ArgNames({"threads", "batch"})
    ->ArgsProduct({{1, 2}, {1, 16, 64, 128, 512, 2048}})
    ->UseRealTime();

void prediction(benchmark::State& state) {
  fast::WinogradNetwork cnn(static_cast<arma::uword>(state.range(0)));
  cnn.init(1);
  benchmarkPrediction(state, cnn, static_cast<arma::uword>(state.range(1)));
}
BENCHMARK(prediction)
    ->Name("Predict/stage 09")
    ->ArgNames({"threads", "images"})
    ->ArgsProduct({{1, 2}, {1, 1000, 10000}})
    ->UseRealTime();

}  // namespace
