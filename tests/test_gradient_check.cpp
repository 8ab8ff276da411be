// SPDX-License-Identifier: MIT
#include "03_conv_backprop/gradient_check.hpp"
#include "catch.hpp"
#include "common/core/random.hpp"
#include "same.hpp"

#include <fmt/format.h>

#include <cstring>
#include <limits>
#include <stdexcept>

using namespace cnn;
using arma::cube;
using arma::mat;
using arma::vec;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// Three slices of 5 x 4 numbers, none near zero, all different.
cube numbers(std::uint64_t seed) {
  Random random(seed);
  cube x(5, 4, 3);
  x.for_each([&](double& entry) {
    entry = std::normal_distribution<double>()(random);
    entry += entry < 0 ? -0.1 : 0.1;
  });
  return x;
}

/// A cost whose gradient is g, whatever x: the sum of g x.
GradientReport checkLinear(const cube& g, const cube& analytic,
                           const GradientOptions& options = {}) {
  cube x = numbers(7);
  return checkGradient([&] { return arma::accu(g % x); }, x, analytic, options);
}

}  // namespace

// ---- the tests' own judge ----------------------------------------------------------

TEST_CASE("a comparison says where two arrays part and shows both", "[common]") {
  const mat expected{{1, 2}, {3, 4}};
  const auto words = [&](const mat& given, double tolerance = 1e-12) {
    const Comparison found = same(given, expected, tolerance);
    CHECK_FALSE(found);
    return found.words;
  };
  CHECK_THAT(words({{1, 2.5}, {7, 4}}),
             StartsWith("row 1, column 0, slice 0: given 7, expected 3\ngiven\n") &&
                 ContainsSubstring("7.0000   4.0000") &&
                 ContainsSubstring("3.0000   4.0000"));
  CHECK_THAT(words({{9, 2}, {3, arma::datum::nan}}),
             StartsWith("row 1, column 1, slice 0: given nan"));
  CHECK_THAT(words({{arma::datum::nan, 2}, {9, 4}}), StartsWith("row 0, column 0"));
  CHECK_THAT(words({{arma::datum::inf, 2}, {3, 4}}), StartsWith("row 0, column 0"));
  CHECK(words({{1, 2, 3}}) == "given 1 x 3 x 1, expected 2 x 2 x 1");
  CHECK(same(expected + 0.25, expected, 0.25));
  CHECK_FALSE(same(expected + 0.25, expected, 0.125));
  const mat infinite(2, 2, arma::fill::value(-arma::datum::inf));
  CHECK(same(infinite, infinite, 0));
}

// ---- right gradients ---------------------------------------------------------------

TEST_CASE("the gradient of a quadratic form passes", "[common]") {
  const mat a{{2, 1, 0}, {-1, 3, 5}, {4, 0, 1}};
  vec x{1, -2, 0.5};
  const auto cost = [&] { return arma::as_scalar(x.t() * a * x); };
  const GradientReport report = checkGradient(cost, x, (a + a.t()) * x);
  INFO(report.text);
  CHECK(report.passed);
  CHECK(report.error < 1e-9);
  CHECK(report.guess.empty());
  CHECK_THAT(report.text, StartsWith("gradient check passed: error "));
  CHECK(report.text.find('\n') == std::string::npos);
}

TEST_CASE("the gradient of a sum of exponentials passes in every shape", "[common]") {
  cube x = numbers(1);
  CHECK(
      checkGradient([&] { return arma::accu(arma::exp(x)); }, x, arma::exp(x)).passed);
  mat m = x.slice(0);
  CHECK(
      checkGradient([&] { return arma::accu(arma::exp(m)); }, m, arma::exp(m)).passed);
  arma::rowvec row = x.slice(1).row(0);
  CHECK(checkGradient([&] { return arma::accu(arma::exp(row)); }, row, arma::exp(row))
            .passed);
}

TEST_CASE("a gradient that is x itself is not compared with the moved x", "[common]") {
  mat x{{1, 2}, {3, 4}};
  CHECK(checkGradient([&] { return 0.5 * arma::accu(x % x); }, x, x).passed);
}

TEST_CASE("the error is the largest difference over the largest entry", "[common]") {
  // Linear cost, exact in binary: the numeric gradient is 4, 1.
  vec x{0, 0};
  const vec g{4, 1};
  const auto cost = [&] { return arma::dot(g, x); };
  const GradientReport report =
      checkGradient(cost, x, vec{4, 1.5}, {.step = 1.0 / 1024});
  CHECK(report.error == 0.125);
  CHECK(report.numeric == 1);
  CHECK(report.analytic == 1.5);
}

TEST_CASE("a central difference errs by the square of its step", "[common]") {
  vec x{1};  // ((1 + h)^3 - (1 - h)^3) / 2h = 3 + h^2, exact in binary
  const auto cost = [&] { return x(0) * x(0) * x(0); };
  CHECK(checkGradient(cost, x, vec{3}, {.step = 1.0 / 8}).numeric == 3 + 1.0 / 64);
  CHECK(checkGradient(cost, x, vec{3}, {.step = 1.0 / 16}).numeric == 3 + 1.0 / 256);
}

// ---- spoiled gradients -------------------------------------------------------------

TEST_CASE("one spoiled entry is found wherever it is", "[common]") {
  const cube g = numbers(2);
  for (arma::uword slice = 0; slice < g.n_slices; ++slice)
    for (arma::uword column = 0; column < g.n_cols; ++column)
      for (arma::uword row = 0; row < g.n_rows; ++row) {
        cube spoiled = g;
        spoiled(row, column, slice) += 1e-4;
        const GradientReport report = checkLinear(g, spoiled);
        INFO(report.text);
        CHECK_FALSE(report.passed);
        CHECK(report.row == row);
        CHECK(report.column == column);
        CHECK(report.slice == slice);
        CHECK(report.analytic == spoiled(row, column, slice));
        CHECK(report.numeric == Approx(g(row, column, slice)).epsilon(1e-8));
        CHECK_THAT(report.text,
                   StartsWith("gradient check FAILED") &&
                       ContainsSubstring(fmt::format("row {}, column {}, slice {}", row,
                                                     column, slice)));
      }
}

TEST_CASE("the tolerance is the one that was asked for", "[common]") {
  const cube g = numbers(2);
  CHECK_FALSE(checkLinear(g, g * 1.001).passed);
  CHECK(checkLinear(g, g * 1.001, {.tolerance = 1e-2}).passed);
}

TEST_CASE("values that are not finite are refused wherever they stand", "[common]") {
  const double nan = arma::datum::nan, inf = arma::datum::inf;
  for (const double bad : {nan, inf, -inf}) {
    const cube g = numbers(3);
    cube spoiled = g;
    spoiled(1, 2, 1) = bad;
    const GradientReport report = checkLinear(g, spoiled);
    CHECK_FALSE(report.passed);
    CHECK(report.error == inf);
    CHECK_THAT(report.text, ContainsSubstring("refused: the analytic gradient is") &&
                                ContainsSubstring("row 1, column 2, slice 1"));

    vec x{1, 2};
    CHECK_THAT(checkGradient([&] { return bad; }, x, x).text,
               ContainsSubstring("the cost is"));
    const auto jump = [&] { return x(1) == 2 ? 0.0 : bad; };
    CHECK_THAT(checkGradient(jump, x, x).text,
               ContainsSubstring("not finite beside x"));
    x(0) = bad;
    CHECK_THAT(checkGradient([&] { return 1.0; }, x, vec{1, 1}).text,
               ContainsSubstring("x holds a value that is not finite"));
  }
}

TEST_CASE("zero against zero proves nothing", "[common]") {
  vec x{1, 2, 3};
  const auto flat = [] { return 5.0; };
  CHECK_THAT(checkGradient(flat, x, vec(3)).text,
             ContainsSubstring("refusing to compare zero with zero"));
  CHECK_FALSE(checkGradient(flat, x, vec{1e-7, 0, 0}).passed);
  CHECK(checkGradient(flat, x, vec(3), {.allowZero = true}).passed);
  CHECK_FALSE(checkGradient(flat, x, vec{0, 1e-3, 0}, {.allowZero = true}).passed);
}

TEST_CASE("a gradient of another shape is refused with both shapes", "[common]") {
  mat x(2, 2, arma::fill::ones);
  const auto cost = [&] { return arma::accu(x); };
  const GradientReport report = checkGradient(cost, x, mat(3, 3));
  CHECK_FALSE(report.passed);
  CHECK_THAT(report.text,
             ContainsSubstring("x is 2 x 2 x 1, the analytic gradient is 3 x 3 x 1"));
  CHECK_FALSE(checkGradient(cost, x, mat(1, 4, arma::fill::ones)).passed);
  CHECK_FALSE(checkGradient(cost, x, mat()).passed);
  mat oblong(2, 3, arma::fill::ones);
  CHECK_THAT(checkGradient([&] { return arma::accu(oblong); }, oblong, mat(3, 2)).text,
             ContainsSubstring("x is 2 x 3 x 1, the analytic gradient is 3 x 2 x 1"));
  cube deep(2, 2, 2, arma::fill::ones);
  CHECK_FALSE(checkGradient([&] { return arma::accu(deep); }, deep,
                            cube(2, 2, 1, arma::fill::ones))
                  .passed);
}

TEST_CASE("nothing to check is not a pass", "[common]") {
  mat x;
  cube deep;
  CHECK_THAT(checkGradient([] { return 1.0; }, x, mat()).text,
             ContainsSubstring("no entries"));
  CHECK_THAT(checkGradient([] { return 1.0; }, deep, cube()).text,
             ContainsSubstring("no entries"));
}

TEST_CASE("a cost that answers twice differently is refused", "[common]") {
  vec x{1, 2};
  int calls = 0;
  const GradientReport report =
      checkGradient([&] { return arma::accu(x) + 1e-3 * ++calls; }, x, vec{1, 1});
  CHECK_FALSE(report.passed);
  CHECK_THAT(report.text, ContainsSubstring("a cost must depend on x alone"));
}

// ---- where no difference can tell --------------------------------------------------

TEST_CASE("at a kink the slopes of both sides are shown", "[common]") {
  vec x{2, 0};
  const auto cost = [&] { return 3 * x(0) + std::abs(x(1)); };
  const auto guess = [&](double at, double analytic) {
    x(1) = at;
    const GradientReport report = checkGradient(cost, x, vec{3, analytic});
    INFO(report.text);
    CHECK_FALSE(report.passed);
    return report.guess;
  };
  CHECK(guess(0, 1) ==
        "kink or tie at row 1, column 0, slice 0: the one-sided differences are -1 and "
        "1; move x away from it");
  CHECK_THAT(guess(0, -1), StartsWith("kink or tie"));
  CHECK_THAT(guess(0, 0.5), StartsWith("kink or tie"));
  // Nearer than h = 1e-5: x - h lies beyond it, (|4e-6| - |-6e-6|) / 1e-5 = -0.2.
  CHECK_THAT(guess(4e-6, 1),
             ContainsSubstring("kink") && ContainsSubstring("-0.2 and 1"));
  CHECK_THAT(guess(4e-7, 1), ContainsSubstring("kink"));
  CHECK_THAT(guess(-4e-6, -1),
             ContainsSubstring("kink") && ContainsSubstring("-1 and 0.2"));
  CHECK_THAT(guess(0, 5), !ContainsSubstring("kink"));
  CHECK_THAT(guess(4e-6, 0.8), !ContainsSubstring("kink"));
  x(1) = 1e-4;
  CHECK(checkGradient(cost, x, vec{3, 1}).passed);
}

TEST_CASE("two equal maxima are a tie", "[common]") {
  vec x{2, 2, 1};
  const auto largest = [&] { return x.max(); };
  CHECK(checkGradient(largest, x, vec{1, 0, 0}).guess ==
        "kink or tie at row 0, column 0, slice 0: the one-sided differences are 0 and "
        "1; move x away from it");
  x(1) = 1.9;
  CHECK(checkGradient(largest, x, vec{1, 0, 0}).passed);
}

TEST_CASE("a cost that bends strongly has no kink", "[common]") {
  // Wrong slopes that lie between the one-sided differences.
  vec x{0};
  for (const double k : {1e2, 1e4, 1e5, 5e5}) {
    INFO("exp " << k << " x: from " << (1 - std::exp(-1e-5 * k)) * 1e5 << " to "
                << (std::exp(1e-5 * k) - 1) * 1e5);
    const double between = k * (1 + 2e-6 * k);
    const auto report =
        checkGradient([&] { return std::exp(k * x(0)); }, x, vec{between});
    CHECK_FALSE(report.passed);
    CHECK(report.guess.empty());
  }
  const auto bowl = [&] { return 1e6 * x(0) * x(0); };  // -10 and 10
  CHECK_THAT(checkGradient(bowl, x, vec{3}).guess, !ContainsSubstring("kink"));
}

TEST_CASE("a difference that drowns in the rounding of the costs is refused",
          "[common]") {
  // J = x^2 / 2 = 5e15, where doubles are 1 apart; 1 / h = 1e5.
  vec x{1e8};
  const auto cost = [&] { return 0.5 * x(0) * x(0); };
  const GradientReport report = checkGradient(cost, x, x);
  CHECK_FALSE(report.passed);
  CHECK(report.guess.empty());
  CHECK_THAT(report.text,
             StartsWith("gradient check refused") &&
                 ContainsSubstring("a cost of 5e+15 over h = 1e-05 gives no "
                                   "difference closer than 1e+05; scale x, "
                                   "or take a larger h"));
  CHECK(checkGradient(cost, x, x, {.step = 1}).passed);
  CHECK_THAT(checkGradient(cost, x, 2 * x).text, StartsWith("gradient check FAILED"));
  // A constant in the cost drowns the difference as well.
  const auto high = [&] { return 1e17 + x(0); };
  CHECK_THAT(checkGradient(high, x, vec{1}).text,
             ContainsSubstring("that is rounding"));
}

TEST_CASE("a step that is lost beside x is refused", "[common]") {
  vec x{1, 1e12};  // doubles are 1.2e-4 apart there
  const auto cost = [&] { return arma::accu(x); };
  const vec ones(2, arma::fill::ones);
  const GradientReport report = checkGradient(cost, x, ones);
  CHECK_FALSE(report.passed);
  CHECK(
      report.text ==
      "gradient check refused: h = 1e-05 is lost beside x = 1e+12 at row 1, column 0, "
      "slice 0: scale x, or take a larger h");
  CHECK(checkGradient(cost, x, ones, {.step = 1024}).passed);
}

// ---- x afterwards ------------------------------------------------------------------

TEST_CASE("x is restored bit for bit even when the cost throws", "[common]") {
  const vec before{-0.0, 0.1, 1e-310, 1e9, 1 / 3.0};
  const auto untouched = [&](const vec& x) {
    return std::memcmp(x.memptr(), before.memptr(), sizeof(double) * x.n_elem) == 0;
  };
  vec x = before;
  (void)checkGradient([&] { return arma::accu(x); }, x, vec(5, arma::fill::ones));
  CHECK(untouched(x));
  for (int last = 0; last < 12; ++last) {
    int calls = 0;
    const auto cost = [&] {
      if (calls++ == last) throw std::runtime_error("the power went out");
      return arma::accu(x);
    };
    CHECK_THROWS_WITH(checkGradient(cost, x, vec(5, arma::fill::ones)),
                      "the power went out");
    CHECK(untouched(x));
  }
}

TEST_CASE("every entry is moved up and down and nothing else is", "[common]") {
  cube x = numbers(4);
  const cube before = x;
  mat moves(x.n_elem, 2);
  const auto cost = [&] {
    const arma::uvec moved = arma::find(arma::vectorise(x != before));
    REQUIRE(moved.n_elem <= 1);
    if (!moved.is_empty()) ++moves(moved(0), x(moved(0)) > before(moved(0)));
    return arma::accu(x);
  };
  CHECK(checkGradient(cost, x, cube(arma::size(x), arma::fill::ones)).passed);
  CHECK(moves.min() == 1);
  CHECK(moves.max() == 1);
}

// ---- under the microscope ----------------------------------------------------------

namespace {

cube eachSlice(cube x, const std::function<mat(const mat&)>& change) {
  x.each_slice([&](mat& slice) { slice = change(slice); });
  return x;
}

/// analytic(r, c) = numeric(r + 1, c + 1), and zeros come in at the end.
mat pulled(const mat& x) {
  mat result(arma::size(x));
  const arma::uword rows = x.n_rows - 1, columns = x.n_cols - 1;
  result.submat(0, 0, arma::size(rows, columns)) = x.submat(1, 1, rows, columns);
  return result;
}

}  // namespace

TEST_CASE("a constant ratio is named for what it is", "[common]") {
  const cube g = numbers(5);
  CHECK_THAT(checkLinear(g, -g).guess, ContainsSubstring("ratio -1: the sign"));
  CHECK_THAT(checkLinear(g, 2 * g).guess, ContainsSubstring("the half in lambda/2"));
  CHECK_THAT(checkLinear(g, g / 2).guess, ContainsSubstring("the half in lambda/2"));
  CHECK_THAT(checkLinear(g, 7 * g).guess,
             ContainsSubstring("ratio constant = 7: sum for mean"));
  CHECK_THAT(checkLinear(g, g / 7).guess, ContainsSubstring("1/7: mean for sum"));
  CHECK_THAT(checkLinear(g, 1.3 * g).guess, ContainsSubstring("ratio constant = 1.3"));
  const GradientOptions batch{.samples = 2};
  CHECK_THAT(checkLinear(g, 2 * g, batch).guess,
             ContainsSubstring("m = 2: sum for mean"));
  CHECK_THAT(checkLinear(g, g / 2, batch).guess,
             ContainsSubstring("1/2: mean for sum"));
  // One number is always some multiple of another: only the famous factors say much.
  vec x{1};
  CHECK(checkGradient([&] { return x(0); }, x, vec{1.3}).guess.empty());
}

TEST_CASE("entries in the wrong places are named by the way they went", "[common]") {
  const cube g = numbers(6);
  CHECK_THAT(checkLinear(g, eachSlice(g,
                                      [](const mat& x) -> mat {
                                        return arma::flipud(arma::fliplr(x));
                                      }))
                 .guess,
             ContainsSubstring("turned by 180 degrees"));
  CHECK_THAT(checkLinear(g, eachSlice(g, pulled)).guess,
             ContainsSubstring("shifted by (-1, -1)"));
  const cube permuted =
      arma::join_slices(arma::join_slices(g.slice(2), g.slice(0)), g.slice(1));
  CHECK_THAT(checkLinear(g, permuted).guess, ContainsSubstring("channels permuted"));
  cube partly = permuted;  // the first slice alone is another one's
  partly.tail_slices(2) = numbers(61).tail_slices(2);
  CHECK(checkLinear(g, partly).guess.find("permuted") == std::string::npos);
  // Written row by row and read column by column.
  const cube reread = eachSlice(
      g, [](const mat& x) -> mat { return arma::reshape(x.t(), x.n_rows, x.n_cols); });
  CHECK_THAT(checkLinear(g, reread).guess, ContainsSubstring("the order of flatten"));

  mat square{{1, 2, 3}, {4, 5, 6}, {7, 8, 10}}, x = square;
  CHECK_THAT(checkGradient([&] { return arma::accu(square % x); }, x, square.t()).guess,
             ContainsSubstring("transposed"));
}

TEST_CASE("a wrong border points at the padding", "[common]") {
  const cube g = numbers(8);
  cube spoiled = g;
  spoiled.tube(0, 0, 0, 3) *= 0.7;
  spoiled.tube(4, 0, 4, 3) += 0.3;
  CHECK_THAT(checkLinear(g, spoiled).guess,
             ContainsSubstring("only the border differs, 1 wide"));
  // A wrong entry in the last row or column within it is no border's.
  for (const auto& [row, column] :
       {std::pair<arma::uword, arma::uword>{3, 1}, {1, 2}}) {
    cube inside = spoiled;
    inside(row, column, 0) += 5;
    CHECK(checkLinear(g, inside).guess.find("only the border") == std::string::npos);
  }
  cube oneRow = g, oneColumn = g;
  oneRow.tube(1, 0, 1, 3) *= 0.7;  // within a border 2 wide
  oneColumn.tube(0, 0, 4, 0) += 0.3;
  for (const cube& one : {oneRow, oneColumn})
    CHECK(checkLinear(g, one).guess.find("only the border") == std::string::npos);
}

TEST_CASE("zeros on one side only are named by the side", "[common]") {
  const cube g = numbers(9);
  cube lost = g;
  lost.tube(0, 1, 4, 1).zeros();
  CHECK_THAT(checkLinear(g, lost).guess,
             ContainsSubstring("zero where the numeric is not"));
  CHECK_THAT(checkLinear(g, 0 * g).guess,
             ContainsSubstring("zero where the numeric is not"));

  cube x = numbers(10);
  const auto relu = [&] { return arma::accu(g % arma::clamp(x, 0, arma::datum::inf)); };
  CHECK_THAT(checkGradient(relu, x, g).guess,
             ContainsSubstring("g' is missing (the ReLU mask)"));
}

TEST_CASE("a missing or doubled L2 term is recognised by its shape", "[common]") {
  const cube g = numbers(11);
  cube w = numbers(12);
  const auto cost = [&] { return arma::accu(g % w) + 0.05 * arma::accu(w % w); };
  CHECK(checkGradient(cost, w, g + 0.1 * w).passed);
  CHECK_THAT(checkGradient(cost, w, g).guess,
             ContainsSubstring("lacks 0.1 times x: the L2 term lambda w is missing"));
  CHECK_THAT(checkGradient(cost, w, g + 0.2 * w).guess,
             ContainsSubstring("has too much 0.1 times x") &&
                 ContainsSubstring("there twice"));
}

TEST_CASE("a clipped gradient is recognised", "[common]") {
  const cube g = numbers(13);
  CHECK_THAT(checkLinear(g, arma::clamp(g, -0.5, 0.5)).guess,
             ContainsSubstring("cut off at +-0.5"));
}

TEST_CASE("sums over the wrong axis are recognised", "[common]") {
  const cube g = numbers(14);
  CHECK_THAT(checkLinear(g, cube(arma::size(g)).fill(arma::accu(g))).guess,
             ContainsSubstring("one scalar for all"));
  const cube rows = eachSlice(g, [](const mat& x) -> mat {
    return arma::repmat(arma::sum(x, 1), 1, x.n_cols);
  });
  CHECK_THAT(checkLinear(g, rows).guess,
             ContainsSubstring("every row holds one number"));
  const cube columns = eachSlice(
      g, [](const mat& x) -> mat { return arma::repmat(arma::mean(x), x.n_rows, 1); });
  CHECK_THAT(checkLinear(g, columns).guess,
             ContainsSubstring("every column holds one number"));
  // Errors of softmax add up to nothing, and so does the scalar bias gradient.
  vec b{0, 0};
  const auto softmax = [&] { return std::log(std::exp(b(0)) + std::exp(b(1))) - b(0); };
  CHECK(checkGradient(softmax, b, vec{-0.5, 0.5}).passed);
  CHECK_THAT(checkGradient(softmax, b, vec{0, 0}).guess,
             ContainsSubstring("one scalar for all"));
}

TEST_CASE("a cost that reads a copy is found out", "[common]") {
  vec x{1, 2};
  const vec copy = x;
  CHECK_THAT(checkGradient([&] { return arma::accu(copy); }, x, vec{1, 1}).guess,
             ContainsSubstring("does it read this x, or a copy?"));
}

TEST_CASE("a known mistake is called by its name", "[common]") {
  const cube g = numbers(15), odd = numbers(16);
  const GradientOptions options{
      .suspects = {{"nothing to do with it", numbers(17)}, {"the coffee spilt", odd}}};
  CHECK(checkLinear(g, odd, options).guess == "equals the one with the coffee spilt");
}

TEST_CASE("one wrong entry among right ones is said to be alone", "[common]") {
  const cube g = numbers(20);
  cube spoiled = g;
  spoiled(0, 0, 0) += 0.5;
  CHECK(checkLinear(g, spoiled).guess == "one entry alone is wrong");

  // Of two entries either might be the odd one; and whoever has a name is called by it.
  vec x{1, 2};
  const auto sum = [&] { return arma::accu(x); };
  CHECK(checkGradient(sum, x, vec{1, 3}).guess.empty());
  CHECK(checkLinear(g, spoiled, {.suspects = {{"a slip of the pen", spoiled}}}).guess ==
        "equals the one with a slip of the pen");
}

TEST_CASE("without a reason there is no guess", "[common]") {
  const cube g = numbers(18);
  CHECK(checkLinear(g, g, {.suspects = {{"a copy of the truth", g}}}).guess.empty());
  CHECK(guessCause({g, g, g}).empty());
  CHECK(checkLinear(g, numbers(19)).guess.empty());
  cube two = g;
  two(2, 1, 0) += 0.5;
  two(3, 2, 1) -= 0.25;
  const GradientReport report = checkLinear(g, two);
  CHECK(report.guess.empty());
  CHECK_THAT(report.text, ContainsSubstring("guess: none"));
}

TEST_CASE("the view shows the entries around the worst and their ratio", "[common]") {
  mat x{{1, 2}, {3, 4}};
  const mat g{{10, -20}, {0, 40}};
  const auto cost = [&] { return arma::accu(g % x); };
  CHECK_THAT(checkGradient(cost, x, {{10, -20}, {0, 60}}).text,
             ContainsSubstring("slice 0 of 1, rows 0-1, columns 0-1\n"
                               "  analytic  numeric   ratio\n"
                               "   10 -20    10 -20     1   1\n"
                               "    0  60     0  40     - 1.5\n"));

  // Ratios below 1 are numbers too,
  // and what is small beside the largest is zero, whatever the scale.
  for (const double scale : {1e-6, 1.0, 1e6}) {
    const cube numeric(mat{{4 * scale, 1e-12 * scale}}.memptr(), 1, 2, 1);
    const cube analytic(mat{{2 * scale, 1e-12 * scale}}.memptr(), 1, 2, 1);
    const std::string text = magnify({numeric, analytic, numeric}, 0, 0, 0);
    INFO(text);
    CHECK_THAT(text, ContainsSubstring(" 0.5   -\n"));
    CHECK_THAT(text, ContainsSubstring(" 0  "));
    const cube larger = 1e10 * analytic;  // beside it the others are nothing
    CHECK_THAT(magnify({numeric, larger, numeric}, 0, 0, 0),
               ContainsSubstring(" - -\n"));
  }

  // A large one is cut to 6 x 6 that hold the worst entry, also in a corner.
  for (const arma::uword at : {0u, 5u, 19u}) {
    cube big(20, 20, 2, arma::fill::ones), spoiled = big;
    spoiled(at, 19 - at, 1) = 3;
    const arma::uword first = at == 0 ? 0 : at == 5 ? 2 : 14;
    const std::string text = magnify({big, spoiled, big}, at, 19 - at, 1);
    INFO(text);
    CHECK_THAT(text, ContainsSubstring(
                         fmt::format("slice 1 of 2, rows {}-{}", first, first + 5)));
    CHECK_THAT(text, ContainsSubstring("3"));
  }
}
