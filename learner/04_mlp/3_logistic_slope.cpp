// SPDX-License-Identifier: MIT
#include "04_mlp/activation.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

template <class Array>
static void slopeOf(learner::Sheet& sheet, const Array& z) {
  sheet.given("z", z);
  sheet.answer("slope", [&] { return logisticSlope(z); });
  const Array a = 1 / (1 + arma::exp(-z)), e = arma::exp(-z);
  sheet.suspect("z (1 - z): the formula a (1 - a) is written in a, not in z",
                [&] { return Array(z % (1 - z)); });
  sheet.suspect("the value a, not its slope", [&] { return a; });
  sheet.suspect("a times a: the second factor is 1 - a", [&] { return Array(a % a); });
  sheet.suspect("1 - a: the factor a is missing", [&] { return Array(1 - a); });
  sheet.suspect("the slope of tanh, 1 - a times a", [&] { return Array(1 - a % a); });
  sheet.suspect(
      "infinity divided by infinity, far away: take a (1 - a), with a from "
      "logistic(z)",
      [&] { return Array(e / arma::square(1 + e)); });
  sheet.suspect(
      "infinity divided by infinity, far away: take a (1 - a), with a from "
      "logistic(z), which has no infinity above its line",
      [&] { return Array((1 / e) / arma::square(1 + 1 / e)); });
}

EXERCISE(4, 3) {
  sheet.begin("0, where it is steepest, and the logarithm of 3, where a = 0.75");
  slopeOf(sheet, arma::mat{{0, std::log(3)}});
  sheet.begin("a cube");
  slopeOf(sheet, sheet.whole(2, 2, 2, 2));
  sheet.begin("numbers far away");
  slopeOf(sheet, arma::mat{{1000, -1000, 0}});
  sheet.begin("random numbers");
  arma::mat z = sheet.normal(3, 4).slice(0);
  slopeOf(sheet, z);
  sheet.slope("slope", z, [&] { return arma::accu(logistic(z)); });
}
