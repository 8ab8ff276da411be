// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What training, scoring and saving need to know of a network, whichever stage built
/// it.

#include "common/core/tensor.hpp"
#include "common/data/dataset.hpp"

#include <armadillo>

#include <filesystem>

namespace cnn {

/// The numbers of one step of gradient descent,
///   w <- w - rate (clip(dJ_data/dw, +-clip) + lambda/m w),   b likewise without
///   lambda.
struct StepRule {
  double rate = 0.1;
  double lambda = 0.01;  ///< L2 regularisation
  double clip = 0.5;     ///< each entry of the batch-mean gradient is cut to +-clip
  Shift shift = {};      ///< moves the images
};

/// How well a network did on some samples. Sums, so that parts add up; see meanCost().
struct Score {
  double cost =
      0;  ///< m J: cross-entropies, plus (lambda/2) sum of w^2 where it was asked
  arma::uword correct = 0;
  arma::uword samples = 0;

  Score& operator+=(const Score& other) {
    cost += other.cost;
    correct += other.correct;
    samples += other.samples;
    return *this;
  }
  double meanCost() const { return cost / static_cast<double>(samples); }
  double accuracy() const {  ///< in percent
    return 100.0 * static_cast<double>(correct) / static_cast<double>(samples);
  }
};

/// A network that learns to tell the classes of images apart.
class Classifier {
 public:
  virtual ~Classifier() = default;

  /// One step of gradient descent on these samples; the score is the one before the
  /// step.
  virtual Score trainStep(const Dataset& data, const arma::uvec& samples,
                          const StepRule& rule) = 0;

  /// Probabilities, classes x samples.
  virtual arma::mat predict(const Dataset& data) const = 0;

  /// The sum of the cross-entropies and the number of right answers.
  virtual Score evaluate(const Dataset& data) const = 0;

  /// The L2 penalty (lambda/2) sum of w^2, not yet divided by the number of samples.
  virtual double regCost(double lambda) const = 0;

  /// J = (1/m)(sum of the cross-entropies + (lambda/2) sum of w^2), m samples in
  /// `data`.
  double evaluateCost(const Dataset& data, double lambda) const {
    return (evaluate(data).cost + regCost(lambda)) / static_cast<double>(data.size());
  }

  /// All weights and biases by PyTorch's names, shapes and order.
  virtual Tensors weights() const = 0;

  /// @throws InputError naming the tensor that is missing, unknown or of another shape
  virtual void setWeights(const Tensors& weights) = 0;

  /// Weights to and from a safetensors file. @throws InputError naming file and tensor
  void saveWeights(const std::filesystem::path& path) const;
  void loadWeights(const std::filesystem::path& path);
};

}  // namespace cnn
