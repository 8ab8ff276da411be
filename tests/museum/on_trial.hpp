// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a network is worth, judged in two ways:
///   NAME check        the gradient check of all its parameters, L2 penalty included
///   NAME train SEED   accuracy on new images after a short training, a line a seed
/// The museum compiles this against lessons with a mistake in them.

#include "03_conv_backprop/gradient_check.hpp"
#include "04_mlp/training.hpp"
#include "common/core/random.hpp"
#include "common/data/mnist.hpp"
#include "common/training/classifier.hpp"

#include <armadillo>
#include <fmt/core.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cnn::museum {

/// A network with a start that the seed decides.
using Make = std::function<std::unique_ptr<Classifier>(std::uint64_t seed)>;

/// Few samples and a rate that falls to 0 make seeds differ less than mistakes do.
/// A batch of 36 is no multiple of any chunk, and the last of an epoch is a short one.
inline TrainingPlan shortPlan(double rate = 0.1, arma::uword epochs = 6) {
  return {.epochs = epochs, .batch = 36, .rule = {.rate = rate}, .linear = true};
}

/// The gradients that known mistakes give the small network at these weights,
/// each with its name.
using LineUp = std::function<std::vector<std::pair<std::string, Tensors>>(
    const Tensors& weights, const Dataset& data, double lambda)>;

/// A network on trial, once small enough to move every single weight, once to train.
struct Trial {
  std::string name;
  arma::uword rows, columns;  ///< images of the small one; it tells 3 classes apart
  Make small, full;
  LineUp lineUp = {};  ///< of the small one, if it has one
  std::string slow;    ///< the layer that learns at a tenth of the rate, "" for none
  TrainingPlan plan;
  arma::uword samples = 5000;  ///< to train on
};

/// Images of random pixels: no two alike, so that nothing ties for a maximum.
inline Dataset noise(arma::uword rows, arma::uword columns, arma::uword samples,
                     Random& random) {
  Dataset data{.rows = rows, .columns = columns, .pixels = {}, .labels = {}};
  data.pixels.set_size(rows * columns, samples);
  data.labels.set_size(samples);
  for (auto& pixel : data.pixels) pixel = static_cast<std::uint8_t>(random() % 256);
  for (arma::uword n = 0; n < samples; ++n)
    data.labels(n) = static_cast<std::uint8_t>(n % 3);
  return data;
}

/// The numbers of a file's tensor as one looks at them:
/// a slice for each kernel, or one matrix for all.
/// Files go row by row, Armadillo by columns.
inline arma::cube asSeen(const Tensor& tensor) {
  std::vector<std::size_t> sides = tensor.shape;
  sides.resize(std::max<std::size_t>(sides.size(), 2), 1);
  const arma::uword columns = sides.back(), rows = sides[sides.size() - 2];
  arma::cube x(columns, rows, tensor.values.size() / (rows * columns));
  std::copy(tensor.values.begin(), tensor.values.end(), x.begin());
  arma::cube turned(rows, columns, x.n_slices);
  for (arma::uword k = 0; k < x.n_slices; ++k) turned.slice(k) = x.slice(k).t();
  return turned;
}

inline void takeBack(const arma::cube& x, Tensor& tensor) {
  auto to = tensor.values.begin();
  for (arma::uword k = 0; k < x.n_slices; ++k) {
    const arma::mat rows = x.slice(k).t();
    to = std::copy(rows.begin(), rows.end(), to);
  }
}

/// A step of rate 1 without a clip takes the gradient off: is it that of the cost?
/// Prints the worst of all weights and biases.
/// 47 samples fill some chunks, and one not quite.
inline void check(const Trial& trial) {
  constexpr double lambda = 0.3;
  Random random(7);
  const Dataset data = noise(trial.rows, trial.columns, 47, random);
  const auto network = trial.small(1);  // no dead layer, no ReLU at its kink
  const Tensors before = network->weights();
  const StepRule rule{.rate = 1, .lambda = lambda, .clip = arma::datum::inf};
  network->trainStep(data, arma::regspace<arma::uvec>(0, data.size() - 1), rule);
  const Tensors after = network->weights();

  const auto known = trial.lineUp ? trial.lineUp(before, data, lambda)
                                  : std::vector<std::pair<std::string, Tensors>>{};

  GradientReport worst;
  worst.error = -1;
  std::string where;
  for (const auto& [name, start] : before) {
    Tensors weights = before;
    arma::cube x = asSeen(start);
    const double rate = !trial.slow.empty() && name.starts_with(trial.slow) ? 0.1 : 1;
    const arma::cube gradient = (x - asSeen(after.at(name))) / rate;
    const auto cost = [&] {
      takeBack(x, weights.at(name));
      network->setWeights(weights);
      return network->evaluateCost(data, lambda);
    };
    GradientOptions options{.samples = data.size()};
    for (const auto& [mistake, gradients] : known)
      options.suspects.push_back({mistake, asSeen(gradients.at(name))});
    const auto report = checkGradient(cost, x, gradient, options);
    if (report.error > worst.error) worst = report, where = name;
  }
  fmt::print("error {:.2e}\nthe worst is {}\n{}\n", worst.error, where, worst.text);
}

/// Prints the accuracy on images that the network has not seen;
/// nan for a run whose cost was no longer a number.
inline void trainOnce(const Trial& trial, const TrainTest& mnist, std::uint64_t seed) {
  const auto network = trial.full(seed);
  double accuracy = arma::datum::nan;
  try {
    train(*network, mnist.train.range(0, trial.samples), trial.plan, seed);
    accuracy = network->evaluate(mnist.test.range(0, 2000)).accuracy();
  } catch (const std::runtime_error&) {  // diverged
  }
  fmt::print("accuracy {:.2f}\n", accuracy);
}

/// The program, for the trials that it holds.
inline int run(int argc, char** argv, const std::vector<Trial>& trials) {
  const std::vector<std::string_view> words(argv + 1, argv + argc);
  for (const Trial& trial : trials) {
    if (words.size() < 2 || words[0] != trial.name) continue;
    if (words[1] == "check") check(trial);
    if (words[1] != "train") return 0;
    const TrainTest mnist = loadMnist(mnistFolder());
    for (int i = 3; i < argc; ++i)
      trainOnce(trial, mnist, std::strtoull(argv[i], {}, 10));
    return 0;
  }
  fmt::print(stderr, "usage: NAME check | NAME train SEED...\n");
  return 2;
}

}  // namespace cnn::museum
