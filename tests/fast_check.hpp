// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks that serve the networks of stages 08 and 09 alike: stage 06 is their oracle.

#include "04_mlp/training.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "08_cnn_fast/network.hpp"
#include "brick_check.hpp"
#include "catch.hpp"
#include "common/data/mnist.hpp"
#include "same.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cnn {

using arma::uword;

inline constexpr double noClip = std::numeric_limits<double>::max();

inline arma::uvec firstSamples(uword count) {
  return arma::regspace<arma::uvec>(0, count - 1);
}

/// What computeGradients has summed up, by the names of the weights.
inline std::map<std::string, std::vector<double>> gradientsOf(Classifier& network) {
  std::map<std::string, std::vector<double>> gradients;
  for (const AnyRun& any : network.runs())
    std::visit(
        [&](const auto& run) {
          gradients[run.name] = {run.gradient.begin(), run.gradient.end()};
        },
        any);
  return gradients;
}

/// Stage 06 with the same bricks, weights and samples is the oracle, for a step without
/// clip and another one with it.
template <class Fast>
void checkAgainstStage06(batched::CNNClassifier oracle, uword rows, uword columns,
                         uword samples, uword classes, double tolerance) {
  Random random(5);
  const Dataset data = randomData(rows, columns, samples, classes, random);
  oracle.init(3);
  Fast cnn(2);
  cnn.setWeights(oracle.weights());
  for (const double clip : {noClip, 0.04}) {
    const StepRule rule{.rate = 0.1, .lambda = 0.3, .clip = clip};
    const Score score = cnn.trainStep(data, firstSamples(samples), rule);
    const Score expected = oracle.trainStep(data, firstSamples(samples), rule);
    CHECK(score.costSum == Approx(expected.costSum).epsilon(10 * tolerance));
    CHECK(score.correct == expected.correct);
    CHECK(score.samples == samples);
    CHECK(apart(cnn.weights(), oracle.weights()) < tolerance);
  }
  for (const auto& [name, gradient] : gradientsOf(cnn)) {
    INFO(name << ": a network whose ReLUs are all off would prove nothing");
    CHECK(arma::any(arma::vec(gradient) != 0));
  }
  CHECK(same(cnn.predict(data), oracle.predict(data), 10 * tolerance));
}

/// The networks of stage 06, brick by brick.
struct Oracle {
  explicit Oracle(Shape input) : cnn(input) {}
  Oracle&& conv(int filters, int size) && {
    cnn.add(batched::ConvLayer({.filters = filters, .size = size}));
    return std::move(*this);
  }
  Oracle&& pool(int size) && {
    cnn.add(batched::PoolLayer({.size = size}));
    return std::move(*this);
  }
  Oracle&& flatten() && {
    cnn.add(batched::FlattenLayer());
    return std::move(*this);
  }
  Oracle&& fc(int outputs) && {
    cnn.add(batched::FCLayer({.outputs = outputs}));
    return std::move(*this);
  }
  batched::CNNClassifier softmax(int classes) && {
    cnn.add(batched::FCLayer(
        {.outputs = classes, .activation = Activation::softmax, .rateFactor = 0.1}));
    return std::move(cnn);
  }
  batched::CNNClassifier cnn;
};

/// The network of the book.
inline batched::CNNClassifier book() {
  return Oracle({28, 28, 1})
      .conv(10, 3)
      .pool(2)
      .conv(16, 5)
      .flatten()
      .fc(100)
      .softmax(10);
}

/// Steps and answers on batches of many sizes are those of stage 06.
template <class Fast>
void checkEverySize(batched::CNNClassifier oracle, uword side) {
  Fast network(2);
  Random random(9);
  const Dataset data = randomData(side, side, 2060, 3, random);
  oracle.init(3);
  const Tensors begin = oracle.weights();
  const StepRule rule{.rate = 0.3, .lambda = 0.2, .clip = noClip};
  for (const uword size : {1, 15, 16, 17, 63, 64, 65, 130, 200, 1024, 1025, 2060}) {
    CAPTURE(size);
    oracle.setWeights(begin);
    network.setWeights(begin);
    const arma::uvec samples = arma::regspace<arma::uvec>(2060 - size, 2059);
    const Score expected = oracle.trainStep(data, samples, rule);
    const Score score = network.trainStep(data, samples, rule);
    CHECK(score.costSum == Approx(expected.costSum).epsilon(1e-12));
    CHECK(score.correct == expected.correct);
    CHECK(score.samples == size);
    CHECK(apart(network.weights(), oracle.weights()) < 1e-12);
    const Dataset part = data.range(2060 - size, size);
    CHECK(network.evaluate(part).samples == size);
    CHECK(network.evaluate(part).correct == oracle.evaluate(part).correct);
    CHECK(same(network.predict(part), oracle.predict(part), 1e-11));
  }
}

/// As many threads as you like give the same bits.
template <class Network>
void checkThreads() {
  Random random(4);
  const Dataset data = randomData(28, 28, 700, 10, random);
  const auto trained = [&](uword threads) {
    Network cnn(threads);
    cnn.init(1);
    train(cnn, data, {.epochs = 2, .batch = 300, .rule = {.shift = {1}}}, 1);
    return cnn.weights();
  };
  const Tensors one = trained(1);
  for (const uword threads : {2, 3, 8}) CHECK(apart(one, trained(threads)) == 0);
}

/// In single precision, a short run on MNIST stays beside stage 06's.
template <class Network>
void checkShortRun() {
  const TrainTest mnist = loadMnist(mnistFolder());
  const Dataset data = mnist.train.range(0, 500);
  auto slow = batched::mnistNetwork(2);
  Network quick(2);
  slow.init(1);
  quick.init(1);
  CHECK(apart(slow.weights(), quick.weights()) < 1e-6);
  const TrainingPlan plan{.epochs = 2, .batch = 64};
  train(slow, data, plan, 1);
  train(quick, data, plan, 1);
  CHECK(apart(slow.weights(), quick.weights()) < 2e-6);  // 2e-7 is measured
}

/// What a batch left where the next one has no samples does not count.
template <class Network>
void checkForgets() {
  Random random(11);
  const Dataset data = randomData(28, 28, 200, 10, random);
  Network seasoned(2), fresh(2);
  seasoned.init(1);
  seasoned.trainStep(data, firstSamples(200), {});
  fresh.setWeights(seasoned.weights());
  seasoned.trainStep(data, {3, 4, 170}, {});  // fewer chunks: the others must not count
  fresh.trainStep(data, {3, 4, 170}, {});
  CHECK(apart(seasoned.weights(), fresh.weights()) == 0);
}

/// Numbers in double, `width` samples a pack.
template <int width, fast::Size image, class... Bricks>
using DoubleNetwork = fast::Network<double, width, image, Bricks...>;

}  // namespace cnn
