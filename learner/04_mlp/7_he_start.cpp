// SPDX-License-Identifier: MIT
#include "04_mlp/parameters.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::uword;

static learner::Parts parts(const Parameters& p) {
  return {{"w", learner::numbers(p.w)}, {"b", learner::numbers(p.b)}};
}

/// Two layers drawn one after the other by start(outputs, fan-in, generator); their
/// numbers and the generator's next one.
template <class Start>
static learner::Parts twoLayers(std::uint64_t seed, const Start& start) {
  Random random(seed);
  learner::Parts all = parts(start(3, 2, random));
  const learner::Parts second = parts(start(2, 3, random));
  all.push_back({"w of the second layer", second[0].numbers});
  all.push_back({"b of the second layer", second[1].numbers});
  return all;
}

static learner::Parts oneLayer(uword outputs, uword fanIn, std::uint64_t seed) {
  Random random(seed);
  return parts(heStart(outputs, fanIn, random));
}

static void firstNumbers(learner::Sheet& sheet, uword outputs, uword fanIn) {
  const std::uint64_t seed = below(1000, sheet.random);
  sheet.given("outputs", outputs);
  sheet.given("fanIn", fanIn);
  sheet.answer("start", [&] { return oneLayer(outputs, fanIn, seed); });

  const double n = static_cast<double>(fanIn), right = std::sqrt(2 / n);
  const auto suspect = [&](const char* mistake, double forW, double forB) {
    sheet.suspect(mistake, [&] {
      learner::Parts p = oneLayer(outputs, fanIn, seed);
      p[0].numbers *= forW / right;
      p[1].numbers *= forB / right;
      return p;
    });
  };
  const auto both = [&](const char* mistake, double deviation) {
    suspect(mistake, deviation, deviation);
  };
  both("2 by the outputs, not the inputs: n counts the terms of a sum, the fan-in",
       std::sqrt(2 / static_cast<double>(outputs)));
  both("all zeros: units that start equal stay equal for ever", 0);
  both("the deviation 2/n: the root is missing", 2 / n);
  both("the deviation √(1/n): the 2 of He is missing", std::sqrt(1 / n));
  both("a division of whole numbers, which drops the fraction: write 2.0",
       std::sqrt(static_cast<double>(2 / fanIn)));
  both("the deviation √(n/2), turned over", 1 / right);
  both("the start of Glorot, which has n + outputs",
       std::sqrt(2 / (n + static_cast<double>(outputs))));
  suspect("b is 0: so it is with He and with Glorot; here b is drawn like w", right, 0);
  suspect("b drawn with the deviation 1: it has the same one as w", right, 1);
  sheet.suspect("rows and columns of w are swapped: a row belongs to a unit", [&] {
    Random random(seed);
    const arma::mat w = normal(fanIn, outputs, right, random);
    return parts({w, normal(outputs, 1, right, random)});
  });
  sheet.suspect("b drawn before w: the same numbers in other places", [&] {
    Random random(seed);
    const arma::mat b = normal(outputs, 1, right, random);
    return parts({normal(outputs, fanIn, right, random), b});
  });
}

EXERCISE(4, 7) {
  sheet.begin("three units of two inputs, where the deviation is 1");
  firstNumbers(sheet, 3, 2);
  sheet.begin("two units of eight inputs, where the deviation is a half");
  firstNumbers(sheet, 2, 8);
  sheet.begin("two layers, one after the other, from one generator");
  sheet.answer("start", [] { return twoLayers(3, heStart); });
  sheet.suspect(
      "the second layer starts with the numbers of the first: draw from `random` "
      "itself, not from a copy",
      [] {
        return twoLayers(3, [](uword outputs, uword fanIn, Random& random) {
          Random copy = random;
          return heStart(outputs, fanIn, copy);
        });
      });
  sheet.begin("one unit");
  firstNumbers(sheet, 1, 3);
  sheet.begin("a layer of the network");
  firstNumbers(sheet, 10, 50);
}
