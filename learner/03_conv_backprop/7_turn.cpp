// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void halfATurn(learner::Sheet& sheet, const mat& w) {
  sheet.given("w", w);
  sheet.answer("turned", [&] { return turn180(w); });
  sheet.suspect("w came back as it was", [&] { return w; });
  sheet.suspect("only the order within each row turned round, not that of the rows",
                [&] { return mat(arma::fliplr(w)); });
  sheet.suspect("only the order of the rows turned round, not that in each row",
                [&] { return mat(arma::flipud(w)); });
  sheet.suspect("rows and columns are swapped: that is the transpose",
                [&] { return mat(w.t()); });
  sheet.suspect(
      "transposed as well: the last entry comes first, but rows became columns",
      [&] { return mat(turn180(w).t()); });
  sheet.suspect("a quarter of a turn, to the right",
                [&] { return mat(arma::fliplr(w.t())); });
  sheet.suspect("a quarter of a turn, to the left",
                [&] { return mat(arma::flipud(w.t())); });
}

EXERCISE(3, 7) {
  sheet.begin("the chapter's K");
  halfATurn(sheet, {{1, 2}, {3, 4}});
  sheet.begin("a kernel that is not square");
  halfATurn(sheet, sheet.whole(2, 3).slice(0));
  sheet.begin("a kernel of 3 x 3");
  halfATurn(sheet, sheet.whole(3, 3).slice(0));
  sheet.begin("one column");
  halfATurn(sheet, sheet.whole(4, 1).slice(0));
  sheet.begin("one weight");
  halfATurn(sheet, mat(1, 1, arma::fill::value(7)));
}
