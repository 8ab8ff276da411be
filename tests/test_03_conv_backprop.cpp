// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "03_conv_backprop/trial.hpp"
#include "catch.hpp"
#include "common/core/random.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

using namespace cnn;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

cube single(const mat& x) { return {x.memptr(), x.n_rows, x.n_cols, 1}; }

/// Channel over channel.
cube stack(const mat& first, const mat& second) {
  return arma::join_slices(single(first), single(second));
}

void requireEqual(const cube& given, const cube& expected, double tolerance = 1e-12) {
  CHECK(same(given, expected, tolerance));
}

/// Both ways to dJ/dw of one filter, one channel.
void requireWeights(const mat& delta, const mat& x, const mat& dw, Slide slide = {}) {
  requireEqual(scatterWeightGradient(single(delta), single(x), dw.n_rows, slide)[0],
               single(dw));
  requireEqual(convWeightGradient(single(delta), single(x), dw.n_rows, slide)[0],
               single(dw));
}

/// Both ways to dJ/dx.
void requireInput(const cube& delta, const Filters& w, const cube& dx,
                  Slide slide = {}) {
  requireEqual(scatterInputGradient(delta, w, dx.n_rows, dx.n_cols, slide), dx);
  requireEqual(convInputGradient(delta, w, dx.n_rows, dx.n_cols, slide), dx);
}

const mat x3{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
const mat kernel{{1, 2}, {3, 4}};
const mat error2{{1, -1}, {2, 0}};
// Out here GCC 12 cannot warn of the size that is refused.
const mat noRows(0, 3), noColumns(3, 0);

}  // namespace

// ---- with a pencil -----------------------------------------------------------------

TEST_CASE("each weight collects the pixels it met times their errors", "[stage03]") {
  requireWeights(error2, x3, {{7, 9}, {13, 15}});
}

TEST_CASE("a bias collects every error of its own map", "[stage03]") {
  CHECK(convBiasGradient(single(error2))(0) == 2);
  const vec db = convBiasGradient(stack(error2, {{10, 20}, {30, 40}}));
  REQUIRE(db.n_elem == 2);
  CHECK(db(0) == 2);
  CHECK(db(1) == 100);
}

TEST_CASE("each pixel collects the weights it met times their errors", "[stage03]") {
  requireInput(single(error2), {single(kernel)},
               single({{1, 1, -2}, {5, 5, -4}, {6, 8, 0}}));
}

TEST_CASE("dilating puts zeros between the entries", "[stage03]") {
  CHECK(same(dilate({{1, -1}, {2, 0}}, 2), {{1, 0, -1}, {0, 0, 0}, {2, 0, 0}}));
  CHECK(same(dilate({{1, 2, 3}}, 3), {{1, 0, 0, 2, 0, 0, 3}}));
  CHECK(same(dilate(x3, 1), x3));
}

TEST_CASE("a half turn moves every entry of an oblong kernel", "[stage03]") {
  CHECK(same(turn180(kernel), {{4, 3}, {2, 1}}));
  CHECK(same(turn180({{1, 2, 3}, {4, 5, 6}}), {{6, 5, 4}, {3, 2, 1}}));
}

TEST_CASE("a full convolution keeps the overlaps that hang over", "[stage03]") {
  CHECK(
      same(convolveFull(error2, turn180(kernel)), {{1, 1, -2}, {5, 5, -4}, {6, 8, 0}}));
  CHECK(same(convolveFull(error2, kernel), {{4, -1, -3}, {10, 5, -1}, {4, 2, 0}}));
  CHECK(same(convolveFull(error2, turn180(kernel), 2),
             {{1, 2, -1, -2}, {3, 4, -3, -4}, {2, 4, 0, 0}, {6, 8, 0, 0}}));
}

TEST_CASE("with stride 2 the error is dilated first", "[stage03]") {
  const mat x = arma::reshape(arma::regspace(1, 16), 4, 4).t();
  requireWeights(error2, x, {{16, 18}, {24, 26}}, {.stride = 2});
  requireInput(single(error2), {single(kernel)},
               single({{1, 2, -1, -2}, {3, 4, -3, -4}, {2, 4, 0, 0}, {6, 8, 0, 0}}),
               {.stride = 2});
}

TEST_CASE("pixels that no window reaches get no gradient and give none", "[stage03]") {
  const mat x = arma::reshape(arma::regspace(1, 25), 5, 5).t();
  requireWeights(error2, x, {{20, 22}, {30, 32}}, {.stride = 2});
  requireInput(single(error2), {single(kernel)},
               single({{1, 2, -1, -2, 0},
                       {3, 4, -3, -4, 0},
                       {2, 4, 0, 0, 0},
                       {6, 8, 0, 0, 0},
                       {0, 0, 0, 0, 0}}),
               {.stride = 2});
}

TEST_CASE("padding counts for the weights and is cut off the pixels", "[stage03]") {
  const mat x{{1, 2}, {3, 4}}, delta{{1, 0, -1}, {0, 2, 0}, {1, 0, 1}};
  requireWeights(delta, x, {{6, 7}, {4, 9}}, {.padding = 1});
  requireInput(single(delta), {single(kernel)}, single({{6, 1}, {8, 9}}),
               {.padding = 1});
}

TEST_CASE("the frame's own gradient is there before it is cut off", "[stage03]") {
  const mat delta{{1, 0, -1}, {0, 2, 0}, {1, 0, 1}};
  requireEqual(single(convolveFull(delta, turn180(kernel))),
               single({{1, 2, -1, -2}, {3, 6, 1, -4}, {1, 8, 9, 2}, {3, 4, 3, 4}}));
}

TEST_CASE("three ways to weigh the same products give the same sum", "[stage03]") {
  const cube delta = single(error2);
  CHECK(arma::accu(convolve(single(x3), single(kernel)) % error2) == 124);
  CHECK(arma::accu(x3 % convInputGradient(delta, {single(kernel)}, 3, 3).slice(0)) ==
        124);
  CHECK(arma::accu(kernel % convWeightGradient(delta, single(x3), 2)[0].slice(0)) ==
        124);
}

TEST_CASE("with stride 3 on 7 pixels the last row and column are never seen",
          "[stage03]") {
  const cube delta(2, 2, 1, arma::fill::ones);
  const cube dx =
      convInputGradient(delta, {cube(3, 3, 1, arma::fill::ones)}, 7, 7, {.stride = 3});
  CHECK(dilate(delta.slice(0), 3).n_rows == 4);
  CHECK(arma::accu(dx == 0) == 13);
  CHECK(arma::accu(dx.tube(0, 0, 5, 5)) == 36);
}

TEST_CASE("a pixel hears from every filter and only through its own channel",
          "[stage03]") {
  // One error, one window: dx is the window's share, filter by filter.
  const cube delta = stack(mat{2}, mat{-1});
  const Filters w{stack(kernel, 10 * kernel), stack(100 * kernel, 1000 * kernel)};
  requireInput(delta, w, stack((2 - 100) * kernel, (20 - 1000) * kernel));
  // and each filter's weights hear from their own error alone.
  const cube x = stack(kernel, 10 * kernel);
  for (const auto gradient : {scatterWeightGradient, convWeightGradient}) {
    const Filters dw = gradient(delta, x, 2, {});
    REQUIRE(dw.size() == 2);
    requireEqual(dw[0], 2 * x);
    requireEqual(dw[1], -x);
  }
}

TEST_CASE("a central difference measures a slope and leaves x as it was", "[stage03]") {
  // ((x + h)^3 - (x - h)^3) / 2h = 3 x^2 + h^2, exact in binary.
  cube x = stack({{1, 2}}, {{-1, 0}});
  const cube before = x;
  const auto cubes = [&] { return arma::accu(x % x % x); };
  requireEqual(centralDifferences(cubes, x, 0.25), stack({{3, 12}}, {{3, 0}}) + 0.0625,
               0);
  requireEqual(x, before, 0);
}

TEST_CASE("an error is the largest difference over the largest entry", "[stage03]") {
  CHECK(relativeError(single({{4, 1}}), single({{4, 1.5}})) == 0.125);
  CHECK(relativeError(single({{0, -8}}), single({{2, -4}})) == 0.5);
}

// ---- another implementation --------------------------------------------------------

TEST_CASE("Armadillo's conv2 turns the kernel itself and so gives dx at once",
          "[stage03]") {
  Random random(300);
  const mat delta = normal(4, 6, 1, random), w = normal(3, 3, 1, random);
  requireEqual(convInputGradient(single(delta), {single(w)}, 6, 8),
               single(arma::conv2(delta, w, "full")));
  const mat x = normal(6, 8, 1, random);
  const mat full = arma::conv2(x, turn180(delta), "full");
  requireEqual(convWeightGradient(single(delta), single(x), 3)[0],
               single(full.submat(3, 5, arma::size(3, 3))));
}

TEST_CASE("full convolution agrees with Armadillo at every stride", "[stage03]") {
  Random random(299);
  for (const uword rows : {1, 2, 5})
    for (const uword columns : {1, 3, 4})
      for (const uword f : {1, 2, 3})
        for (const uword g : {1, 2, 5})
          for (const uword s : {1, 2, 3}) {
            const mat x = normal(rows, columns, 1, random), w = normal(f, g, 1, random);
            mat spread((rows - 1) * s + 1, (columns - 1) * s + 1, arma::fill::zeros);
            for (uword j = 0; j < columns; ++j)
              for (uword i = 0; i < rows; ++i) spread(i * s, j * s) = x(i, j);
            mat turned = w;  // entry by entry: not ours
            std::reverse(turned.begin(), turned.end());
            INFO(rows << " x " << columns << ", kernel " << f << " x " << g
                      << ", stride " << s);
            REQUIRE(same(convolveFull(x, w, static_cast<int>(s)),
                         arma::conv2(spread, turned, "full")));
          }
}

TEST_CASE("turning the kernel once more recreates the famous mistake", "[stage03]") {
  const mat once = arma::conv2(error2, kernel, "full");
  const mat twice = arma::conv2(error2, turn180(kernel), "full");
  requireEqual(single(once), single({{1, 1, -2}, {5, 5, -4}, {6, 8, 0}}));
  requireEqual(single(twice), single({{4, -1, -3}, {10, 5, -1}, {4, 2, 0}}));
}

// ---- random shapes -----------------------------------------------------------------

namespace {

uword between(uword least, uword most, Random& random) {
  return std::uniform_int_distribution<uword>(least, most)(random);
}

/// A layer of any shape: stride 1-4, padding 0-3, kernel 1-5, image 1-9 by 1-9, with
/// 1-5 channels and 1-4 filters.
TrialShape anyShape(Random& random) {
  TrialShape shape{between(1, 9, random), between(1, 9, random),
                   between(1, 5, random), 0,
                   between(1, 4, random), {}};
  shape.slide = {static_cast<int>(between(1, 4, random)),
                 static_cast<int>(between(0, 3, random))};
  const uword room =
      std::min(shape.rows, shape.columns) + 2 * static_cast<uword>(shape.slide.padding);
  shape.f = between(1, std::min<uword>(5, room), random);
  return shape;
}

/// One of those, and what it is in words. With a long stride and much padding every
/// window may miss the image: such a layer has no gradient to check, so we draw again.
std::pair<TrialLayer, std::string> anyLayer(Random& random) {
  for (;;) {
    const TrialShape shape = anyShape(random);
    TrialLayer layer = trialLayer(shape, random);
    const cube blank = convolve(0 * layer.x, layer.w, layer.b, layer.slide);
    if (arma::abs(layer.z() - blank).max() == 0) continue;
    return {layer,
            fmt::format("image {} x {} x {}, f {}, {} filters, stride {}, padding {}",
                        shape.rows, shape.columns, shape.channels, shape.f,
                        shape.filters, shape.slide.stride, shape.slide.padding)};
  }
}

void requirePassed(const GradientReport& report) {
  INFO(report.text);
  REQUIRE(report.passed);
}

void checkRandomLayers(std::uint64_t seed) {
  Random random(seed);
  for (int round = 0; round < 110; ++round) {
    auto [layer, name] = anyLayer(random);
    INFO("seed " << seed << ", round " << round << ": " << name);
    const TrialReports reports = checkLayer(layer);
    requirePassed(reports.dw);
    requirePassed(reports.db);
    requirePassed(reports.dx);

    const auto& [x, w, b, slide, r] = layer;
    const Filters dw = convWeightGradient(r, x, w[0].n_rows, slide);
    const Filters dwByIndex = scatterWeightGradient(r, x, w[0].n_rows, slide);
    for (uword k = 0; k < dw.size(); ++k) requireEqual(dw[k], dwByIndex[k]);
    requireEqual(convInputGradient(r, w, x.n_rows, x.n_cols, slide),
                 scatterInputGradient(r, w, x.n_rows, x.n_cols, slide));
  }
}

}  // namespace

// 550 layers in all, in five parts that run side by side.
TEST_CASE("the gradients of random layers pass the check: part 1", "[stage03]") {
  checkRandomLayers(301);
}
TEST_CASE("the gradients of random layers pass the check: part 2", "[stage03]") {
  checkRandomLayers(302);
}
TEST_CASE("the gradients of random layers pass the check: part 3", "[stage03]") {
  checkRandomLayers(303);
}
TEST_CASE("the gradients of random layers pass the check: part 4", "[stage03]") {
  checkRandomLayers(304);
}
TEST_CASE("the gradients of random layers pass the check: part 5", "[stage03]") {
  checkRandomLayers(305);
}

TEST_CASE(
    "forward and backward are adjoint: no step size and no tolerance to argue about",
    "[stage03]") {
  Random random(310);
  for (int round = 0; round < 500; ++round) {
    const auto [layer, name] = anyLayer(random);
    INFO("seed 310, round " << round << ": " << name);
    const auto& [x, w, b, slide, d] = layer;
    const cube z = convolve(x, w, vec(w.size()), slide);
    const cube dx = convInputGradient(d, w, x.n_rows, x.n_cols, slide);
    const Filters dw = convWeightGradient(d, x, w[0].n_rows, slide);
    double weights = 0;
    for (uword k = 0; k < dw.size(); ++k) weights += arma::accu(w[k] % dw[k]);
    const double forward = arma::accu(z % d), size = arma::accu(arma::abs(z % d));
    CHECK(std::abs(forward - arma::accu(x % dx)) <= 1e-12 * size);
    CHECK(std::abs(forward - weights) <= 1e-12 * size);
  }
}

// ---- refusals ----------------------------------------------------------------------

TEST_CASE("an error of the wrong shape is refused with both shapes", "[stage03]") {
  const cube x = single(x3), d3(3, 3, 1);
  const Filters w{single(kernel)};
  const auto message = ContainsSubstring(
      "delta is 3 x 3 x 1, expected 2 x 2 x 1 (input 3 x 3, kernel 2 x 2, "
      "stride 1, padding 0)");
  CHECK_THROWS_WITH(convWeightGradient(d3, x, 2), message);
  CHECK_THROWS_WITH(scatterWeightGradient(d3, x, 2), message);
  CHECK_THROWS_WITH(convInputGradient(d3, w, 3, 3), message);
  CHECK_THROWS_WITH(scatterInputGradient(d3, w, 3, 3), message);
  CHECK_THROWS_WITH(convInputGradient(cube(2, 2, 2), w, 3, 3),
                    ContainsSubstring("delta is 2 x 2 x 2, expected 2 x 2 x 1"));
}

TEST_CASE("filters that are missing or differ in shape are refused", "[stage03]") {
  CHECK_THROWS_WITH(convInputGradient(cube(2, 2, 1), {}, 3, 3),
                    ContainsSubstring("0 filters, expected at least 1"));
  CHECK_THROWS_WITH(
      scatterInputGradient(cube(2, 2, 2), {cube(2, 2, 1), cube(2, 2, 3)}, 3, 3),
      ContainsSubstring("a filter is 2 x 2 x 3, expected 2 x 2 x 1"));
}

TEST_CASE("a slide that no layer can have is refused backward too", "[stage03]") {
  const cube x = single(x3), d(2, 2, 1);
  CHECK_THROWS_WITH(convWeightGradient(d, x, 2, {.stride = 0}),
                    ContainsSubstring("convolution backward: the stride is 0"));
  CHECK_THROWS_WITH(convInputGradient(d, {single(kernel)}, 3, 3, {.padding = -1}),
                    ContainsSubstring("convolution backward: the padding is -1"));
  CHECK_THROWS_WITH(convWeightGradient(d, x, 4),
                    ContainsSubstring("the window has size 4, expected 1 to 3"));
}

TEST_CASE("nothing can be dilated into nothing", "[stage03]") {
  const auto message = [](const std::string& size) {
    return ContainsSubstring("dilate: the matrix is " + size +
                             ", expected at least 1 x 1");
  };
  CHECK_THROWS_WITH(dilate(x3, 0),
                    ContainsSubstring("dilate: the stride is 0, expected at least 1"));
  CHECK_THROWS_WITH(dilate(noRows, 2), message("0 x 3"));
  CHECK_THROWS_WITH(dilate(noColumns, 2), message("3 x 0"));
  CHECK_THROWS_WITH(convolveFull(noRows, kernel), message("0 x 3"));
  CHECK_THROWS_WITH(convolveFull(x3, kernel, 0), ContainsSubstring("stride is 0"));
  CHECK_THROWS_WITH(convolveFull(x3, kernel, -1), ContainsSubstring("stride is -1"));
  CHECK_THROWS_WITH(convolveFull(x3, noColumns),
                    ContainsSubstring("full convolution: the kernel is 3 x 0"));
  CHECK_THROWS_WITH(convolveFull(x3, noRows),
                    ContainsSubstring("full convolution: the kernel is 0 x 3"));
}

TEST_CASE("an error that differs in one side alone is refused", "[stage03]") {
  const cube x(3, 4, 1);
  const Filters w{cube(2, 2, 1), cube(2, 2, 1)};  // so delta is 2 x 3 x 2
  for (const cube& delta : {cube(1, 3, 2), cube(3, 3, 2), cube(2, 2, 2), cube(2, 4, 2),
                            cube(2, 3, 1), cube(2, 3, 3)}) {
    const auto message =
        ContainsSubstring(fmt::format("delta is {} x {} x {}, expected 2 x 3 x ",
                                      delta.n_rows, delta.n_cols, delta.n_slices));
    CHECK_THROWS_WITH(convInputGradient(delta, w, 3, 4), message);
    CHECK_THROWS_WITH(scatterInputGradient(delta, w, 3, 4), message);
    if (delta.n_slices != 2) continue;  // any number of filters has weights
    CHECK_THROWS_WITH(convWeightGradient(delta, x, 2), message);
    CHECK_THROWS_WITH(scatterWeightGradient(delta, x, 2), message);
  }
  const cube good(2, 3, 2);
  CHECK(arma::size(convInputGradient(good, w, 3, 4)) == arma::size(x));
  CHECK(arma::size(scatterInputGradient(good, w, 3, 4)) == arma::size(x));
}

TEST_CASE("a filter that differs in one side alone is refused backward too",
          "[stage03]") {
  const cube delta(3, 3, 3), w(2, 2, 2);
  for (const cube& odd : {cube(3, 2, 2), cube(1, 2, 2), cube(2, 3, 2), cube(2, 1, 2),
                          cube(2, 2, 3), cube(2, 2, 1)}) {
    const auto message = ContainsSubstring(
        fmt::format("a filter is {} x {} x {}, expected 2 x 2 x 2 as filter 0",
                    odd.n_rows, odd.n_cols, odd.n_slices));
    for (const Filters& filters : {Filters{w, odd, w}, Filters{w, w, odd}}) {
      CHECK_THROWS_WITH(convInputGradient(delta, filters, 4, 4), message);
      CHECK_THROWS_WITH(scatterInputGradient(delta, filters, 4, 4), message);
    }
  }
  CHECK_THROWS_WITH(scatterInputGradient(delta, {}, 4, 4),
                    ContainsSubstring("0 filters, expected at least 1"));
}

// ---- the program -------------------------------------------------------------------

namespace {

/// Stage 03's program, in a folder of its own.
class Program {
 public:
  int run(const std::string& options) const {
    return WEXITSTATUS(std::system(
        fmt::format("'{}'/03_conv_backprop --out {} {} > {} 2>&1", CNN_PROGRAMS_DIR,
                    folder_.path().string(), options, (folder_ / "text").string())
            .c_str()));
  }
  std::string text() const { return contentOf(folder_ / "text"); }
  std::filesystem::path operator/(const char* file) const { return folder_ / file; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("the check objects to each classic mistake and names it",
          "[stage03][program]") {
  const std::pair<std::string, std::string> mistakes[] = {
      {"flip", "the kernel not turned: missing flip"},
      {"transpose", "the kernel transposed"},
      {"stride", "the error not dilated"},
      {"padding", "shifted by (1, 1)"},
      {"dw", "turned by 180 degrees"},
      {"bias", "one scalar for all"}};
  const std::string failed = "gradient check FAILED: error ";
  const Program program;
  for (int seed = 320; seed < 330; ++seed)
    for (const auto& [mistake, guess] : mistakes) {
      CHECK(program.run(fmt::format("--break {} --seed {}", mistake, seed)) == 0);
      const std::string text = program.text();
      INFO("seed " << seed << ", " << mistake << ": " << text);
      REQUIRE_THAT(text, StartsWith(failed));
      CHECK(std::stod(text.substr(failed.size())) > 0.1);
      const std::size_t guessed = text.find("\nguess: ");
      REQUIRE(guessed != std::string::npos);
      CHECK_THAT(text.substr(guessed), ContainsSubstring(guess));
    }
}

TEST_CASE("without the dilation even the shape is wrong at stride 2", "[stage03]") {
  Random random(330);
  TrialLayer layer = trialLayer({4, 4, 1, 2, 1, {.stride = 2}}, random);
  const cube undilated = scatterInputGradient(layer.delta(), layer.w, 3, 3);
  CHECK_THAT(checkGradient([&] { return layer.cost(); }, layer.x, undilated).text,
             ContainsSubstring("x is 4 x 4 x 1, the analytic gradient is 3 x 3 x 1"));
}

TEST_CASE("the program learns the kernel and shows the mistake that was asked for",
          "[stage03][program]") {
  const Program program;
  CHECK(program.run("") == 0);
  const std::string said = program.text();
  CHECK_THAT(said, ContainsSubstring("\n    64 ") && ContainsSubstring("hidden"));
  CHECK_THAT(said, !ContainsSubstring("WRONG"));
  const std::string sobel =
      "   1.00   0.00  -1.00   2.00   0.00  -2.00   1.00   0.00  -1.00\n";
  const std::size_t learnt = said.find(sobel);  // after 32 images, after 64, the truth
  REQUIRE(learnt != std::string::npos);
  CHECK(said.find(sobel, said.find(sobel, learnt + 1) + 1) != std::string::npos);
  CHECK(std::filesystem::exists(program / "kernels.png"));

  CHECK(program.run("--break flip") == 0);
  CHECK_THAT(program.text(),
             ContainsSubstring("FAILED") && ContainsSubstring("missing flip"));
  CHECK(program.run("--break luck") == 2);
  CHECK(program.run("--rate 9") == 2);
  CHECK_THAT(program.text(), ContainsSubstring("try a smaller --rate"));
  CHECK(program.run("--iterations 0") == 2);
  CHECK(program.run("--help") == 0);
}
