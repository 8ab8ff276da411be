// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Toy bricks, whose numbers can be followed by eye: for the cases of what the network
/// does with its bricks. They compute everything themselves. Columns of n numbers flow,
/// as cubes of n x 1 x 1.

#include "05_cnn_serial/cnn.hpp"
#include "learner/exercise.hpp"

namespace cnn::learner {

using serial::CNNClassifier;
using serial::Image;

/// What a toy is told when something else came than it was connected for.
inline void requireNumbers(const Image& x, arma::uword expected, const char* whose) {
  require(x.n_elem == expected, "a brick takes {} numbers, and got {} {}", expected,
          x.n_elem,
          x.empty() ? "(the z of a brick without activation is empty; its a is not)"
                    : whose);
}

/// z = w % x + b: a weight and a bias for each number, n x 1 each.
class Weigh : public Layer<Image> {
 public:
  Weigh(const arma::mat& wAndB, Activation g) {
    parameters = {wAndB.col(0), wAndB.col(1)};
    activation = g;
  }
  Shape connect(const Shape& input) override { return input; }
  Trace<Image> forward(const Image& x) const override {
    requireNumbers(x, parameters.b.n_elem, "to go forward with");
    const arma::mat z = parameters.w % x.slice(0) + parameters.b;
    return {activate(Image(z.memptr(), z.n_rows, 1, 1), activation)};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    requireNumbers(delta, parameters.b.n_elem, "as its error");
    const arma::mat dx = parameters.w % delta.slice(0);
    return Image(dx.memptr(), dx.n_rows, 1, 1);
  }
  void computeGradients(const Image& delta, const Image& x, const Trace<Image>&,
                        Parameters& sum) const override {
    requireNumbers(delta, parameters.b.n_elem, "as its error");
    requireNumbers(x, parameters.b.n_elem, "as the input that it had");
    sum.w += delta.slice(0) % x.slice(0);
    sum.b += delta.slice(0);
  }
  std::string kind() const override { return "weigh"; }
};

/// Of each two numbers the larger, or the mean: 2 n numbers become n, and there is no z.
class Pairs : public Layer<Image> {
 public:
  explicit Pairs(Pooling pooling) : pooling_(pooling) {}
  Shape connect(const Shape& input) override {
    n_ = input.rows / 2;
    return {n_, 1, 1, true};
  }
  Trace<Image> forward(const Image& x) const override {
    requireNumbers(x, 2 * n_, "to go forward with");
    Trace<Image> trace{{.z = {}, .a = Image(n_, 1, 1)}};
    trace.memory.winners.set_size(n_, 1, 1);
    for (arma::uword i = 0; i < n_; ++i) {
      trace.memory.winners(i) = x(2 * i) < x(2 * i + 1);
      trace.a(i) = pooling_ == Pooling::max ? std::max(x(2 * i), x(2 * i + 1))
                                            : (x(2 * i) + x(2 * i + 1)) / 2;
    }
    return trace;
  }
  Image backPropError(const Image& delta, const Trace<Image>& trace) const override {
    requireNumbers(delta, n_, "as its error");
    require(trace.memory.winners.n_elem == n_,
            "a brick finds no winners in its trace: is it that of another brick?");
    Image dx(2 * n_, 1, 1, arma::fill::zeros);
    for (arma::uword i = 0; i < n_; ++i)
      if (pooling_ == Pooling::max)
        dx(2 * i + trace.memory.winners(i)) = delta(i);
      else
        dx(2 * i) = dx(2 * i + 1) = delta(i) / 2;
    return dx;
  }
  std::string kind() const override { return "pairs"; }

 private:
  Pooling pooling_;
  arma::uword n_ = 0;
};

/// An image x there, brick by brick.
inline std::vector<Trace<Image>> there(const CNNClassifier& net, const Image& x) {
  std::vector<Trace<Image>> passes;
  for (std::size_t l = 0; l < net.depth(); ++l)
    passes.push_back(net.layer(l).forward(l == 0 ? x : passes[l - 1].a));
  return passes;
}

/// The parameters of every brick that has some, as inputs that are shown.
inline void giveParameters(Sheet& sheet, const CNNClassifier& net) {
  for (std::size_t l = 0; l < net.depth(); ++l) {
    const Parameters& p = net.layer(l).parameters;
    if (p.count() > 0)
      sheet.given("w, b of " + std::to_string(l + 1),
                  arma::mat(arma::join_rows(p.w, p.b)));
  }
}

}  // namespace cnn::learner
