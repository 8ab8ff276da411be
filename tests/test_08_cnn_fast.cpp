// SPDX-License-Identifier: MIT
#include "02_pooling/pooling.hpp"
#include "04_mlp/training.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "08_cnn_fast/cnn.hpp"
#include "brick_check.hpp"
#include "common/checking/gradient_check.hpp"
#include "common/data/mnist.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <random>
#include <utility>
#include <vector>

using namespace cnn;
using namespace cnn::fast;
using arma::uword;

namespace {

constexpr double noClip = std::numeric_limits<double>::max();

/// The largest difference between two sets of weights with the same names.
double difference(const Tensors& a, const Tensors& b) {
  double largest = a.size() == b.size() ? 0 : arma::datum::inf;
  for (const auto& [name, tensor] : a) {
    REQUIRE(tensor.shape == b.at(name).shape);
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const double apart = std::abs(tensor.values[i] - b.at(name).values[i]);
      if (!(apart <= largest)) largest = apart;  // a NaN stays
    }
  }
  return largest;
}

arma::uvec firstSamples(uword count) {
  return arma::regspace<arma::uvec>(0, count - 1);
}

/// Stage 06 with the same bricks, weights and samples is the oracle, for a step without
/// clip and another one with it.
template <class Fast>
void checkAgainstStage06(batched::CNNClassifier oracle, uword rows, uword columns,
                         uword samples, uword classes, double tolerance) {
  Random random(5);
  const Dataset data = randomData(rows, columns, samples, classes, random);
  oracle.init(3);
  Fast cnn(2);
  cnn.setWeights(oracle.weights());
  for (const double clip : {noClip, 0.04}) {
    const StepRule rule{.rate = 0.1, .lambda = 0.3, .clip = clip};
    const Score score = cnn.trainStep(data, firstSamples(samples), rule);
    const Score expected = oracle.trainStep(data, firstSamples(samples), rule);
    CHECK(score.cost == Approx(expected.cost).epsilon(10 * tolerance));
    CHECK(score.correct == expected.correct);
    CHECK(score.samples == samples);
    CHECK(difference(cnn.weights(), oracle.weights()) < tolerance);
  }
  for (const auto& [name, gradient] : cnn.gradients()) {
    INFO(name << ": a network whose ReLUs are all off would prove nothing");
    CHECK(arma::any(arma::vec(gradient.values) != 0));
  }
  CHECK(same(cnn.predict(data), oracle.predict(data), 10 * tolerance));
}

/// The networks of stage 06, brick by brick.
struct Oracle {
  explicit Oracle(Shape input) : cnn(input) {}
  Oracle&& conv(int filters, int size, int stride = 1, int padding = 0) && {
    cnn.add(batched::ConvLayer(
        {.filters = filters, .size = size, .stride = stride, .padding = padding}));
    return std::move(*this);
  }
  Oracle&& pool(int size, int stride = 0, int padding = 0) && {
    cnn.add(batched::PoolLayer({.size = size, .stride = stride, .padding = padding}));
    return std::move(*this);
  }
  Oracle&& flatten() && {
    cnn.add(batched::FlattenLayer());
    return std::move(*this);
  }
  Oracle&& fc(int outputs) && {
    cnn.add(batched::FCLayer({.outputs = outputs}));
    return std::move(*this);
  }
  batched::CNNClassifier softmax(int classes) && {
    cnn.add(batched::FCLayer(
        {.outputs = classes, .activation = Activation::softmax, .rateFactor = 0.1}));
    return std::move(cnn);
  }
  batched::CNNClassifier cnn;
};

/// The network of the book.
batched::CNNClassifier book() {
  return Oracle({28, 28, 1})
      .conv(10, 3)
      .pool(2)
      .conv(16, 5)
      .flatten()
      .fc(100)
      .softmax(10);
}

template <int width, Size image, class... Bricks>
using DoubleNetwork = fast::Network<double, width, image, Bricks...>;

}  // namespace

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
  CHECK(sizeof(WinogradNetwork::L) <= bytes);
  CHECK(sizeof(WinogradNetwork::L) == sizeof(Pack<double, fullWidth<double>>));
}

namespace {

/// Max pooling in packs against stage 02, value by value and error by error.
template <int size, int stride, int padding>
void checkMaxPool(Random& random) {
  constexpr Size in{2, 4, 5};
  using L = Pack<double, 2>;
  using Pool = typename MaxPool<size, stride, padding>::template Layer<L, in, false>;
  constexpr Size out = Pool::out;
  const double nan = arma::datum::nan, inf = arma::datum::inf;
  const std::vector<double> odd = {nan, -inf, inf, 0.0, -0.0, -1, 2};
  for (int round = 0; round < 200; ++round) {
    L x[in.count()], a[out.count()], delta[out.count()];
    for (L& pack : x)
      for (int k = 0; k < 2; ++k)
        pack[k] = round == 0 ? -inf : odd[random() % odd.size()];
    for (L& pack : delta)
      for (int k = 0; k < 2; ++k) pack[k] = static_cast<double>(random() % 100);
    typename Pool::Memory memory;
    typename Pool::Scratch scratch;
    L error[in.count()];
    std::copy(std::begin(x), std::end(x), std::begin(error));
    Pool::forward(nullptr, x, a, memory, scratch);
    Pool::errorBack(nullptr, delta, memory, scratch, error);
    const auto map = [&](const L* packs, Size shape, int c, int k) {
      arma::mat image(shape.rows, shape.columns);
      for (int i = 0; i < shape.rows; ++i)
        for (int j = 0; j < shape.columns; ++j)
          image(i, j) = packs[shape.at(c, i, j)][k];
      return image;
    };
    const auto tagged = [&](arma::mat m) { return arma::mat(m.replace(nan, 99)); };
    for (int c = 0; c < in.channels; ++c)
      for (int k = 0; k < 2; ++k) {
        const auto pooled = maxPool(map(x, in, c, k), size, {stride, padding});
        REQUIRE(same(tagged(map(a, out, c, k)), tagged(pooled.values), 0));
        REQUIRE(same(map(error, in, c, k),
                     maxUnpool(map(delta, out, c, k), pooled.winners, 4, 5)));
      }
  }
}

}  // namespace

TEST_CASE("max pooling in packs agrees with stage 02 on pixels that are no numbers",
          "[stage08]") {
  Random random(6);
  checkMaxPool<2, 2, 0>(random);
  checkMaxPool<2, 1, 1>(random);
  checkMaxPool<3, 2, 1>(random);
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

TEST_CASE("Winograd's matrices convolve a row by seven products", "[stage08]") {
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

TEST_CASE("Winograd's rounding stays within its bound in every output", "[stage08]") {
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

TEST_CASE("a step of stage 08 is the step of stage 06 to 1e-12 in double",
          "[stage08]") {
  SECTION("the network of the book") {
    checkAgainstStage06<MnistNetwork<Conv<16, 5>, double, 8>>(book(), 28, 28, 70, 10,
                                                              1e-12);
  }
  SECTION("with Winograd") {
    checkAgainstStage06<MnistNetwork<WinogradConv<16>, double, 8>>(book(), 28, 28, 70,
                                                                   10, 1e-12);
  }
  SECTION("convolution and pooling as bricks of their own") {
    checkAgainstStage06<
        DoubleNetwork<4, Size{1, 10, 11}, Conv<5, 3>, MaxPool<2>, FC<7>, Softmax<3>>>(
        Oracle({10, 11, 1}).conv(5, 3).pool(2).flatten().fc(7).softmax(3), 10, 11, 21,
        3, 1e-12);
  }
  SECTION("stride and padding") {
    checkAgainstStage06<DoubleNetwork<8, Size{1, 9, 8}, Conv<3, 3, 1, 1>,
                                      Conv<4, 3, 2, 1>, Conv<2, 2, 2, 2>, Softmax<4>>>(
        Oracle({9, 8, 1})
            .conv(3, 3, 1, 1)
            .conv(4, 3, 2, 1)
            .conv(2, 2, 2, 2)
            .flatten()
            .softmax(4),
        9, 8, 33, 4, 1e-12);
  }
  SECTION("overlapping and padded windows") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 9, 12}, Conv<3, 4>, MaxPool<3, 2, 1>,
                                      Conv<2, 2>, MaxPool<2, 1>, FC<5>, Softmax<3>>>(
        Oracle({9, 12, 1})
            .conv(3, 4)
            .pool(3, 2, 1)
            .conv(2, 2)
            .pool(2, 1)
            .flatten()
            .fc(5)
            .softmax(3),
        9, 12, 19, 3, 1e-12);
  }
  SECTION("many channels, kernels up to 7, sides that divide by nothing") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 13, 17}, Conv<11, 7>, Conv<64, 1>,
                                      Conv<7, 5, 3>, FC<13>, Softmax<2>>>(
        Oracle({13, 17, 1})
            .conv(11, 7)
            .conv(64, 1)
            .conv(7, 5, 3)
            .flatten()
            .fc(13)
            .softmax(2),
        13, 17, 9, 2, 1e-12);
  }
  SECTION("rows longer than a tile, with strides") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 5, 28}, Conv<3, 3, 1, 1>,
                                      Conv<5, 3, 2, 1>, Conv<2, 2>, Softmax<3>>>(
        Oracle({5, 28, 1})
            .conv(3, 3, 1, 1)
            .conv(5, 3, 2, 1)
            .conv(2, 2)
            .flatten()
            .softmax(3),
        5, 28, 10, 3, 1e-12);
  }
  SECTION("Winograd with numbers of channels that divide by nothing") {
    checkAgainstStage06<DoubleNetwork<4, Size{1, 12, 18}, Conv<7, 3>, WinogradConv<11>,
                                      FC<11>, Softmax<2>>>(
        Oracle({12, 18, 1}).conv(7, 3).conv(11, 5).flatten().fc(11).softmax(2), 12, 18,
        9, 2, 1e-12);
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
  checkAgainstStage06<WinogradNetwork>(book(), 28, 28, 100, 10, 1e-6);
  checkAgainstStage06<MnistNetwork<Conv<16, 5>, float, 4>>(book(), 28, 28, 20, 10,
                                                           1e-6);
  checkAgainstStage06<MnistNetwork<WinogradConv<16>, float, 8>>(book(), 28, 28, 50, 10,
                                                                1e-6);
}

TEST_CASE("the gradient of a network of packs passes the check", "[stage08]") {
  using Small = DoubleNetwork<4, Size{1, 9, 9}, Conv<2, 2, 1, 1>, MaxPool<2>,
                              Conv<3, 3, 2, 1>, FC<9>, Softmax<3>>;
  Random random(8);
  const Dataset data = randomData(9, 9, 5, 3, random);
  Small cnn;
  cnn.init(3);
  cnn.computeGradients(data, firstSamples(5), {});
  const Tensors analytic = cnn.gradients();
  Tensors weights = cnn.weights();
  for (auto& [name, tensor] : weights) {
    arma::mat w(tensor.values.data(), tensor.values.size(), 1, false, true);
    const auto cost = [&] {
      cnn.setWeights(weights);
      return cnn.evaluate(data).cost;
    };
    const auto report = checkGradient(cost, w, arma::mat(analytic.at(name).values));
    INFO(name << "\n" << report.text);
    CHECK(report.passed);
    cnn.setWeights(weights);
  }
}

TEST_CASE("a weight that is no number shows in the cost and in the step", "[stage08]") {
  Random random(16);
  DoubleNetwork<4, Size{1, 9, 8}, Conv<2, 3, 1, 1>, MaxPool<3, 2, 1>, FC<8>, Softmax<3>>
      options(2);
  options.init(1);
  checkNaNShows(options, randomData(9, 8, 5, 3, random));
  DoubleNetwork<4, Size{1, 6, 6}, ConvPool<2, 3, 2>, FC<5>, Softmax<3>> fused(2);
  fused.init(1);
  checkNaNShows(fused, randomData(6, 6, 5, 3, random));
}

TEST_CASE("1, 2, 3 and 8 threads give the same bits", "[stage08]") {
  Random random(4);
  const Dataset data = randomData(28, 28, 700, 10, random);
  const auto trained = [&](uword threads) {
    WinogradNetwork cnn(threads);
    cnn.init(1);
    train(cnn, data, {.epochs = 2, .batch = 300, .rule = {.shift = {1}}}, 1);
    return cnn.weights();
  };
  const Tensors one = trained(1);
  for (const uword threads : {2, 3, 8}) CHECK(difference(one, trained(threads)) == 0);
}

TEST_CASE("a short run of stage 08 follows that of stage 06", "[stage08]") {
  const TrainTest mnist = loadMnist(mnistFolder());
  const Dataset data = mnist.train.slice(0, 500);
  auto slow = batched::mnistNetwork(2);
  WinogradNetwork quick(2);
  slow.init(1);
  quick.init(1);
  CHECK(difference(slow.weights(), quick.weights()) < 1e-6);
  const TrainingPlan plan{.epochs = 2, .batch = 64};
  train(slow, data, plan, 1);
  train(quick, data, plan, 1);
  CHECK(difference(slow.weights(), quick.weights()) < 2e-6);  // 2e-7 is measured
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
  WinogradNetwork cnn;
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
  using Every = DoubleNetwork<4, Size{1, 9, 9}, Conv<3, 2>, MaxPool<2>, Conv<2, 2>,
                              FC<5>, Softmax<3>>;
  using Fused =
      DoubleNetwork<4, Size{1, 14, 14}, ConvPool<3, 3, 2>, Conv<4, 4>, Softmax<3>>;
  using Quick =
      DoubleNetwork<4, Size{1, 9, 9}, Conv<2, 3>, WinogradConv<3>, Softmax<3>>;
  const auto check = [](auto cnn, batched::CNNClassifier oracle, uword side) {
    Random random(9);
    const Dataset data = randomData(side, side, 2060, 3, random);
    oracle.init(3);
    const Tensors begin = oracle.weights();
    const StepRule rule{.rate = 0.3, .lambda = 0.2, .clip = noClip};
    for (const uword size : {1, 15, 16, 17, 63, 64, 65, 130, 200, 1024, 1025, 2060}) {
      CAPTURE(size);
      oracle.setWeights(begin);
      cnn->setWeights(begin);
      const arma::uvec samples = arma::regspace<arma::uvec>(2060 - size, 2059);
      const Score expected = oracle.trainStep(data, samples, rule);
      const Score score = cnn->trainStep(data, samples, rule);
      CHECK(score.cost == Approx(expected.cost).epsilon(1e-12));
      CHECK(score.correct == expected.correct);
      CHECK(score.samples == size);
      CHECK(difference(cnn->weights(), oracle.weights()) < 1e-12);
      const Dataset part = data.slice(2060 - size, size);
      CHECK(cnn->evaluate(part).samples == size);
      CHECK(cnn->evaluate(part).correct == oracle.evaluate(part).correct);
      CHECK(same(cnn->predict(part), oracle.predict(part), 1e-11));
    }
  };
  check(std::make_unique<Every>(2),
        Oracle({9, 9, 1}).conv(3, 2).pool(2).conv(2, 2).flatten().fc(5).softmax(3), 9);
  check(std::make_unique<Fused>(2),
        Oracle({14, 14, 1}).conv(3, 3).pool(2).conv(4, 4).flatten().softmax(3), 14);
  check(std::make_unique<Quick>(2),
        Oracle({9, 9, 1}).conv(2, 3).conv(3, 5).flatten().softmax(3), 9);
}

TEST_CASE("a step remembers nothing of the steps before", "[stage08]") {
  Random random(11);
  const Dataset data = randomData(28, 28, 200, 10, random);
  WinogradNetwork seasoned(2), fresh(2);
  seasoned.init(1);
  seasoned.trainStep(data, firstSamples(200), {});
  fresh.setWeights(seasoned.weights());
  seasoned.trainStep(data, {3, 4, 170}, {});  // fewer chunks: the others must not count
  fresh.trainStep(data, {3, 4, 170}, {});
  CHECK(difference(seasoned.weights(), fresh.weights()) == 0);
}
