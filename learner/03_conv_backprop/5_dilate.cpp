// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void zerosBetween(learner::Sheet& sheet, const mat& x, int stride) {
  const uword s = static_cast<uword>(stride);
  sheet.given("x", x);
  sheet.given("stride", stride);
  sheet.answer("spread", [&] { return dilate(x, stride); });
  sheet.suspect("s zeros between the entries, where s - 1 belong",
                [&] { return dilate(x, stride + 1); });
  sheet.suspect("zeros behind the last entry too: the size is (H - 1) s + 1, not H s",
                [&] {
                  mat wide(x.n_rows * s, x.n_cols * s, arma::fill::zeros);
                  const mat spread = dilate(x, stride);
                  wide.submat(0, 0, arma::size(spread)) = spread;
                  return wide;
                });
  sheet.suspect("x as it is, not spread", [&] { return x; });
  for (const bool rows : {true, false})
    sheet.suspect(rows ? "the zeros between the rows only: the columns go s apart too"
                       : "the zeros between the columns only: the rows go s apart too",
                  [&] {
                    mat spread = arma::zeros(arma::size(dilate(x, stride)));
                    for (uword j = 0; j < x.n_cols; ++j)
                      for (uword i = 0; i < x.n_rows; ++i)
                        spread(rows ? i * s : i, rows ? j : j * s) = x(i, j);
                    return spread;
                  });
  sheet.suspect("ones between the entries, where zeros belong", [&] {
    return mat(dilate(x, stride) + 1 - dilate(arma::ones(arma::size(x)), stride));
  });
}

EXERCISE(3, 5) {
  sheet.begin("the error of the chapter, stride 2");
  zerosBetween(sheet, {{1, -1}, {2, 0}}, 2);
  for (const int stride : {3, 1, 2}) {
    sheet.begin("random numbers");
    zerosBetween(sheet, sheet.whole(2 + below(2, sheet.random), 3).slice(0), stride);
  }
  sheet.begin("one row");
  zerosBetween(sheet, sheet.whole(1, 4).slice(0), 3);
}
