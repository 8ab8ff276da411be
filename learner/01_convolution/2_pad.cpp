// SPDX-License-Identifier: MIT
#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

/// x at (row, column) in a matrix of zeros.
static mat placed(const mat& x, uword rows, uword columns, uword row, uword column) {
  mat framed(rows, columns, arma::fill::zeros);
  framed.submat(row, column, arma::size(x)) = x;
  return framed;
}

static void frame(learner::Sheet& sheet, const char* title, const mat& x, int padding) {
  const uword p = static_cast<uword>(padding), H = x.n_rows, W = x.n_cols;
  sheet.begin(title);
  sheet.given("x", x);
  sheet.given("padding", padding);
  sheet.answer("framed", [&] { return pad(x, padding); });
  sheet.suspect("the frame lies below and at the right only: x begins at (p, p)",
                [&] { return placed(x, H + 2 * p, W + 2 * p, 0, 0); });
  sheet.suspect("the frame lies above and at the left only: it adds 2p, not p",
                [&] { return placed(x, H + p, W + p, p, p); });
  sheet.suspect("the frame lies below and at the right only: it adds 2p, not p",
                [&] { return placed(x, H + p, W + p, 0, 0); });
  sheet.suspect("a frame above and below only",
                [&] { return placed(x, H + 2 * p, W, p, 0); });
  sheet.suspect("a frame at the left and right only",
                [&] { return placed(x, H, W + 2 * p, 0, p); });
  sheet.suspect("the frame is one wide, whatever the padding",
                [&] { return pad(x, 1); });
  sheet.suspect("the frame is made of ones", [&] {
    mat framed(arma::size(pad(x, padding)), arma::fill::ones);
    framed.submat(p, p, arma::size(x)) = x;
    return framed;
  });
  if (W <= H + p && H <= W + p)
    sheet.suspect("x stands on its side: rows and columns are swapped",
                  [&] { return placed(x.t(), H + 2 * p, W + 2 * p, p, p); });
  sheet.suspect("x came back without a frame", [&] { return x; });
}

EXERCISE(1, 2) {
  const auto whole = [&](uword rows, uword columns) {
    return mat(sheet.whole(rows, columns).slice(0));
  };
  frame(sheet, "X of the chapter, padding 1", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, 1);
  frame(sheet, "no padding", whole(2, 2), 0);
  frame(sheet, "a lying picture, padding 2", whole(1, 3), 2);
  frame(sheet, "a picture that is not square", whole(4, 3), 1);
  frame(sheet, "one pixel, padding 3", whole(1, 1), 3);
}
