// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The chapter's own bricks, connected and with parameters that are known.

#include "05_cnn_serial/cnn.hpp"
#include "learner/exercise.hpp"

namespace cnn::learner {

using serial::Image;

/// A brick for inputs of this shape, with these parameters.
template <class Brick>
Brick withParameters(Brick brick, const Shape& input, const Parameters& parameters) {
  brick.connect(input);
  brick.parameters = parameters;
  return brick;
}

inline Shape shapeOf(const Image& x, bool flat = false) {
  return {x.n_rows, x.n_cols, x.n_slices, flat};
}

/// Whole numbers as weights, outputs x fan-in, and biases.
inline Parameters wholeParameters(Sheet& sheet, arma::uword outputs, arma::uword fanIn,
                                  int most = 3) {
  arma::mat w = sheet.whole(outputs, fanIn, 1, most).slice(0);
  return {std::move(w), sheet.whole(outputs, 1, 1, most).slice(0)};
}

inline Parts zAndA(const Pass<Image>& pass) { return {{"z", pass.z}, {"a", pass.a}}; }

inline Parts dwAndDb(const Parameters& p) {
  return {{"dw", numbers(p.w)}, {"db", numbers(p.b)}};
}

/// The image of the chapter's pencil example, and its filter as a row of w.
inline Image pencilImage() {
  return numbers(arma::mat{{1, 0, 2}, {0, 1, 1}, {2, 1, 0}});
}
inline Parameters pencilFilter() { return {{{1, -1, 0, 1}}, {0}}; }

}  // namespace cnn::learner
