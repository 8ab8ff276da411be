// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: the classifier of stage 05, a chunk of packs at a time, on one thread.
/// Weights, gradients and the step stay double; what flows between layers does not.

#include "05_cnn_serial/network.hpp"
#include "07_cnn_simd/conv.hpp"
#include "07_cnn_simd/fc.hpp"
#include "07_cnn_simd/pool.hpp"

namespace cnn::simd {

/// A stack of bricks that ends in a softmax over the classes.
template <class P>
class CNNClassifier : public Network<Images<P>> {
 public:
  /// So many samples go through the network together: four packs use each weight, once
  /// rounded, four times.
  static constexpr arma::uword chunk = 4 * lanesOf<P>;

  using Network<Images<P>>::Network;

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    this->requireFit(data);
    setZero(this->gradients_);
    Score total{.costSum = this->regCost(rule.lambda)};
    eachChunk(samples, [&](const arma::uvec& part) {
      const Images<P> x = images(data, part, rule.shift);
      const Labels labels = data.labels(part);
      const auto passes = this->feedForward(x);
      total += crossEntropy(columns(passes.back().z, part), labels);
      const arma::mat delta = outputError(columns(passes.back().a, part), labels);
      this->feedBackward(x, passes, toPacks<P>(delta), this->gradients_);
    });
    return total;
  }

  arma::mat predict(const Dataset& data) const override {
    this->requireFit(data);
    arma::mat probabilities(this->outputShape().size(), data.size());
    eachChunk(everySample(data), [&](const arma::uvec& part) {
      probabilities.cols(part) =
          columns(this->feedForward(images(data, part)).back().a, part);
    });
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    this->requireFit(data);
    Score total;
    eachChunk(everySample(data), [&](const arma::uvec& part) {
      total +=
          crossEntropy(columns(this->feedForward(images(data, part)).back().z, part),
                       data.labels(part));
    });
    return total;
  }

 private:
  static Images<P> images(const Dataset& data, const arma::uvec& samples,
                          const Shift& shift = {}) {
    return toPacks<P>(data.images(samples, shift)).as({data.rows, data.columns, 1});
  }

  /// What the last layer made of these samples, classes x samples.
  static arma::mat columns(const Images<P>& x, const arma::uvec& samples) {
    const auto all = toColumns(x);
    return arma::conv_to<arma::mat>::from(all.head_cols(samples.n_elem));
  }

  static arma::uvec everySample(const Dataset& data) {
    return arma::regspace<arma::uvec>(0, data.size() - 1);
  }

  template <class Use>
  static void eachChunk(const arma::uvec& samples, const Use& use) {
    for (arma::uword first = 0; first < samples.n_elem; first += chunk)
      use(samples.subvec(first, std::min(first + chunk, samples.n_elem) - 1));
  }
};

/// The network of this book: 28 x 28 x 1 -> 10 classes, 134,826 parameters.
template <class P = Pack<float>, int atOnce = 4>
CNNClassifier<P> mnistNetwork() {
  CNNClassifier<P> cnn({28, 28, 1});
  cnn.add(ConvLayer<P, atOnce>({.filters = 10, .size = 3}));  // 26 x 26 x 10
  cnn.add(PoolLayer<P>({.size = 2}));                         // 13 x 13 x 10
  cnn.add(ConvLayer<P, atOnce>({.filters = 16, .size = 5}));  // 9 x 9 x 16
  cnn.add(FlattenLayer<P>());                                 // 1296
  cnn.add(FCLayer<P, atOnce>({.outputs = 100}));
  cnn.add(FCLayer<P>(
      {.outputs = 10, .activation = Activation::softmax, .rateFactor = 0.1}));
  return cnn;
}

}  // namespace cnn::simd
