// SPDX-License-Identifier: MIT
#include "09_winograd/cnn.hpp"
#include "fast_check.hpp"
#include "weights_check.hpp"

#include <cmath>
#include <memory>
#include <random>
#include <vector>

using namespace cnn;
using namespace cnn::fast;

TEST_CASE("Winograd's matrices convolve a row by seven products", "[stage09]") {
  // y[i] = sum over j of g[j] d[i + j] for every unit d and g, so for all of them
  constexpr auto& trick = winograd<double>;
  for (int di = 0; di < 7; ++di)
    for (int gi = 0; gi < 5; ++gi)
      for (int i = 0; i < 3; ++i) {
        double y = 0;
        for (int q = 0; q < 7; ++q)
          y += trick.A[q][i] * trick.G[q][gi] * trick.BT[q][di];
        CHECK(y == Approx(di == i + gi ? 1.0 : 0.0).margin(1e-14));
      }
}

/// y[i] = sum over j of g[j] d[i + j] by way of the points, for every unit d and g.
template <int outputs, int taps>
void checkWinograd() {
  using W = Winograd<double, outputs, taps>;
  constexpr auto& trick = winograd<double, outputs, taps>;
  for (int di = 0; di < W::points; ++di)
    for (int gi = 0; gi < taps; ++gi) {
      INFO("F(" << outputs << ", " << taps << "), d " << di << ", g " << gi);
      double d[W::points] = {}, g[taps] = {}, y[outputs] = {};
      d[di] = g[gi] = 1;
      auto product = W::toPoints(trick.BT, d);
      const auto u = W::toPoints(trick.G, g);
      for (int q = 0; q < W::points; ++q) product[q] *= u[q];
      W::fromPoints(trick.A, product, y);
      for (int i = 0; i < outputs; ++i)
        CHECK(y[i] == Approx(di == i + gi ? 1.0 : 0.0).margin(1e-14));
    }
}

TEST_CASE("the way to Winograd's points and back convolves a row, for every size",
          "[stage09]") {
  checkWinograd<2, 2>();  // 3 points: 1, -1 and infinity
  checkWinograd<2, 3>();  // 4: with 0
  checkWinograd<3, 2>();
  checkWinograd<3, 3>();
  checkWinograd<4, 3>();
  checkWinograd<2, 5>();
  checkWinograd<3, 5>();  // 7, those of the stage
  checkWinograd<4, 5>();  // 8: all there are
}

TEST_CASE("Winograd's rounding stays within its bound in every output", "[stage09]") {
  // A sum of products rounded n times on its way is wrong by n u times the sum of the
  // products' absolute values at most (Higham, Accuracy and Stability, section 3.1);
  // here the way goes through |A'|, |G| and |BT|, twice each, about 50 roundings long.
  constexpr Size in{10, 13, 13};
  using L = Pack<float, fullWidth<float>>;
  using Wide = Pack<double, lanesOf<L>>;
  using Quick = WinogradConv<16>::Layer<L, in, false>;
  using Plain = Conv<16, 5>::Layer<Wide, in, false>;
  constexpr Size out = Quick::out;
  Random random(8);
  Learned<L, Quick> learned;
  learned.init(random);
  Learned<Wide, Plain> same;
  std::copy(learned.w.begin(), learned.w.end(), same.w.begin());
  std::vector<L> x(in.count()), a(out.count());
  std::vector<Wide> wideX(in.count()), truth(out.count());
  std::normal_distribution<float> draw;
  for (int i = 0; i < in.count(); ++i)
    for (int k = 0; k < lanesOf<L>; ++k) wideX[i][k] = x[i][k] = draw(random);
  const auto memory = std::make_unique<Quick::Memory>();
  const auto scratch = std::make_unique<Quick::Scratch>();
  learned.prepare();
  same.prepare();
  Quick::forward(learned.forLoops(), x.data(), a.data(), *memory, *scratch);
  Plain::Memory none;
  Plain::Scratch noScratch;
  Plain::forward(same.forLoops(), wideX.data(), truth.data(), none, noScratch);

  // |M| v |M|' at points q and p; v is n x n, its entry (y, k) at v(y, k)
  constexpr auto& trick = winograd<double>;
  const auto atPoint = [&](const auto& M, int n, int q, int p, const auto& v) {
    double sum = 0;
    for (int y = 0; y < n; ++y)
      for (int k = 0; k < n; ++k) sum += std::abs(M[p][y] * M[q][k] * v(y, k));
    return sum;
  };
  const double unit = 50 * std::pow(2.0, -24);
  double worst = 0;
  for (int n = 0; n < 16; ++n)
    for (int tile = 0; tile < 9; ++tile)
      for (int sample = 0; sample < 4; ++sample) {
        double size[3][3] = {};
        for (int q = 0; q < 7; ++q)
          for (int p = 0; p < 7; ++p) {
            double products = 0;
            for (int c = 0; c < in.channels; ++c)
              products +=
                  atPoint(trick.G, 5, q, p,
                          [&](int u, int v) {
                            return same.w[((n * 10 + c) * 5 + u) * 5 + v];
                          }) *
                  atPoint(trick.BT, 7, q, p, [&](int y, int k) {
                    return wideX[in.at(c, tile / 3 * 3 + y, tile % 3 * 3 + k)][sample];
                  });
            for (int i = 0; i < 3; ++i)
              for (int j = 0; j < 3; ++j)
                size[i][j] += std::abs(trick.A[p][i] * trick.A[q][j]) * products;
          }
        for (int i = 0; i < 3; ++i)
          for (int j = 0; j < 3; ++j) {
            const int where = out.at(n, tile / 3 * 3 + i, tile % 3 * 3 + j);
            const double error = std::abs(a[where][sample] - truth[where][sample]);
            const double bias = std::abs(same.w[Plain::facts.weights + n]);
            worst = std::max(worst, error / (unit * (size[i][j] + bias)));
          }
      }
  INFO("the largest error is " << worst << " of its bound");
  CHECK(worst < 1);
  CHECK(worst > 1e-4);  // single precision does round: zero would mean nothing was done
}

TEST_CASE("a step of stage 09 is the step of stage 06 to 1e-12 in double",
          "[stage09]") {
  SECTION("the network of the book") {
    checkAgainstStage06<MnistNetwork<WinogradConv<16>, double, 8>>(book(), 28, 28, 70,
                                                                   10, 1e-12);
  }
  SECTION("numbers of channels that divide by nothing") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 12, 18}, Conv<7, 3>, WinogradConv<11>,
                                      FC<11>, Softmax<2>>>(
        Oracle({12, 18, 1}).conv(7, 3).conv(11, 5).flatten().fc(11).softmax(2), 12, 18,
        9, 2, 1e-12);
  }
}

TEST_CASE("in single precision a step with Winograd agrees to 1e-6", "[stage09]") {
  checkAgainstStage06<WinogradNetwork>(book(), 28, 28, 100, 10, 1e-6);
  checkAgainstStage06<MnistNetwork<WinogradConv<16>, float, 8>>(book(), 28, 28, 50, 10,
                                                                1e-6);
}

TEST_CASE("1, 2, 3 and 8 threads give the same bits", "[stage09]") {
  checkThreads<WinogradNetwork>();
}

TEST_CASE("a short run of stage 09 follows that of stage 06", "[stage09]") {
  checkShortRun<WinogradNetwork>();
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage09]") {
  WinogradNetwork cnn;
  cnn.init(1);
  checkAllOrNothing(cnn);
}

TEST_CASE("a step remembers nothing of the steps before", "[stage09]") {
  checkForgets<WinogradNetwork>();
}

TEST_CASE("batches of any size are stage 06's, with Winograd too", "[stage09]") {
  checkEverySize<
      DoubleNetwork<4, Size{1, 9, 9}, Conv<2, 3>, WinogradConv<3>, Softmax<3>>>(
      Oracle({9, 9, 1}).conv(2, 3).conv(3, 5).flatten().softmax(3), 9);
}

TEST_CASE("weights written from outside are those that the next answer uses",
          "[stage09]") {
  Random random(12);
  const Dataset data = randomData(28, 28, 20, 10, random);
  WinogradNetwork cnn(1), other(1);
  cnn.init(1);
  cnn.evaluate(data);  // the kernels are transformed
  for (const AnyRun& any : cnn.runs())
    std::visit(
        [](const auto& run) {
          for (auto& w : run.values) w /= 2;
        },
        any);
  other.setWeights(cnn.weights());
  CHECK(same(cnn.predict(data), other.predict(data), 0));
  CHECK(cnn.trainStep(data, firstSamples(20), {}).correct ==
        other.trainStep(data, firstSamples(20), {}).correct);
  CHECK(apart(cnn.weights(), other.weights()) == 0);
}
