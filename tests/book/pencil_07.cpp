// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 07.

#include "07_cnn_simd/conv.hpp"
#include "07_cnn_simd/pool.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::simd;
using namespace cnn::pencil;

template <class P>
Values lanes(P v) {
  Values values;
  for (int lane = 0; lane < lanesOf<P>; ++lane) append(values, v[lane]);
  return values;
}

PENCIL(fourLanes) {
  using P = Pack<float, 4>;
  Images<P> pixel(1, {1, 1, 1});
  *pixel.at(0) = P{1, 2, 3, 4};
  const float weight = 2, bias = 1, less = 6;
  const P times = weight * *pixel.at(0), plus = times + bias;
  Images<P> z = pixel;
  *z.at(0) = plus - less;
  return fill(R"(
                        image #   image #   image #   image #

  pixel                      #         #         #         #
  times the weight #         #         #         #         #
  plus the bias #            #         #         #         #
  less #, then ReLU          #         #         #         #

  the sum over the lanes of the third row: ##
)",
              0, 1, 2, 3, lanes(*pixel.at(0)), weight, lanes(times), bias, lanes(plus),
              less, lanes(*relu(z).at(0)), sumOverLanes(plus));
}

/// X in lane 0, X turned by 180 degrees in lane 1.
using Pair = Pack<double, 2>;
Images<Pair> pairOfImages() {
  const mat turned = arma::fliplr(arma::flipud(X));
  return toPacks<Pair>(
             arma::join_rows(arma::vectorise(X, 1).t(), arma::vectorise(turned, 1).t()))
      .as({3, 3, 1});
}

PENCIL(pairOfLanes) {
  ConvLayer<Pair> conv({.filters = 1, .size = 2, .activation = Activation::identity});
  Layer<Images<Pair>>& brick = conv;
  brick.connect({3, 3, 1});
  brick.parameters = {arma::vectorise(K, 1), vec{0}};
  const Images<Pair> x = pairOfImages(), z = brick.forward(x).a;
  Values values;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) append(values, lanes(*x.at(0, 0, i, j)));
    if (i == 2) break;
    append(values, K.row(static_cast<uword>(i)));
    for (int j = 0; j < 2; ++j) append(values, lanes(*z.at(0, 0, i, j)));
  }
  return fill(R"(
  two images in two lanes         K            the answer

  #|#   #|#   #|#               #  #         ##|##   ##|##
  #|#   #|#   #|#               #  #         ##|##   ##|##
  #|#   #|#   #|#
)",
              values);
}

PENCIL(winnersByLane) {
  PoolLayer<Pair> pool({.size = 3});
  Layer<Images<Pair>>& brick = pool;
  brick.connect({3, 3, 1});
  const Images<Pair> x = pairOfImages();
  const Trace<Images<Pair>> trace = brick.forward(x);
  Images<Pair> delta(1, {1, 1, 1});
  *delta.at(0) = Pair{3, 5};
  const Images<Pair> dx = brick.backPropError(delta, trace);
  Values values;
  append(values, lanes(*trace.a.at(0)));
  append(values, lanes(trace.memory.winners[0]));
  append(values, lanes(*delta.at(0)));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) append(values, lanes(*dx.at(0, 0, i, j)));
  return fill(R"(
  the largest   its cell   delta        back through the pool

      #|#          #|#      #|#          #|#   #|#   #|#
                                         #|#   #|#   #|#
                                         #|#   #|#   #|#
)",
              values);
}

}  // namespace
