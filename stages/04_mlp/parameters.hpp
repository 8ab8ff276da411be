// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: what a layer learns is one matrix and one vector, whatever kind of layer
/// it is.
///   z = w x + b        w : outputs x fan-in        b : outputs
///   w <- w - alpha (clip(dJ_data/dw, +-c) + lambda/m w)
/// A filter of a convolution is a row of w, its f.f.channels weights in a line.

#include "common/core/random.hpp"
#include "common/core/require.hpp"
#include "common/training/classifier.hpp"

#include <armadillo>

#include <cmath>
#include <span>
#include <string>
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
/// activations from layer to layer. Source: He et al. 2015, section 2.2.
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

/// Adds gradients up, sample by sample or chunk by chunk.
inline Parameters& operator+=(Parameters& sum, const Parameters& part) {
  sum.w += part.w;
  sum.b += part.b;
  return sum;
}

/// The gradients of a whole network, a layer each; empty where a layer learns nothing.
using Gradients = std::vector<Parameters>;

/// Zeros in the shape of the parameters.
inline Parameters zerosLike(const Parameters& p) {
  return {arma::mat(arma::size(p.w), arma::fill::zeros),
          arma::vec(p.b.n_elem, arma::fill::zeros)};
}

/// Zeros again, in the memory that is there.
inline void setZero(Gradients& sum) {
  for (Parameters& layer : sum) layer.w.zeros(), layer.b.zeros();
}

/// Adds layer by layer.
inline void addTo(Gradients& sum, const Gradients& more) {
  for (std::size_t l = 0; l < sum.size(); ++l) sum[l] += more[l];
}

/// One step downhill. `sum` is the gradient summed over the m samples of the batch,
/// without the penalty. The mean is taken before it is clipped: otherwise a larger
/// batch would be clipped harder. The penalty has its m from J = (1/m)(... + (lambda/2)
/// sum of w^2), and biases have none.
inline void gradientDescent(Parameters& p, const Parameters& sum, double m,
                            const StepRule& rule) {
  const double c = rule.clip;
  p.w -= rule.rate * (arma::clamp(sum.w / m, -c, c) + rule.lambda / m * p.w);
  p.b -= rule.rate * arma::clamp(sum.b / m, -c, c);
}

/// Adds what a layer learns to the runs of its network, as it lies in memory.
inline void addRuns(std::vector<AnyRun>& runs, const std::string& name, Parameters& p,
                    Parameters& gradient) {
  const auto numbers = [](auto& x) { return std::span<double>(x.memptr(), x.n_elem); };
  runs.push_back(Run<double>{name + ".weight", numbers(p.w), numbers(gradient.w)});
  runs.push_back(Run<double>{name + ".bias", numbers(p.b), numbers(gradient.b)});
}

/// Stores a layer as `name.weight` (of the given shape, outputs first) and `name.bias`.
inline void store(Tensors& tensors, const std::string& name, const Parameters& p,
                  std::vector<std::size_t> weightShape) {
  tensors[name + ".weight"] = toTensor(p.w, std::move(weightShape));
  tensors[name + ".bias"] = toTensor(p.b, {p.b.n_elem});
}

/// Takes a layer back from `name.weight` and `name.bias`.
/// @throws InputError when one is missing or has another shape
inline void fetch(const Tensors& tensors, const std::string& name, Parameters& p,
                  const std::vector<std::size_t>& weightShape) {
  const auto find = [&](const std::string& part,
                        const std::vector<std::size_t>& shape) {
    const auto found = tensors.find(name + part);
    requireInput(found != tensors.end(),
                 "these weights have no {}{}: is this the right "
                 "network?",
                 name, part);
    requireInput(found->second.shape == shape, "{}{} is {}, this network needs {}",
                 name, part, describe(found->second.shape), describe(shape));
    return toMatrix(found->second);
  };
  arma::mat w = find(".weight", weightShape);
  p.b = find(".bias", {p.b.n_elem});
  p.w = std::move(w);
}

}  // namespace cnn
