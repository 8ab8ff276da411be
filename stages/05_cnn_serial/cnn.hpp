// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the CNN that classifies digits, trained one image after the other.
///   J = (1/m) (sum of the images' cross-entropies + (lambda/2) sum of w^2)

#include "05_cnn_serial/conv.hpp"
#include "05_cnn_serial/fc.hpp"
#include "05_cnn_serial/network.hpp"
#include "05_cnn_serial/pool.hpp"

#include <armadillo>

#include <vector>

namespace cnn::serial {

/// A stack of bricks that ends in a softmax over the classes.
class CNNClassifier : public Network<Image> {
 public:
  using Network::Network;

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data);
    setZero(gradients_);
    Score total{.costSum = regCost(rule.lambda)};
    for (const arma::uword n : samples) {
      const Image x = image(data, n, rule.shift);
      const auto passes = feedForward(x);
      total += score(passes, data.labels(n));
      const Image delta =
          asImage(outputError(asColumn(passes.back().a), {data.labels(n)}));
      feedBackward(x, passes, delta, gradients_);
    }
    return total;
  }

  arma::mat predict(const Dataset& data) const override {
    requireFit(data);
    arma::mat probabilities(outputShape().size(), data.size());
    for (arma::uword n = 0; n < data.size(); ++n)
      probabilities.col(n) = asColumn(feedForward(image(data, n)).back().a);
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    requireFit(data);
    Score total;
    for (arma::uword n = 0; n < data.size(); ++n)
      total += score(feedForward(image(data, n)), data.labels(n));
    return total;
  }

 private:
  static Image image(const Dataset& data, arma::uword n, const Shift& shift = {}) {
    const arma::mat x = data.image(n, shift);
    return Image(x.memptr(), x.n_rows, x.n_cols, 1);
  }

  static Score score(const std::vector<Trace<Image>>& passes, std::uint8_t label) {
    return crossEntropy(asColumn(passes.back().z), {label});
  }
};

/// The network of this book: 28 x 28 x 1 -> 10 classes, 134,826 parameters.
inline CNNClassifier mnistNetwork() {
  CNNClassifier cnn({28, 28, 1});
  cnn.add(ConvLayer({.filters = 10, .size = 3}));  // 26 x 26 x 10
  cnn.add(PoolLayer({.size = 2}));                 // 13 x 13 x 10
  cnn.add(ConvLayer({.filters = 16, .size = 5}));  // 9 x 9 x 16
  cnn.add(FlattenLayer());                         // 1296
  cnn.add(FCLayer({.outputs = 100}));
  cnn.add(
      FCLayer({.outputs = 10, .activation = Activation::softmax, .rateFactor = 0.1}));
  return cnn;
}

}  // namespace cnn::serial
