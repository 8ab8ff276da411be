// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the CNN that classifies digits, trained one image after the other.
///   J = (1/m) (sum of the images' cross-entropies + (lambda/2) sum of w^2)

#include "05_cnn_serial/conv.hpp"
#include "05_cnn_serial/fc.hpp"
#include "05_cnn_serial/mnist_network.hpp"
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
    requireFit(data, inputShape());
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
    requireFit(data, inputShape());
    arma::mat probabilities(outputShape().size(), data.size());
    for (arma::uword n = 0; n < data.size(); ++n)
      probabilities.col(n) = asColumn(feedForward(image(data, n)).back().a);
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    requireFit(data, inputShape());
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

/// The network of this book.
inline CNNClassifier mnistNetwork() {
  return withMnistLayers<ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
      CNNClassifier(mnistImage));
}

}  // namespace cnn::serial
