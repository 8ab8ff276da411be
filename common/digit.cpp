// SPDX-License-Identifier: MIT
#include "common/digit.hpp"

#include "common/picture.hpp"
#include "common/png.hpp"
#include "common/require.hpp"

#include <algorithm>
#include <cmath>

namespace cnn {

namespace {

// The paper's brightness: the median of the border, which a stroke or two may cross.
double paper(const arma::mat& grey) {
  const arma::vec border = arma::join_cols(grey.row(0).t(), grey.tail_rows(1).t(),
                                           grey.col(0), grey.tail_cols(1));
  return arma::median(border);
}

// Ink 1 on paper 0. What is fainter than a quarter of the ink is paper, dust or shadow.
arma::mat inkOf(const arma::mat& grey) {
  const arma::mat ink = arma::clamp(grey - paper(grey), 0.0, 1.0);
  const arma::mat stretched = ink / ink.max();
  return stretched % (stretched > 0.25);
}

arma::mat cutToInk(const arma::mat& ink) {
  const arma::uvec rows = arma::find(arma::sum(ink, 1));
  const arma::uvec columns = arma::find(arma::sum(ink, 0));
  return ink.submat(rows.front(), columns.front(), rows.back(), columns.back());
}

// Where to put a picture, along one direction, so that the centre of mass of `profile`
// (its sums along the other) comes to pixel size / 2, counted from 0, as far as it
// fits. Measured: the centres of MNIST's own images lie at 14.0, not at the
// middle's 13.5.
arma::uword placeFor(const arma::vec& profile, arma::uword size) {
  const arma::vec places = arma::regspace(0, static_cast<double>(profile.n_elem) - 1.0);
  const double centre = arma::dot(places, profile) / arma::accu(profile);
  const double middle = static_cast<double>(size) / 2.0;
  const double room = static_cast<double>(size - profile.n_elem);
  return static_cast<arma::uword>(
      std::clamp(std::ceil(middle - centre - 0.5), 0.0, room));
}

}  // namespace

arma::mat toMnistDigit(const arma::mat& grey, arma::uword size) {
  require(size >= 2, "toMnistDigit: a digit of {0} x {0} pixels is too small", size);
  requireInput(
      !grey.empty() && grey.is_finite() && grey.max() - grey.min() > 0.05,
      "no digit to be seen: all pixels have (nearly) the same brightness; draw "
      "one digit, dark on white or light on black");
  const bool dark = paper(grey) > (grey.min() + grey.max()) / 2.0;
  arma::mat bright = dark ? arma::mat(1.0 - grey) : grey;
  if (grey.n_rows == size && grey.n_cols == size) return bright;

  const arma::mat ink = cutToInk(inkOf(bright));
  const double box = std::max(1.0, std::round(static_cast<double>(size) * 20.0 / 28.0));
  const double scale = box / static_cast<double>(std::max(ink.n_rows, ink.n_cols));
  const auto scaled = [&](arma::uword n) {
    return static_cast<arma::uword>(
        std::max(1.0, std::round(static_cast<double>(n) * scale)));
  };
  arma::mat small = resize(ink, scaled(ink.n_rows), scaled(ink.n_cols));
  small /= small.max();  // a thin pencil line fades when many pixels become one

  arma::mat digit(size, size, arma::fill::zeros);
  digit.submat(placeFor(arma::sum(small, 1), size),
               placeFor(arma::sum(small, 0).t(), size), arma::size(small)) = small;
  return digit;
}

arma::mat readDigit(const std::filesystem::path& path, arma::uword size) {
  const arma::mat grey = readPng(path);
  try {
    return toMnistDigit(grey, size);
  } catch (const InputError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
}

}  // namespace cnn
