// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void everyOverlap(learner::Sheet& sheet, mat x, const mat& w, int stride = 1) {
  sheet.given("stride", stride);
  sheet.given("x", x);
  sheet.given("w", w);
  sheet.answer("z", [&] { return convolveFull(x, w, stride); });
  if (!sheet.isBook()) return;  // what follows calls more than is asked for
  sheet.suspect("the kernel turned in here too: that is for the caller",
                [&] { return convolveFull(x, turn180(w), stride); });
  sheet.suspect("x not dilated: the stride is forgotten",
                [&] { return convolveFull(x, w); });
  const mat spread = dilate(x, stride);
  if (w.n_rows <= spread.n_rows && w.n_cols <= spread.n_cols)
    sheet.suspect(
        "only the places where the whole kernel fits: it may hang over the rim",
        [&] { return convolveWindows(spread, w); });
  sheet.suspect("the shifted copies overwrite each other: = where += belongs", [&] {
    mat z = arma::zeros(arma::size(convolveFull(x, w, stride)));
    for (uword v = 0; v < w.n_cols; ++v)
      for (uword u = 0; u < w.n_rows; ++u)
        z.submat(w.n_rows - 1 - u, w.n_cols - 1 - v, arma::size(spread)) =
            w(u, v) * spread;
    return z;
  });
  for (const uword frame : {w.n_rows - 1, w.n_cols - 1})
    if (w.n_rows <= spread.n_rows + 2 * frame && w.n_cols <= spread.n_cols + 2 * frame)
      sheet.suspect(
          fmt::format("a frame as wide as it is high, {} - 1 on each side: the "
                      "kernel is f x g",
                      frame == w.n_rows - 1 ? "f" : "g"),
          [&] { return convolveWindows(spread, w, {.padding = int(frame)}); });
  sheet.suspect("the last row of the kernel left out: a loop ends too early", [&] {
    mat shorter = w;
    shorter.tail_rows(1).zeros();
    return convolveFull(x, shorter, stride);
  });
  if (w.is_square())
    sheet.suspect("the kernel transposed",
                  [&] { return convolveFull(x, mat(w.t()), stride); });
}

EXERCISE(3, 8) {
  sheet.begin("the chapter's delta and K upside down");
  everyOverlap(sheet, {{1, -1}, {2, 0}}, {{4, 3}, {2, 1}});
  sheet.begin("stride 2");
  everyOverlap(sheet, {{1, -1}, {2, 0}}, {{4, 3}, {2, 1}}, 2);
  const auto whole = [&](uword rows, uword columns) -> mat {
    return sheet.whole(rows, columns).slice(0);
  };
  sheet.begin("one number and a kernel that is not square");
  everyOverlap(sheet, mat(1, 1, arma::fill::ones), whole(2, 3));
  sheet.begin("sizes that all differ");
  everyOverlap(sheet, whole(2, 3), whole(3, 2));
  sheet.begin("one weight");
  everyOverlap(sheet, whole(2, 2), whole(1, 1));
  sheet.begin("stride 3");
  everyOverlap(sheet, whole(2, 3), whole(3, 3), 3);
}
