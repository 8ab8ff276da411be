// SPDX-License-Identifier: MIT
// The second convolution taken apart, over the number of images that go in at once, and
// the whole network: training and prediction over batch and threads.

#include "06_cnn_batched/cnn.hpp"
#include "common/benchmark/network.hpp"

namespace {

using namespace cnn;
using arma::mat;
using arma::uword;

// ---- conv2, 10 x 13 x 13 -> 16 x 9 x 9, its three products and two layouts ----------

const batched::Windows windows({.rows = 13, .columns = 13, .channels = 10}, 5, {});

/// What the products and layouts work on, for so many images.
struct Operands {
  explicit Operands(uword images)
      : x(10, 13 * 13 * images, arma::fill::randn),
        columns(250, 9 * 9 * images, arma::fill::randn),
        w(16, 250, arma::fill::randn),
        delta(16, 9 * 9 * images, arma::fill::randn) {}
  mat x, columns, w, delta;
};

template <class Work>
void step(benchmark::State& state, const Work& work) {
  const auto images = static_cast<uword>(state.range(0));
  const Operands operands(images);
  for (auto _ : state) {
    mat result = work(operands);
    benchmark::DoNotOptimize(result.memptr());
  }
  countSamples(state, images);
}

void layOut(benchmark::State& state) {
  step(state, [](const Operands& o) { return batched::im2col(o.x, windows); });
}
void forward(benchmark::State& state) {
  step(state, [](const Operands& o) -> mat { return o.w * o.columns; });
}
void weightGradient(benchmark::State& state) {
  step(state, [](const Operands& o) -> mat { return o.delta * o.columns.t(); });
}
void columnGradient(benchmark::State& state) {
  step(state, [](const Operands& o) -> mat { return o.w.t() * o.delta; });
}
void layBack(benchmark::State& state) {
  step(state, [](const Operands& o) { return batched::col2im(o.columns, windows); });
}

void perChunk(benchmark::internal::Benchmark* family) {
  family->ArgName("images")->RangeMultiplier(2)->Range(1, 256);
}
BENCHMARK(layOut)->Name("Conv2/im2col")->Apply(perChunk);
BENCHMARK(forward)->Name("Conv2/w columns")->Apply(perChunk);
BENCHMARK(weightGradient)->Name("Conv2/delta columns'")->Apply(perChunk);
BENCHMARK(columnGradient)->Name("Conv2/w' delta")->Apply(perChunk);
BENCHMARK(layBack)->Name("Conv2/col2im")->Apply(perChunk);

// ---- FC 1296 -> 100 -----------------------------------------------------------------

void fullyConnected(benchmark::State& state) {
  const auto images = static_cast<uword>(state.range(0));
  const mat w(100, 1296, arma::fill::randn), x(1296, images, arma::fill::randn);
  for (auto _ : state) {
    mat z = w * x;
    benchmark::DoNotOptimize(z.memptr());
  }
  countSamples(state, images);
}
BENCHMARK(fullyConnected)->Name("FC/w x")->Apply(perChunk);

// ---- the network --------------------------------------------------------------------

void training(benchmark::State& state) {
  auto network = batched::mnistNetwork(static_cast<uword>(state.range(0)));
  network.init(1);
  benchmarkTraining(state, network, static_cast<uword>(state.range(1)));
}

void prediction(benchmark::State& state) {
  auto network = batched::mnistNetwork(static_cast<uword>(state.range(0)));
  network.init(1);
  benchmarkPrediction(state, network, static_cast<uword>(state.range(1)));
}

BENCHMARK(training)
    ->Name("Train/stage 06")
    ->ArgNames({"threads", "batch"})
    ->ArgsProduct({{1, 2}, {1, 16, 64, 512, 2048}})
    ->UseRealTime();
BENCHMARK(prediction)
    ->Name("Predict/stage 06")
    ->ArgNames({"threads", "images"})
    ->ArgsProduct({{1, 2}, {1, 1000, 10000}})
    ->UseRealTime();

}  // namespace
