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
static void onOrOff(learner::Sheet& sheet, const Array& z) {
  sheet.given("z", z);
  sheet.answer("slope", [&] { return reluSlope(z); });
  const auto suspect = [&](const char* mistake, auto change) {
    sheet.suspect(mistake, [&] { return changed(z, change); });
  };
  suspect("1 at exactly 0, where we say 0: ask for v > 0",
          [](double v) { return v >= 0 ? 1.0 : 0.0; });
  suspect("1 where the unit is off, and 0 where it is on",
          [](double v) { return v < 0 ? 1.0 : 0.0; });
  suspect("that is relu itself: its slope is 1 wherever the unit is on",
          [](double v) { return v > 0 ? v : 0.0; });
  suspect("1 everywhere: where the unit is off, nothing comes out",
          [](double) { return 1.0; });
  suspect("-1 where the unit is off: the slope there is 0", [](double v) {
    return v > 0 ? 1.0 : v < 0 ? -1.0 : 0.0;
  });
  suspect("0 for a number between 0 and 1: the unit is on there",
          [](double v) { return v >= 1 ? 1.0 : 0.0; });
}

EXERCISE(4, 2) {
  sheet.begin("the sums z1 of the chapter");
  onOrOff(sheet, arma::mat(arma::vec{3, -1}));
  sheet.begin("numbers near 0");
  onOrOff(sheet, arma::mat{{-2, 0, 0.5}});
  sheet.begin("random numbers");
  onOrOff(sheet, sheet.whole(2, 3).slice(0));
  sheet.begin("a cube");
  onOrOff(sheet, sheet.whole(2, 3, 2));
  sheet.begin("random numbers");
  arma::mat z = sheet.normal(4, 5).slice(0);
  onOrOff(sheet, z);
  sheet.slope("slope", z, [&] { return arma::accu(relu(z)); });
}
