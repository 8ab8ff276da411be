// SPDX-License-Identifier: MIT
/// @file
/// Stage 02: first with a pencil, then against other ways to compute the same,
/// then against central differences.

#include "02_pooling/pooling.hpp"
#include "03_conv_backprop/gradient_check.hpp"
#include "catch.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace {

using arma::cube;
using arma::mat;
using arma::umat;
using arma::uword;
using cnn::same;
using cnn::Slide;
using Random = std::mt19937_64;

const mat P = {{1, 3, 2, 0}, {5, 4, 1, 1}, {0, 2, 6, 6}, {1, 0, 3, 2}};
const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
const mat Q = {{1, 2, 3}, {4, 9, 5}, {6, 7, 8}};
const double infinity = std::numeric_limits<double>::infinity();
const double notANumber = std::numeric_limits<double>::quiet_NaN();

/// The pixel in row r, column c of x, both from 0, as winners count.
uword pixel(const mat& x, uword r, uword c) { return r + c * x.n_rows; }

/// 1 to n, row by row.
mat counting(uword rows, uword columns) {
  return arma::reshape(arma::regspace(1, static_cast<double>(rows * columns)), columns,
                       rows)
      .t();
}

std::string messageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// One way to pool, with any options that fit.
struct Case {
  int size = 1;
  Slide slide;
  uword rows = 1, columns = 1, channels = 1;

  std::string text() const {
    return fmt::format("x {} x {} x {}, size {}, stride {}, padding {}", rows, columns,
                       channels, size, slide.stride, slide.padding);
  }
};

Case drawCase(Random& random) {
  const auto draw = [&](int from, int to) {
    return std::uniform_int_distribution(from, to)(random);
  };
  Case c;
  c.size = draw(1, 4);
  c.slide = {.stride = draw(1, 4), .padding = draw(0, c.size - 1)};
  const int least = std::max(1, c.size - 2 * c.slide.padding);
  c.rows = static_cast<uword>(draw(least, least + 6));
  c.columns = static_cast<uword>(draw(least, least + 6));
  c.channels = static_cast<uword>(draw(1, 5));
  return c;
}

/// An input whose entries differ by 1 at least and have either sign: no ties, and no
/// small step changes the winner of a window.
cube distinct(const Case& c, Random& random) {
  cube x(c.rows, c.columns, c.channels);
  const uword half = x.n_elem / 2;
  std::iota(x.begin(), x.end(), -static_cast<double>(half));
  std::shuffle(x.begin(), x.end(), random);
  return x;
}

/// A cube of the other's shape, drawn from N(0, 1).
cube normalLike(const cube& other, Random& random) {
  std::normal_distribution<double> draw;
  cube x(arma::size(other));
  for (double& entry : x) entry = draw(random);
  return x;
}

const int shapes = 500;

}  // namespace

// ---- with a pencil ------------------------------------------------------------------

TEST_CASE("max pooling keeps the strongest pixel and its place", "[stage02]") {
  const auto [values, winners] = cnn::maxPool(P, 2, {.stride = 2});
  CHECK(same(values, {{5, 2}, {2, 6}}));
  CHECK(winners(0, 0) == pixel(P, 1, 0));
  CHECK(winners(0, 1) == pixel(P, 0, 2));
  CHECK(winners(1, 0) == pixel(P, 2, 1));
  CHECK(winners(1, 1) == pixel(P, 2, 2));  // the first of the two 6s
}

TEST_CASE("mean pooling keeps the average of a window", "[stage02]") {
  CHECK(same(cnn::meanPool(P, 2, {.stride = 2}), {{3.25, 1}, {0.75, 4.25}}));
}

TEST_CASE("max unpooling pays the winner and nobody else", "[stage02]") {
  const umat winners = cnn::maxPool(P, 2, {.stride = 2}).winners;
  const mat gradient = cnn::maxUnpool({{10, 20}, {30, 40}}, winners, 4, 4);
  CHECK(same(gradient, {{0, 0, 20, 0}, {10, 0, 0, 0}, {0, 30, 40, 0}, {0, 0, 0, 0}}));
  CHECK(arma::accu(gradient) == 100);  // 140 if both 6s were paid
}

TEST_CASE("mean unpooling spreads evenly", "[stage02]") {
  const mat gradient = cnn::meanUnpool({{10, 20}, {30, 40}}, 2, {.stride = 2}, 4, 4);
  CHECK(same(
      gradient,
      {{2.5, 2.5, 5, 5}, {2.5, 2.5, 5, 5}, {7.5, 7.5, 10, 10}, {7.5, 7.5, 10, 10}}));
}

TEST_CASE("of equals the first wins row by row", "[stage02]") {
  const mat tie = {{1, 7}, {7, 1}};  // column by column the other 7 would be first
  CHECK(cnn::maxPool(tie, 2, {}).winners(0) == pixel(tie, 0, 1));
  const mat flat(2, 2, arma::fill::ones);
  const umat winners = cnn::maxPool(flat, 2, {}).winners;
  CHECK(same(cnn::maxUnpool(mat{5.0}, winners, 2, 2), {{5, 0}, {0, 0}}));
}

TEST_CASE("overlapping windows add up where they share a maximum", "[stage02]") {
  const auto [values, winners] = cnn::maxPool(Q, 2, {});
  CHECK(same(values, {{9, 9}, {9, 9}}));
  CHECK(same(cnn::maxUnpool({{1, 2}, {3, 4}}, winners, 3, 3),
             {{0, 0, 0}, {0, 10, 0}, {0, 0, 0}}));
}

TEST_CASE("overlapping windows add up their shares of the mean", "[stage02]") {
  CHECK(same(cnn::meanPool(X, 2, {}), {{3, 4}, {6, 7}}));
  CHECK(same(cnn::meanUnpool({{1, 2}, {3, 4}}, 2, {}, 3, 3),
             {{0.25, 0.75, 0.5}, {1, 2.5, 1.5}, {0.75, 1.75, 1}}));
}

TEST_CASE("windows of three at stride two share a row and a column", "[stage02]") {
  const mat x = counting(5, 5);
  const auto [values, winners] = cnn::maxPool(x, 3, {.stride = 2});
  CHECK(same(values, {{13, 15}, {23, 25}}));
  CHECK(same(cnn::meanPool(x, 3, {.stride = 2}), {{7, 9}, {17, 19}}));
}

TEST_CASE("rows and columns that no window reaches get no gradient", "[stage02]") {
  const mat x = counting(5, 5);
  const auto [values, winners] = cnn::maxPool(x, 2, {.stride = 2});
  CHECK(same(values, {{7, 9}, {17, 19}}));
  const mat ones(2, 2, arma::fill::ones);
  const mat gradient = cnn::meanUnpool(ones, 2, {.stride = 2}, 5, 5);
  CHECK(arma::accu(gradient == 0) == 9);
  CHECK(arma::accu(gradient.row(4)) + arma::accu(gradient.col(4)) == 0);
}

TEST_CASE("a stride beyond the window skips pixels", "[stage02]") {
  const mat x = counting(5, 5);
  CHECK(same(cnn::maxPool(x, 2, {.stride = 3}).values, {{7, 10}, {22, 25}}));
  CHECK(same(cnn::meanPool(x, 2, {.stride = 3}), {{4, 7}, {19, 22}}));
}

TEST_CASE("pooling keeps rows and columns apart", "[stage02]") {
  const mat x = counting(4, 7);
  CHECK(same(cnn::maxPool(x, 3, {.stride = 2}).values, {{17, 19, 21}}));
  CHECK(same(cnn::meanPool(x, 3, {.stride = 2}), {{9, 11, 13}}));
}

TEST_CASE("padding never wins a maximum", "[stage02]") {
  const mat x = {{-1, -2}, {-3, -4}};
  const auto [values, winners] = cnn::maxPool(x, 2, {.padding = 1});
  CHECK(same(values, {{-1, -1, -2}, {-1, -1, -2}, {-3, -3, -4}}));
  const mat ones(3, 3, arma::fill::ones);
  CHECK(same(cnn::maxUnpool(ones, winners, 2, 2), {{4, 2}, {2, 1}}));
}

TEST_CASE("padding counts as zeros in a mean", "[stage02]") {
  const Slide slide{.stride = 2, .padding = 1};
  CHECK(same(cnn::maxPool(X, 2, slide).values, {{1, 3}, {7, 9}}));
  CHECK(same(cnn::meanPool(X, 2, slide), {{0.25, 1.25}, {2.75, 7}}));
}

TEST_CASE("what a mean sends to the padding is lost", "[stage02]") {
  const Slide slide{.stride = 2, .padding = 1};
  const mat delta = {{4, 8}, {12, 16}};
  const mat mean = cnn::meanUnpool(delta, 2, slide, 3, 3);
  CHECK(same(mean, {{1, 2, 2}, {3, 4, 4}, {3, 4, 4}}));
  CHECK(arma::accu(mean) == 27);  // of 40: 3 + 4 + 6 fell on the frame
  const mat max = cnn::maxUnpool(delta, cnn::maxPool(X, 2, slide).winners, 3, 3);
  CHECK(same(max, {{4, 0, 8}, {0, 0, 0}, {12, 0, 16}}));
}

TEST_CASE("a window of negative pixels keeps its largest", "[stage02]") {
  const auto [values, winners] = cnn::maxPool(-P, 2, {.stride = 2});
  CHECK(same(values, {{-1, 0}, {0, -2}}));
  CHECK(winners(1, 0) == pixel(P, 2, 0));  // 0 and 0 tie: the first, row by row
}

TEST_CASE("windows of one pixel change nothing", "[stage02]") {
  CHECK(same(cnn::maxPool(P, 1, {}).values, P));
  CHECK(same(cnn::meanPool(P, 1, {}), P));
  CHECK(same(cnn::maxUnpool(P, cnn::maxPool(P, 1, {}).winners, 4, 4), P));
  CHECK(same(cnn::meanUnpool(P, 1, {}, 4, 4), P));
}

TEST_CASE("the answers to the exercises are right", "[stage02]") {
  const auto [values, winners] = cnn::maxPool(X, 2, {});
  CHECK(same(values, {{5, 6}, {8, 9}}));
  CHECK(same(cnn::maxUnpool({{1, -1}, {2, 0}}, winners, 3, 3),
             {{0, 0, 0}, {0, 1, -1}, {0, 2, 0}}));

  const mat ones(13, 13, arma::fill::ones);
  CHECK(arma::accu(cnn::meanUnpool(ones, 3, {.stride = 2}, 28, 28) == 0) == 55);

  const mat x = {{-4, 4}, {0, 0}};
  const auto relu = [](const mat& a) { return mat(arma::clamp(a, 0, infinity)); };
  CHECK(cnn::maxPool(relu(x), 2, {}).values(0) ==
        relu(cnn::maxPool(x, 2, {}).values)(0));
  CHECK(cnn::meanPool(relu(x), 2, {})(0) == 1);
  CHECK(relu(cnn::meanPool(x, 2, {}))(0) == 0);

  mat tie(4, 4);
  tie(1, 0) = tie(0, 2) = 1;
  const auto once = cnn::maxPool(tie, 4, {.stride = 4});
  CHECK(once.winners(0) == pixel(tie, 0, 2));
  const auto first = cnn::maxPool(tie, 2, {.stride = 2});
  const auto second = cnn::maxPool(first.values, 2, {.stride = 2});
  CHECK(second.values(0) == once.values(0));
  CHECK(first.winners(second.winners(0)) == pixel(tie, 1, 0));
}

// ---- against other ways -------------------------------------------------------------

TEST_CASE("channels are pooled and unpooled each on its own", "[stage02]") {
  Random random(1);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    const cube x = distinct(c, random);
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    const cube means = cnn::meanPool(x, c.size, c.slide);
    const cube delta = normalLike(values, random);
    const cube up = cnn::maxUnpool(delta, winners, c.rows, c.columns);
    const cube spread = cnn::meanUnpool(delta, c.size, c.slide, c.rows, c.columns);
    for (uword k = 0; k < c.channels; ++k) {
      const cnn::MaxPooled2D alone = cnn::maxPool(x.slice(k), c.size, c.slide);
      REQUIRE(same(values.slice(k), alone.values));
      REQUIRE(same(arma::conv_to<mat>::from(winners.slice(k)),
                   arma::conv_to<mat>::from(alone.winners)));
      REQUIRE(same(means.slice(k), cnn::meanPool(x.slice(k), c.size, c.slide)));
      REQUIRE(same(up.slice(k),
                   cnn::maxUnpool(delta.slice(k), alone.winners, c.rows, c.columns)));
      REQUIRE(same(spread.slice(k), cnn::meanUnpool(delta.slice(k), c.size, c.slide,
                                                    c.rows, c.columns)));
    }
  }
}

TEST_CASE("a mean is a convolution with equal weights", "[stage02]") {
  Random random(2);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    const mat x = normalLike(cube(c.rows, c.columns, 1), random).slice(0);
    const auto f = static_cast<uword>(c.size);
    mat w(f, f);
    w.fill(1.0 / static_cast<double>(f * f));
    REQUIRE(
        same(cnn::meanPool(x, c.size, c.slide), cnn::convolveWindows(x, w, c.slide)));
  }
}

TEST_CASE("a maximum is the largest of a window framed by minus infinity",
          "[stage02]") {
  Random random(3);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    const mat x = normalLike(cube(c.rows, c.columns, 1), random).slice(0);
    const auto p = static_cast<uword>(c.slide.padding);
    const auto s = static_cast<uword>(c.slide.stride), f = static_cast<uword>(c.size);
    mat framed(c.rows + 2 * p, c.columns + 2 * p);
    framed.fill(-infinity);
    framed.submat(p, p, arma::size(x)) = x;
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    REQUIRE((values.n_rows - 1) * s + f <= framed.n_rows);
    REQUIRE(values.n_rows * s + f > framed.n_rows);  // one more would not fit
    REQUIRE(values.n_cols * s + f > framed.n_cols);
    for (uword i = 0; i < values.n_rows; ++i)
      for (uword j = 0; j < values.n_cols; ++j) {
        REQUIRE(values(i, j) == framed.submat(i * s, j * s, arma::size(f, f)).max());
        REQUIRE(x(winners(i, j)) == values(i, j));
      }
  }
}

// ---- what must hold -----------------------------------------------------------------

TEST_CASE("max pooling keeps the sum of the gradient", "[stage02]") {
  Random random(4);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    const cube x = arma::floor(distinct(c, random) / 3);  // many ties
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    const cube delta = normalLike(values, random);
    const cube gradient = cnn::maxUnpool(delta, winners, c.rows, c.columns);
    REQUIRE(arma::accu(gradient) == Approx(arma::accu(delta)).margin(1e-10));
  }
}

TEST_CASE("mean pooling keeps the sum of the gradient but for the padding",
          "[stage02]") {
  Random random(5);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    // the mean of ones is the part of each window that lies on the image
    const cube ones(c.rows, c.columns, c.channels, arma::fill::ones);
    const cube inside = cnn::meanPool(ones, c.size, c.slide);
    if (c.slide.padding == 0)
      REQUIRE(same(inside, cube(arma::size(inside), arma::fill::ones)));
    const cube delta = normalLike(inside, random);
    const cube gradient = cnn::meanUnpool(delta, c.size, c.slide, c.rows, c.columns);
    REQUIRE(arma::accu(gradient) == Approx(arma::accu(delta % inside)).margin(1e-10));
  }
}

TEST_CASE("unpooling is the adjoint of pooling", "[stage02]") {
  Random random(6);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    const cube x = distinct(c, random);
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    const cube delta = normalLike(values, random);
    const cube up = cnn::maxUnpool(delta, winners, c.rows, c.columns);
    REQUIRE(arma::accu(values % delta) == Approx(arma::accu(x % up)).margin(1e-9));
    const cube means = cnn::meanPool(x, c.size, c.slide);
    const cube spread = cnn::meanUnpool(delta, c.size, c.slide, c.rows, c.columns);
    REQUIRE(arma::accu(means % delta) == Approx(arma::accu(x % spread)).margin(1e-9));
  }
}

TEST_CASE("max pooling passes the gradient check in any shape", "[stage02]") {
  Random random(7);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    cube x = distinct(c, random);
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    const cube delta = normalLike(values, random);
    const auto cost = [&] {
      return arma::accu(cnn::maxPool(x, c.size, c.slide).values % delta);
    };
    const auto report =
        cnn::checkGradient(cost, x, cnn::maxUnpool(delta, winners, c.rows, c.columns));
    INFO(c.text() << "\n" << report.text);
    REQUIRE(report.passed);
  }
}

TEST_CASE("mean pooling passes the gradient check in any shape", "[stage02]") {
  Random random(8);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    cube x = distinct(c, random);
    const cube delta = normalLike(cnn::meanPool(x, c.size, c.slide), random);
    const auto cost = [&] {
      return arma::accu(cnn::meanPool(x, c.size, c.slide) % delta);
    };
    const auto report = cnn::checkGradient(
        cost, x, cnn::meanUnpool(delta, c.size, c.slide, c.rows, c.columns));
    INFO(c.text() << "\n" << report.text);
    REQUIRE(report.passed);
  }
}

// ---- the mistakes of the chapter ----------------------------------------------------

TEST_CASE("assigning for adding passes until windows share a winner", "[stage02]") {
  const mat delta = {{1, 2}, {3, 4}};
  const auto error = [&](mat x, int size, Slide slide) {
    const umat winners = cnn::maxPool(x, size, slide).winners;
    mat wrong(arma::size(x));
    for (uword n = 0; n < delta.n_elem; ++n) wrong(winners(n)) = delta(n);
    const auto cost = [&] {
      return arma::accu(cnn::maxPool(x, size, slide).values % delta);
    };
    return cnn::checkGradient(cost, x, wrong).error;
  };
  const mat x = counting(4, 4);
  mat peak = counting(5, 5);
  peak(2, 2) = 99;
  CHECK(error(x, 2, {.stride = 2}) < 1e-9);               // no overlap: nothing to see
  CHECK(error(counting(5, 5), 3, {.stride = 2}) < 1e-9);  // overlap, winners apart
  CHECK(error(Q, 2, {}) == Approx(0.6));                  // 4 for 10
  CHECK(error(peak, 3, {.stride = 2}) == Approx(0.6));
}

TEST_CASE("a mean that is not divided is wrong by three quarters", "[stage02]") {
  mat x = X;
  const mat delta = {{1, 2}, {3, 4}};
  const auto cost = [&] { return arma::accu(cnn::meanPool(x, 2, {}) % delta); };
  const mat wrong = 4 * cnn::meanUnpool(delta, 2, {}, 3, 3);
  CHECK(cnn::checkGradient(cost, x, wrong).error == Approx(0.75));
}

TEST_CASE("at a tie the central difference agrees with no rule", "[stage02]") {
  mat x = {{2, 2}, {1, 0}};
  const auto cost = [&] { return 5 * cnn::maxPool(x, 2, {}).values(0); };
  const auto [values, winners] = cnn::maxPool(x, 2, {});
  const mat halves = {{2.5, 2.5}, {0, 0}};
  CHECK(cnn::checkGradient(cost, x, halves).passed);
  const auto first =
      cnn::checkGradient(cost, x, cnn::maxUnpool(mat{5.0}, winners, 2, 2));
  CHECK_FALSE(first.passed);
  CHECK_THAT(first.guess,
             Catch::Matchers::ContainsSubstring("kink or tie at row 0, column 0"));
}

// ---- odd input ----------------------------------------------------------------------

TEST_CASE("a pixel that is not a number wins its window", "[stage02]") {
  for (uword place = 0; place < 4; ++place) {
    mat x = {{1, 2}, {3, 4}};
    x(place) = notANumber;
    CHECK(cnn::maxPool(x, 2, {}).winners(0) == place);
    CHECK(std::isnan(cnn::maxPool(x, 2, {}).values(0)));
    CHECK(std::isnan(cnn::meanPool(x, 2, {})(0)));
  }
  const mat two = {{1, notANumber}, {notANumber, 3}};
  CHECK(cnn::maxPool(two, 2, {}).winners(0) == pixel(two, 0, 1));
}

TEST_CASE("a pixel that is not a number shows in every window that holds it",
          "[stage02]") {
  for (uword row = 0; row < 3; ++row)
    for (uword column = 0; column < 3; ++column) {
      mat x = X;
      x(row, column) = notANumber;
      // Windows 2 x 2 on a frame of 1: number (i, j) holds rows i - 1 and i.
      const auto [values, winners] = cnn::maxPool(x, 2, {.stride = 1, .padding = 1});
      for (uword j = 0; j < 4; ++j)
        for (uword i = 0; i < 4; ++i) {
          const bool held =
              (i == row || i == row + 1) && (j == column || j == column + 1);
          CHECK(std::isnan(values(i, j)) == held);
          if (held) CHECK(winners(i, j) == pixel(x, row, column));
        }
    }
}

TEST_CASE("winners are pixels of the image whatever it holds", "[stage02]") {
  Random random(9);
  const std::vector<double> odd = {notANumber, -infinity, infinity, 0.0, -0.0, -1e308};
  std::uniform_int_distribution<std::size_t> pick(0, odd.size() - 1);
  for (int n = 0; n < shapes; ++n) {
    const Case c = drawCase(random);
    INFO(c.text());
    cube x(c.rows, c.columns, c.channels);
    for (double& entry : x) entry = n % 2 == 0 ? -infinity : odd[pick(random)];
    const auto [values, winners] = cnn::maxPool(x, c.size, c.slide);
    REQUIRE(winners.max() < c.rows * c.columns);
  }
}

TEST_CASE("pooling refuses what does not fit and says why", "[stage02]") {
  const auto max = [](const mat& x, int size, Slide slide) {
    return messageOf([&] { cnn::maxPool(x, size, slide); });
  };
  const auto holds = [](const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
  };
  CHECK(max(P, 0, {}) == "pooling: the window's size is 0, expected at least 1");
  CHECK(max(P, -2, {}) == "pooling: the window's size is -2, expected at least 1");
  CHECK(max(P, 2, {.padding = 2}) ==
        "pooling: padding is 2, expected 0 to 1, below the window's size");
  CHECK(max(P, 2, {.padding = -1}) ==
        "pooling: padding is -1, expected 0 to 1, below the window's size");
  CHECK(max(mat(), 1, {}) == "pooling: the image is 0 x 0, expected a pixel at least");
  CHECK(max(mat(0, 3), 2, {.padding = 1}) ==
        "pooling: the image is 0 x 3, expected a pixel at least");
  CHECK(
      holds(max(P, 2, {.stride = 0}), "pooling: the stride is 0, expected at least 1"));
  CHECK(holds(max(P, 5, {}), "pooling: the window has size 5, expected 1 to 4"));
  CHECK(
      holds(max(mat(2, 9), 3, {}), "pooling: the window has size 3, expected 1 to 2"));
  CHECK(
      holds(max(mat(9, 2), 3, {}), "pooling: the window has size 3, expected 1 to 2"));

  const cube block(4, 4, 3);
  CHECK_THROWS_AS(cnn::meanPool(P, 5, {}), std::invalid_argument);
  CHECK_THROWS_AS(cnn::meanPool(block, 2, {.padding = 2}), std::invalid_argument);
  CHECK_THROWS_AS(cnn::maxPool(block, 5, {}), std::invalid_argument);
  CHECK_THROWS_AS(cnn::meanUnpool(P, 5, {}, 4, 4), std::invalid_argument);
  CHECK_THROWS_AS(cnn::meanUnpool(block, 2, {.stride = 0}, 4, 4),
                  std::invalid_argument);
}

TEST_CASE("unpooling refuses a delta of another shape and says which", "[stage02]") {
  const mat delta(2, 3);
  const umat winners = cnn::maxPool(P, 2, {.stride = 2}).winners;
  CHECK(messageOf([&] { cnn::maxUnpool(delta, winners, 4, 4); }) ==
        "max unpooling: delta is 2 x 3, expected 2 x 2 as the winners");
  CHECK(messageOf([&] { cnn::maxUnpool(mat(2, 2), winners, 3, 3); }) ==
        "max unpooling: a winner is pixel number 10, expected below 3 x 3");
  CHECK(messageOf([&] { cnn::meanUnpool(delta, 2, {.stride = 2}, 4, 4); }) ==
        "mean unpooling: delta is 2 x 3, expected 2 x 2");
  CHECK(messageOf([&] { cnn::maxUnpool(cube(2, 2, 3), arma::ucube(2, 2, 1), 4, 4); }) ==
        "max unpooling: delta has 3 channels, expected 1 as the winners");
  CHECK_THROWS_AS(cnn::maxUnpool(cube(2, 1, 3), arma::ucube(2, 2, 3), 4, 4),
                  std::invalid_argument);
  CHECK_THROWS_AS(cnn::meanUnpool(cube(2, 1, 3), 2, {.stride = 2}, 4, 4),
                  std::invalid_argument);
}

TEST_CASE("pooling refuses the first value that is wrong on either side", "[stage02]") {
  const auto says = [](const std::function<void()>& call, const std::string& part) {
    checkSays(messageOf(call), part);
  };
  const mat noColumns(3, 0), tall(4, 2), wide(2, 4);
  says([&] { cnn::maxPool(noColumns, 2, {.padding = 1}); }, "the image is 3 x 0");
  says([&] { cnn::meanPool(noColumns, 2, {.padding = 1}); }, "the image is 3 x 0");
  for (const mat& x : {tall, wide}) {
    const std::string range = "the window has size 3, expected 1 to 2";
    says([&] { cnn::maxPool(x, 3, {}); }, range);
    says([&] { cnn::meanPool(x, 3, {}); }, range);
    CHECK(cnn::maxPool(x, 2, {}).values.n_elem == 3);
    CHECK(cnn::meanPool(x, 2, {}).n_elem == 3);
  }
}

TEST_CASE("unpooling refuses a delta that differs in one side alone", "[stage02]") {
  const umat winners = cnn::maxPool(P, 2, {.stride = 2}).winners;
  for (const mat& delta : {mat(3, 2), mat(1, 2), mat(2, 3), mat(2, 1)}) {
    const std::string sides =
        fmt::format("delta is {} x {}, expected 2 x 2", delta.n_rows, delta.n_cols);
    checkSays(messageOf([&] { cnn::maxUnpool(delta, winners, 4, 4); }), sides);
    checkSays(messageOf([&] { cnn::meanUnpool(delta, 2, {.stride = 2}, 4, 4); }),
              sides);
  }
  for (const uword channels : {1, 3})
    checkSays(messageOf([&] {
                cnn::maxUnpool(cube(2, 2, channels), arma::ucube(2, 2, 2), 4, 4);
              }),
              fmt::format("delta has {} channels, expected 2", channels));
}

TEST_CASE("a winner behind the last pixel is refused in any channel", "[stage02]") {
  const mat delta(1, 1, arma::fill::ones);
  CHECK(cnn::maxUnpool(delta, arma::uvec{5}, 2, 3)(1, 2) == 1);
  const std::string outside = "a winner is pixel number 6, expected below 2 x 3";
  checkSays(messageOf([&] { cnn::maxUnpool(delta, arma::uvec{6}, 2, 3); }), outside);
  arma::ucube winners(1, 1, 3);
  winners(0, 0, 2) = 6;
  checkSays(messageOf([&] { cnn::maxUnpool(cube(1, 1, 3), winners, 2, 3); }), outside);
}

// ---- the program --------------------------------------------------------------------

TEST_CASE("the program draws what it pooled and refuses what does not fit",
          "[stage02][program]") {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& options) {
    const std::string text = folder / "text";
    return WEXITSTATUS(
        std::system(fmt::format("'{}'/02_pooling --out {} {} > {} 2>&1",
                                CNN_PROGRAMS_DIR, folder.path().string(), options, text)
                        .c_str()));
  };
  CHECK(run("") == 0);
  checkSays(contentOf(folder / "text"),
            "max pooling, size 2, stride 2, padding 0: 28 x 28 -> 14 x 14");
  checkSays(contentOf(folder / "text"),
            "mean pooling, size 3, stride 2, padding 0: 28 x 28 -> 13 x 13");
  CHECK(std::filesystem::exists(folder / "size2_stride2_padding0.png"));
  CHECK(std::filesystem::exists(folder / "size3_stride2_padding0.png"));
  CHECK(run("--padding 2") == 2);
  CHECK(contentOf(folder / "text") ==
        "error: pooling: padding is 2, expected 0 to 1, below the window's size\n");
  CHECK(run("--size 40") == 2);
  CHECK(run("--kind least") == 2);
  CHECK(run("--help") == 0);
}
