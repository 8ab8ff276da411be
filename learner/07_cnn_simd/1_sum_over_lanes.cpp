// SPDX-License-Identifier: MIT
#include "07_cnn_simd/pack.hpp"
#include "learner/exercise.hpp"

#include <cmath>

using namespace cnn;
using namespace cnn::simd;

template <class P>
static void lanes(learner::Sheet& sheet, const arma::rowvec& numbers,
                  double tolerance = 1e-9) {
  P v{};
  for (int lane = 0; lane < lanesOf<P>; ++lane)
    v[lane] = static_cast<Number<P>>(numbers(static_cast<arma::uword>(lane)));
  sheet.given("lanes", arma::mat(numbers));
  sheet.answer(
      "sum", [&] { return sumOverLanes(v); }, tolerance);

  const double sum = arma::accu(numbers), count = lanesOf<P>;
  const auto single = [&] {
    float rounded = 0;
    for (const double number : numbers)
      rounded = static_cast<float>(static_cast<double>(rounded) + number);
    return static_cast<double>(rounded);
  };
  const auto whole = [&] {
    int cut = 0;
    for (const double number : numbers) cut = static_cast<int>(cut + number);
    return cut;
  };
  sheet.suspect("the first lane alone", [&] { return numbers(0); });
  sheet.suspect("the last lane alone: = stands where += belongs",
                [&] { return numbers(numbers.n_elem - 1); });
  sheet.suspect("the last lane is left out",
                [&] { return sum - numbers(numbers.n_elem - 1); });
  sheet.suspect("the first lane is left out; lanes are counted from 0",
                [&] { return sum - numbers(0); });
  sheet.suspect("four lanes, whatever the pack: lanesOf<P> says how many it has",
                [&] { return arma::accu(numbers.head(4)); });
  sheet.suspect("the mean of the lanes", [&] { return sum / count; });
  sheet.suspect("a whole number: what stands behind the point is cut off", whole);
  if (std::is_same_v<Number<P>, double>)
    sheet.suspect("added up in single precision: seven digits are right", single);
}

EXERCISE(7, 1) {
  sheet.begin("the pencil's four lanes");
  lanes<Pack<double, 4>>(sheet, {3, 5, 7, 9});
  const auto random = [&](int count) -> arma::rowvec {
    return sheet.normal(1, static_cast<arma::uword>(count)).slice(0);
  };
  sheet.begin("a pack of eight");
  lanes<Pack<double, 8>>(sheet, {1, 2, 3, 4, 5, 6, 7, 8});
  sheet.begin("four numbers with many digits");
  lanes<Pack<double, 4>>(sheet, random(4));
  sheet.begin("a pack of sixteen in single precision");
  lanes<Pack<float, 16>>(sheet, random(16), 1e-5);
}
