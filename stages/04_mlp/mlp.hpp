// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: the multilayer perceptron. A layer is a matrix product and an activation.
///   z(l) = w(l) a(l-1) + b(l)      a(l) = g(z(l)), the last softmax      a(0) = pixels
///   delta(L) = p - y               delta(l) = w(l+1)^T delta(l+1) % g'(z(l))
///   dJ/dw(l) = delta(l) a(l-1)^T   dJ/db(l) = delta(l) summed over the samples
/// z, a, delta : units x samples      w(l) : units(l) x units(l-1)      b(l) : units(l)

#include "04_mlp/activation.hpp"
#include "04_mlp/parameters.hpp"

#include <algorithm>
#include <numeric>
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
    Gradients sum(layers_.size());
    arma::mat delta = outputError(passes.back().a, labels);
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Pass<arma::mat>& before = passes[l];
      sum[l] = {delta * before.a.t(), arma::sum(delta, 1)};
      if (l == 0) break;  // nothing below the pixels wants to know
      delta = layers_[l].w.t() * delta;
      multiplyBySlope(delta, before.z, hidden_);
    }
    return sum;
  }

  /// Large batches go through in chunks, so that memory stays bounded: sums add up.
  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    Score score{.costSum = regCost(rule.lambda)};
    setZero(gradients_);
    for (const arma::uvec& chunk : chunks(samples)) {
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
    for (const arma::uvec& chunk : chunks(everySample(data)))
      p.cols(chunk) = feedForward(data.images(chunk)).back().a;
    return p;
  }

  Score evaluate(const Dataset& data) const override {
    Score score;
    for (const arma::uvec& chunk : chunks(everySample(data)))
      score +=
          crossEntropy(feedForward(data.images(chunk)).back().z, data.labels(chunk));
    return score;
  }

  double regCost(double lambda) const override {
    double squares = 0;
    for (const Parameters& p : layers_) squares += arma::accu(arma::square(p.w));
    return lambda / 2 * squares;
  }

  Tensors weights() const override {
    Tensors tensors;
    for (std::size_t l = 0; l < layers_.size(); ++l)
      store(tensors, nameOf(l), layers_[l], shapeOf(l));
    return tensors;
  }

  void setWeights(const Tensors& tensors) override {
    const Tensors own = weights();
    for (const auto& [name, tensor] : tensors)
      requireInput(own.contains(name), "{} is not part of this network", name);
    std::vector<Parameters> found = layers_;  // all or nothing: read first, then set
    for (std::size_t l = 0; l < found.size(); ++l)
      fetch(tensors, nameOf(l), found[l], shapeOf(l));
    layers_ = std::move(found);
  }

 private:
  static arma::uvec everySample(const Dataset& data) {
    arma::uvec samples(data.size());
    std::iota(samples.begin(), samples.end(), arma::uword{0});
    return samples;
  }

  /// The samples in pieces of at most 1000.
  static std::vector<arma::uvec> chunks(const arma::uvec& samples) {
    std::vector<arma::uvec> parts;
    for (arma::uword first = 0; first < samples.n_elem; first += 1000)
      parts.push_back(
          samples.subvec(first, std::min(first + 1000, samples.n_elem) - 1));
    return parts;
  }

  static std::string nameOf(std::size_t l) { return fmt::format("fc{}", l + 1); }
  std::vector<std::size_t> shapeOf(std::size_t l) const {
    return {layers_[l].w.n_rows, layers_[l].w.n_cols};
  }

  std::vector<Parameters> layers_;
  Gradients gradients_;  ///< of the last batch, summed over its samples
  Activation hidden_;
};

}  // namespace cnn
