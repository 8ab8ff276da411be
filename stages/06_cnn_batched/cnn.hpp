// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: the classifier of stage 05, a chunk of samples at a time.
/// The chunks of a batch are dealt out to a fixed number of sums, each a thread's work.
/// A sum takes its chunks in their order, then the sums are added in theirs: the same
/// bits come out for any number of threads.

#include "04_mlp/chunks.hpp"
#include "05_cnn_serial/mnist_network.hpp"
#include "05_cnn_serial/network.hpp"
#include "06_cnn_batched/conv.hpp"
#include "06_cnn_batched/fc.hpp"
#include "06_cnn_batched/pool.hpp"
#include "common/core/parallel.hpp"

#include <armadillo>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace cnn::batched {

/// What some chunks of a batch add to its cost and gradients.
struct Sum {
  Score score;
  Gradients gradients;
};

/// More sums would feed more threads; each costs as much memory as the weights.
inline constexpr std::size_t maxSums = 8;

/// A stack of bricks that ends in a softmax over the classes.
class CNNClassifier : public Network<Batch> {
 public:
  /// `chunkSize` samples go through the network together, on each of `threads` threads.
  explicit CNNClassifier(const Shape& input, arma::uword threads = 1,
                         arma::uword chunkSize = 4)
      : Network(input), threads_(threads), chunkSize_(chunkSize) {
    require(threads >= 1 && chunkSize >= 1,
            "{} threads, chunks of {}: at least one of each", threads, chunkSize);
  }

  /// The samples as the first layer wants them, channels x (pixels . samples). An image
  /// file has one channel and lies row by row, so its pixels are in order already.
  Batch toBatch(const Dataset& data, const arma::uvec& samples,
                const Shift& shift = {}) const {
    Batch x = data.images(samples, shift);
    x.reshape(inputShape().channels, x.n_elem / inputShape().channels);
    return x;
  }

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data, inputShape());
    const auto chunks = chunksOf(samples, chunkSize_);
    const std::size_t count = std::min(chunks.size(), maxSums);
    if (sums_.size() < count) sums_.resize(count);
    parallelFor(count, threads_, [&](std::size_t s) {
      Sum& sum = sums_[s];
      sum.score = {};
      if (sum.gradients.size() != depth()) sum.gradients = zeroGradients();
      setZero(sum.gradients);
      for (std::size_t i = s; i < chunks.size(); i += count) {
        const Batch x = toBatch(data, chunks[i], rule.shift);
        const Labels labels = data.labels(chunks[i]);
        const auto passes = feedForward(x);
        sum.score += crossEntropy(passes.back().z, labels);
        feedBackward(x, passes, outputError(passes.back().a, labels), sum.gradients);
      }
    });

    Score score{.costSum = regCost(rule.lambda)};
    setZero(gradients_);
    for (std::size_t s = 0; s < count; ++s) {
      score += sums_[s].score;
      addTo(gradients_, sums_[s].gradients);
    }
    return score;
  }

  arma::mat predict(const Dataset& data) const override {
    arma::mat probabilities(outputShape().size(), data.size());
    eachChunk(data,
              [&](std::size_t, const arma::uvec& chunk, const Trace<Batch>& last) {
                probabilities.cols(chunk) = last.a;
              });
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    std::vector<Score> scores(data.size() / chunkSize_ + 1);
    eachChunk(data,
              [&](std::size_t i, const arma::uvec& chunk, const Trace<Batch>& last) {
                scores[i] = crossEntropy(last.z, data.labels(chunk));
              });
    Score total;
    for (const Score& score : scores) total += score;
    return total;
  }

 private:
  /// Calls use(i, chunk, last pass) for every chunk of the data, threads side by side.
  template <class Use>
  void eachChunk(const Dataset& data, const Use& use) const {
    requireFit(data, inputShape());
    const auto chunks = chunksOf(everySample(data), chunkSize_);
    parallelFor(chunks.size(), threads_, [&](std::size_t i) {
      use(i, chunks[i], feedForward(toBatch(data, chunks[i])).back());
    });
  }

  arma::uword threads_, chunkSize_;
  std::vector<Sum> sums_;  ///< kept from batch to batch for their memory
};

/// The network of this book.
inline CNNClassifier mnistNetwork(arma::uword threads = 1, arma::uword chunkSize = 4) {
  return withMnistLayers<ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
      CNNClassifier(mnistImage, threads, chunkSize));
}

}  // namespace cnn::batched
