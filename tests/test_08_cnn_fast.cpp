// SPDX-License-Identifier: MIT
#include "03_conv_backprop/gradient_check.hpp"
#include "08_cnn_fast/cnn.hpp"
#include "fast_check.hpp"
#include "weights_check.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

using namespace cnn;
using namespace cnn::fast;

TEST_CASE("a pack does to each sample what a number does to one", "[stage08]") {
  using L = Pack<float, 4>;
  const L a = {1, -2, 3, -4}, b = {10, 20, 30, 40};
  const L sum = a + 2.0f * b, withRelu = fast::relu(a), bias = all<L>(7);
  for (int i = 0; i < 4; ++i) {
    CHECK(sum[i] == a[i] + 2 * b[i]);
    CHECK(withRelu[i] == std::max(0.0f, a[i]));
    CHECK(bias[i] == 7);
  }
  CHECK(sumOverLanes(a) == -2);
  CHECK(std::isnan(fast::relu(L{NAN, 1, 1, 1})[0]));
}

TEST_CASE("four packs become the sums over their samples", "[stage08]") {
  using L = Pack<double, 4>;
  const L v[] = {{1, 2, 3, 4}, {10, 20, 30, 40}, {0, 0, 0, 5}, {-1, 1, -1, 1},
                 {2, 2, 2, 2}, {0, 1, 0, 0},     {7, 7, 7, 7}};
  const L sums = sumsOverSamples<4>(v);
  CHECK(sums[0] == 10);
  CHECK(sums[1] == 100);
  CHECK(sums[2] == 5);
  CHECK(sums[3] == 0);
  double to[] = {1, 1, 1, 1, 1, 1, 1};
  addSumsOverSamples<6>(v, to);  // a pack's worth, and two more
  const double expected[] = {11, 101, 6, 1, 9, 2, 1};
  for (int i = 0; i < 7; ++i) CHECK(to[i] == expected[i]);
}

TEST_CASE("packs turned round change entry and pack", "[stage08]") {
  Pack<float, 8> v[8];
  for (int k = 0; k < 8; ++k)
    for (int i = 0; i < 8; ++i) v[k][i] = static_cast<float>(10 * k + i);
  transpose(v);
  for (int k = 0; k < 8; ++k)
    for (int i = 0; i < 8; ++i) CHECK(v[k][i] == static_cast<float>(10 * i + k));
}

template <int n, int limit>
std::vector<std::pair<int, int>> tilesOf() {
  std::vector<std::pair<int, int>> tiles;  // first, size
  inTiles<n, limit>([&]<int size>(int first) { tiles.emplace_back(first, size); });
  return tiles;
}

TEST_CASE("tiles cover everything once, as few and as even as can be", "[stage08]") {
  using Tiles = std::vector<std::pair<int, int>>;
  CHECK(tilesOf<9, 13>() == Tiles{{0, 9}});
  CHECK(tilesOf<26, 13>() == Tiles{{0, 13}, {13, 13}});
  CHECK(tilesOf<10, 4>() == Tiles{{0, 4}, {4, 3}, {7, 3}});
  CHECK(tilesOf<7, 6>() == Tiles{{0, 4}, {4, 3}});
  CHECK(tilesOf<3, 1>() == Tiles{{0, 1}, {1, 1}, {2, 1}});
  CHECK(tilesOf<2, 0>() == Tiles{{0, 1}, {1, 1}});  // at least one at a time
}

TEST_CASE("a pack is no wider than a register of this processor", "[stage08]") {
  std::size_t bytes = 16;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx")) bytes = 32;
  if (__builtin_cpu_supports("avx512f")) bytes = 64;
#endif
  CHECK(sizeof(DirectNetwork::L) <= bytes);
  CHECK(sizeof(DirectNetwork::L) == sizeof(Pack<double, fullWidth<double>>));
}

TEST_CASE("a pixel that is not a number shows behind the fused convolution",
          "[stage08]") {
  constexpr Size in{1, 2, 2};
  using L = Pack<float, 4>;
  using Fused = ConvPool<1, 1, 2>::Layer<L, in, true>;
  const float w[] = {1, 0};  // z = x: the kernel, and its bias
  const float inf = std::numeric_limits<float>::infinity();
  // Sample by sample: NaN first, NaN twice, nothing above 0, a number at last.
  const L images[] = {
      {NAN, 1, -inf, 2}, {2, NAN, -1, 3}, {3, 2, 0, 4}, {1, NAN, -2, 5}};
  for (int turn = 0; turn < 4; ++turn) {
    L x[4], a[1];
    for (int q = 0; q < 4; ++q) x[(q + turn) % 4] = images[q];
    Fused::Memory memory;
    Fused::Scratch scratch;
    Fused::forward(w, x, a, memory, scratch);
    CHECK(std::isnan(a[0][0]));
    CHECK(memory.winner[0][0] == turn);
    CHECK(std::isnan(a[0][1]));
    CHECK(memory.winner[0][1] == std::min((1 + turn) % 4, (3 + turn) % 4));
    CHECK(a[0][2] == 0);
    CHECK(memory.winner[0][2] == -1);
    CHECK(a[0][3] == 5);
    CHECK(memory.winner[0][3] == (3 + turn) % 4);
  }
}

TEST_CASE("a step of stage 08 is the step of stage 06 to 1e-12 in double",
          "[stage08]") {
  SECTION("the network of the book") {
    checkAgainstStage06<MnistNetwork<Conv<16, 5>, double, 8>>(book(), 28, 28, 70, 10,
                                                              1e-12);
  }
  SECTION("nothing pooled, a side that nothing divides") {
    checkAgainstStage06<
        DoubleNetwork<4, Size{1, 10, 11}, Conv<5, 3>, Conv<3, 2>, FC<7>, Softmax<3>>>(
        Oracle({10, 11, 1}).conv(5, 3).conv(3, 2).flatten().fc(7).softmax(3), 10, 11,
        21, 3, 1e-12);
  }
  SECTION("windows of three, rows and columns left over") {
    checkAgainstStage06<DoubleNetwork<8, Size{1, 12, 15}, ConvPool<4, 3, 3>, Conv<2, 2>,
                                      FC<5>, Softmax<3>>>(
        Oracle({12, 15, 1}).conv(4, 3).pool(3).conv(2, 2).flatten().fc(5).softmax(3),
        12, 15, 33, 3, 1e-12);
  }
  SECTION("many channels, kernels up to 7, sides that divide by nothing") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 13, 17}, Conv<11, 7>, Conv<64, 1>,
                                      Conv<7, 5>, FC<13>, Softmax<2>>>(
        Oracle({13, 17, 1})
            .conv(11, 7)
            .conv(64, 1)
            .conv(7, 5)
            .flatten()
            .fc(13)
            .softmax(2),
        13, 17, 9, 2, 1e-12);
  }
  SECTION("rows longer than a tile") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 5, 28}, Conv<3, 3>, Conv<5, 2>,
                                      Conv<2, 2>, Softmax<3>>>(
        Oracle({5, 28, 1}).conv(3, 3).conv(5, 2).conv(2, 2).flatten().softmax(3), 5, 28,
        10, 3, 1e-12);
  }
  SECTION("more than a section of samples") {
    checkAgainstStage06<DoubleNetwork<8, Size{1, 5, 5}, ConvPool<3, 2, 2>, Softmax<3>>>(
        Oracle({5, 5, 1}).conv(3, 2).pool(2).flatten().softmax(3), 5, 5, 1100, 3,
        1e-12);
  }
}

// A float has 24 bits, 6e-8 of its size: after a step the weights differ by 5e-8 to
// 8e-8, which is to round them once. Ten times that, and ten times more for the cost and
// the probabilities, which add thousands of roundings up.
TEST_CASE("in single precision a step agrees to 1e-6", "[stage08]") {
  checkAgainstStage06<DirectNetwork>(book(), 28, 28, 100, 10, 1e-6);
  checkAgainstStage06<MnistNetwork<Conv<16, 5>, float, 4>>(book(), 28, 28, 20, 10,
                                                           1e-6);
}

TEST_CASE("the gradient of a network of packs passes the check", "[stage08]") {
  Random random(8);
  using Small =
      DoubleNetwork<4, Size{1, 9, 9}, Conv<2, 2>, Conv<3, 3>, FC<9>, Softmax<3>>;
  const Dataset data = randomData(9, 9, 5, 3, random);
  Small cnn;
  cnn.init(3);
  cnn.computeGradients(data, firstSamples(5), {});
  const auto analytic = gradientsOf(cnn);
  Tensors weights = cnn.weights();
  for (auto& [name, tensor] : weights) {
    arma::mat w(tensor.values.data(), tensor.values.size(), 1, false, true);
    const auto cost = [&] {
      cnn.setWeights(weights);
      return cnn.evaluate(data).costSum;
    };
    const auto report = checkGradient(cost, w, arma::mat(analytic.at(name)));
    INFO(name << "\n" << report.text);
    CHECK(report.passed);
    cnn.setWeights(weights);
  }
}

TEST_CASE("a weight that is no number shows in the cost and in the step", "[stage08]") {
  Random random(16);
  DoubleNetwork<4, Size{1, 9, 8}, Conv<2, 3>, FC<8>, Softmax<3>> plain(2);
  plain.init(1);
  checkNaNShows(plain, randomData(9, 8, 5, 3, random));
  DoubleNetwork<4, Size{1, 6, 6}, ConvPool<2, 3, 2>, FC<5>, Softmax<3>> fused(2);
  fused.init(1);
  checkNaNShows(fused, randomData(6, 6, 5, 3, random));
}

TEST_CASE("1, 2, 3 and 8 threads give the same bits", "[stage08]") {
  checkThreads<DirectNetwork>();
}

TEST_CASE("a short run of stage 08 follows that of stage 06", "[stage08]") {
  checkShortRun<DirectNetwork>();
}

TEST_CASE("images of another size are refused", "[stage08]") {
  Random random(1);
  DirectNetwork cnn;
  CHECK_THROWS_AS(cnn.evaluate(randomData(20, 28, 2, 10, random)), InputError);
}

TEST_CASE("a network without threads is refused", "[stage08]") {
  using Small = DoubleNetwork<4, Size{1, 5, 5}, ConvPool<3, 2, 2>, Softmax<3>>;
  CHECK_THROWS_WITH(Small(0), "a network needs at least one thread");
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage08]") {
  DirectNetwork cnn;
  cnn.init(1);
  checkAllOrNothing(cnn);
}

TEST_CASE("images a row or a column too few or too many are refused", "[stage08]") {
  DirectNetwork cnn;
  cnn.init(1);
  checkImagesOfOtherSizes(cnn, 28, 28,
                          "the network takes images of 28 x 28, these are ");
}

TEST_CASE("batches of any size are stage 06's, with every kind of layer", "[stage08]") {
  // A chunk is 4 packs of 4 samples; above 1,024 samples a second section begins.
  checkEverySize<
      DoubleNetwork<4, Size{1, 9, 9}, Conv<3, 2>, Conv<2, 2>, FC<5>, Softmax<3>>>(
      Oracle({9, 9, 1}).conv(3, 2).conv(2, 2).flatten().fc(5).softmax(3), 9);
  checkEverySize<
      DoubleNetwork<4, Size{1, 14, 14}, ConvPool<3, 3, 2>, Conv<4, 4>, Softmax<3>>>(
      Oracle({14, 14, 1}).conv(3, 3).pool(2).conv(4, 4).flatten().softmax(3), 14);
}

TEST_CASE("a step remembers nothing of the steps before", "[stage08]") {
  checkForgets<DirectNetwork>();
}

TEST_CASE("the runs of stage 08 are its layers', and a step by hand is a step",
          "[stage08]") {
  Random random(13);
  using Small = DoubleNetwork<4, Size{1, 8, 8}, ConvPool<2, 3, 2>, FC<5>, Softmax<3>>;
  checkRuns(
      [] {
        auto cnn = std::make_unique<Small>(2);
        cnn->init(1);
        return cnn;
      },
      randomData(8, 8, 21, 3, random),
      {{"conv1.weight", 18},  // 2 filters of 3 x 3
       {"conv1.bias", 2},
       {"fc1.weight", 90},  // 5 outputs of 2 x 3 x 3 inputs
       {"fc1.bias", 5},
       {"fc2.weight", 15},
       {"fc2.bias", 3}},
      "fc2", 1e-14);
}
