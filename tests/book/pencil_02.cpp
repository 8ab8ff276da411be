// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 02.

#include "02_pooling/pooling.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;

const mat P = {{1, 3, 2, 0}, {5, 4, 1, 1}, {0, 2, 6, 6}, {1, 0, 3, 2}};
const mat Q = {{1, 2, 3}, {4, 9, 5}, {6, 7, 8}};
const mat error = {{10, 20}, {30, 40}};
const Slide blocks = {.stride = 2};

/// What the stage sends back through a maximum, and through a mean.
mat throughMax(const mat& delta, const mat& x, Slide slide) {
  return maxUnpool(delta, maxPool(x, 2, slide).winners, x.n_rows, x.n_cols);
}
mat throughMean(const mat& delta, const mat& x, Slide slide) {
  return meanUnpool(delta, 2, slide, x.n_rows, x.n_cols);
}

PENCIL(pooled) {
  const mat max = maxPool(P, 2, blocks).values, mean = meanPool(P, 2, blocks);
  return fill(R"(
        P               max       mean
  #  # | #  #
  #  # | #  #          #  #     #.##  #.##
  -----+-----
  #  # | #  #          #  #     #.##  #.##
  #  # | #  #
)",
              P.row(0), P.row(1), max.row(0), mean.row(0), P.row(2), max.row(1),
              mean.row(1), P.row(3));
}

PENCIL(unpooled) {
  const mat max = throughMax(error, P, blocks), mean = throughMean(error, P, blocks);
  return fill(R"(
   delta        back through max        back through mean
                 ##  ##  ##  ##         #.#  #.#  ##.#  ##.#
  ##  ##         ##  ##  ##  ##         #.#  #.#  ##.#  ##.#
  ##  ##         ##  ##  ##  ##         #.#  #.#  ##.#  ##.#
                 ##  ##  ##  ##         #.#  #.#  ##.#  ##.#
)",
              max.row(0), mean.row(0), error.row(0), max.row(1), mean.row(1),
              error.row(1), max.row(2), mean.row(2), max.row(3), mean.row(3));
}

PENCIL(sharedWinner) {
  const mat delta = {{1, 2}, {3, 4}};
  return fill(R"(
     Q           max        delta      back through max
  #  #  #       #  #        #  #         ##  ##  ##
  #  #  #       #  #        #  #         ##  ##  ##
  #  #  #                                ##  ##  ##
)",
              beside({Q, maxPool(Q, 2, {}).values, delta, throughMax(delta, Q, {})}));
}

PENCIL(framedPools) {
  const Slide framed = {.stride = 2, .padding = 1};
  const mat max = maxPool(X, 2, framed).values, mean = meanPool(X, 2, framed);
  return fill(R"(
  .  . | .  .
  .  # | #  #          max        mean
  -----+-----         #  #      #.##  #.##
  .  # | #  #         #  #      #.##  #.##
  .  # | #  #
)",
              X.row(0), max.row(0), mean.row(0), X.row(1), max.row(1), mean.row(1),
              X.row(2));
}

PENCIL(lostOnTheFrame) {
  const Slide framed = {.stride = 2, .padding = 1};
  const mat delta = {{4, 8}, {12, 16}};
  return fill(
      R"(
   delta       back through max     back through mean
  ##  ##         ##  ##  ##             #  #  #
  ##  ##         ##  ##  ##             #  #  #
                 ##  ##  ##             #  #  #
)",
      beside({delta, throughMax(delta, X, framed), throughMean(delta, X, framed)}));
}

PENCIL(measuredSlope) {
  const double h = 0.1;
  const auto at = [](double moved) {
    mat x = P;
    x(1, 0) += moved;
    return mat(maxPool(x, 2, blocks).values);
  };
  const auto cost = [](const mat& z) { return arma::accu(z % error); };
  const mat here = at(0), up = at(h), down = at(-h);
  return fill(R"(
  J at the #        #.#·## + #·## + #·## + #·## = ###
  at # + #.#        #.#·## + #·## + #·## + #·## = ###
  at # - #.#        #.#·## + #·## + #·## + #·## = ###
  slope             (### - ###) / #.# = ##
)",
              P(1, 0), terms(here, error), cost(here),     //
              P(1, 0), h, terms(up, error), cost(up),      //
              P(1, 0), h, terms(down, error), cost(down),  //
              cost(up), cost(down), 2 * h, (cost(up) - cost(down)) / (2 * h));
}

PENCIL(twoSums) {
  const mat max = maxPool(P, 2, blocks).values, mean = meanPool(P, 2, blocks);
  const mat throughWinners = throughMax(error, P, blocks);
  const arma::uvec paid = arma::find(throughWinners.t());  // row by row
  const vec winners = vec(mat(P.t()).elem(paid));
  const vec payments = vec(mat(throughWinners.t()).elem(paid));
  const mat spread = throughMean(error, P, blocks);
  const mat sums = 4 * mean, shares = spread.submat(arma::uvec{0, 2}, arma::uvec{0, 2});
  return fill(R"(
  max     output    #·## + #·## + #·## + #·## = ###
          input     #·## + #·## + #·## + #·## = ###
  mean    output    #.##·## + #.##·## + #.##·## + #.##·## = ###
          input     ##·#.# + #·#.# + #·#.# + ##·##.# = ###
)",
              terms(max, error), arma::accu(max % error),                //
              terms(winners, payments), arma::accu(P % throughWinners),  //
              terms(mean, error), arma::accu(mean % error),              //
              terms(sums, shares), arma::accu(P % spread));
}

}  // namespace
