// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void cutOff(learner::Sheet& sheet, const cube& framed, int padding) {
  const uword p = static_cast<uword>(padding);
  sheet.given("padding", padding);
  sheet.given("framed", framed);
  sheet.answer("unpadded", [&] { return unpad(framed, padding); });
  if (!sheet.isBook()) return;  // what follows calls more than is asked for
  const auto size = arma::size(unpad(framed, padding));
  sheet.suspect("the frame cut off below and at the right only: begin at (p, p)",
                [&] { return cube(framed.subcube(0, 0, 0, size)); });
  sheet.suspect("the frame cut off above and at the left only: begin at (p, p)",
                [&] { return cube(framed.subcube(2 * p, 2 * p, 0, size)); });
  sheet.suspect(
      "the frame has two sides in each direction: 2p fewer rows and columns",
      [&] { return cube(framed.tube(p, p, framed.n_rows - 1, framed.n_cols - 1)); });
  if (framed.n_rows > 2 && framed.n_cols > 2)
    sheet.suspect("one pixel from each side, whatever the padding",
                  [&] { return unpad(framed, 1); });
  if (framed.n_rows <= framed.n_cols)
    sheet.suspect("as wide as it is high: rows counted where columns belong", [&] {
      return cube(framed.subcube(
          p, p, 0,
          arma::size(framed.n_rows - 2 * p, framed.n_rows - 2 * p, framed.n_slices)));
    });
  sheet.suspect("channel 0 alone: the others are cut off too",
                [&] { return unpad(framed, padding).eval().slices(0, 0).eval(); });
}

EXERCISE(3, 3) {
  sheet.begin("the frame of the chapter's dx");
  cutOff(
      sheet,
      learner::numbers(mat{{1, 2, -1, -2}, {3, 6, 1, -4}, {1, 8, 9, 2}, {3, 4, 3, 4}}),
      1);
  sheet.begin("two pixels of frame");
  cutOff(sheet, sheet.whole(5, 6), 2);
  sheet.begin("two channels");
  cutOff(sheet, sheet.whole(3, 4, 2), 1);
  sheet.begin("no frame at all");
  cutOff(sheet, sheet.whole(2, 3), 0);
  sheet.begin("one pixel in its frame");
  cutOff(sheet, sheet.whole(3, 3, 3), 1);
}
