// SPDX-License-Identifier: MIT
#include "03_conv_backprop/gradient_check.hpp"
#include "learner/exercise.hpp"

#include <functional>

using arma::cube;
using namespace cnn;

/// A cost, and what to do with it. It is handed x: each answer has an x of its own.
using CostOf = std::function<double(const cube&)>;

/// (J(x + up) - J(x - down)) / distance, entry by entry.
static cube quotient(const cube& at, const CostOf& cost, double up, double down,
                     double distance) {
  cube slopes(arma::size(at));
  for (arma::uword i = 0; i < at.n_elem; ++i) {
    cube above = at, below = at;
    above(i) += up;
    below(i) -= down;
    slopes(i) = (cost(above) - cost(below)) / distance;
  }
  return slopes;
}

static void measured(learner::Sheet& sheet, const cube& at, double h,
                     const CostOf& cost, double tolerance = 1e-9, bool large = false) {
  sheet.given("h", h);
  sheet.given("x", at);
  using learner::Parts;
  sheet.answer(
      "",
      [&] {
        cube x = at;
        const cube numeric = centralDifferences([&] { return cost(x); }, x, h);
        return Parts{{"numeric", numeric}, {"x after - x before", cube(x - at)}};
      },
      tolerance);
  const cube still(arma::size(at));
  const auto moved = [&](const char* mistake, const std::function<cube()>& numeric,
                         const cube& by) {
    sheet.suspect(mistake, [&] {
      return Parts{{"numeric", numeric()}, {"x after - x before", by}};
    });
  };
  const auto suspect = [&](const char* mistake, const std::function<cube()>& numeric) {
    moved(mistake, numeric, still);
  };
  suspect("divided by 2h, where rounding has put the places a little nearer or farther",
          [&] { return quotient(at, cost, h, h, 2 * h); });
  if (large) return;  // what else is wrong shows elsewhere, without the rounding
  const auto numeric = [&](double step) {
    cube x = at;
    return centralDifferences([&] { return cost(x); }, x, step);
  };
  const auto right = [&] { return numeric(h); };
  suspect("forward, from x to x + h, without a look below x",
          [&] { return quotient(at, cost, h, 0, h); });
  suspect("backward, from x - h to x, without a look above x",
          [&] { return quotient(at, cost, 0, h, h); });
  suspect("divided by h, but the places are 2h apart",
          [&] { return quotient(at, cost, h, h, h); });
  suspect("the difference of the costs, not divided by the distance of the places",
          [&] { return quotient(at, cost, h, h, 1); });
  suspect("zero everywhere: the cost never changed; was a copy of x moved, not x?",
          [&] { return still; });
  suspect("the first slice alone: x.n_elem entries are in all slices", [&] {
    cube first = right();
    if (first.n_slices > 1) first.slices(1, first.n_slices - 1).zeros();
    return first;
  });
  suspect("always with the step 1e-5, not with h", [&] { return numeric(1e-5); });
  suspect("one number in every place, that of the last entry", [&] {
    const cube all = right();
    return cube(0 * all + all(all.n_elem - 1));
  });
  moved("an entry is not put back: it stays at x - h", right, (at - h) - at);
  moved("an entry is not put back: it stays at x + h", right, (at + h) - at);
  moved("x is back but for rounding: keep the value, and store it again", right,
        (((at + h) - 2 * h) + h) - at);
  moved("x is back but for rounding: keep the value and store it again", right,
        ((((at + h) - h) - h) + h) - at);
}

/// Their slopes do not depend on each other: 3x^2 + h^2, where x^3 has 3x^2.
static double cubes(const cube& x) { return arma::accu(x % x % x); }

EXERCISE(3, 10) {
  sheet.begin("J = x^3 at 2, with a step of 1");
  measured(sheet, cube(1, 1, 1, arma::fill::value(2)), 1, cubes);
  sheet.begin("J = x^3 at 2, with a step of 0.1");
  measured(sheet, cube(1, 1, 1, arma::fill::value(2)), 0.1, cubes);
  sheet.begin("J = the sum of all x^3");
  measured(sheet, sheet.whole(2, 3), 0.5, cubes);
  sheet.begin("J = the sum of all x^3, two slices");
  measured(sheet, sheet.whole(2, 2, 2), 0.5, cubes);
  sheet.begin("J = the sum of all sin x, with the usual step");
  measured(
      sheet, sheet.normal(3, 2, 2), 1e-5,
      [](const cube& x) { return arma::accu(arma::sin(x)); }, 1e-6);
  sheet.begin("J = x at 123456.7, where h is small beside x");
  measured(
      sheet, cube(1, 1, 1, arma::fill::value(123456.7)), 1e-5,
      [](const cube& x) { return x(0); }, 1e-9, true);
}
