// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks of any network, whichever stage built it, on its weights by name.

#include "catch.hpp"
#include "common/training/classifier.hpp"
#include "temporary_folder.hpp"

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// The largest difference between two sets of weights;
/// infinite where names or shapes differ.
inline double apart(const Tensors& a, const Tensors& b) {
  double largest = a.size() == b.size() ? 0 : arma::datum::inf;
  for (const auto& [name, tensor] : a) {
    const auto found = b.find(name);
    if (found == b.end() || found->second.shape != tensor.shape)
      return arma::datum::inf;
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const double difference = std::abs(tensor.values[i] - found->second.values[i]);
      if (!(difference <= largest)) largest = difference;  // a NaN stays
    }
  }
  return largest;
}

/// Weights are taken all or not at all: whichever tensor is missing, is one too many,
/// or has one side a step too long or too short, its name is said and nothing replaced.
inline void checkAllOrNothing(Classifier& network) {
  const Tensors before = network.weights();
  Tensors other = before;
  for (auto& [name, tensor] : other)
    for (double& value : tensor.values) value = 1 - value;
  const auto refuses = [&](const std::string& name,
                           const std::function<void(Tensors&)>& spoil) {
    Tensors spoilt = other;
    spoil(spoilt);
    checkSays(refusal([&] { network.setWeights(spoilt); }), name);
    CHECK(apart(network.weights(), before) == 0);
  };
  for (const auto& one : before) {
    const std::string& name = one.first;
    INFO(name);
    refuses(name, [&](Tensors& t) { t.erase(name); });
    refuses("x" + name, [&](Tensors& t) { t["x" + name] = t[name]; });
    for (std::size_t side = 0; side < one.second.shape.size(); ++side)
      for (const std::size_t step : {std::size_t{1}, ~std::size_t{0}})  // and back
        refuses(name + " is ", [&](Tensors& t) {
          t[name].shape[side] += step;
          t[name].values.resize(elementCount(t[name].shape));
        });
  }
  network.setWeights(other);
  CHECK(apart(network.weights(), other) < 1e-6);  // stage 08 rounds to float
}

/// Images with a row or a column too few or too many are refused by everyone who takes
/// images, and the weights stay.
inline void checkImagesOfOtherSizes(Classifier& network, arma::uword rows,
                                    arma::uword columns, const std::string& says) {
  const Tensors before = network.weights();
  using Sides = std::pair<arma::uword, arma::uword>;
  for (const auto& [height, width] :
       {Sides{rows - 1, columns}, Sides{rows + 1, columns}, Sides{rows, columns - 1},
        Sides{rows, columns + 1}}) {
    Dataset data{height, width, {}, {}};
    data.pixels.zeros(height * width, 2);
    data.labels.zeros(2);
    checkSays(refusal([&] { network.trainStep(data, {0, 1}, {}); }), says);
    checkSays(refusal([&] { network.predict(data); }), says);
    checkSays(refusal([&] { network.evaluate(data); }), says);
  }
  CHECK(apart(network.weights(), before) == 0);
}

/// The runs have these names and lengths. The two halves of a step make the step; the
/// first may be taken twice, for it begins at 0; and the second can be made by hand,
///   values -= rate gradient / m,
/// where run `slow` has a tenth of the rate.
inline void checkRuns(const std::function<std::unique_ptr<Classifier>()>& make,
                      const Dataset& data,
                      const std::vector<std::pair<std::string, std::size_t>>& wanted,
                      const std::string& slow, double tolerance) {
  const auto whole = make(), halves = make(), byHand = make();
  const arma::uvec all = arma::regspace<arma::uvec>(0, data.size() - 1);
  const auto m = static_cast<double>(data.size());
  const StepRule rule{.rate = 0.3, .lambda = 0, .clip = arma::datum::inf};

  const Score score = whole->trainStep(data, all, rule);
  halves->computeGradients(data, all.head(1), rule);
  CHECK(halves->computeGradients(data, all, rule).costSum == score.costSum);
  CHECK(apart(halves->weights(), make()->weights()) == 0);
  halves->gradientDescent(m, rule);
  CHECK(apart(halves->weights(), whole->weights()) == 0);

  byHand->computeGradients(data, all, rule);
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const AnyRun& any : byHand->runs())
    std::visit(
        [&](const auto& run) {
          found.emplace_back(run.name, run.values.size());
          REQUIRE(run.gradient.size() == run.values.size());
          const double rate = run.name.starts_with(slow) ? 0.03 : 0.3;
          for (std::size_t i = 0; i < run.values.size(); ++i) {
            const double step = rate * static_cast<double>(run.gradient[i]) / m;
            run.values[i] = static_cast<std::remove_cvref_t<decltype(run.values[i])>>(
                static_cast<double>(run.values[i]) - step);
          }
        },
        any);
  CHECK(found == wanted);
  byHand->runs();
  CHECK(apart(byHand->weights(), make()->weights()) > 0.001);
  CHECK(apart(byHand->weights(), whole->weights()) < tolerance);
}

}  // namespace cnn
