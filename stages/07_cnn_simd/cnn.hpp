// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: the classifier of stage 05, a chunk of packs at a time, on one thread.
/// Weights, gradients and the step stay double; what flows between layers does not.

#include "04_mlp/chunks.hpp"
#include "05_cnn_serial/mnist_network.hpp"
#include "05_cnn_serial/network.hpp"
#include "07_cnn_simd/conv.hpp"
#include "07_cnn_simd/fc.hpp"
#include "07_cnn_simd/pool.hpp"

namespace cnn::simd {

/// A stack of bricks that ends in a softmax over the classes.
template <class P>
class CNNClassifier : public Network<Images<P>> {
  static Images<P> images(const Dataset& data, const arma::uvec& samples,
                          const Shift& shift = {}) {
    return toPacks<P>(data.images(samples, shift)).as({data.rows, data.columns, 1});
  }

  /// What the last layer made of these samples, classes x samples.
  static arma::mat columns(const Images<P>& x, const arma::uvec& samples) {
    const auto all = toColumns(x);
    return arma::conv_to<arma::mat>::from(all.head_cols(samples.n_elem));
  }

 public:
  /// Four packs go through the network together: each weight, once rounded, serves all.
  static constexpr arma::uword chunkSize = 4 * lanesOf<P>;

  using Network<Images<P>>::Network;

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data, this->inputShape());
    setZero(this->gradients_);
    Score total{.costSum = this->regCost(rule.lambda)};
    for (const arma::uvec& chunk : chunksOf(samples, chunkSize)) {
      const Images<P> x = images(data, chunk, rule.shift);
      const Labels labels = data.labels(chunk);
      const auto passes = this->feedForward(x);
      total += crossEntropy(columns(passes.back().z, chunk), labels);
      const arma::mat delta = outputError(columns(passes.back().a, chunk), labels);
      this->feedBackward(x, passes, toPacks<P>(delta), this->gradients_);
    }
    return total;
  }

  arma::mat predict(const Dataset& data) const override {
    requireFit(data, this->inputShape());
    arma::mat probabilities(this->outputShape().size(), data.size());
    for (const arma::uvec& chunk : chunksOf(everySample(data), chunkSize)) {
      const auto passes = this->feedForward(images(data, chunk));
      probabilities.cols(chunk) = columns(passes.back().a, chunk);
    }
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    requireFit(data, this->inputShape());
    Score total;
    for (const arma::uvec& chunk : chunksOf(everySample(data), chunkSize)) {
      const auto passes = this->feedForward(images(data, chunk));
      total += crossEntropy(columns(passes.back().z, chunk), data.labels(chunk));
    }
    return total;
  }
};

/// The network of this book.
template <class P = Pack<float>, int atOnce = 4>
CNNClassifier<P> mnistNetwork() {
  return withMnistLayers<ConvLayer<P, atOnce>, PoolLayer<P>, FlattenLayer<P>,
                         FCLayer<P, atOnce>>(CNNClassifier<P>(mnistImage));
}

}  // namespace cnn::simd
