// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 05.

#include "05_cnn_serial/cnn.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;
using serial::Image;

/// A filter of 2 x 2, ReLU, a max pool, two classes; class 0 is right.
serial::CNNClassifier example() {
  serial::CNNClassifier cnn({3, 3, 1});
  cnn.add(serial::ConvLayer({.filters = 1, .size = 2}));
  cnn.add(serial::PoolLayer({.size = 2}));
  cnn.add(serial::FlattenLayer());
  cnn.add(serial::FCLayer({.outputs = 2, .activation = Activation::softmax}));
  cnn.layer(0).parameters = {{{1, -1, 0, 1}}, {0}};
  cnn.layer(3).parameters = {vec{2, -1}, {0, 6}};
  return cnn;
}
const mat picture = {{1, 0, 2}, {0, 1, 1}, {2, 1, 0}};
const Labels right = {0};

Image image() { return Image(picture.memptr(), 3, 3, 1); }

/// The one filter as it lies on the image.
mat kernel(const Parameters& p) { return serial::toFilters(p.w, 2, 1)[0].slice(0); }

double cost(const std::vector<Trace<Image>>& passes) {
  return crossEntropy(serial::asColumn(passes.back().z), right).costSum;
}

vec outputDelta(const std::vector<Trace<Image>>& passes) {
  return outputError(serial::asColumn(passes.back().a), right);
}

Gradients gradients(const serial::CNNClassifier& cnn) {
  const auto passes = cnn.feedForward(image());
  Gradients sums = cnn.zeroGradients();
  cnn.feedBackward(image(), passes, serial::asImage(outputDelta(passes)), sums);
  return sums;
}

/// The factors of one of the four sums.
Values window(uword row, uword column, const mat& k) {
  return terms(picture.submat(row, column, arma::size(k)), k);
}

PENCIL(cnnForward) {
  const serial::CNNClassifier cnn = example();
  const auto pass = cnn.feedForward(image());
  const Parameters &conv = cnn.layer(0).parameters, &fc = cnn.layer(3).parameters;
  const mat k = kernel(conv), sums = pass[0].z.slice(0);
  const vec z = serial::asColumn(pass[3].z), p = serial::asColumn(pass[3].a);
  return fill(R"(
  X = # # #   K = #  #   #·# + #·## + #·# + #·# + # = ##   z = # ##   a = # #   max = #
      # # #       #  #   #·# + #·## + #·# + #·# + # = ##       # ##       # #
      # # #   b = #      #·# + #·## + #·# + #·# + # = ##
                         #·# + #·## + #·# + #·# + # = ##

  u = ##    c = #    z = ##·# + # = #    p = #.#    J = -log(#.#) ≈ #.######
      ##        #        ##·# + # = #        #.#
)",
              picture.row(0), k.row(0), window(0, 0, k), conv.b(0), sums(0, 0),
              sums.row(0), pass[0].a.slice(0).row(0), pass[1].a(0),  //
              picture.row(1), k.row(1), window(0, 1, k), conv.b(0), sums(0, 1),
              sums.row(1), pass[0].a.slice(0).row(1),                             //
              picture.row(2), conv.b(0), window(1, 0, k), conv.b(0), sums(1, 0),  //
              window(1, 1, k), conv.b(0), sums(1, 1),                             //
              fc.w(0), fc.b(0), fc.w(0), pass[2].a(0), fc.b(0), z(0), p(0), p(0),
              cost(pass),  //
              fc.w(1), fc.b(1), fc.w(1), pass[2].a(0), fc.b(1), z(1), p(1));
}

PENCIL(cnnBack) {
  const serial::CNNClassifier cnn = example();
  const auto pass = cnn.feedForward(image());
  const Gradients g = gradients(cnn);
  const Parameters& fc = cnn.layer(3).parameters;
  const vec delta = outputDelta(pass), p = serial::asColumn(pass[3].a), y = {1, 0};
  const double share = arma::accu(fc.w % delta);
  const Image a = cnn.layer(1).backPropError(
      cnn.layer(2).backPropError(
          cnn.layer(3).backPropError(serial::asImage(delta), pass[3]), pass[2]),
      pass[1]);
  Image z = a;
  multiplyBySlope(z, pass[0].z, cnn.layer(0).activation);
  return fill(R"(
  delta = p - y = #.# - # = ##.#    dJ/du = delta·max = ##.#·# = ##    dJ/dc = ##.#
                  #.# - # = ##.#                        ##.#·# = ##            ##.#

  dJ/dmax = ##·##.# + ##·##.# = ##.#

  dJ/da = ##.#  #    dJ/dz = ##.#  #    dJ/dK = ##.# · # # = ##.#  #      dJ/db = ##.#
           #    #             #    #                   # #    #   ##.#
)",
              p(0), y(0), delta(0), delta(0), pass[2].a(0), g[3].w(0), g[3].b(0),  //
              p(1), y(1), delta(1), delta(1), pass[2].a(0), g[3].w(1), g[3].b(1),  //
              fc.w(0), delta(0), fc.w(1), delta(1), share,                         //
              a.slice(0).row(0), z.slice(0).row(0), z(0), picture.submat(0, 0, 0, 1),
              kernel(g[0]).row(0), g[0].b(0),  //
              a.slice(0).row(1), z.slice(0).row(1), picture.submat(1, 0, 1, 1),
              kernel(g[0]).row(1));
}

PENCIL(cnnStep) {
  serial::CNNClassifier cnn = example();
  const double before = cost(cnn.feedForward(image()));
  const Gradients g = gradients(cnn);
  for (std::size_t l = 0; l < cnn.depth(); ++l)
    cnn.layer(l).gradientDescent(g[l], 1,
                                 {.rate = 0.1, .lambda = 0, .clip = arma::datum::inf});
  const Parameters &conv = cnn.layer(0).parameters, &fc = cnn.layer(3).parameters;
  const auto pass = cnn.feedForward(image());
  const mat k = kernel(conv);
  return fill(R"(
  K = #.##  #       b = #.##    u = ##.#    c = #.##
      #     #.##                    ##.#        #.##

  z = #.## ##.##    a = #.##  #       max = #.##    z = #.###    p = #.######
      #.## ##.##        #.##  #.##                      #.###        #.######

  J before the step #.######, after it #.######
)",
              k.row(0), conv.b(0), fc.w(0), fc.b(0), k.row(1), fc.w(1), fc.b(1),  //
              beside({pass[0].z.slice(0), pass[0].a.slice(0), pass[1].a.slice(0),
                      serial::asColumn(pass[3].z), serial::asColumn(pass[3].a)}),
              before, cost(pass));
}

PENCIL(cnnMean) {
  serial::CNNClassifier cnn({3, 3, 1});
  cnn.add(serial::ConvLayer({.filters = 1, .size = 2}));
  cnn.add(serial::PoolLayer({.size = 2, .pooling = Pooling::mean}));
  cnn.add(serial::FlattenLayer());
  cnn.add(serial::FCLayer({.outputs = 2, .activation = Activation::softmax}));
  cnn.setWeights(example().weights());
  const auto pass = cnn.feedForward(image());
  const vec p = serial::asColumn(pass[3].a), delta = outputDelta(pass);
  Image z = cnn.layer(1).backPropError(
      cnn.layer(3).backPropError(serial::asImage(delta), pass[3]), pass[1]);
  const double mean = accu(cnn.layer(3).parameters.w % delta), share = z(0);
  multiplyBySlope(z, pass[0].z, cnn.layer(0).activation);
  return fill(R"(
  mean = #.#    z = #.#    p = #.######    delta = ##.######
                    #.#        #.######            ##.######

  dJ/dmean = ##.######, a quarter of it ##.######    dJ/dz = ##.######  #
                                                              #         #
)",
              pass[1].a(0), beside({serial::asColumn(pass[3].z), p, delta}), mean,
              share, z.slice(0));
}

PENCIL(cnnFlatten) {
  Image x(2, 3, 2);
  x.slice(0) = {{1, 2, 3}, {4, 5, 6}};
  x.slice(1) = {{7, 8, 9}, {10, 11, 12}};
  const auto both = [&](uword row) {
    return beside({x.slice(0).row(row), x.slice(1).row(row)});
  };
  return fill(R"(
  channel #    channel #
  ## ## ##     ## ## ##     flattened   # ## ## ## ## ## ## ## ## ## ## ##
  ## ## ##     ## ## ##     in memory   # ## ## ## ## ## ## ## ## ## ## ##
)",
              0, 1, both(0), serial::flatten(x), both(1),
              std::span(x.memptr(), x.n_elem));
}

}  // namespace
