// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How fast a network of any stage trains and predicts: samples a second, on MNIST.

#include "common/data/mnist.hpp"
#include "common/training/classifier.hpp"

#include <benchmark/benchmark.h>

namespace cnn {

/// MNIST's training images, read once.
inline const Dataset& mnist() {
  static const Dataset data = loadMnist(mnistFolder()).train;
  return data;
}

/// Each round of the benchmark handled so many samples.
inline void countSamples(benchmark::State& state, arma::uword samples) {
  state.counters["samples/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(samples),
      benchmark::Counter::kIsRate);
}

/// Steps of gradient descent on one batch.
inline void benchmarkTraining(benchmark::State& state, Classifier& network,
                              arma::uword batch) {
  const auto samples = arma::regspace<arma::uvec>(0, batch - 1);
  const Dataset& data = mnist();
  for (auto _ : state) benchmark::DoNotOptimize(network.trainStep(data, samples, {}));
  countSamples(state, batch);
}

/// Predictions, labels compared.
inline void benchmarkPrediction(benchmark::State& state, const Classifier& network,
                                arma::uword images) {
  const Dataset data = mnist().range(0, images);
  for (auto _ : state) benchmark::DoNotOptimize(network.evaluate(data));
  countSamples(state, images);
}

}  // namespace cnn
