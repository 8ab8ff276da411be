// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: the multilayer perceptron. A layer is a matrix product and an activation.
///   z(l) = w(l) a(l-1) + b(l)      a(l) = g(z(l)), the last softmax      a(0) = pixels
///   delta(L) = p - y               delta(l) = w(l+1)^T delta(l+1) % g'(z(l))
///   dJ/dw(l) = delta(l) a(l-1)^T   dJ/db(l) = delta(l) summed over the samples
///   z, a, delta : units x samples  w(l) : units(l) x units(l-1)      b(l) : units(l)

#include "04_mlp/activation.hpp"
#include "04_mlp/chunks.hpp"
#include "04_mlp/named_weights.hpp"
#include "04_mlp/parameters.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// How the weights begin.
enum class Start { Xavier, He };

/// Layers of units, each seeing all of the layer before.
class MLP : public Classifier {
 public:
  using Passes = std::vector<Pass<arma::mat>>;  ///< units x samples, layer by layer

  /// `sizes` are the units of each layer, from the pixels to the classes.
  /// @throws std::invalid_argument for fewer than two layers, or one without units
  MLP(const std::vector<arma::uword>& sizes, Random& random,
      Start start = Start::Xavier, Activation hidden = Activation::logistic)
      : hidden_(hidden) {
    require(sizes.size() >= 2, "the MLP needs inputs and outputs, got {} sizes",
            sizes.size());
    for (std::size_t l = 0; l < sizes.size(); ++l)
      require(sizes[l] > 0, "the MLP's size number {} is 0", l + 1);
    const auto begin = start == Start::Xavier ? xavierStart : heStart;
    for (std::size_t l = 1; l < sizes.size(); ++l)
      layers_.push_back(begin(sizes[l], sizes[l - 1], random));
    for (const Parameters& p : layers_) gradients_.push_back(zerosLike(p));
  }

  /// Weights and biases, first layer first.
  std::vector<Parameters>& layers() { return layers_; }

  /// How many numbers there are to learn.
  arma::uword parameterCount() const {
    arma::uword count = 0;
    for (const Parameters& p : layers_) count += p.count();
    return count;
  }

  /// Every layer's z and a, the inputs first (as an a without a z), probabilities last.
  /// @throws std::invalid_argument when x, inputs x samples, has other inputs
  Passes feedForward(arma::mat x) const {
    const arma::uword inputs = layers_.front().w.n_cols;
    require(x.n_rows == inputs, "the MLP expects {} inputs, the images have {} pixels",
            inputs, x.n_rows);
    Passes passes{{{}, std::move(x)}};
    for (const Parameters& p : layers_) {
      arma::mat z = p.w * passes.back().a;
      z.each_col() += p.b;
      const bool last = passes.size() == layers_.size();
      passes.push_back(activate(std::move(z), last ? Activation::softmax : hidden_));
    }
    return passes;
  }

  /// The gradient of the cross-entropies, summed over the samples, first layer first.
  Gradients feedBackward(const Passes& passes, const Labels& labels) const {
    Gradients gradients(layers_.size());
    arma::mat delta = outputError(passes.back().a, labels);
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Pass<arma::mat>& before = passes[l];
      gradients[l] = {delta * before.a.t(), arma::sum(delta, 1)};
      if (l == 0) break;  // nothing below the pixels wants to know
      delta = layers_[l].w.t() * delta;
      multiplyBySlope(delta, before.z, hidden_);
    }
    return gradients;
  }

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    Score score{.costSum = regCost(rule.lambda)};
    setZero(gradients_);
    for (const arma::uvec& chunk : chunksOf(samples, chunkSize)) {
      const Passes passes = feedForward(data.images(chunk, rule.shift));
      const Labels labels = data.labels(chunk);
      score += crossEntropy(passes.back().z, labels);
      addTo(gradients_, feedBackward(passes, labels));
    }
    return score;
  }

  void gradientDescent(double m, const StepRule& rule) override {
    for (std::size_t l = 0; l < layers_.size(); ++l)
      cnn::gradientDescent(layers_[l], gradients_[l], m, rule);
  }

  std::vector<AnyRun> runs() override {
    std::vector<AnyRun> runs;
    for (std::size_t l = 0; l < layers_.size(); ++l)
      addRuns(runs, nameOf(l), layers_[l], gradients_[l]);
    return runs;
  }

  arma::mat predict(const Dataset& data) const override {
    arma::mat p(layers_.back().b.n_elem, data.size());
    for (const arma::uvec& chunk : chunksOf(everySample(data), chunkSize))
      p.cols(chunk) = feedForward(data.images(chunk)).back().a;
    return p;
  }

  Score evaluate(const Dataset& data) const override {
    Score score;
    for (const arma::uvec& chunk : chunksOf(everySample(data), chunkSize)) {
      const Passes passes = feedForward(data.images(chunk));
      score += crossEntropy(passes.back().z, data.labels(chunk));
    }
    return score;
  }

  double regCost(double lambda) const override {
    double penalty = 0;
    for (const Parameters& p : layers_) penalty += l2Penalty(p, lambda);
    return penalty;
  }

  Tensors weights() const override {
    Tensors tensors;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const arma::mat& w = layers_[l].w;
      store(tensors, nameOf(l), layers_[l], {w.n_rows, w.n_cols});
    }
    return tensors;
  }

  void setWeights(const Tensors& tensors) override {
    requireWeightsLike(weights(), tensors);
    for (std::size_t l = 0; l < layers_.size(); ++l)
      layers_[l] = fetch(tensors, nameOf(l));
  }

 private:
  static constexpr arma::uword chunkSize = 1000;

  static std::string nameOf(std::size_t l) { return fmt::format("fc{}", l + 1); }

  std::vector<Parameters> layers_;
  Gradients gradients_;  ///< of the last batch, summed over its samples
  Activation hidden_;
};

}  // namespace cnn
