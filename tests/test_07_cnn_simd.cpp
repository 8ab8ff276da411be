// SPDX-License-Identifier: MIT
#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "brick_check.hpp"
#include "common/data/mnist.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <cmath>
#include <limits>
#include <vector>

using namespace cnn;
using namespace cnn::simd;

namespace {

using Doubles = Pack<double, 4>;  // whatever the processor's registers hold

/// Samples side by side, as stage 05 has them one by one.
Images<Doubles> packed(const std::vector<arma::cube>& samples) {
  const Shape image{samples[0].n_rows, samples[0].n_cols, samples[0].n_slices};
  Images<Doubles> x(static_cast<int>((samples.size() + 3) / 4), image);
  for (std::size_t n = 0; n < samples.size(); ++n)
    for (uword c = 0; c < image.channels; ++c)
      for (uword i = 0; i < image.rows; ++i)
        for (uword j = 0; j < image.columns; ++j)
          (*x.at(static_cast<int>(n / 4), static_cast<int>(c), static_cast<int>(i),
                 static_cast<int>(j)))[n % 4] = samples[n](i, j, c);
  return x;
}

/// Sample n of a chunk, as stage 05 has it.
arma::cube sampleOf(const Images<Doubles>& x, std::size_t n) {
  const Shape image = x.shape();
  arma::cube sample(image.rows, image.columns, image.channels);
  for (uword c = 0; c < image.channels; ++c)
    for (uword i = 0; i < image.rows; ++i)
      for (uword j = 0; j < image.columns; ++j)
        sample(i, j, c) = (*x.at(static_cast<int>(n / 4), static_cast<int>(c),
                                 static_cast<int>(i), static_cast<int>(j)))[n % 4];
  return sample;
}

auto simdNetwork(Pooling pooling) {
  return everyOption<CNNClassifier<Doubles>, ConvLayer<Doubles>, PoolLayer<Doubles>,
                     FlattenLayer<Doubles>, FCLayer<Doubles>>(
      CNNClassifier<Doubles>({8, 7, 1}), pooling);
}
auto serialNetwork(Pooling pooling) {
  return everyOption<serial::CNNClassifier, serial::ConvLayer, serial::PoolLayer,
                     serial::FlattenLayer, serial::FCLayer>(
      serial::CNNClassifier({8, 7, 1}), pooling);
}

}  // namespace

TEST_CASE("a pack does to each sample what a number does to one", "[stage07]") {
  // The chapter's pencil: pixels 1, 2, 3, 4 of four images, weight 2, bias 1.
  const Pack<float, 4> pixel = {1, 2, 3, 4};
  const Pack<float, 4> z = 2 * pixel + 1;
  for (int lane = 0; lane < 4; ++lane)
    CHECK(z[lane] == static_cast<float>(2 * lane + 3));
  CHECK(sumOverLanes(z) == 24);
  CHECK(lanesOf<Pack<float, 4>> == 4);
  CHECK(sizeof(Pack<float>) == registerBytes);
  CHECK(lanesOf<Pack<double>> == registerBytes / 8);
}

TEST_CASE("groups of sums cover everything once", "[stage07]") {
  for (int count = 0; count < 20; ++count) {
    std::vector<int> seen(20);
    int groups = 0;
    inGroups<4>(count, [&]<int size>(int first) {
      ++groups;
      for (int k = 0; k < size; ++k) ++seen[static_cast<std::size_t>(first + k)];
    });
    for (int k = 0; k < 20; ++k)
      CHECK(seen[static_cast<std::size_t>(k)] == (k < count));
    CHECK(groups == count / 4 + count % 4);
  }
}

TEST_CASE("bricks of packs agree with serial ones for random shapes", "[stage07]") {
  Random random(707);
  const auto upTo = [&](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  const auto agree = [&](auto& one, auto& many, const Shape& input, bool distinct) {
    const Shape output = one.connect(input);
    const Shape made = many.connect(input);
    CHECK(made.text() == output.text());
    one.init(random);
    if (one.parameterCount() > 0) many.setCanonical(one.canonical());
    const std::size_t m = 1 + random() % 9;  // up to three packs, the last not full
    std::vector<arma::cube> x, delta;
    for (std::size_t n = 0; n < m; ++n) {
      x.emplace_back(input.rows, input.columns, input.channels);
      distinct ? fillDistinct(x[n], random) : fillNormal(x[n], random);
      if (output.flat)  // a vector is a column in stage 05, channels here
        delta.emplace_back(output.size(), 1, 1);
      else
        delta.emplace_back(output.rows, output.columns, output.channels);
      fillNormal(delta[n], random);
    }
    const auto passes = many.forward(packed(x));
    const auto dx = many.backPropError(packed(delta), passes);
    Parameters sum = zerosLike(one.parameters), gradient = sum;
    many.computeGradients(packed(delta), packed(x), passes, gradient);
    for (std::size_t n = 0; n < m; ++n) {
      const auto pass = one.forward(x[n]);
      const auto numbers = [](const arma::cube& sample) -> vec {
        return arma::vectorise(sample);
      };
      REQUIRE(same(numbers(sampleOf(passes.a, n)), numbers(pass.a)));
      if (!pass.z.empty())
        REQUIRE(same(numbers(sampleOf(passes.z, n)), numbers(pass.z)));
      REQUIRE(
          same(numbers(sampleOf(dx, n)), numbers(one.backPropError(delta[n], pass))));
      one.computeGradients(delta[n], x[n], pass, sum);
    }
    REQUIRE(same(gradient.w, sum.w, 1e-11));
    REQUIRE(same(gradient.b, sum.b, 1e-11));
  };
  int convolutions = 0, pools = 0;
  while (convolutions < 150 || pools < 150) {
    const Shape input{1 + random() % 9, 1 + random() % 9, 1 + random() % 5};
    const ConvSizes c{.filters = 1 + upTo(6),
                      .size = 1 + upTo(5),
                      .stride = 1 + upTo(4),
                      .padding = upTo(4)};
    const int size = 1 + upTo(4);
    const PoolSizes p{.size = size,
                      .stride = 1 + upTo(4),
                      .padding = upTo(size),
                      .pooling = upTo(2) ? Pooling::max : Pooling::mean};
    try {
      if (convolutions < 150) {
        serial::ConvLayer one(c);
        ConvLayer<Doubles> many(c);
        agree(one, many, input, false);
        ++convolutions;
      }
      serial::PoolLayer one(p);
      PoolLayer<Doubles> many(p);
      agree(one, many, input, p.pooling == Pooling::max);
      ++pools;
    } catch (const std::invalid_argument&) {  // the window is larger than the image
    }
  }
  for (int round = 0; round < 20; ++round) {
    const Shape input{1 + random() % 4, 1 + random() % 4, 1 + random() % 3};
    serial::FlattenLayer one;
    FlattenLayer<Doubles> many;
    agree(one, many, input, false);
    const FCSizes sizes{.outputs = 1 + upTo(9)};
    serial::FCLayer all(sizes);
    FCLayer<Doubles> packs(sizes);
    agree(all, packs, {1 + random() % 20, 1, 1, true}, false);
  }
}

TEST_CASE(
    "max pooling of packs agrees with stage 02 on numbers that are none or infinite",
    "[stage07]") {
  Random random(71);
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = arma::datum::inf;
  const double odd[] = {nan, -inf, inf, -1, -1, 0, 2};  // ties as well
  const Shape input{5, 6, 2};
  for (const PoolSizes& sizes :
       {PoolSizes{.size = 2}, PoolSizes{.size = 3, .stride = 2, .padding = 1},
        PoolSizes{.size = 3, .stride = 1, .padding = 2}})
    for (int round = 0; round < 50; ++round) {
      serial::PoolLayer one(sizes);
      PoolLayer<Doubles> many(sizes);
      const Shape output = one.connect(input);
      many.connect(input);
      std::vector<arma::cube> x, delta;
      for (std::size_t n = 0; n < 4; ++n) {
        x.emplace_back(5, 6, 2);
        for (double& v : x[n]) v = odd[random() % 7];
        delta.emplace_back(output.rows, output.columns, output.channels);
        fillNormal(delta[n], random);
      }
      const auto passes = many.forward(packed(x));
      const auto dx = many.backPropError(packed(delta), passes);
      for (std::size_t n = 0; n < 4; ++n) {
        const auto pass = one.forward(x[n]);
        const arma::cube a = sampleOf(passes.a, n);
        for (uword k = 0; k < a.n_elem; ++k)
          REQUIRE((a(k) == pass.a(k) || (std::isnan(a(k)) && std::isnan(pass.a(k)))));
        REQUIRE(same(sampleOf(dx, n), one.backPropError(delta[n], pass)));
      }
    }
}

TEST_CASE("each activation and its slope are stage 04's in every lane", "[stage07]") {
  Random random(20);
  mat z(5, 7), error(5, 7);
  fillNormal(z, random);
  fillNormal(error, random);
  z(0, 0) = 0;
  for (const Activation g : {Activation::identity, Activation::logistic,
                             Activation::relu, Activation::softmax}) {
    CAPTURE(static_cast<int>(g));
    const Pass<mat> wanted = activate(z, g);
    const Pass<Images<Doubles>> found = activate(toPacks<Doubles>(z), g);
    CHECK(same(mat(toColumns(found.a).head_cols(7)), wanted.a, 1e-15));
    if (g == Activation::identity) continue;
    CHECK(same(mat(toColumns(found.z).head_cols(7)), z, 0));
    mat delta = error;
    auto packedDelta = toPacks<Doubles>(error);
    multiplyBySlope(delta, wanted.z, g);
    multiplyBySlope(packedDelta, found.z, g);
    CHECK(same(mat(toColumns(packedDelta).head_cols(7)), delta, 1e-15));
  }
}

TEST_CASE("a whole CNN of packs steps along the gradient of its cost", "[stage07]") {
  const double lambda = GENERATE(0.0, 0.3);
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  Random random(7);
  auto cnn = simdNetwork(pooling);
  checkStep(cnn, randomData(8, 7, 5, 3, random), lambda);
}

TEST_CASE("batches of any size are stage 05's to rounding, in packs too", "[stage07]") {
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  checkBatches([&] { return serialNetwork(pooling); },
               [&] { return simdNetwork(pooling); }, 70,
               {1, 3, 4, 5, 15, 16, 17, 33, 70});
}

TEST_CASE("in single precision a run of MNIST follows that of stage 06", "[stage07]") {
  const Dataset data = loadMnist(mnistFolder()).train.range(0, 300);
  const TrainingPlan plan{.epochs = 1, .batch = 64};  // the last batch has 44
  auto packs = simd::mnistNetwork();
  auto doubles = batched::mnistNetwork();
  packs.init(1);
  doubles.init(1);
  CHECK(apart(packs.weights(), doubles.weights()) == 0);  // both keep doubles
  packs.batchTrain(data, plan);
  doubles.batchTrain(data, plan);
  CHECK(apart(packs.weights(), doubles.weights()) < 2e-6);
  CHECK(packs.evaluate(data).accuracy() == doubles.evaluate(data).accuracy());
}

TEST_CASE("how many sums run at once changes nothing", "[stage07]") {
  const Dataset data = loadMnist(mnistFolder()).train.range(0, 40);
  auto four = simd::mnistNetwork<Pack<float>, 4>();
  auto one = simd::mnistNetwork<Pack<float>, 1>();
  four.init(1);
  one.init(1);
  const arma::uvec samples = arma::regspace<arma::uvec>(0, 39);
  four.trainStep(data, samples, {});
  one.trainStep(data, samples, {});
  CHECK(apart(four.weights(), one.weights()) < 1e-8);
}

TEST_CASE("a prediction between forward and backward changes nothing", "[stage07]") {
  Random random(17);
  const auto cnn = simdNetwork(Pooling::max);
  const Dataset data = randomData(8, 7, 8, 3, random);
  std::vector<arma::cube> some;
  for (uword n = 0; n < 3; ++n) {
    const mat image = data.image(n);
    some.emplace_back(image.memptr(), 8, 7, 1);
  }
  const Images<Doubles> x = packed(some);
  const auto passes = cnn.feedForward(x);
  const auto gradients = [&] {
    Gradients sums = cnn.zeroGradients();
    cnn.feedBackward(x, passes, passes.back().a, sums);
    return sums;
  };
  const Gradients atOnce = gradients();
  cnn.predict(data.range(3, 5));
  const Gradients afterwards = gradients();
  for (std::size_t l = 0; l < cnn.depth(); ++l) {
    if (cnn.layer(l).parameterCount() == 0) continue;
    CHECK(arma::abs(atOnce[l].w).max() > 0);
    CHECK(same(atOnce[l].w, afterwards[l].w, 0));
  }
}

TEST_CASE("a weight that is no number shows in the cost and in the step", "[stage07]") {
  Random random(16);
  auto cnn = simdNetwork(Pooling::max);
  checkNaNShows(cnn, randomData(8, 7, 5, 3, random));
}

TEST_CASE("a step is its two halves, and can be made by hand in the runs",
          "[stage07]") {
  checkRunsOfEveryOption([] {
    return std::make_unique<CNNClassifier<Doubles>>(simdNetwork(Pooling::max));
  });
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage07]") {
  auto cnn = simdNetwork(Pooling::max);
  checkAllOrNothing(cnn);
}

TEST_CASE("images a row or a column too few or too many are refused", "[stage07]") {
  auto cnn = simdNetwork(Pooling::max);
  checkImagesOfOtherSizes(cnn, 8, 7, "the network takes images of 8 x 7, these are ");
}
