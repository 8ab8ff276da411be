// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What training, scoring and saving need to know of a network, of whichever stage.
///   J = (1/m) (sum of the m samples' cross-entropies + (lambda/2) sum of w^2)

#include "common/core/tensor.hpp"
#include "common/data/dataset.hpp"

#include <armadillo>

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace cnn {

/// The numbers of one step of gradient descent,
///   w <- w - rate (clip(dJ_data/dw, +-clip) + lambda/m w)
///   b <- b - rate  clip(dJ_data/db, +-clip)
struct StepRule {
  double rate = 0.1;
  double lambda = 0.01;  ///< L2 regularisation
  double clip = 0.5;     ///< each entry of the batch-mean gradient is cut to +-clip
  Shift shift = {};      ///< moves the images
};

/// How well a network did on some samples. Sums, so that chunks add up.
struct Score {
  /// m J: cross-entropies, plus (lambda/2) sum of w^2 where it was asked for.
  double costSum = 0;
  arma::uword correct = 0;
  arma::uword samples = 0;

  Score& operator+=(const Score& other) {
    costSum += other.costSum;
    correct += other.correct;
    samples += other.samples;
    return *this;
  }
  double meanCost() const { return costSum / static_cast<double>(samples); }  ///< J
  double accuracy() const {  ///< in percent
    return 100.0 * static_cast<double>(correct) / static_cast<double>(samples);
  }
};

/// Numbers of a layer that lie side by side in memory, and the gradient for them.
template <class T>
struct Run {
  std::string name;  ///< "conv1.weight", "conv1.bias", ...
  std::span<T> values, gradient;
};
using AnyRun = std::variant<Run<float>, Run<double>>;

/// A network that learns to tell the classes of images apart.
class Classifier {
 public:
  virtual ~Classifier() = default;

  /// The score of these samples, L2 penalty included. The gradient of their
  /// cross-entropies, summed over the samples, stands in runs() afterwards.
  virtual Score computeGradients(const Dataset& data, const arma::uvec& samples,
                                 const StepRule& rule) = 0;

  /// One step downhill by that gradient, a sum over m samples.
  virtual void gradientDescent(double m, const StepRule& rule) = 0;

  /// The two in a row; the score is the one before the step.
  Score trainStep(const Dataset& data, const arma::uvec& samples,
                  const StepRule& rule) {
    const Score score = computeGradients(data, samples, rule);
    gradientDescent(static_cast<double>(samples.n_elem), rule);
    return score;
  }

  /// Weights and gradient layer by layer, as they lie in memory: the order of a run's
  /// numbers is the network's own. Who writes through them asks for them anew before
  /// the next step, since the network may keep its weights in a second form.
  virtual std::vector<AnyRun> runs() = 0;

  /// Probabilities, classes x samples.
  virtual arma::mat predict(const Dataset& data) const = 0;

  /// The sum of the cross-entropies and the number of right answers.
  virtual Score evaluate(const Dataset& data) const = 0;

  /// The L2 penalty (lambda/2) sum of w^2, not yet divided by the number of samples.
  virtual double regCost(double lambda) const = 0;

  /// J of all samples in `data`.
  double evaluateCost(const Dataset& data, double lambda) const {
    return (evaluate(data).costSum + regCost(lambda)) /
           static_cast<double>(data.size());
  }

  /// All weights and biases by PyTorch's names, shapes and order.
  virtual Tensors weights() const = 0;

  /// All or nothing.
  /// @throws InputError naming the tensor that is missing, unknown or of another shape
  virtual void setWeights(const Tensors& weights) = 0;
};

}  // namespace cnn
