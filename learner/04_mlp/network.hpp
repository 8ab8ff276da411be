// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Networks for the exercises of stage 04, and what goes through them, in a few loops of
/// its own: inputs must not depend on the functions that are to be written.

#include "04_mlp/mlp.hpp"
#include "learner/exercise.hpp"

#include <string>
#include <vector>

namespace cnn::learner {

/// The layers of a network and what its hidden units do.
struct Net {
  std::vector<Parameters> layers;
  Activation hidden;

  MLP mlp() const {
    std::vector<arma::uword> sizes{layers[0].w.n_cols};
    for (const Parameters& p : layers) sizes.push_back(p.w.n_rows);
    Random random(1);
    MLP network(sizes, random, Start::Xavier, hidden);
    network.layers() = layers;
    return network;
  }
};

/// x = (1, 2) goes into this one in the chapter.
inline Net chapterNet() {
  return {{{{{1, 1}, {1, -1}}, {0, 0}}, {{{2, 1}, {0, -1}}, {0, 6}}}, Activation::relu};
}

/// Two units in every layer, so that a matrix in the wrong place still has a shape that
/// fits: only its numbers tell.
inline Net squareNet() {
  return {{{{{1, -1}, {0, 2}}, {0, 1}},
           {{{1, 2}, {-1, 1}}, {1, 0}},
           {{{2, 0}, {1, -1}}, {0, 1}}},
          Activation::logistic};
}

/// Small whole weights, or N(0, 1) ones, drawn from the sheet.
inline Net randomNet(Sheet& sheet, const std::vector<arma::uword>& sizes,
                     Activation hidden, bool whole) {
  Net net{{}, hidden};
  for (std::size_t l = 1; l < sizes.size(); ++l) {
    const arma::cube w = whole ? sheet.whole(sizes[l], sizes[l - 1], 1, 2)
                               : sheet.normal(sizes[l], sizes[l - 1]);
    const arma::cube b =
        whole ? sheet.whole(sizes[l], 1, 1, 2) : sheet.normal(sizes[l], 1);
    net.layers.push_back({w.slice(0), arma::vec(b.slice(0))});
  }
  return net;
}

inline arma::mat through(Activation g, const arma::mat& z) {
  if (g == Activation::relu) return arma::clamp(z, 0, arma::datum::inf);
  if (g == Activation::logistic) return 1 / (1 + arma::exp(-z));
  if (g == Activation::identity) return z;
  arma::mat p = arma::exp(z);
  p.each_row() /= arma::mat(arma::sum(p, 0));
  return p;
}

/// What feedForward makes of x, with the activation `last` behind the last layer.
inline MLP::Passes passesOf(const Net& net, const arma::mat& x,
                            Activation last = Activation::softmax) {
  MLP::Passes passes{{{}, x}};
  for (const Parameters& p : net.layers) {
    arma::mat z = p.w * passes.back().a;
    z.each_col() += p.b;
    const bool end = passes.size() == net.layers.size();
    passes.push_back({z, through(end ? last : net.hidden, z)});
  }
  return passes;
}

inline std::string named(const std::string& name, std::size_t l) {
  return name + "(" + std::to_string(l) + ")";
}

/// Shows the weights and biases.
inline void giveLayers(Sheet& sheet, const Net& net) {
  for (std::size_t l = 0; l < net.layers.size(); ++l) {
    sheet.given(named("w", l + 1), net.layers[l].w);
    sheet.given(named("b", l + 1), net.layers[l].b);
  }
}

inline void giveLabels(Sheet& sheet, const Labels& labels) {
  sheet.given("labels", arma::conv_to<arma::rowvec>::from(labels));
}

/// The last layer first: so goes the way back, and a mistake with it.
inline Parts parts(const Gradients& gradients) {
  Parts all;
  for (std::size_t l = gradients.size(); l-- > 0;) {
    all.push_back({named("dJ/dw", l + 1), numbers(gradients[l].w)});
    all.push_back({named("dJ/db", l + 1), numbers(gradients[l].b)});
  }
  return all;
}

/// Measures all gradients of a network; `cost` reads `mlp`.
inline void slopes(Sheet& sheet, MLP& mlp, const std::function<double()>& cost) {
  for (std::size_t l = 0; l < mlp.layers().size(); ++l) {
    sheet.slope(named("dJ/dw", l + 1), mlp.layers()[l].w, cost);
    sheet.slope(named("dJ/db", l + 1), mlp.layers()[l].b, cost);
  }
}

}  // namespace cnn::learner
