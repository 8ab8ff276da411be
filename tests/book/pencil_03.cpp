// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 03.

#include "03_conv_backprop/conv_backprop.hpp"
#include "03_conv_backprop/gradient_check.hpp"
#include "pencil.hpp"

#include <cmath>

namespace {

using namespace cnn;
using namespace cnn::pencil;

const mat error = {{1, -1}, {2, 0}};
const Slide steps = {.stride = 2}, framed = {.padding = 1};

cube single(const mat& x) { return {x.memptr(), x.n_rows, x.n_cols, 1}; }

mat dw(const mat& delta, const mat& x, Slide slide = {}) {
  return convWeightGradient(single(delta), single(x), K.n_rows, slide)[0].slice(0);
}

mat dx(const mat& delta, const mat& x, Slide slide = {}) {
  return convInputGradient(single(delta), {single(K)}, x.n_rows, x.n_cols, slide)
      .slice(0);
}

mat window(uword row, uword column) { return X.submat(row, column, arma::size(K)); }

/// "1·4 - 1·3 + 2·2": the products of the entries in reading order, with the signs of
/// the factors before them.
std::string sum(const mat& left, const mat& right, int decimals = 0) {
  std::string text;
  for (uword i = 0; i < left.n_rows; ++i)
    for (uword j = 0; j < left.n_cols; ++j) {
      const bool minus = left(i, j) * right(i, j) < 0;
      text += text.empty() ? (minus ? "-" : "") : minus ? " - " : " + ";
      text += fmt::format("{:.0f}·{:.{}f}", std::abs(left(i, j)), std::abs(right(i, j)),
                          decimals);
    }
  return text;
}

PENCIL(convAndError) {
  return fill(R"(
   X            K          Z = X * K       delta
 #  #  #      #  #          ##  ##        ##  ##
 #  #  #      #  #          ##  ##        ##  ##
 #  #  #
)",
              beside({X, K, convolveWindows(X, K), error}));
}

PENCIL(weightsMet) {
  const mat g = dw(error, X);
  return fill(R"(
 upper left     # = ##          dw =  ##  ##
 upper right    # = ##                ##  ##
 lower left     # = ##
 lower right    # = ##
)",
              sum(error, window(0, 0)), g(0, 0), g.row(0), sum(error, window(0, 1)),
              g(0, 1), g.row(1), sum(error, window(1, 0)), g(1, 0),
              sum(error, window(1, 1)), g(1, 1));
}

/// The errors of the outputs that a pixel touched, in reading order, and the weights
/// that it met there: each output asked, with no turn and no full convolution.
std::string metBy(uword row, uword column) {
  mat errors(1, 0), weights(1, 0);
  for (uword i = 0; i < error.n_rows; ++i)
    for (uword j = 0; j < error.n_cols; ++j)
      if (i <= row && row < i + K.n_rows && j <= column && column < j + K.n_cols) {
        errors = arma::join_rows(errors, mat{error(i, j)});
        weights = arma::join_rows(weights, mat{K(row - i, column - j)});
      }
  return fmt::format("{:<21}", sum(errors, weights));
}

PENCIL(pixelsMet) {
  const mat g = dx(error, X);
  return fill(R"(
 the # in the middle     # = #          dx =   #  #  ##
 the # in the corner     # = #                 #  #  ##
 the # below             # = #                 #  #  ##
)",
              X(1, 1), metBy(1, 1), g(1, 1), g.row(0), X(0, 0), metBy(0, 0), g(0, 0),
              g.row(1), X(2, 1), metBy(2, 1), g(2, 1), g.row(2));
}

PENCIL(strideTwo) {
  const mat x = arma::reshape(arma::regspace(1, 16), 4, 4).t();
  return fill(R"(
   delta dilated           dw               dx
  ##  # ##               ##  ##       ## ## ## ##
  ##  # ##               ##  ##       ## ## ## ##
  ##  # ##                            ## ## ## ##
                                      ## ## ## ##
)",
              beside({dilate(error, 2), dw(error, x, steps), dx(error, x, steps)}));
}

PENCIL(paddingOne) {
  const mat x = {{1, 2}, {3, 4}}, delta = {{1, 0, -1}, {0, 2, 0}, {1, 0, 1}};
  return fill(R"(
   delta           dw           dx with its frame         dx
  ## ## ##       ## ##           ## ## ## ##            ## ##
  ## ## ##       ## ##           ## ## ## ##            ## ##
  ## ## ##                       ## ## ## ##
                                 ## ## ## ##
)",
              beside({delta, dw(delta, x, framed), convolveFull(delta, turn180(K)),
                      dx(delta, x, framed)}));
}

PENCIL(cubeSlope) {
  const double at = 2;
  cube x(1, 1, 1, arma::fill::value(at));
  const Cost cost = [&] { return std::pow(x(0), 3); };
  const auto costAt = [](double there) { return std::pow(there, 3); };
  const auto row = [&](double h) {
    return std::vector<double>{h, costAt(at + h), costAt(at - h),
                               centralDifferences(cost, x, h)(0),
                               (costAt(at + h) - costAt(at)) / h};
  };
  return fill(R"(
      h        J(# + h)     J(# - h)     up and down     forward
   #.##       ##.######     #.######      ##.####        ##.####
   #.##       ##.######     #.######      ##.####        ##.####
   #.##       ##.######     #.######      ##.####        ##.####
)",
              at, at, row(1), row(0.1), row(0.01));
}

PENCIL(fiveMoved) {
  const double h = 0.1;
  cube x = single(X);
  const Cost cost = [&] { return arma::accu(convolveWindows(x.slice(0), K) % error); };
  const auto moved = [&](double by) {
    mat there = X;
    there(1, 1) += by;
    return mat(convolveWindows(there, K));
  };
  const mat here = moved(0), up = moved(h), down = moved(-h);
  const auto J = [](const mat& z) { return arma::accu(z % error); };
  return fill(R"(
  J         # = ###.#
  up        # = ###.#
  down      # = ###.#
  numeric   (###.# - ###.#) / #.# = #
)",
              sum(error, here, 1), J(here), sum(error, up, 1), J(up),
              sum(error, down, 1), J(down), J(up), J(down), 2 * h,
              centralDifferences(cost, x, h)(1, 1, 0));
}

PENCIL(unturned) {
  const mat analytic = convolveFull(error, K);  // the turn forgotten
  cube x = single(X);
  const Cost cost = [&] { return arma::accu(convolveWindows(x.slice(0), K) % error); };
  const mat numeric = centralDifferences(cost, x, 0.125).slice(0);  // exact in binary
  const mat difference = analytic - numeric;
  const double most = arma::abs(difference).max();
  const double largest = std::max(arma::abs(analytic).max(), arma::abs(numeric).max());
  return fill(R"(
   analytic          numeric         difference
  ## ### ###        ## ## ###        ## ### ###
  ## ### ###        ## ## ###        ## ### ###
  ## ### ###        ## ## ###        ## ### ###         error = #/## = #.#
)",
              beside({analytic, numeric, difference}), most, largest,
              relativeError(single(analytic), single(numeric)));
}

PENCIL(threeSums) {
  const mat z = convolveWindows(X, K), gx = dx(error, X), gw = dw(error, X);
  return fill(R"(
  ⟨Z, delta⟩    # = ###
  ⟨X, dx⟩       # = ###
  ⟨K, dw⟩       # = ###
)",
              sum(z, error), arma::accu(z % error), sum(X, gx), arma::accu(X % gx),
              sum(K, gw), arma::accu(K % gw));
}

}  // namespace
