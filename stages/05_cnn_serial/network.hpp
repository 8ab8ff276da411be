// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the network that runs layers in their order.
///   forward:   a(l) = g(z(l)),  z(l) from a(l-1),   a(0) = x
///   backward:  delta(l) = dJ/dz(l) = dJ/da(l) . g'(z(l))

#include "04_mlp/activation.hpp"
#include "04_mlp/named_weights.hpp"
#include "04_mlp/parameters.hpp"
#include "04_mlp/training.hpp"
#include "05_cnn_serial/layer.hpp"

#include <armadillo>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cnn {

/// Layers in a row, each fed with what the one before it made.
template <class Data>
class Network : public Classifier {
 public:
  using DataType = Data;

  explicit Network(const Shape& input) : input_(input), output_(input) {}

  /// Puts a layer on top.
  /// @throws std::invalid_argument naming both shapes if it cannot fit
  template <class Brick>
  void add(Brick brick) {
    require(layers_.empty() || layers_.back()->activation != Activation::softmax,
            "layer {} ({}) cannot follow the softmax, which ends a network",
            layers_.size() + 1, brick.kind());
    try {
      output_ = brick.connect(output_);
    } catch (const std::invalid_argument& e) {
      require(false, "layer {} ({}) does not fit an input of {}: {}",
              layers_.size() + 1, brick.kind(), output_.text(), e.what());
    }
    layers_.push_back(std::make_unique<Brick>(std::move(brick)));
    gradients_.push_back(zerosLike(layers_.back()->parameters));
    names_.push_back(nameOf(*layers_.back()));
    shapes_.push_back(output_);
  }

  /// New random weights; the same seed gives the same weights in every stage.
  void init(std::uint64_t seed) {
    Random random(seed);
    for (auto& layer : layers_) layer->init(random);
  }

  /// What every layer makes of x, in order.
  std::vector<Trace<Data>> feedForward(const Data& x) const {
    std::vector<Trace<Data>> passes;
    passes.reserve(layers_.size());  // growing would copy every matrix so far
    for (const auto& layer : layers_)
      passes.push_back(layer->forward(passes.empty() ? x : passes.back().a));
    return passes;
  }

  /// Adds the gradients of every layer to `sums`, from delta = dJ/dz of the last one.
  void feedBackward(const Data& x, const std::vector<Trace<Data>>& passes, Data delta,
                    Gradients& sums) const {
    for (std::size_t l = layers_.size(); l-- > 0;) {
      const Data& below = l > 0 ? passes[l - 1].a : x;
      layers_[l]->computeGradients(delta, below, passes[l], sums[l]);
      if (l == 0) break;  // nothing below the image wants to know
      delta = layers_[l]->backPropError(delta, passes[l]);
      multiplyBySlope(delta, passes[l - 1].z, layers_[l - 1]->activation);
    }
  }

  /// A place to add gradients up in: zeros in the shape of every layer's parameters.
  Gradients zeroGradients() const {
    Gradients sums;
    for (const auto& layer : layers_) sums.push_back(zerosLike(layer->parameters));
    return sums;
  }

  /// Every layer steps by its own gradient.
  void gradientDescent(double m, const StepRule& rule) override {
    for (std::size_t l = 0; l < layers_.size(); ++l)
      layers_[l]->gradientDescent(gradients_[l], m, rule);
  }

  std::vector<AnyRun> runs() override {
    std::vector<AnyRun> runs;
    for (std::size_t l = 0; l < layers_.size(); ++l)
      if (layers_[l]->parameterCount() > 0)
        addRuns(runs, names_[l], layers_[l]->parameters, gradients_[l]);
    return runs;
  }

  /// Epochs of mini-batches, from the plan's first to its last.
  TrainingState batchTrain(const Dataset& data, const TrainingPlan& plan,
                           std::uint64_t seed = 1) {
    return train(*this, data, plan, seed);
  }

  /// The same with a step after every single sample.
  TrainingState stochasticTrain(const Dataset& data, TrainingPlan plan,
                                std::uint64_t seed = 1) {
    plan.batch = 1;
    return train(*this, data, plan, seed);
  }

  double regCost(double lambda) const override {
    double penalty = 0;
    for (const auto& layer : layers_) penalty += l2Penalty(layer->parameters, lambda);
    return penalty;
  }

  arma::uword parameterCount() const {
    arma::uword count = 0;
    for (const auto& layer : layers_) count += layer->parameterCount();
    return count;
  }

  Tensors weights() const override {
    Tensors tensors;
    for (std::size_t l = 0; l < layers_.size(); ++l)
      if (layers_[l]->parameterCount() > 0)
        store(tensors, names_[l], layers_[l]->canonical(), layers_[l]->weightShape());
    return tensors;
  }

  void setWeights(const Tensors& tensors) override {
    requireWeightsLike(weights(), tensors);
    for (std::size_t l = 0; l < layers_.size(); ++l)
      if (layers_[l]->parameterCount() > 0)
        layers_[l]->setCanonical(fetch(tensors, names_[l]));
  }

  /// A line a layer: what it is, the shape it makes, its parameters.
  std::string summary() const {
    std::string text = fmt::format("{:<10} {:>14} {:>12}\n{:<10} {:>14}\n", "layer",
                                   "output", "parameters", "input", input_.text());
    for (std::size_t l = 0; l < layers_.size(); ++l)
      text += fmt::format("{:<10} {:>14} {:>12}\n", names_[l], shapes_[l].text(),
                          layers_[l]->parameterCount());
    return text + fmt::format("{:<25} {:>12}\n", "total", parameterCount());
  }

  const Shape& inputShape() const { return input_; }
  const Shape& outputShape() const { return output_; }
  std::size_t depth() const { return layers_.size(); }
  const std::string& layerName(std::size_t l) const { return names_.at(l); }
  Layer<Data>& layer(std::size_t l) { return *layers_.at(l); }
  const Layer<Data>& layer(std::size_t l) const { return *layers_.at(l); }

 protected:
  Gradients gradients_;  ///< of the last batch, summed over its samples

 private:
  std::string nameOf(const Layer<Data>& layer) {  // conv1, conv2, fc1, ... as PyTorch
    if (layer.parameterCount() == 0) return layer.kind();
    return fmt::format("{}{}", layer.kind(), ++count_[layer.kind()]);
  }

  Shape input_, output_;
  std::vector<std::unique_ptr<Layer<Data>>> layers_;
  std::vector<std::string> names_;
  std::vector<Shape> shapes_;
  std::map<std::string, int> count_;
};

}  // namespace cnn
