// SPDX-License-Identifier: MIT
#include "04_mlp/parameters.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::mat;

static learner::Parts parts(const mat& w, const mat& b) {
  return {{"w", learner::numbers(w)}, {"b", learner::numbers(b)}};
}

static void step(learner::Sheet& sheet, const Parameters& p, const Parameters& sum,
                 double m, const StepRule& rule) {
  sheet.given("m", m);
  sheet.given("rate", rule.rate);
  sheet.given("lambda", rule.lambda);
  sheet.given("clip", rule.clip);
  sheet.given("p.w", p.w);
  sheet.given("p.b", p.b);
  sheet.given("sum.w", sum.w);
  sheet.given("sum.b", sum.b);
  sheet.answer("p", [&] {
    Parameters after = p;
    gradientDescent(after, sum, m, rule);
    return parts(after.w, after.b);
  });

  const double c = rule.clip, rate = rule.rate, share = rule.lambda / m;
  const auto clip = [c](const mat& x) { return mat(arma::clamp(x, -c, c)); };
  const mat gw = clip(sum.w / m), gb = clip(sum.b / m), tax = share * p.w;
  const mat w1 = p.w - rate * (gw + tax), b1 = p.b - rate * gb;
  const auto suspect = [&](const char* mistake, const mat& w, const mat& b) {
    sheet.suspect(mistake, [&] { return parts(w, b); });
  };
  suspect("uphill: the step goes against the gradient", p.w + rate * (gw + tax),
          p.b + rate * gb);
  suspect("the biases go uphill: their step goes against the gradient, too", w1,
          p.b + rate * gb);
  suspect("nothing has moved", p.w, p.b);
  suspect("p.b came back as it was: the biases take a step, too", w1, p.b);
  suspect("p.w came back as it was: the weights take a step, too", p.w, b1);
  suspect("the step alone: it is taken off what was there, -= and not =",
          -rate * (gw + tax), -rate * gb);
  suspect("the sum, not divided by m: the step goes along the mean",
          p.w - rate * (clip(sum.w) + tax), p.b - rate * clip(sum.b));
  suspect(
      "the sum is clipped and then divided: the mean first, or a larger batch is "
      "clipped harder",
      p.w - rate * (clip(sum.w) / m + tax), p.b - rate * clip(sum.b) / m);
  suspect("nothing is clipped", p.w - rate * (sum.w / m + tax), p.b - rate * sum.b / m);
  suspect("the biases are not clipped", w1, p.b - rate * sum.b / m);
  suspect("the weights are not clipped", p.w - rate * (sum.w / m + tax), b1);
  suspect("clipped on one side only: what is below -c becomes -c",
          p.w - rate * (arma::clamp(sum.w / m, -arma::datum::inf, c) + tax), b1);
  suspect("clipped on one side only: what is below -c becomes -c",
          p.w - rate * (arma::clamp(sum.w / m, -arma::datum::inf, c) + tax),
          p.b - rate * arma::clamp(sum.b / m, -arma::datum::inf, c));
  suspect("the penalty is clipped too: it comes to the mean after the clip",
          p.w - rate * clip(sum.w / m + tax), b1);
  suspect("the biases are taxed: the penalty is on the weights alone", w1,
          p.b - rate * (gb + share * p.b));
  suspect("the penalty counts twice: the half in lambda/2 has cancelled the 2",
          p.w - rate * (gw + 2 * tax), b1);
  suspect("the penalty counts half: the 2 of the square has cancelled the half",
          p.w - rate * (gw + tax / 2), b1);
  suspect("the penalty is not divided by m", p.w - rate * (gw + rule.lambda * p.w), b1);
  suspect("the penalty has the other sign: it must draw the weights towards 0",
          p.w - rate * (gw - tax), b1);
  suspect("the step without the penalty on the weights", p.w - rate * gw, b1);
  suspect("the penalty of weights that have moved already: one step, from one place",
          (p.w - rate * gw) * (1 - rate * share), b1);
  suspect("the penalty without the rate: the rate stands before both",
          p.w - rate * gw - tax, b1);
  suspect("the rate is missing", p.w - gw - tax, p.b - gb);
}

EXERCISE(4, 8) {
  sheet.begin("the first layer of the chapter");
  step(sheet, {{{1, 1}, {1, -1}}, {0, 0}}, {{{-1, -2}, {0, 0}}, {-1, 0}}, 1,
       {.rate = 0.1, .lambda = 0, .clip = 10});
  sheet.begin("the two samples of the chapter, clipped to 0.5");
  step(sheet, {{{1, 1}, {1, -1}}, {0, 0}}, {{{-1, -5}, {0, 0}}, {-2, 0}}, 2,
       {.rate = 1, .lambda = 0, .clip = 0.5});
  sheet.begin("the penalty of the chapter");
  step(sheet, {{{2, 1}, {0, -1}}, {0, 6}}, {{{-1.5, 0}, {1.5, 0}}, {-0.5, 0.5}}, 1,
       {.rate = 1, .lambda = 0.1, .clip = 10});
  sheet.begin("two samples, with a penalty and a clip");
  step(sheet, {{{10, -4}, {6, 2}}, {3, -5}}, {{{-2, 8}, {1, -6}}, {6, -1}}, 2,
       {.rate = 0.25, .lambda = 1, .clip = 2});
  sheet.begin("random numbers");
  const arma::vec b = sheet.whole(3, 1).slice(0), db = sheet.whole(3, 1).slice(0);
  step(sheet, {sheet.whole(3, 4).slice(0), b}, {sheet.whole(3, 4, 1, 9).slice(0), db},
       4, {.rate = 0.5, .lambda = 2, .clip = 1});
}
