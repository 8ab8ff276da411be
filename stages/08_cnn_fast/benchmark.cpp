// SPDX-License-Identifier: MIT
// Stage 08: a training step and prediction over batch size and threads,
// and the rungs of the chapter's ladder.

#include "08_cnn_fast/cnn.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;
using namespace cnn::fast;

template <class Network>
void training(benchmark::State& state) {
  Network cnn(static_cast<arma::uword>(state.range(0)));
  cnn.init(1);
  benchmarkTraining(state, cnn, static_cast<arma::uword>(state.range(1)));
}

template <class Network>
void prediction(benchmark::State& state) {
  Network cnn(static_cast<arma::uword>(state.range(0)));
  cnn.init(1);
  benchmarkPrediction(state, cnn, static_cast<arma::uword>(state.range(1)));
}

// The rungs of the ladder below DirectNetwork: other packs, doubles.
using Doubles = MnistNetwork<Conv<16, 5>, double>;
template <int width>
using PacksOf = MnistNetwork<Conv<16, 5>, float, width>;

template <class Network>
bool addTraining(const char* name, const std::vector<std::int64_t>& threads,
                 const std::vector<std::int64_t>& batches) {
  benchmark::RegisterBenchmark(name, training<Network>)
      ->ArgNames({"threads", "batch"})
      ->ArgsProduct({threads, batches})
      ->UseRealTime();
  return true;
}

[[maybe_unused]] const bool added =
    addTraining<Doubles>("Train/stage 08, double", {1}, {512}) &&
    addTraining<PacksOf<4>>("Train/stage 08, packs of 4", {1}, {512}) &&
    addTraining<PacksOf<8>>("Train/stage 08, packs of 8", {1}, {512}) &&
    addTraining<PacksOf<16>>("Train/stage 08, packs of 16", {1}, {512}) &&
    addTraining<DirectNetwork>("Train/stage 08", {1, 2}, {1, 16, 64, 128, 512, 2048});

BENCHMARK_TEMPLATE(prediction, DirectNetwork)
    ->Name("Predict/stage 08")
    ->ArgNames({"threads", "images"})
    ->ArgsProduct({{1, 2}, {1, 1000, 10000}})
    ->UseRealTime();

}  // namespace
