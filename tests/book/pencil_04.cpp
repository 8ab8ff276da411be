// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 04.

#include "04_mlp/mlp.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;

/// Two inputs, two hidden units with ReLU, two classes; class 0 is right.
MLP example() {
  Random random(1);
  MLP mlp({2, 2, 2}, random, Start::Xavier, Activation::relu);
  mlp.layers()[0] = {{{1, 1}, {1, -1}}, {0, 0}};
  mlp.layers()[1] = {{{2, 1}, {0, -1}}, {0, 6}};
  return mlp;
}
const mat sample = vec{1, 2}, second = vec{0, 3};
const Labels right = {0};

const StepRule plain = {.rate = 0.1, .lambda = 0, .clip = arma::datum::inf};

Gradients gradient(const MLP& mlp, const mat& x) {
  return mlp.feedBackward(mlp.feedForward(x), Labels(x.n_cols, arma::fill::zeros));
}

double cost(const MLP& mlp) {
  return crossEntropy(mlp.feedForward(sample).back().z, right).costSum;
}

/// What a step along `sum` subtracts, by the rate 1.
Parameters change(const Parameters& p, const Parameters& sum, double m,
                  const StepRule& rule) {
  Parameters after = p;
  gradientDescent(after, sum, m, rule);
  return {p.w - after.w, p.b - after.b};
}

PENCIL(mlpForward) {
  MLP mlp = example();
  const auto pass = mlp.feedForward(sample);
  const auto& [one, two] = std::tie(mlp.layers()[0], mlp.layers()[1]);
  return fill(R"(
  x = #    w1 = ##  #    b1 = #    z1 = #·# + ##·# + # = ##    a1 = #
      #         ##  #         #         #·# + ##·# + # = ##         #

           w2 = ##  #    b2 = #    z2 = #·# + ##·# + # = ##    p  = #.#
                ##  #         #         #·# + ##·# + # = ##         #.#

  J = -log(#.#) ≈ #.######
)",
              sample(0), one.w.row(0), one.b(0), terms(one.w.row(0), sample.t()),
              one.b(0), pass[1].z(0), pass[1].a(0),  //
              sample(1), one.w.row(1), one.b(1), terms(one.w.row(1), sample.t()),
              one.b(1), pass[1].z(1), pass[1].a(1),  //
              two.w.row(0), two.b(0), terms(two.w.row(0), pass[1].a.t()), two.b(0),
              pass[2].z(0), pass[2].a(0),  //
              two.w.row(1), two.b(1), terms(two.w.row(1), pass[1].a.t()), two.b(1),
              pass[2].z(1), pass[2].a(1),  //
              pass[2].a(0), cost(mlp));
}

PENCIL(mlpBack) {
  MLP mlp = example();
  const auto pass = mlp.feedForward(sample);
  const Gradients g = gradient(mlp, sample);
  const vec delta1 = g[0].b, delta2 = g[1].b;  // of one sample
  const vec y = {1, 0};
  const mat w = mlp.layers()[1].w, error = w.t() * delta2;
  return fill(R"(
  delta2 = p - y = #.# - # = ##.#      dJ/db2 = delta2 = ##.#
                   #.# - # = ##.#                        ##.#

  dJ/dw2 = delta2 times a1 = ##.#·#  ##.#·#  = ##.#  #
                             ##.#·#  ##.#·#    ##.#  #

  dJ/da1 = #·##.# + ##·##.# = ##       delta1 = ##     since z1 = ## is above zero
           #·##.# + ##·##.# = ##                 #     since z1 = ## is not

  dJ/dw1 = delta1 times x  = ##·#  ##·#  = ##  ##      dJ/db1 = delta1 = ##
                             ##·#  ##·#    ##  ##                         #
)",
              pass[2].a(0), y(0), delta2(0), delta2(0),  //
              pass[2].a(1), y(1), delta2(1), delta2(1),  //
              delta2(0), pass[1].a(0), delta2(0), pass[1].a(1), g[1].w.row(0),
              delta2(1), pass[1].a(0), delta2(1), pass[1].a(1), g[1].w.row(1),
              terms(w.col(0).t(), delta2.t()), error(0), delta1(0), pass[1].z(0),
              terms(w.col(1).t(), delta2.t()), error(1), delta1(1), pass[1].z(1),
              delta1(0), sample(0), delta1(0), sample(1), g[0].w.row(0), delta1(0),
              delta1(1), sample(0), delta1(1), sample(1), g[0].w.row(1), delta1(1));
}

PENCIL(mlpStep) {
  MLP mlp = example();
  const double before = cost(mlp);
  const Gradients g = gradient(mlp, sample);
  for (uword l = 0; l < g.size(); ++l) gradientDescent(mlp.layers()[l], g[l], 1, plain);
  const auto& [one, two] = std::tie(mlp.layers()[0], mlp.layers()[1]);
  const auto pass = mlp.feedForward(sample);
  return fill(R"(
  w1 = #.#  #.#    b1 = #.#      w2 = ##.##  #    b2 = #.##
       #    #           #             ##.##  #         #.##

  z1 = ##.#    a1 = #.#    z2 = #.##    p = #.######
       ##           #           #.##        #.######

  J before the step #.######, after it #.######
)",
              one.w.row(0), one.b(0), two.w.row(0), two.b(0),  //
              one.w.row(1), one.b(1), two.w.row(1), two.b(1),  //
              beside({pass[1].z, pass[1].a, pass[2].z, pass[2].a}), before, cost(mlp));
}

PENCIL(mlpBatch) {
  const MLP mlp = example();
  const mat one = gradient(mlp, sample)[0].w, two = gradient(mlp, second)[0].w;
  const Parameters sum = gradient(mlp, join_rows(sample, second))[0];
  const Parameters zero = zerosLike(sum);
  const StepRule whole = {.rate = 1, .lambda = 0, .clip = arma::datum::inf};
  const StepRule clipped = {.rate = 1, .lambda = 0, .clip = 0.5};
  return fill(R"(
           sample #    sample #    their sum     their mean    clipped to #.#
  dJ/dw1   ##  ##      ##  ##       ##  ##       ##.#  ##.#     ##.#  ##.#
           ##  ##      ##  ##       ##  ##       ##    ##       ##    ##
)",
              1, 2, clipped.clip,
              beside({one, two, sum.w, change(zero, sum, 2, whole).w,
                      change(zero, sum, 2, clipped).w}));
}

PENCIL(mlpPenalty) {
  MLP mlp = example();
  const auto& [one, two] = std::tie(mlp.layers()[0], mlp.layers()[1]);
  const Gradients g = gradient(mlp, sample);
  const StepRule taxed = {.rate = 1, .lambda = 0.1, .clip = arma::datum::inf};
  const auto squares = [](const mat& w) { return Values{w(0), w(2), w(1), w(3)}; };
  return fill(R"(
  squares of w1 and w2   #² + #² + #² + (##)² + #² + #² + #² + (##)² = ##
  price on them          #.#/# · ## = #.#

  dJ/dw2 = ##.#  #  + #.# · # ##  = ##.# ##.#
           ##.#  #          # ##    ##.# ##.#
)",
              squares(one.w), squares(two.w),
              arma::accu(square(one.w)) + arma::accu(square(two.w)),  //
              taxed.lambda, 2, arma::accu(square(one.w)) + arma::accu(square(two.w)),
              mlp.regCost(taxed.lambda),  //
              g[1].w.row(0), taxed.lambda, two.w.row(0),
              change(two, g[1], 1, taxed).w.row(0), g[1].w.row(1), two.w.row(1),
              change(two, g[1], 1, taxed).w.row(1));
}

}  // namespace
