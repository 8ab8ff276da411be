// SPDX-License-Identifier: MIT
// The CNN an image at a time: training and prediction.
// The batch only says after how many images the weights move.

#include "05_cnn_serial/cnn.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;

void training(benchmark::State& state) {
  auto network = serial::mnistNetwork();
  network.init(1);
  benchmarkTraining(state, network, static_cast<arma::uword>(state.range(0)));
}

void prediction(benchmark::State& state) {
  auto network = serial::mnistNetwork();
  network.init(1);
  benchmarkPrediction(state, network, static_cast<arma::uword>(state.range(0)));
}

BENCHMARK(training)
    ->Name("Train/stage 05")
    ->ArgName("batch")
    ->Arg(1)
    ->Arg(16)
    ->Arg(64)
    ->Arg(512)
    ->UseRealTime();
BENCHMARK(prediction)
    ->Name("Predict/stage 05")
    ->ArgName("images")
    ->Arg(1)
    ->Arg(1000)
    ->UseRealTime();

}  // namespace
