// SPDX-License-Identifier: MIT
/// @file
/// Stage 01: first with a pencil, then against Armadillo's own convolution,
/// then the rules that hold for any numbers.

#include "01_convolution/convolution.hpp"
#include "catch.hpp"
#include "same.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using arma::cube;
using arma::mat;
using arma::uword;
using arma::vec;
using cnn::Filters;
using cnn::same;
using cnn::Slide;

const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
const mat K = {{1, 2}, {3, 4}};

using Sizes = std::vector<uword>;
using Way = mat (*)(const mat&, const mat&, Slide);
const std::array<Way, 3> ways = {cnn::convolveWindows, cnn::convolveShifted,
                                 cnn::convolveFft};

/// All three ways give this.
cnn::Comparison allGive(const mat& expected, const mat& x, const mat& w,
                        Slide slide = {}) {
  for (const Way way : ways)
    if (auto found = same(way(x, w, slide), expected); !found) return found;
  return {true, "all three the same"};
}

cube stack(const std::vector<mat>& channels) {
  cube x(channels[0].n_rows, channels[0].n_cols, channels.size());
  for (uword c = 0; c < channels.size(); ++c) x.slice(c) = channels[c];
  return x;
}

/// The half turn, entry by entry, and the frame of zeros, entry by entry: not ours.
mat turned(const mat& w) {
  mat result(arma::size(w));
  for (uword i = 0; i < w.n_elem; ++i) result(i) = w(w.n_elem - 1 - i);
  return result;
}

mat framed(const mat& x, uword p) {
  mat result(x.n_rows + 2 * p, x.n_cols + 2 * p, arma::fill::zeros);
  for (uword j = 0; j < x.n_cols; ++j)
    for (uword i = 0; i < x.n_rows; ++i) result(i + p, j + p) = x(i, j);
  return result;
}

/// Armadillo's conv2 turns the kernel and gives every overlap.
/// So: turn it beforehand, cut off the overlaps that hang over, keep every s-th.
mat fromArmadillo(const mat& x, const mat& w, Slide slide) {
  const mat padded = framed(x, static_cast<uword>(slide.padding));
  const mat full = arma::conv2(padded, turned(w), "full");
  const mat core =
      full.submat(w.n_rows - 1, w.n_cols - 1, padded.n_rows - 1, padded.n_cols - 1);
  const int s = slide.stride;
  return core.submat(arma::regspace<arma::uvec>(0, s, core.n_rows - 1),
                     arma::regspace<arma::uvec>(0, s, core.n_cols - 1));
}

/// The call is refused with a message that has all these parts.
void refused(const std::vector<std::string>& parts, const std::function<void()>& call) {
  std::string message = "(nothing was thrown)";
  try {
    call();
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  for (const std::string& part : parts) {
    INFO("expected \"" << part << "\" in: " << message);
    CHECK(message.find(part) != std::string::npos);
  }
}

}  // namespace

// ---- with a pencil ------------------------------------------------------------------

TEST_CASE("a 2 x 2 kernel on a 3 x 3 image", "[stage01]") {
  CHECK(allGive({{37, 47}, {67, 77}}, X, K));
}

TEST_CASE("a true convolution turns the kernel first", "[stage01]") {
  CHECK(same(turned(K), {{4, 3}, {2, 1}}));
  CHECK(allGive({{23, 33}, {53, 63}}, X, turned(K)));
}

TEST_CASE("a frame of zeros gives the rim its say", "[stage01]") {
  const mat expected = {
      {4, 11, 18, 9}, {18, 37, 47, 21}, {36, 67, 77, 33}, {14, 23, 26, 9}};
  CHECK(allGive(expected, X, K, {.padding = 1}));
  CHECK(allGive({{4, 18}, {36, 77}}, X, K, {.stride = 2, .padding = 1}));
}

TEST_CASE("a stride that does not fit leaves the last pixels unread", "[stage01]") {
  CHECK(allGive(mat(1, 1, arma::fill::value(37.0)), X, K, {.stride = 2}));
  mat spoiled = X;
  spoiled.row(2).fill(1000.0);
  spoiled.col(2).fill(-1000.0);
  CHECK(allGive(mat(1, 1, arma::fill::value(37.0)), spoiled, K, {.stride = 2}));
}

TEST_CASE("a step lights up where its edge is and nowhere else", "[stage01]") {
  const mat row = {{0, 0, 0, 1, 1}};
  const mat step = arma::repmat(row, 5, 1);
  const mat edge = {{1, 0, -1}, {1, 0, -1}, {1, 0, -1}};
  const mat lit = {{0, -3, -3}};
  CHECK(allGive(arma::repmat(lit, 3, 1), step, edge));
  const mat atTheLeft = {{0, 1, 1, 1, 1}};
  const mat litAtTheLeft = {{-3, 0, 0}};
  CHECK(allGive(arma::repmat(litAtTheLeft, 3, 1), arma::repmat(atTheLeft, 5, 1), edge));
}

TEST_CASE("two channels make one map: their results add up", "[stage01]") {
  const cube x = stack({X, {{1, 0, 1}, {0, 1, 0}, {1, 0, 1}}});
  const cube w = stack({K, {{0, 1}, {1, 0}}});
  CHECK(allGive({{0, 2}, {2, 0}}, x.slice(1), w.slice(1)));
  CHECK(same(cnn::convolve(x, w), {{37, 49}, {69, 77}}));

  const cube z = cnn::convolve(x, Filters{w}, vec{-50.0});
  REQUIRE(z.n_slices == 1);
  CHECK(same(z.slice(0), {{-13, -1}, {19, 27}}));
}

TEST_CASE("a layer has one map for each filter with its own bias", "[stage01]") {
  const cube z = cnn::convolve(stack({X}), Filters{stack({K}), stack({-K})},
                               vec{1.0, 100.0}, {.stride = 2, .padding = 1});
  REQUIRE(z.n_slices == 2);
  CHECK(same(z.slice(0), {{5, 19}, {37, 78}}));
  CHECK(same(z.slice(1), {{96, 82}, {64, 23}}));
}

TEST_CASE("a frame lies on every side and in every channel", "[stage01]") {
  const mat expected = {{0, 0, 0, 0}, {0, 1, 2, 0}, {0, 3, 4, 0}, {0, 0, 0, 0}};
  CHECK(same(cnn::pad(K, 1), expected));
  CHECK(same(cnn::pad(K, 0), K));
  const cube both = cnn::pad(stack({K, 2 * K}), 1);
  REQUIRE(both.n_slices == 2);
  CHECK(same(both.slice(0), expected));
  CHECK(same(both.slice(1), 2 * expected));
}

TEST_CASE("sizes by the formula", "[stage01]") {
  CHECK(cnn::outputSize(28, 3) == 26);  // the network of this book:
  CHECK(cnn::outputSize(26, 2, {.stride = 2}) == 13);
  CHECK(cnn::outputSize(13, 5) == 9);
  CHECK(cnn::outputSize(28, 3, {.padding = 1}) == 28);
  CHECK(cnn::outputSize(5, 5) == 1);
  CHECK(cnn::outputSize(3, 5, {.padding = 1}) == 1);
  CHECK(cnn::outputSize(7, 3, {.stride = 100}) == 1);
}

// ---- the exercises ------------------------------------------------------------------

TEST_CASE("exercise 1: one row of the frame is never read", "[stage01]") {
  const Slide slide{.stride = 2, .padding = 2};
  const uword places = cnn::outputSize(28, 5, slide);
  CHECK(places == 14);
  CHECK((places - 1) * 2 + 5 == 31);  // pixels reached, of 28 + 2 x 2 = 32
}

TEST_CASE("exercise 2: a single 1 moves the image", "[stage01]") {
  const mat left = {{0, 0, 0}, {0, 0, 1}, {0, 0, 0}};
  CHECK(allGive({{2, 3, 0}, {5, 6, 0}, {8, 9, 0}}, X, left, {.padding = 1}));
  CHECK(allGive({{0, 1, 2}, {0, 4, 5}, {0, 7, 8}}, X, turned(left), {.padding = 1}));
}

TEST_CASE("exercise 3: multiplications of the first layer", "[stage01]") {
  const uword places = cnn::outputSize(28, 3);
  CHECK(places * places * 10 * 3 * 3 == 60840);
}

TEST_CASE("exercise 4: weights of the second layer", "[stage01]") {
  const Filters w(16, cube(5, 5, 10));
  const vec b(16);
  CHECK(w[0].n_elem == 250);
  CHECK(w.size() * w[0].n_elem + b.n_elem == 4016);
}

// ---- against Armadillo --------------------------------------------------------------

TEST_CASE("Armadillo's conv2 turns the kernel and gives every overlap", "[stage01]") {
  const mat full = arma::conv2(X, K, "full");
  CHECK(same(full.submat(1, 1, 2, 2), {{23, 33}, {53, 63}}));
  CHECK(same(fromArmadillo(X, K, {}), {{37, 47}, {67, 77}}));
}

TEST_CASE("an image of 4 x 7 pixels is not mistaken for 7 x 4", "[stage01]") {
  arma::arma_rng::set_seed(1);
  const mat x(4, 7, arma::fill::randn), w(3, 2, arma::fill::randn);
  const mat z = fromArmadillo(x, w, {});
  CHECK(z.n_rows == 2);
  CHECK(z.n_cols == 6);
  CHECK(allGive(z, x, w));
}

TEST_CASE("three ways agree with Armadillo on every small shape", "[stage01]") {
  arma::arma_rng::set_seed(2);
  int compared = 0;
  for (const uword rows : Sizes{1, 2, 4, 5, 8})
    for (const uword columns : Sizes{1, 3, 6, 7})
      for (const uword f : Sizes{1, 2, 3, 5})
        for (const uword g : Sizes{1, 2, 4})
          for (const int padding : {0, 1, 2, 3})
            for (const int stride : {1, 2, 3, 7}) {
              const uword frame = 2 * static_cast<uword>(padding);
              if (f > rows + frame || g > columns + frame) continue;
              const mat x(rows, columns, arma::fill::randn), w(f, g, arma::fill::randn);
              const Slide slide{.stride = stride, .padding = padding};
              INFO(rows << " x " << columns << ", kernel " << f << " x " << g
                        << ", padding " << padding << ", stride " << stride);
              REQUIRE(allGive(fromArmadillo(x, w, slide), x, w, slide));
              ++compared;
            }
  CHECK(compared > 2000);
}

TEST_CASE("a layer sums channels and adds biases at every stride and padding",
          "[stage01]") {
  arma::arma_rng::set_seed(4);
  const cube x(6, 9, 3, arma::fill::randn);
  const Filters w = {cube(3, 2, 3, arma::fill::randn),
                     cube(3, 2, 3, arma::fill::randn)};
  const vec b = {0.5, -2.0};
  for (const int stride : {1, 2, 3})
    for (const int padding : {0, 1, 2}) {
      const Slide slide{.stride = stride, .padding = padding};
      const cube z = cnn::convolve(x, w, b, slide);
      REQUIRE(z.n_slices == 2);
      for (uword k = 0; k < 2; ++k) {
        const mat sum = fromArmadillo(x.slice(0), w[k].slice(0), slide) +
                        fromArmadillo(x.slice(1), w[k].slice(1), slide) +
                        fromArmadillo(x.slice(2), w[k].slice(2), slide);
        CHECK(same(cnn::convolve(x, w[k], slide), sum));
        CHECK(same(z.slice(k), sum + b(k)));
      }
    }
}

// ---- what holds for any numbers -----------------------------------------------------

TEST_CASE("one lit pixel answers with the kernel turned round", "[stage01]") {
  mat impulse(5, 5, arma::fill::zeros);
  impulse(2, 2) = 1.0;
  const mat w = {{1, 2, 3}, {4, 5, 6}, {7, 8, 10}};
  CHECK(allGive({{10, 8, 7}, {6, 5, 4}, {3, 2, 1}}, impulse, w));
}

TEST_CASE("convolution is linear in the image and in the kernel", "[stage01]") {
  arma::arma_rng::set_seed(5);
  const mat x(6, 8, arma::fill::randn), y(6, 8, arma::fill::randn);
  const mat v(3, 3, arma::fill::randn), w(3, 3, arma::fill::randn);
  const Slide slide{.stride = 2, .padding = 1};
  for (const Way way : ways) {
    CHECK(same(way(2 * x - 3 * y, w, slide),
               2 * way(x, w, slide) - 3 * way(y, w, slide)));
    CHECK(same(way(x, 2 * v - 3 * w, slide),
               2 * way(x, v, slide) - 3 * way(x, w, slide)));
  }
}

TEST_CASE("the FFT keeps its digits on a large image", "[stage01]") {
  arma::arma_rng::set_seed(6);
  const mat x(61, 97, arma::fill::randn), w(31, 17, arma::fill::randn);
  CHECK(same(cnn::convolveFft(x, w), cnn::convolveWindows(x, w), 1e-10));
}

// ---- saying no ----------------------------------------------------------------------

TEST_CASE("a kernel larger than the padded image is refused", "[stage01]") {
  refused({"convolution", "size 6", "1 to 5", "3 + 2 x padding 1"},
          [] { cnn::outputSize(3, 6, {.padding = 1}); });
  for (const Way way : ways) {
    refused({"size 4", "1 to 3"}, [&] { way(X, mat(4, 1), {}); });
    refused({"size 4", "1 to 3"}, [&] { way(X, mat(1, 4), {}); });
    refused({"size 0", "1 to 3"}, [&] { way(X, mat(), {}); });
    refused({"size 2", "input 0"}, [&] { way(mat(), K, {}); });
  }
}

TEST_CASE("strides below 1 and paddings below 0 are refused", "[stage01]") {
  for (const Way way : ways) {
    refused({"convolution", "stride is 0", "at least 1"},
            [&] { way(X, K, {.stride = 0}); });
    refused({"stride is -2"}, [&] { way(X, K, {.stride = -2}); });
    refused({"convolution", "padding is -1", "at least 0"},
            [&] { way(X, K, {.padding = -1}); });
  }
  refused({"pad:", "is -1", "at least 0"}, [] { cnn::pad(X, -1); });
  refused({"pad:", "is -1", "at least 0"}, [] { cnn::pad(stack({X}), -1); });
}

TEST_CASE("the layer that asks for its size is the layer that complains", "[stage01]") {
  refused({"max pooling: the window has size 4"},
          [] { cnn::outputSize(3, 4, {}, "max pooling"); });
}

TEST_CASE("a kernel of other channels than the image is refused", "[stage01]") {
  const cube x = stack({X, X}), w = stack({K});
  const std::vector<std::string> complaint = {"convolution", "1 channels",
                                              "expected 2"};
  refused(complaint, [&] { cnn::convolve(x, w); });
  refused(complaint, [&] { cnn::convolve(x, Filters{w}, vec{0.0}); });
}

TEST_CASE("a layer needs filters of one shape and a bias for each", "[stage01]") {
  const cube x = stack({X}), w = stack({K});
  refused({"0 filters", "at least 1"}, [&] { cnn::convolve(x, Filters{}, vec()); });
  refused({"1 biases", "expected 2"}, [&] { cnn::convolve(x, Filters{w, w}, {0.0}); });
  refused({"filter 1", "3 x 3 x 1", "2 x 2 x 1"}, [&] {
    cnn::convolve(x, Filters{w, x}, vec{0.0, 0.0});
  });
}

// Each side of each condition by itself, at the first value that is wrong.

TEST_CASE("a kernel with more channels than the image is refused too", "[stage01]") {
  const cube x = stack({X}), w = stack({K, K});
  const std::vector<std::string> complaint = {"convolution", "2 channels",
                                              "expected 1"};
  refused(complaint, [&] { cnn::convolve(x, w); });
  refused(complaint, [&] { cnn::convolve(x, Filters{w}, vec{0.0}); });
}

TEST_CASE("a filter that differs in one side alone is refused wherever it stands",
          "[stage01]") {
  const cube x(5, 5, 2, arma::fill::ones), w(2, 2, 2, arma::fill::ones);
  for (const cube& odd : {cube(3, 2, 2), cube(1, 2, 2), cube(2, 3, 2), cube(2, 1, 2),
                          cube(2, 2, 3), cube(2, 2, 1)}) {
    const std::string sides =
        fmt::format("is {} x {} x {}", odd.n_rows, odd.n_cols, odd.n_slices);
    refused({"filter 1 " + sides, "2 x 2 x 2 as filter 0"}, [&] {
      cnn::convolve(x, Filters{w, odd, w}, vec(3));
    });
    refused({"filter 2 " + sides}, [&] {
      cnn::convolve(x, Filters{w, w, odd}, vec(3));
    });
  }
}

TEST_CASE("a layer has neither fewer nor more biases than filters", "[stage01]") {
  const cube x = stack({X}), w = stack({K});
  refused({"1 biases", "expected 2"}, [&] { cnn::convolve(x, Filters{w, w}, vec(1)); });
  refused({"3 biases", "expected 2"}, [&] { cnn::convolve(x, Filters{w, w}, vec(3)); });
  refused({"0 biases", "expected 1"}, [&] { cnn::convolve(x, Filters{w}, vec()); });
  CHECK(cnn::convolve(x, Filters{w, w}, vec(2)).n_slices == 2);
}

TEST_CASE("the largest kernel that fits is no larger than either side", "[stage01]") {
  const mat x(4, 6, arma::fill::ones);
  for (const Way way : ways) {
    CHECK(same(way(x, mat(4, 6, arma::fill::ones), {}), arma::vec{24}));
    refused({"size 5", "1 to 4"}, [&] { way(x, mat(5, 6), {}); });
    refused({"size 7", "1 to 6"}, [&] { way(x, mat(4, 7), {}); });
    refused({"size 0", "1 to 6"}, [&] { way(x, mat(4, 0), {}); });
    refused({"size 0", "1 to 4"}, [&] { way(x, mat(0, 6), {}); });
  }
}
