// SPDX-License-Identifier: MIT
#include "04_mlp/activation.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::mat;

/// Softmax with nothing taken off first; the sums go along a dimension, 0 down the
/// columns.
static mat plainly(const mat& z, arma::uword dimension) {
  mat p = arma::exp(z);
  if (dimension == 0)
    p.each_row() /= mat(arma::sum(p, 0));
  else
    p.each_col() /= mat(arma::sum(p, 1));
  return p;
}

static void probabilities(learner::Sheet& sheet, const mat& z) {
  sheet.given("z", z);
  sheet.answer("p", [&] { return softmax(z); });
  sheet.suspect(
      "e to the power of a thousand, which is infinite: first take the largest "
      "logit off its column",
      [&] { return plainly(z, 0); });
  sheet.suspect(
      "e to the power of a thousand, which is infinite: what comes off is the "
      "largest of the column, not the smallest",
      [&] {
        mat above = z;
        above.each_row() -= mat(arma::min(z, 0));
        return plainly(above, 0);
      });
  sheet.suspect("the largest of the whole matrix taken off; each column has its own",
                [&] { return plainly(z - z.max(), 0); });
  sheet.suspect("the rows add up to 1: a sample is a column here",
                [&] { return mat(softmax(z.t()).t()); });
  sheet.suspect("the powers of e, not yet divided by their sum", [&] {
    mat below = z;
    below.each_row() -= mat(arma::max(z, 0));
    return mat(arma::exp(below));
  });
  sheet.suspect("the powers of e, not yet divided by their sum",
                [&] { return mat(arma::exp(z)); });
  sheet.suspect("the sum of the whole matrix; each column has its own", [&] {
    mat p = softmax(z);
    p.each_row() %= mat(arma::sum(arma::exp(z.each_row() - mat(arma::max(z, 0))), 0));
    return mat(p / arma::accu(p));
  });
  sheet.suspect("logits divided by their sum: e to their power is missing", [&] {
    mat p = z;
    p.each_row() -= mat(arma::max(z, 0));
    p.each_row() /= mat(arma::sum(p, 0));
    return p;
  });
  sheet.suspect("logits divided by their sum: e to their power is missing", [&] {
    mat p = z;
    p.each_row() /= mat(arma::sum(p, 0));
    return p;
  });
  sheet.suspect("every class gets the same share, whatever its logit", [&] {
    return mat(z.n_rows, z.n_cols,
               arma::fill::value(1 / static_cast<double>(z.n_rows)));
  });
}

EXERCISE(4, 4) {
  sheet.begin("the logits of the chapter, before the step and after it");
  probabilities(sheet, {{6, 7.79}, {6, 5.41}});
  sheet.begin("three classes");
  probabilities(sheet, sheet.whole(3, 2, 1, 3).slice(0));
  sheet.begin("large logits and small ones");
  probabilities(sheet, {{1000, -1000}, {0, -1001}});
  sheet.begin("one class");
  probabilities(sheet, {{2, -3, 0}});
  sheet.begin("random logits");
  probabilities(sheet, sheet.normal(4, 6).slice(0));
}
