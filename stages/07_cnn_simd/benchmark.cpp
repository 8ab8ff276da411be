// SPDX-License-Identifier: MIT
// Stage 07: a training step with one, two, four and eight sums at once; prediction.

#include "07_cnn_simd/cnn.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;

template <int atOnce>
void training(benchmark::State& state) {
  auto cnn = simd::mnistNetwork<simd::Pack<float>, atOnce>();
  cnn.init(1);
  benchmarkTraining(state, cnn, static_cast<arma::uword>(state.range(0)));
}
BENCHMARK_TEMPLATE(training, 1)
    ->Name("Train/stage 07, sums 1")
    ->ArgName("batch")
    ->Arg(128);
BENCHMARK_TEMPLATE(training, 2)
    ->Name("Train/stage 07, sums 2")
    ->ArgName("batch")
    ->Arg(128);
BENCHMARK_TEMPLATE(training, 8)
    ->Name("Train/stage 07, sums 8")
    ->ArgName("batch")
    ->Arg(128);
BENCHMARK_TEMPLATE(training, 4)
    ->Name("Train/stage 07")
    ->ArgName("batch")
    ->Arg(1)
    ->Arg(16)
    ->Arg(64)
    ->Arg(128)
    ->Arg(512);

void prediction(benchmark::State& state) {
  auto cnn = simd::mnistNetwork();
  cnn.init(1);
  benchmarkPrediction(state, cnn, static_cast<arma::uword>(state.range(0)));
}
BENCHMARK(prediction)
    ->Name("Predict/stage 07")
    ->ArgName("images")
    ->Arg(1)
    ->Arg(1000)
    ->Arg(10000);

}  // namespace
