// SPDX-License-Identifier: MIT
#include "03_conv_backprop/gradient_check.hpp"
#include "learner/exercise.hpp"

using arma::cube;
using namespace cnn;

static void compared(learner::Sheet& sheet, const cube& analytic, const cube& numeric) {
  sheet.given("analytic", analytic);
  sheet.given("numeric", numeric);
  sheet.answer("error", [&] { return relativeError(analytic, numeric); });
  const cube apart = arma::abs(analytic - numeric);
  const double a = arma::abs(analytic).max(), n = arma::abs(numeric).max();
  const double largest = std::max(a, n);
  const auto suspect = [&](const char* mistake, double error) {
    sheet.suspect(mistake, [&] { return error; });
  };
  suspect("always content: an error of 0, whatever the gradients", 0);
  suspect("the largest difference alone, not held beside the largest entry",
          apart.max());
  suspect("the largest difference with its sign: size is what counts",
          cube(analytic - numeric).max() / largest);
  suspect("the largest entry with its sign: size is what counts",
          apart.max() / std::max(analytic.max(), numeric.max()));
  suspect("held beside the numeric alone: the analytic may be larger", apart.max() / n);
  suspect("held beside the analytic alone: the numeric may be larger", apart.max() / a);
  suspect("held beside the sum of the two largest entries", apart.max() / (a + n));
  double own = 0;
  for (arma::uword i = 0; i < apart.n_elem; ++i)
    if (apart(i) > 0)
      own = std::max(own,
                     apart(i) / std::max(std::abs(analytic(i)), std::abs(numeric(i))));
  suspect("every difference held beside its own entry, not beside the largest", own);
  suspect("the mean difference, where the largest belongs",
          arma::accu(apart) / double(apart.n_elem) / largest);
  suspect("the difference of the largest entries, not the largest difference",
          std::abs(a - n) / largest);
}

EXERCISE(3, 11) {
  sheet.begin("the kernel that nobody turned");
  compared(sheet, learner::numbers(arma::mat{{4, -1, -3}, {10, 5, -1}, {4, 2, 0}}),
           learner::numbers(arma::mat{{1, 1, -2}, {5, 5, -4}, {6, 8, 0}}));
  sheet.begin("the largest entry below zero");
  compared(sheet, learner::numbers(arma::mat{{1, -4}, {2, 3}}),
           learner::numbers(arma::mat{{2, -8}, {2, 3}}));
  sheet.begin("two gradients that agree");
  const cube x = sheet.whole(2, 2);
  compared(sheet, x, x);
  for (int n = 0; n < 3; ++n) {
    sheet.begin("random gradients");
    const cube analytic = sheet.normal(2, 3, 2);
    compared(sheet, analytic, cube(analytic + 0.5 * sheet.normal(2, 3, 2)));
  }
}
