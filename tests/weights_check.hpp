// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Checks of any network, whichever stage built it, on its weights by name.

#include "catch.hpp"
#include "common/training/classifier.hpp"
#include "temporary_folder.hpp"

#include <cmath>
#include <functional>
#include <string>
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

}  // namespace cnn
