// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 01.

#include "01_convolution/convolution.hpp"
#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;

const mat edge = {{0, 0, 0, 1, 1},
                  {0, 0, 0, 1, 1},
                  {0, 0, 0, 1, 1},
                  {0, 0, 0, 1, 1},
                  {0, 0, 0, 1, 1}};
const mat leftMinusRight = {{1, 0, -1}, {1, 0, -1}, {1, 0, -1}};

/// X and K with a second channel.
cube stack(const mat& first, const mat& second) { return join_slices(first, second); }
const mat X2 = {{1, 0, 1}, {0, 1, 0}, {1, 0, 1}};
const mat K2 = {{0, 1}, {1, 0}};

mat window(uword row, uword column) { return X.submat(row, column, arma::size(K)); }

PENCIL(edge) {
  return fill(R"(
      picture              kernel          answer

  #  #  #  #  #           #  #  #        #  #  #
  #  #  #  #  #           #  #  #        #  #  #
  #  #  #  #  #           #  #  #        #  #  #
  #  #  #  #  #
  #  #  #  #  #
)",
              beside({edge, leftMinusRight, convolveWindows(edge, leftMinusRight)}));
}

PENCIL(pictureAndKernel) {
  return fill(R"(
      X             K
  #  #  #         #  #
  #  #  #         #  #
  #  #  #
)",
              beside({X, K}));
}

PENCIL(fourWindows) {
  const mat z = convolveWindows(X, K);
  return fill(R"(
  top left       #·# + #·# + #·# + #·# = ##
  top right      #·# + #·# + #·# + #·# = ##              ##  ##
  bottom left    #·# + #·# + #·# + #·# = ##              ##  ##
  bottom right   #·# + #·# + #·# + #·# = ##
)",
              terms(window(0, 0), K), z(0, 0), terms(window(0, 1), K), z(0, 1),
              z.row(0), terms(window(1, 0), K), z(1, 0), z.row(1),
              terms(window(1, 1), K), z(1, 1));
}

PENCIL(paddingAndStride) {
  const Slide framed = {.padding = 1}, longSteps = {.stride = 2, .padding = 1};
  const mat z = convolveWindows(X, K, framed),
            coarse = convolveWindows(X, K, longSteps);
  return fill(R"(
     padding #               padding #, stride #

  ##  ##  ##  ##
  ##  ##  ##  ##                 ##  ##
  ##  ##  ##  ##                 ##  ##
  ##  ##  ##  ##
)",
              framed.padding, longSteps.padding, longSteps.stride, z.row(0), z.row(1),
              coarse.row(0), z.row(2), coarse.row(1), z.row(3));
}

PENCIL(channels) {
  const mat second = convolveWindows(X2, K2);
  const mat both = convolve(stack(X, X2), stack(K, K2));
  const double bias = -50;
  const mat z = convolve(stack(X, X2), Filters{stack(K, K2)}, vec{bias}).slice(0);
  return fill(R"(
  second channel    second slice     its answer    with the first     bias ###
     #  #  #           #  #             #  #           ##  ##          ###  ##
     #  #  #           #  #             #  #           ##  ##           ##  ##
     #  #  #
)",
              bias, beside({X2, K2, second, both, z}));
}

PENCIL(shiftedPictures) {
  const mat z = convolveShifted(X, K);
  return fill(R"(
      #  #         #  #         #  #         #  #       ##  ##
  # · #  #  +  # · #  #  +  # · #  #  +  # · #  #   =   ##  ##
)",
              window(0, 0).row(0), window(0, 1).row(0), window(1, 0).row(0),
              window(1, 1).row(0), z.row(0),                               //
              K(0, 0), window(0, 0).row(1), K(0, 1), window(0, 1).row(1),  //
              K(1, 0), window(1, 0).row(1), K(1, 1), window(1, 1).row(1), z.row(1));
}

PENCIL(waves) {
  const mat x = {{5, 3}}, w = {{2, 1}};
  const auto spectrum = [](const mat& pixels) {  // in a column: fft goes down columns
    return vec(arma::real(arma::fft(vec(pixels.t()))));
  };
  const vec there = spectrum(x), kernel = spectrum(w), product = there % kernel;
  const double n = static_cast<double>(x.n_elem);
  const mat z = arma::real(arma::ifft(arma::cx_vec(product, vec(2)))).t();
  const double first = convolveFft(x, w)(0);  // the stage's own, the only whole window
  return fill(R"(
                picture    kernel         product
                 #   #      #   #
  sum              #    ·     #     =       ##        (## + #) / # = ##
  difference       #    ·     #     =       ##        (## - #) / # = ##
)",
              x, w, there(0), kernel(0), product(0), product.t(), n, first,  //
              there(1), kernel(1), product(1), product.t(), n, z(1));
}

PENCIL(wrap) {
  const mat forEver = arma::repmat(X, 2, 2);
  const mat z = convolveWindows(forEver.submat(0, 0, 3, 3), K);
  const mat waves = arma::real(
      arma::ifft2(arma::fft2(X) % arma::conj(arma::fft2(K, X.n_rows, X.n_cols))));
  if (arma::abs(waves - z).max() > 1e-12 ||
      arma::abs(convolveFft(X, K) - z.submat(0, 0, 1, 1)).max() > 1e-12)
    return "the waves give something else\n";
  const mat shown = forEver.submat(0, 0, 4, 4);
  return fill(R"(
    X goes on          everywhere

  #  #  #  #  #       ##  ## | ##
  #  #  #  #  #       ##  ## | ##
  #  #  #  #  #       -------+---
  #  #  #  #  #       ##  ## | ##
  #  #  #  #  #
)",
              shown.row(0), z.row(0), shown.row(1), z.row(1), shown.row(2),
              shown.row(3), z.row(2), shown.row(4));
}

PENCIL(refusal) {
  try {
    return fill("#", convolveWindows(X, mat(4, 4)));
  } catch (const std::invalid_argument& refused) {
    return refused.what() + std::string("\n");
  }
}

}  // namespace
