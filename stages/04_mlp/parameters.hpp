// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: what a layer learns is one matrix and one vector, whatever its kind.
///   z = w x + b        w : outputs x fan-in        b : outputs
///   w <- w - alpha (clip(dJ_data/dw, +-c) + lambda/m w)
///   b <- b - alpha  clip(dJ_data/db, +-c)
/// A filter of a convolution is a row of w, its f.f.channels weights in a line.

#include "common/core/random.hpp"
#include "common/training/classifier.hpp"

#include <armadillo>

#include <cmath>
#include <utility>
#include <vector>

namespace cnn {

/// Weights and biases of a layer, or the gradient with respect to them.
struct Parameters {
  arma::mat w;
  arma::vec b;

  arma::uword count() const { return w.n_elem + b.n_elem; }
};

/// He's start for layers with ReLU: N(0, sqrt(2 / fan-in)), which keeps the size of the
/// activations from layer to layer. Source: He et al. 2015, section 2.2. They set the
/// biases to 0; here, as in the article, biases are drawn like weights.
inline Parameters heStart(arma::uword outputs, arma::uword fanIn, Random& random) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(fanIn));
  arma::mat w = normal(outputs, fanIn, deviation, random);
  return {std::move(w), normal(outputs, 1, deviation, random)};
}

/// Glorot's start ("Xavier") for layers whose activation has no side, as the logistic:
/// N(0, sqrt(2 / (fan-in + outputs))), a compromise that keeps the size of the
/// activations on the way forward and that of the gradients on the way back; biases
/// start at 0. Source: Glorot and Bengio 2010, sections 2.3 and 4.2, equation 12.
inline Parameters xavierStart(arma::uword outputs, arma::uword fanIn, Random& random) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(fanIn + outputs));
  return {normal(outputs, fanIn, deviation, random),
          arma::vec(outputs, arma::fill::zeros)};
}

/// The gradients of a whole network, a layer each; empty where a layer learns nothing.
using Gradients = std::vector<Parameters>;

/// A place to add a layer's gradients up in.
inline Parameters zerosLike(const Parameters& p) {
  return {arma::mat(arma::size(p.w), arma::fill::zeros),
          arma::vec(p.b.n_elem, arma::fill::zeros)};
}

/// Zeros again, in the memory that is there.
inline void setZero(Gradients& sums) {
  for (auto& [w, b] : sums) {
    w.zeros();
    b.zeros();
  }
}

/// Adds layer by layer.
inline void addTo(Gradients& sums, const Gradients& gradients) {
  for (std::size_t l = 0; l < sums.size(); ++l) {
    sums[l].w += gradients[l].w;
    sums[l].b += gradients[l].b;
  }
}

/// The L2 penalty on a layer, (lambda/2) sum of w^2.
inline double l2Penalty(const Parameters& p, double lambda) {
  return lambda / 2 * arma::accu(arma::square(p.w));
}

/// One step downhill. `sum` is the gradient summed over the m samples of the batch,
/// without the penalty. The mean is taken before it is clipped: otherwise a larger
/// batch would be clipped harder. The penalty has its m from
///   J = (1/m) (sum of the cross-entropies + (lambda/2) sum of w^2)
/// and biases have none.
inline void gradientDescent(Parameters& p, const Parameters& sum, double m,
                            const StepRule& rule) {
  const double c = rule.clip;
  p.w -= rule.rate * (arma::clamp(sum.w / m, -c, c) + rule.lambda / m * p.w);
  p.b -= rule.rate * arma::clamp(sum.b / m, -c, c);
}

}  // namespace cnn
