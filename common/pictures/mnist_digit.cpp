// SPDX-License-Identifier: MIT
#include "common/pictures/mnist_digit.hpp"

#include "common/core/require.hpp"
#include "common/pictures/ink.hpp"
#include "common/pictures/picture.hpp"

#include <algorithm>
#include <cmath>

namespace cnn {

namespace {

using arma::mat;
using arma::uword;

// What is fainter than a quarter of the ink is paper, dust or shadow.
mat cutToInk(const mat& ink) {
  const mat clear = ink % (ink > 0.25 * ink.max());
  const arma::uvec rows = arma::find(arma::sum(clear, 1));
  const arma::uvec columns = arma::find(arma::sum(clear, 0));
  return clear.submat(rows.front(), columns.front(), rows.back(), columns.back());
}

// Where the mass of a profile (sums along the other direction) lies.
double centreOf(const arma::vec& profile) {
  const arma::vec places = arma::regspace(0, static_cast<double>(profile.n_elem) - 1.0);
  return arma::dot(places, profile) / arma::accu(profile);
}

// Where to put a picture, along one direction, so that the centre of mass of `profile`
// comes to pixel size / 2, counted from 0, as far as it fits. Measured: the centres of
// MNIST's own images lie at 14.0, not at the middle's 13.5.
uword placeFor(const arma::vec& profile, uword size) {
  const double middle = static_cast<double>(size) / 2.0;
  const double room = static_cast<double>(size - profile.n_elem);
  return static_cast<uword>(
      std::clamp(std::ceil(middle - centreOf(profile) - 0.5), 0.0, room));
}

// The longer side of a digit's box in a picture of `size` pixels.
double boxFor(uword size) {
  return std::max(1.0, std::round(static_cast<double>(size) * 20.0 / 28.0));
}

// Is this what toMnistDigit would make:
// black around a box of the right size, its mass in the middle?
bool isMnistDigit(const mat& bright, uword size) {
  if (bright.n_rows != size || bright.n_cols != size) return false;
  double longer = 0.0;
  for (const mat& way : {bright, mat(bright.t())}) {
    const arma::vec profile = arma::sum(way, 1);
    const arma::uvec inked = arma::find(profile);
    if (inked.empty() ||
        std::abs(centreOf(profile) - static_cast<double>(size) / 2.0) > 1.0)
      return false;
    longer = std::max(longer, static_cast<double>(inked.back() - inked.front() + 1));
  }
  return std::abs(longer - boxFor(size)) <= 1.0;
}

}  // namespace

mat centredInk(const mat& everything, uword size) {
  require(size >= 2 && !everything.empty() && everything.max() > 0,
          "centredInk: no ink, or no room for it");
  const mat ink = cutToInk(everything);
  const double scale =
      boxFor(size) / static_cast<double>(std::max(ink.n_rows, ink.n_cols));
  const auto scaled = [&](uword n) {
    return static_cast<uword>(
        std::max(1.0, std::round(static_cast<double>(n) * scale)));
  };
  mat small = resize(ink, scaled(ink.n_rows), scaled(ink.n_cols));
  small /= small.max();  // a thin pencil line fades when many pixels become one

  mat digit(size, size, arma::fill::zeros);
  digit.submat(placeFor(arma::sum(small, 1), size),
               placeFor(arma::sum(small, 0).t(), size), arma::size(small)) = small;
  return digit;
}

mat toMnistDigit(const mat& grey, uword size) {
  require(size >= 2, "toMnistDigit: a digit of {0} x {0} pixels is too small", size);
  for (const mat& way : {grey, mat(1.0 - grey)})
    if (isMnistDigit(way, size)) return way;
  require(!grey.empty() && grey.is_finite(),
          "toMnistDigit: the picture is empty, or has values that are no numbers");
  constexpr auto advice =
      "draw one digit, dark on light or light on dark, with room around it";
  requireInput(grey.max() - grey.min() > 0.05,
               "no single digit to be seen: all pixels have (nearly) the same "
               "brightness; {}",
               advice);
  const mat ink = inkOf(shrinkTo(grey, 400));  // finer than that is grain
  requireInput(
      !ink.empty(),
      "no single digit to be seen: what is there looks like something else, or "
      "like several; {}",
      advice);

  return centredInk(ink, size);
}

}  // namespace cnn
