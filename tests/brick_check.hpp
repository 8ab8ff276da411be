// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks that serve the bricks of stage 05 and of stage 06 alike.

#include "03_conv_backprop/gradient_check.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/network.hpp"
#include "catch.hpp"
#include "common/core/random.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cnn {

/// Numbers from 1 to 2 in steps far larger than h, so that no two tie for a maximum.
template <class Array>
void fillDistinct(Array& x, Random& random) {
  arma::uvec order = arma::regspace<arma::uvec>(1, x.n_elem);
  shuffle(order, random);
  const double count = static_cast<double>(x.n_elem);
  const arma::vec values = 1 + arma::conv_to<arma::vec>::from(order) / count;
  std::copy(values.begin(), values.end(), x.begin());
}

template <class Array>
void fillNormal(Array& x, Random& random) {
  const arma::mat values = normal(x.n_elem, 1, 1, random);
  std::copy(values.begin(), values.end(), x.begin());
}

/// Central differences for dJ/dx, dJ/dw and dJ/db of a layer without an activation:
///   J = sum of r . a
/// Leftover pixels may leave a gradient that is zero everywhere.
template <class Data>
void checkBrick(Layer<Data>& layer, Data x, Random& random) {
  Data r = layer.forward(x).a;
  fillNormal(r, random);
  const auto cost = [&] { return arma::accu(layer.forward(x).a % r); };
  const auto pass = layer.forward(x);
  const auto check = [&](const char* what, auto& values, const auto& analytic) {
    const auto report = checkGradient(cost, values, analytic, {.allowZero = true});
    INFO(layer.kind() << ", dJ/d" << what << "\n" << report.text);
    CHECK(report.passed);
  };
  check("x", x, layer.backPropError(r, pass));
  if (layer.parameterCount() == 0) return;
  Parameters gradient = zerosLike(layer.parameters);
  layer.computeGradients(r, x, pass, gradient);
  check("w", layer.parameters.w, gradient.w);
  arma::mat& b = layer.parameters.b;
  check("b", b, arma::mat(gradient.b));
}

/// Images of random pixels with random labels.
inline Dataset randomData(arma::uword rows, arma::uword columns, arma::uword samples,
                          arma::uword classes, Random& random) {
  Dataset data{.rows = rows, .columns = columns, .pixels = {}, .labels = {}};
  data.pixels.set_size(rows * columns, samples);
  data.labels.set_size(samples);
  for (auto& pixel : data.pixels) pixel = static_cast<std::uint8_t>(random() % 256);
  for (auto& label : data.labels) label = static_cast<std::uint8_t>(random() % classes);
  return data;
}

/// The step that a network takes is the gradient of the cost that it reports, the L2
/// penalty and the mean over the batch included. With rate 1 and nothing clipped,
///   w before - w after = dJ/dw, entry by entry
template <class Network>
void checkStep(Network& network, const Dataset& data, double lambda) {
  std::vector<Parameters> before, after;
  for (std::size_t l = 0; l < network.depth(); ++l)
    before.push_back(network.layer(l).parameters);
  const arma::uvec all = arma::regspace<arma::uvec>(0, data.size() - 1);
  const Score score = network.trainStep(
      data, all, {.rate = 1, .lambda = lambda, .clip = arma::datum::inf});
  for (std::size_t l = 0; l < network.depth(); ++l) {
    after.push_back(network.layer(l).parameters);
    network.layer(l).parameters = before[l];
  }
  CHECK(score.meanCost() == Approx(network.evaluateCost(data, lambda)).epsilon(1e-12));
  const auto cost = [&] { return network.evaluateCost(data, lambda); };
  for (std::size_t l = 0; l < network.depth(); ++l) {
    Layer<typename Network::DataType>& layer = network.layer(l);
    if (layer.parameterCount() == 0) continue;
    const double rate = layer.rateFactor;
    const auto check = [&](const char* what, arma::mat& x, const arma::mat& change) {
      const auto report =
          checkGradient(cost, x, change / rate, {.samples = data.size()});
      INFO(network.layerName(l) << "." << what << "\n" << report.text);
      CHECK(report.passed);
    };
    check("weight", layer.parameters.w, before[l].w - after[l].w);
    check("bias", layer.parameters.b, before[l].b - after[l].b);
  }
}

/// A weight of the first layer that is no number shows in the cost, and after a step
/// with a clip in the last layer: nothing on the way there and back loses it.
inline void checkNaNShows(Classifier& network, const Dataset& data) {
  Tensors weights = network.weights();
  weights.at("conv1.weight").values[0] = arma::datum::nan;
  network.setWeights(weights);
  const arma::uvec all = arma::regspace<arma::uvec>(0, data.size() - 1);
  CHECK(std::isnan(network.trainStep(data, all, {.clip = 0.01}).costSum));
  CHECK(std::isnan(network.weights().at("fc2.bias").values[0]));
  CHECK(std::isnan(network.evaluate(data).costSum));
}

/// The largest difference between two networks' weights, in the order of files.
inline double largestDifference(const Classifier& one, const Classifier& other) {
  return apart(one.weights(), other.weights());
}

/// A small network with every option of the bricks in it.
template <class Network, class Conv, class Pool, class Flatten, class FC>
Network everyOption(Network cnn, Pooling pooling) {
  cnn.add(Conv({.filters = 3, .size = 3, .padding = 1}));
  cnn.add(Pool({.size = 3, .stride = 2, .padding = 1, .pooling = pooling}));
  cnn.add(Conv({.filters = 4, .size = 2, .stride = 2}));
  cnn.add(Flatten());
  cnn.add(FC({.outputs = 5}));
  cnn.add(FC({.outputs = 3, .activation = Activation::softmax, .rateFactor = 0.1}));
  cnn.init(11);
  return cnn;
}

/// checkRuns for everyOption on images of 8 x 7: 3 filters of 3 x 3 x 1, 4 of 2 x 2 x 3,
/// and after them 2 x 2 x 4 pixels, 5 units, 3 classes.
inline void checkRunsOfEveryOption(
    const std::function<std::unique_ptr<Classifier>()>& make) {
  Random random(18);
  checkRuns(make, randomData(8, 7, 21, 3, random),
            {{"conv1.weight", 27},
             {"conv1.bias", 3},
             {"conv2.weight", 48},
             {"conv2.bias", 4},
             {"fc1.weight", 80},
             {"fc1.bias", 5},
             {"fc2.weight", 15},
             {"fc2.bias", 3}},
            "fc2", 1e-14);
}

/// Steps on the last of `most` images of 8 x 7, in batches of these sizes, are those of
/// `makeOne`'s network to rounding, and so are the answers afterwards.
template <class MakeOne, class MakeMany>
void checkBatches(const MakeOne& makeOne, const MakeMany& makeMany, arma::uword most,
                  const std::vector<arma::uword>& sizes) {
  Random random(16);
  const Dataset data = randomData(8, 7, most, 3, random);
  const StepRule rule{.rate = 0.3, .lambda = 0.2, .clip = arma::datum::inf};
  for (const arma::uword size : sizes) {
    CAPTURE(size);
    const arma::uvec samples = arma::regspace<arma::uvec>(most - size, most - 1);
    auto one = makeOne();
    auto many = makeMany();
    const Score expected = one.trainStep(data, samples, rule);
    const Score score = many.trainStep(data, samples, rule);
    CHECK(score.costSum == Approx(expected.costSum).epsilon(1e-12));
    CHECK(score.correct == expected.correct);
    CHECK(score.samples == size);
    CHECK(largestDifference(one, many) < 1e-12);

    const Dataset part = data.range(most - size, size);
    CHECK(same(one.predict(part), many.predict(part), 1e-12));
    CHECK(many.evaluate(part).costSum ==
          Approx(one.evaluate(part).costSum).epsilon(1e-12));
    CHECK(many.evaluate(part).correct == one.evaluate(part).correct);
    CHECK(many.evaluate(part).samples == size);
  }
}

}  // namespace cnn
