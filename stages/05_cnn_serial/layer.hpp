// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: a brick, and what flows in and out of it.
///   forward            a = g(z),  z from x, the activations below
///   backPropError      from delta = dJ/dz to dJ/dx
///   computeGradients   from delta and x to dJ/dw and dJ/db
///   gradientDescent    a step along them
/// `Data` is what flows between the layers: here one image, rows x columns x channels.
/// Later stages plug in other kinds of data; brick and network stay as they are.

#include "04_mlp/activation.hpp"
#include "04_mlp/parameters.hpp"
#include "05_cnn_serial/shape.hpp"

#include <armadillo>

#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// What else a layer remembers from the way there for the way back: where each maximum
/// was, say. Every kind of `Data` says for itself.
template <class Data>
struct Memory;

/// What a layer made of its input: all that the way back needs to know of it.
template <class Data>
struct Trace : Pass<Data> {
  Memory<Data> memory = {};
};

/// A brick. It has parameters, or it has none and says nothing about them.
template <class Data>
class Layer {
 public:
  virtual ~Layer() = default;

  /// Takes the size of its input, makes itself fit, and returns the size of its output.
  /// @throws std::invalid_argument when no layer of this kind could follow
  virtual Shape connect(const Shape& input) = 0;

  virtual Trace<Data> forward(const Data& x) const = 0;

  /// From delta(l) of this layer to dJ/da(l-1) of the layer before.
  virtual Data backPropError(const Data& delta, const Trace<Data>& trace) const = 0;

  /// Adds dJ/dw and dJ/db of the samples in `delta` to `sum`; x is forward's input.
  virtual void computeGradients(const Data& /*delta*/, const Data& /*x*/,
                                const Trace<Data>&, Parameters& /*sum*/) const {}

  /// Random weights to start from.
  void init(Random& random) {
    if (parameterCount() == 0) return;
    setCanonical(heStart(parameters.w.n_rows, parameters.w.n_cols, random));
  }

  /// One step on the gradient summed over m samples.
  void gradientDescent(const Parameters& sum, double m, StepRule rule) {
    if (parameterCount() == 0) return;
    rule.rate *= rateFactor;
    cnn::gradientDescent(parameters, sum, m, rule);
  }

  arma::uword parameterCount() const { return parameters.count(); }

  /// The parameters with the weights of each output in channel, row, column order: the
  /// order of PyTorch, of files, and of the random start.
  Parameters canonical() const {
    Parameters p = parameters;
    if (!columnOrder.empty()) p.w.cols(columnOrder) = parameters.w;
    return p;
  }
  void setCanonical(Parameters p) {
    parameters = std::move(p);
    if (!columnOrder.empty()) parameters.w = arma::mat(parameters.w.cols(columnOrder));
  }

  virtual std::string kind() const = 0;  ///< "conv", "fc", "max pool", ...
  virtual std::vector<std::size_t> weightShape() const { return {}; }

  Parameters parameters;   ///< empty in pooling and flatten layers
  arma::uvec columnOrder;  ///< column j of w is canonical column (j)
  Activation activation = Activation::identity;
  double rateFactor = 1;  ///< of this layer's learning rate
};

}  // namespace cnn
