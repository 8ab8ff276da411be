// SPDX-License-Identifier: MIT
#include "04_mlp/activation.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

/// z with every entry changed.
template <class Array, class Change>
static Array changed(Array z, const Change& change) {
  z.transform(change);
  return z;
}

template <class Array>
static void cutOff(learner::Sheet& sheet, const Array& z) {
  sheet.given("z", z);
  sheet.answer("a", [&] { return relu(z); });
  const auto suspect = [&](const char* mistake, auto change) {
    sheet.suspect(mistake, [&] { return changed(z, change); });
  };
  suspect("NaN has become 0: it hides that a run went wrong; ask for v < 0",
          [](double v) { return v > 0 ? v : 0; });
  suspect("the other side is cut off: what is negative stayed",
          [](double v) { return v > 0 ? 0 : v; });
  suspect("1 or 0 where the unit is on or off, that is the slope: a is z itself",
          [](double v) { return v < 0 ? 0.0 : 1.0; });
  suspect("1 or 0 where the unit is on or off, that is the slope: a is z itself",
          [](double v) { return v > 0 ? 1.0 : 0.0; });
  suspect("the size without the sign: what is negative becomes 0",
          [](double v) { return std::abs(v); });
  suspect("a number between 0 and 1 was cut off: the limit is 0",
          [](double v) { return v < 1 ? 0 : v; });
}

EXERCISE(4, 1) {
  sheet.begin("the sums z1 of the chapter");
  cutOff(sheet, arma::mat(arma::vec{3, -1}));
  sheet.begin("random numbers");
  cutOff(sheet, sheet.whole(2, 3).slice(0));
  sheet.begin("numbers near 0");
  cutOff(sheet, arma::mat{{0.5, -0.5, 0}});
  sheet.begin("a cube");
  cutOff(sheet, sheet.whole(2, 3, 2));
  sheet.begin("one that is no number");
  cutOff(sheet, arma::mat{{arma::datum::nan, -1, 2}});
  sheet.begin("random numbers");
  cutOff(sheet, arma::mat(sheet.normal(4, 5).slice(0)));
}
