// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: the classifier of stage 05, a chunk of samples at a time.
/// A batch is cut into chunks, so that memory stays bounded however large the batch,
/// and the chunks are dealt out to a fixed number of sums, which threads work through.
/// Each sum takes its chunks in order, then the sums are added in order: the same bits
/// come out for any number of threads.

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

class CNNClassifier : public Network<Batch> {
 public:
  /// `chunk` samples go through the network together, on each of `threads` threads.
  explicit CNNClassifier(const Shape& input, arma::uword threads = 1,
                         arma::uword chunk = 4)
      : Network(input), threads_(threads), chunk_(chunk) {
    require(threads >= 1 && chunk >= 1,
            "{} threads, chunks of {}: at least one of each", threads, chunk);
  }

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data);
    const auto parts = chunks(samples);
    const std::size_t count = std::min(parts.size(), maxSums);
    while (sums_.size() < count) sums_.push_back({{}, zeroGradients()});
    parallelFor(count, threads_, [&](std::size_t s) {
      Sum& sum = sums_[s];
      sum.score = {};
      setZero(sum.gradients);
      for (std::size_t i = s; i < parts.size(); i += count) {
        const Batch x = toBatch(data, parts[i], rule.shift);
        const Labels labels = data.labels(parts[i]);
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
    eachChunk(data, [&](std::size_t, const arma::uvec& part, const Trace<Batch>& last) {
      probabilities.cols(part.front(), part.back()) = last.a;
    });
    return probabilities;
  }

  Score evaluate(const Dataset& data) const override {
    std::vector<Score> scores(data.size() / chunk_ + 1);
    eachChunk(data,
              [&](std::size_t i, const arma::uvec& part, const Trace<Batch>& last) {
                scores[i] = crossEntropy(last.z, data.labels(part));
              });
    Score total;
    for (const Score& score : scores) total += score;
    return total;
  }

  /// The samples as the first layer wants them, channels x (pixels . samples). An image
  /// file has one channel and lies row by row, so its pixels are in order already.
  Batch toBatch(const Dataset& data, const arma::uvec& samples,
                const Shift& shift = {}) const {
    Batch x = data.images(samples, shift);
    x.reshape(inputShape().channels, x.n_elem / inputShape().channels);
    return x;
  }

 private:
  /// What some chunks of a batch add to its cost and gradients.
  struct Sum {
    Score score;
    Gradients gradients;
  };

  /// The samples in pieces of at most `chunk_`.
  std::vector<arma::uvec> chunks(const arma::uvec& samples) const {
    std::vector<arma::uvec> parts;
    for (arma::uword first = 0; first < samples.n_elem; first += chunk_)
      parts.push_back(
          samples.subvec(first, std::min(first + chunk_, samples.n_elem) - 1));
    return parts;
  }

  /// Calls use(i, samples, last pass) for every chunk of the data, threads side by
  /// side.
  template <class Use>
  void eachChunk(const Dataset& data, const Use& use) const {
    requireFit(data);
    const auto parts = chunks(arma::regspace<arma::uvec>(0, data.size() - 1));
    parallelFor(parts.size(), threads_, [&](std::size_t i) {
      use(i, parts[i], feedForward(toBatch(data, parts[i])).back());
    });
  }

  /// More sums would feed more threads; each costs as much memory as the weights.
  static constexpr std::size_t maxSums = 8;

  arma::uword threads_, chunk_;
  std::vector<Sum> sums_;  ///< kept from batch to batch for their memory
};

/// The network of this book: 28 x 28 x 1 -> 10 classes, 134,826 parameters.
inline CNNClassifier mnistNetwork(arma::uword threads = 1, arma::uword chunk = 4) {
  CNNClassifier cnn({28, 28, 1}, threads, chunk);
  cnn.add(ConvLayer({.filters = 10, .size = 3}));  // 26 x 26 x 10
  cnn.add(PoolLayer({.size = 2}));                 // 13 x 13 x 10
  cnn.add(ConvLayer({.filters = 16, .size = 5}));  // 9 x 9 x 16
  cnn.add(FlattenLayer());                         // 1296
  cnn.add(FCLayer({.outputs = 100}));
  cnn.add(
      FCLayer({.outputs = 10, .activation = Activation::softmax, .rateFactor = 0.1}));
  return cnn;
}

}  // namespace cnn::batched
