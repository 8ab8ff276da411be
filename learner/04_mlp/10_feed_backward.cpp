// SPDX-License-Identifier: MIT
#include "learner/04_mlp/network.hpp"

#include <algorithm>

using namespace cnn;
using arma::mat;
using learner::Net;
using learner::passesOf;

/// The way down, with the places where it goes wrong: each may be changed by a suspect.
struct Way {
  std::function<mat(std::size_t l)> met;          ///< what the weights of layer l met
  std::function<mat(const Parameters&)> weights;  ///< what delta goes down through
  std::function<mat(std::size_t l)> slope;        ///< g' on the way from layer l down
};

static mat slopeOf(Activation g, const mat& z) {
  mat slope(arma::size(z), arma::fill::ones);
  multiplyBySlope(slope, z, g);
  return slope;
}

static Gradients down(const Net& net, mat delta, const Way& way) {
  Gradients gradients(net.layers.size());
  for (std::size_t l = net.layers.size(); l-- > 0;) {
    gradients[l] = {delta * way.met(l).t(), arma::sum(delta, 1)};
    if (l > 0) delta = (way.weights(net.layers[l]) * delta) % way.slope(l);
  }
  return gradients;
}

static bool isSquare(const Net& net, const MLP::Passes& passes) {
  bool square = passes[0].a.n_rows == passes[1].a.n_rows;
  for (const Parameters& p : net.layers) square = square && p.w.n_rows == p.w.n_cols;
  return square;
}

static void backward(learner::Sheet& sheet, const Net& net, const MLP::Passes& passes,
                     const Labels& labels) {
  const MLP mlp = net.mlp();
  const std::size_t count = net.layers.size();
  sheet.given("x", passes[0].a);
  for (std::size_t l = 1; l < count; ++l) {
    sheet.given(learner::named("z", l), passes[l].z);
    sheet.given(learner::named("a", l), passes[l].a);
    sheet.given(learner::named("w", l + 1), net.layers[l].w);
  }
  sheet.given("p", passes.back().a);
  learner::giveLabels(sheet, labels);
  sheet.answer("gradients",
               [&] { return learner::parts(mlp.feedBackward(passes, labels)); });

  const Way right{[&](std::size_t l) { return passes[l].a; },
                  [](const Parameters& p) { return mat(p.w.t()); },
                  [&](std::size_t l) { return slopeOf(net.hidden, passes[l].z); }};
  const auto start = [&] { return outputError(passes.back().a, labels); };
  const auto suspect = [&](const char* mistake, const auto& run) {
    sheet.suspect(mistake, [&] { return learner::parts(run()); });
  };
  const auto otherWay = [&](const char* mistake, const auto& change) {
    suspect(mistake, [&] {
      Way way = right;
      change(way);
      return down(net, start(), way);
    });
  };
  const auto afterwards = [&](const char* mistake, const auto& change) {
    suspect(mistake, [&] {
      Gradients gradients = down(net, start(), right);
      for (Parameters& g : gradients) change(g);
      return gradients;
    });
  };
  afterwards("one sum for all biases: each unit has a sum of its own, over the samples",
             [](Parameters& g) { g.b.fill(arma::accu(g.b)); });
  suspect("the layers in the other order: gradients[l] is that of layers_[l]", [&] {
    Gradients gradients = down(net, start(), right);
    std::reverse(gradients.begin(), gradients.end());
    return gradients;
  });
  suspect("every gradient has the other sign: delta begins as p - y",
          [&] { return down(net, -start(), right); });
  afterwards("divided by the number of samples: the mean is taken later, by the step",
             [&](Parameters& g) {
               g.w /= static_cast<double>(labels.n_elem);
               g.b /= static_cast<double>(labels.n_elem);
             });
  suspect("the biases are given the error of the first sample only: sum over all", [&] {
    Gradients gradients = down(net, start(), right);
    const MLP::Passes first = passesOf(net, passes[0].a.col(0));
    Way way = right;
    way.met = [&](std::size_t l) { return first[l].a; };
    way.slope = [&](std::size_t l) { return slopeOf(net.hidden, first[l].z); };
    const Gradients ofFirst = down(net, outputError(first.back().a, {labels(0)}), way);
    for (std::size_t l = 0; l < count; ++l) gradients[l].b = ofFirst[l].b;
    return gradients;
  });
  suspect("dJ/db summed over the units, one number a sample: sum over the samples",
          [&] {
            Gradients gradients = down(net, start(), right);
            mat delta = start();
            for (std::size_t l = count; l-- > 0;) {
              gradients[l].b = arma::vec(arma::sum(delta, 0).t());
              if (l > 0) delta = (net.layers[l].w.t() * delta) % right.slope(l);
            }
            return gradients;
          });
  suspect("no layer has left its gradient in gradients[l]",
          [&] { return Gradients(count); });
  otherWay("the slope g' is forgotten on the way down", [&](Way& way) {
    way.slope = [&](std::size_t l) {
      return slopeOf(Activation::identity, passes[l].a);
    };
  });
  otherWay("the slope taken at a, not at z", [&](Way& way) {
    way.slope = [&](std::size_t l) { return slopeOf(net.hidden, passes[l].a); };
  });
  otherWay("the slope of ReLU in every layer: take hidden_, it may be another",
           [&](Way& way) {
             way.slope = [&](std::size_t l) {
               return slopeOf(Activation::relu, passes[l].z);
             };
           });
  otherWay("the weights met z: a weight meets a, what the layer below handed on",
           [&](Way& way) {
             way.met = [&](std::size_t l) {
               return l == 0 ? passes[l].a : passes[l].z;
             };
           });
  suspect("the slope in the last layer as well: p - y is dJ/dz there already", [&] {
    return down(net, start() % slopeOf(net.hidden, passes.back().z), right);
  });
  suspect("the last layer only: the ones below have learned nothing", [&] {
    Gradients gradients(count);
    gradients.back() = down(net, start(), right).back();
    return gradients;
  });
  if (!isSquare(net, passes)) return;
  otherWay("w is not transposed on the way down",
           [](Way& way) { way.weights = [](const Parameters& p) { return p.w; }; });
  otherWay("the weights met the layer's own a: they meet that of the layer below",
           [&](Way& way) { way.met = [&](std::size_t l) { return passes[l + 1].a; }; });
  otherWay("the slope taken at the z of the layer above: it belongs to the layer below",
           [&](Way& way) {
             way.slope = [&](std::size_t l) {
               return slopeOf(net.hidden, passes[l + 1].z);
             };
           });
}

EXERCISE(4, 10) {
  sheet.begin("the network of the chapter, class 0 is right");
  const Net chapter = learner::chapterNet();
  backward(sheet, chapter, passesOf(chapter, arma::vec{1, 2}), {0});
  sheet.begin("the two samples of the chapter");
  backward(sheet, chapter, passesOf(chapter, arma::mat{{1, 0}, {2, 3}}), {0, 0});
  sheet.begin("one layer");
  const Net one = learner::randomNet(sheet, {2, 3}, Activation::relu, true);
  backward(sheet, one, passesOf(one, sheet.whole(2, 2, 1, 1).slice(0)), {1, 0});
  sheet.begin("logistic units, two in every layer");
  const Net square = learner::squareNet();
  backward(sheet, square, passesOf(square, arma::mat{{1, 0}, {0, 1}}), {1, 0});
  for (const Activation g : {Activation::logistic, Activation::relu}) {
    sheet.begin("random layers of 3, 5, 4 and 2 units");
    const Net net = learner::randomNet(sheet, {3, 5, 4, 2}, g, false);
    const mat x = sheet.normal(3, 4).slice(0);
    const Labels labels = {1, 0, 1, 1};
    backward(sheet, net, passesOf(net, x), labels);
    MLP mlp = net.mlp();
    learner::slopes(sheet, mlp, [&] {
      return crossEntropy(mlp.feedForward(x).back().z, labels).costSum;
    });
  }
}
