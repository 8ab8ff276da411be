// SPDX-License-Identifier: MIT
#include "04_mlp/activation.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::mat;
using arma::uword;

/// p with a change in every column: change(p, n, label of n).
template <class Change>
static mat changed(mat p, const Labels& labels, const Change& change) {
  for (uword n = 0; n < p.n_cols; ++n) change(p, n, labels(n));
  return p;
}

static void errors(learner::Sheet& sheet, const mat& p, const Labels& labels) {
  sheet.given("p", p);
  sheet.given("labels", arma::conv_to<arma::rowvec>::from(labels));
  sheet.answer("delta", [&] { return outputError(p, labels); });
  const auto delta = [&] { return outputError(p, labels); };
  const auto suspect = [&](const char* mistake, const auto& change) {
    sheet.suspect(mistake, [&] { return changed(p, labels, change); });
  };
  sheet.suspect("y - p: it is what came out minus what should have come out",
                [&] { return mat(-delta()); });
  sheet.suspect("p - y times p (1 - p): the slope of softmax is in p - y already",
                [&] { return mat(delta() % p % (1 - p)); });
  suspect("the label off by one: classes count from 0",
          [](mat& x, uword n, uword label) { x((label + 1) % x.n_rows, n) -= 1; });
  suspect("the label off by one: classes count from 0",
          [](mat& x, uword n, uword label) {
            x((label + x.n_rows - 1) % x.n_rows, n) -= 1;
          });
  suspect("0 as if the right class has no error: its error is p - 1",
          [](mat& x, uword n, uword label) { x(label, n) = 0; });
  suspect("at the label -1 instead of p - 1",
          [](mat& x, uword n, uword label) { x(label, n) = -1; });
  suspect("at the label p + 1 instead of p - 1",
          [](mat& x, uword n, uword label) { x(label, n) += 1; });
  sheet.suspect(
      "divided by the number of samples: the mean is taken later, by the step",
      [&] { return mat(delta() / static_cast<double>(p.n_cols)); });
  suspect("y of the first sample only: each column has its label",
          [](mat& x, uword n, uword label) {
            if (n == 0) x(label, n) -= 1;
          });
  suspect("1 taken from a whole row: in each column one entry changes",
          [](mat& x, uword, uword label) { x.row(label) -= 1; });
  suspect("1 taken from every class: y has one 1 and zeros",
          [](mat& x, uword n, uword) { x.col(n) -= 1; });
}

EXERCISE(4, 6) {
  sheet.begin("the probabilities of the chapter, class 0 is right");
  errors(sheet, arma::vec{0.5, 0.5}, {0});
  sheet.begin("three classes and two samples");
  errors(sheet, {{0.25, 0.5}, {0.5, 0.125}, {0.25, 0.375}}, {2, 1});
  sheet.begin("one class");
  errors(sheet, {{1, 1}}, {0, 0});
  sheet.begin("random logits");
  mat z = sheet.normal(4, 5).slice(0);
  mat p = arma::exp(z);
  p.each_row() /= mat(arma::sum(p, 0));
  const Labels labels = {3, 0, 1, 2, 2};
  errors(sheet, p, labels);
  sheet.slope("delta", z, [&] { return crossEntropy(z, labels).costSum; });
}
