// SPDX-License-Identifier: MIT
#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "brick_check.hpp"
#include "common/data/mnist.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <string>

using namespace cnn;
using namespace cnn::batched;
using arma::mat;
using arma::uword;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Images as stage 06 wants them: C x (H.W.m), pixel by pixel, row by row.
Batch toColumns(const std::vector<arma::cube>& images) {
  const arma::cube& first = images[0];
  Batch x(first.n_slices, first.n_rows * first.n_cols * images.size());
  uword column = 0;
  for (const arma::cube& image : images)
    for (uword i = 0; i < image.n_rows; ++i)
      for (uword j = 0; j < image.n_cols; ++j, ++column)
        for (uword c = 0; c < image.n_slices; ++c) x(c, column) = image(i, j, c);
  return x;
}

const Windows pencil({3, 3, 1}, 2, {});
const mat pencilImage = mat{{1, 2, 3, 4, 5, 6, 7, 8, 9}};  // X row by row

CNNClassifier batchedNetwork(Pooling pooling, uword threads = 1, uword chunk = 8) {
  return everyOption<CNNClassifier, ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
      CNNClassifier({8, 7, 1}, threads, chunk), pooling);
}

}  // namespace

TEST_CASE("im2col lays the windows of the pencil image out as columns", "[stage06]") {
  const mat columns = im2col(pencilImage, pencil);
  const mat byHand = {{1, 2, 4, 5}, {2, 3, 5, 6}, {4, 5, 7, 8}, {5, 6, 8, 9}};
  CHECK(same(columns, byHand, 0));
  const mat z = mat{{1, 2, 3, 4}} * columns;
  CHECK(same(z, mat{{37, 47, 67, 77}}, 1e-12));
}

TEST_CASE("a window's rows are not taken for its columns", "[stage06]") {
  // 2 x 3 image, 1 x 2 would be ambiguous: with f = 2 and H' x W' = 1 x 2 it is not.
  const mat columns = im2col(mat{{1, 2, 3, 4, 5, 6}}, Windows({2, 3, 1}, 2, {}));
  CHECK(same(columns, mat{{1, 2}, {2, 3}, {4, 5}, {5, 6}}, 0));
}

TEST_CASE("col2im adds up where windows overlap", "[stage06]") {
  const mat ones = col2im(mat(4, 4, arma::fill::ones), pencil);
  CHECK(same(ones, mat{{1, 2, 1, 2, 4, 2, 1, 2, 1}}, 0));
  const mat delta = {{1, -1, 2, 0}};
  const mat dx = col2im(mat{{1, 2, 3, 4}}.t() * delta, pencil);
  CHECK(same(dx, mat{{1, 1, -2, 5, 5, -4, 6, 8, 0}}, 1e-12));
  const mat dw = delta * im2col(pencilImage, pencil).t();
  CHECK(same(dw, mat{{7, 9, 13, 15}}, 1e-12));
}

TEST_CASE("the padding in im2col is zeros", "[stage06]") {
  const Windows framed({2, 2, 1}, 3, {.stride = 1, .padding = 1});
  const mat columns = im2col(mat{{1, 2, 3, 4}}, framed);
  CHECK(same(columns.col(0), arma::vec{0, 0, 0, 0, 1, 2, 0, 3, 4}, 0));
  CHECK(same(columns.col(3), arma::vec{1, 2, 0, 3, 4, 0, 0, 0, 0}, 0));
}

TEST_CASE("the order of the weights and back is a permutation", "[stage06]") {
  // 2 channels of 3 pixels: in files c0p0 c0p1 c0p2 c1p0 ..., here p0c0 p0c1 p1c0 ...
  CHECK(same(arma::conv_to<arma::vec>::from(channelsFastest(2, 3)),
             arma::vec{0, 3, 1, 4, 2, 5}));
}

TEST_CASE("batched bricks agree with serial ones for random shapes", "[stage06]") {
  Random random(606);
  const auto upTo = [&](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  const auto agree = [&](auto& one, auto& many, const Shape& input, bool distinct) {
    const Shape output = one.connect(input);
    many.connect(input);
    one.init(random);
    if (one.parameterCount() > 0) many.setCanonical(one.canonical());
    const uword m = 1 + random() % 3;
    std::vector<arma::cube> x, a, delta, dx;
    Parameters sum = zerosLike(one.parameters);
    for (uword n = 0; n < m; ++n) {
      x.emplace_back(input.rows, input.columns, input.channels);
      distinct ? fillDistinct(x[n], random) : fillNormal(x[n], random);
      delta.emplace_back(output.rows, output.columns, output.channels);
      fillNormal(delta[n], random);
      const auto pass = one.forward(x[n]);
      a.push_back(pass.a);
      dx.push_back(one.backPropError(delta[n], pass));
      one.computeGradients(delta[n], x[n], pass, sum);
    }
    const auto pass = many.forward(toColumns(x));
    CHECK(same(pass.a, toColumns(a), 1e-12));
    CHECK(same(many.backPropError(toColumns(delta), pass), toColumns(dx), 1e-12));
    Parameters gradient = zerosLike(many.parameters);
    many.computeGradients(toColumns(delta), toColumns(x), pass, gradient);
    many.parameters = gradient;
    if (one.parameterCount() > 0) CHECK(same(many.canonical().w, sum.w, 1e-11));
    CHECK(same(many.parameters.b, sum.b, 1e-11));
  };
  int convolutions = 0, pools = 0;
  while (convolutions < 300 || pools < 300) {
    const Shape input{1 + random() % 9, 1 + random() % 9, 1 + random() % 5};
    const ConvSizes c{.filters = 1 + upTo(4),
                      .size = 1 + upTo(5),
                      .stride = 1 + upTo(4),
                      .padding = upTo(4)};
    const int size = 1 + upTo(4);
    const PoolSizes p{.size = size,
                      .stride = 1 + upTo(4),
                      .padding = upTo(size),
                      .pooling = upTo(2) ? Pooling::max : Pooling::mean};
    try {
      serial::ConvLayer oneConv(c);
      ConvLayer manyConv(c);
      agree(oneConv, manyConv, input, false);
      ++convolutions;
    } catch (const std::invalid_argument&) {  // the kernel was larger than the image
    }
    try {
      serial::PoolLayer onePool(p);
      PoolLayer manyPool(p);
      agree(onePool, manyPool, input, true);
      ++pools;
    } catch (const std::invalid_argument&) {
    }
  }
}

TEST_CASE("batched bricks of random shapes pass the gradient check", "[stage06]") {
  Random random(66);
  const auto upTo = [&](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  int checked = 0;
  while (checked < 250) {
    const Shape input{1 + random() % 6, 1 + random() % 6, 1 + random() % 5};
    const uword m = 1 + random() % 2;
    Batch x(input.channels, input.pixels() * m), flat(input.size(), m);
    const int size = 1 + upTo(4);
    try {
      ConvLayer conv({.filters = 1 + upTo(3),
                      .size = 1 + upTo(4),
                      .stride = 1 + upTo(4),
                      .padding = upTo(4),
                      .activation = Activation::identity});
      PoolLayer pool({.size = size,
                      .stride = 1 + upTo(4),
                      .padding = upTo(size),
                      .pooling = upTo(2) ? Pooling::max : Pooling::mean});
      conv.connect(input);
      pool.connect(input);
      conv.init(random);
      fillNormal(x, random);
      checkBrick<Batch>(conv, x, random);
      fillDistinct(x, random);
      checkBrick<Batch>(pool, x, random);
      checked += 2;
    } catch (const std::invalid_argument&) {  // the window was larger than the image
      continue;
    }
    FlattenLayer flatten;
    FCLayer fc({.outputs = 1 + upTo(4), .activation = Activation::identity});
    fc.connect(flatten.connect(input));
    fc.init(random);
    fillNormal(flat, random);
    checkBrick<Batch>(flatten, x, random);
    checkBrick<Batch>(fc, flat, random);
  }
}

TEST_CASE("a tie goes to the first maximum in row-major order", "[stage06]") {
  PoolLayer pool({.size = 2});
  pool.connect({2, 2, 1});
  const auto pass = pool.forward(mat{{3, 7, 7, 7}});
  CHECK(same(pool.backPropError(mat(1, 1, arma::fill::value(5)), pass),
             mat{{0, 5, 0, 0}}, 0));
}

TEST_CASE("a window of negative pixels keeps its largest", "[stage06]") {
  PoolLayer pool({.size = 2});
  pool.connect({2, 2, 1});
  const auto pass = pool.forward(mat{{-3, -1, -2, -4, 0, 0, 0, 0}});  // two samples
  CHECK(same(pass.a, mat{{-1, 0}}, 0));
  CHECK(same(pool.backPropError(mat{{5, 7}}, pass), mat{{0, 5, 0, 0, 7, 0, 0, 0}}, 0));
}

TEST_CASE("max pooling agrees with stage 02 on pixels that are no numbers or infinite",
          "[stage06]") {
  const double nan = arma::datum::nan, inf = arma::datum::inf;
  const std::vector<double> odd = {nan, -inf, inf, 0.0, -0.0, -1, 2};
  const auto tagged = [](arma::mat x) { return mat(x.replace(arma::datum::nan, 99)); };
  Random random(6);
  for (const PoolSizes& sizes :
       {PoolSizes{.size = 2}, PoolSizes{.size = 2, .stride = 1, .padding = 1},
        PoolSizes{.size = 3, .stride = 2, .padding = 1}})
    for (int round = 0; round < 200; ++round) {
      serial::PoolLayer one(sizes);
      PoolLayer many(sizes);
      const Shape input{4, 5, 2}, output = one.connect(input);
      many.connect(input);
      std::vector<arma::cube> x, a, delta, dx;
      for (int n = 0; n < 2; ++n) {
        x.emplace_back(input.rows, input.columns, input.channels);
        delta.emplace_back(output.rows, output.columns, output.channels);
        for (double& entry : x[n])
          entry = round == 0 ? -inf : odd[random() % odd.size()];
        fillNormal(delta[n], random);
        const auto pass = one.forward(x[n]);
        a.push_back(pass.a);
        dx.push_back(one.backPropError(delta[n], pass));
      }
      const auto pass = many.forward(toColumns(x));
      REQUIRE(same(tagged(pass.a), tagged(toColumns(a)), 0));
      REQUIRE(same(many.backPropError(toColumns(delta), pass), toColumns(dx)));
    }
}

TEST_CASE("a whole batched CNN steps along the gradient of its cost", "[stage06]") {
  const double lambda = GENERATE(0.0, 0.3);
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  Random random(7);
  CNNClassifier cnn = batchedNetwork(pooling, 2, 2);
  checkStep(cnn, randomData(8, 7, 5, 3, random), lambda);
}

TEST_CASE("stages 05 and 06 agree to 1e-10 in every weight after two epochs of MNIST",
          "[stage06]") {
  const Dataset data = loadMnist(mnistFolder()).train.range(0, 1000);
  const TrainingPlan plan{.epochs = 2, .batch = 64};  // the last batch has 40
  auto one = serial::mnistNetwork();
  auto many = mnistNetwork(2);
  one.init(1);
  many.init(1);
  CHECK(largestDifference(one, many) == 0);
  one.batchTrain(data, plan);
  many.batchTrain(data, plan);
  CHECK(largestDifference(one, many) < 1e-10);
  CHECK(one.evaluate(data).accuracy() == many.evaluate(data).accuracy());
}

TEST_CASE("every option agrees with stage 05 after a few steps", "[stage06]") {
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  Random random(8);
  const Dataset data = randomData(8, 7, 23, 3, random);
  auto one = everyOption<serial::CNNClassifier, serial::ConvLayer, serial::PoolLayer,
                         serial::FlattenLayer, serial::FCLayer>(
      serial::CNNClassifier({8, 7, 1}), pooling);
  auto many = batchedNetwork(pooling, 2, 3);
  const TrainingPlan plan{.epochs = 5, .batch = 5};
  one.batchTrain(data, plan);
  many.batchTrain(data, plan);
  CHECK(largestDifference(one, many) < 1e-10);
  CHECK(same(one.predict(data), many.predict(data), 1e-10));
}

TEST_CASE("any number of threads gives the same bits", "[stage06]") {
  Random random(9);
  const Dataset data = randomData(8, 7, 150, 3, random);
  auto one = batchedNetwork(Pooling::max, 1, 3);
  one.batchTrain(data, {.epochs = 2, .batch = 70});
  for (const uword threads : {2, 3, 8}) {
    auto many = batchedNetwork(Pooling::max, threads, 3);
    many.batchTrain(data, {.epochs = 2, .batch = 70});
    CHECK(largestDifference(one, many) == 0);
  }
}

TEST_CASE("the size of the chunks changes nothing but rounding", "[stage06]") {
  Random random(10);
  const Dataset data = randomData(8, 7, 40, 3, random);
  auto whole = batchedNetwork(Pooling::max, 1, 1000);
  whole.batchTrain(data, {.epochs = 2, .batch = 40});
  for (const uword chunk : {1, 7, 16}) {
    auto pieces = batchedNetwork(Pooling::max, 2, chunk);
    pieces.batchTrain(data, {.epochs = 2, .batch = 40});
    CHECK(largestDifference(whole, pieces) < 1e-12);
  }
}

TEST_CASE("samples twice or in another order leave the step as it was", "[stage06]") {
  Random random(12);
  const Dataset data = randomData(8, 7, 6, 3, random);
  auto once = batchedNetwork(Pooling::max), twice = batchedNetwork(Pooling::max);
  auto turned = batchedNetwork(Pooling::max);
  const StepRule rule{.rate = 0.5, .lambda = 0};
  once.trainStep(data, {0, 1, 2, 3, 4, 5}, rule);
  twice.trainStep(data, {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}, rule);
  turned.trainStep(data, {3, 5, 0, 1, 4, 2}, rule);
  CHECK(largestDifference(once, twice) < 1e-13);
  CHECK(largestDifference(once, turned) < 1e-13);
}

TEST_CASE("the last short batch is divided by its own size", "[stage06]") {
  Random random(13);
  const Dataset data = randomData(8, 7, 3, 3, random);
  auto alone = batchedNetwork(Pooling::max), last = batchedNetwork(Pooling::max);
  const StepRule rule{.rate = 0.1, .lambda = 0.01};
  alone.trainStep(data, {0, 1, 2}, rule);
  last.batchTrain(data, {.epochs = 1, .batch = 512, .rule = rule, .shuffle = false});
  CHECK(largestDifference(alone, last) == 0);
}

TEST_CASE("a step remembers nothing of the steps before", "[stage06]") {
  Random random(15);
  const Dataset data = randomData(8, 7, 5, 3, random);
  auto seasoned = batchedNetwork(Pooling::max), fresh = batchedNetwork(Pooling::max);
  seasoned.trainStep(data, {0, 1, 2}, {});
  fresh.setWeights(seasoned.weights());
  seasoned.trainStep(data, {3, 4}, {});  // a shorter batch: m is its own
  fresh.trainStep(data, {3, 4}, {});
  CHECK(largestDifference(seasoned, fresh) == 0);
}

TEST_CASE("a weight that is no number shows in the cost and in the step", "[stage06]") {
  Random random(16);
  auto cnn = batchedNetwork(Pooling::max, 2, 2);
  checkNaNShows(cnn, randomData(8, 7, 5, 3, random));
}

TEST_CASE("logits of a thousand give finite cost and gradients", "[stage06]") {
  Random random(14);
  const Dataset data = randomData(8, 7, 4, 3, random);
  auto cnn = batchedNetwork(Pooling::max);
  cnn.layer(5).parameters.b = {1000, -1000, 0};
  const Score score = cnn.trainStep(data, {0, 1, 2, 3}, {});
  CHECK(std::isfinite(score.costSum));
  CHECK(std::isfinite(cnn.evaluate(data).costSum));
}

TEST_CASE("a small part of MNIST is enough to be right nine times in ten",
          "[stage06]") {
  const TrainTest mnist = loadMnist(mnistFolder());
  auto cnn = mnistNetwork(2);
  cnn.init(1);
  cnn.batchTrain(mnist.train.range(0, 4000), {.epochs = 4, .batch = 32});
  CHECK(cnn.evaluate(mnist.test.range(0, 2000)).accuracy() > 90);
}

TEST_CASE("a network without threads or with chunks of nothing is refused",
          "[stage06]") {
  CHECK_THROWS_WITH(CNNClassifier({8, 7, 1}, 0, 1),
                    ContainsSubstring("0 threads, chunks of 1"));
  CHECK_THROWS_WITH(CNNClassifier({8, 7, 1}, 1, 0),
                    ContainsSubstring("1 threads, chunks of 0"));
  CHECK_NOTHROW(CNNClassifier({8, 7, 1}, 1, 1));
}

TEST_CASE("a step is its two halves, and can be made by hand in the runs",
          "[stage06]") {
  checkRunsOfEveryOption([] {
    return std::make_unique<CNNClassifier>(batchedNetwork(Pooling::max, 2, 2));
  });
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage06]") {
  CNNClassifier cnn = batchedNetwork(Pooling::max);
  checkAllOrNothing(cnn);
}

TEST_CASE("images a row or a column too few or too many are refused", "[stage06]") {
  CNNClassifier cnn = batchedNetwork(Pooling::max);
  checkImagesOfOtherSizes(cnn, 8, 7, "the network takes images of 8 x 7, these are ");
}

TEST_CASE("batches of any size are stage 05's to rounding, however they are cut",
          "[stage06]") {
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  checkBatches(
      [&] {
        return everyOption<serial::CNNClassifier, serial::ConvLayer, serial::PoolLayer,
                           serial::FlattenLayer, serial::FCLayer>(
            serial::CNNClassifier({8, 7, 1}), pooling);
      },
      [&] {
        return batchedNetwork(pooling, 2, 8);
      },  // more chunks than sums from 65 on
      200, {1, 7, 8, 9, 63, 64, 65, 130, 200});
}

TEST_CASE("a prediction between forward and backward changes nothing", "[stage06]") {
  Random random(17);
  CNNClassifier cnn = batchedNetwork(Pooling::max);
  const Dataset data = randomData(8, 7, 8, 3, random);
  const Batch x = cnn.toBatch(data, {0, 1, 2}), other = cnn.toBatch(data, {5, 6, 7});
  const auto gradients = [&](const std::vector<Trace<Batch>>& passes) {
    Gradients sums = cnn.zeroGradients();
    cnn.feedBackward(x, passes, passes.back().a, sums);
    return sums;
  };
  const auto passes = cnn.feedForward(x);
  const Gradients atOnce = gradients(passes);
  const auto later = cnn.feedForward(other);
  cnn.predict(data.range(5, 3));
  const Gradients afterwards = gradients(passes);
  for (std::size_t l = 0; l < cnn.depth(); ++l) {
    if (cnn.layer(l).parameterCount() == 0) continue;
    CHECK(same(atOnce[l].w, afterwards[l].w, 0));
    CHECK(same(atOnce[l].b, afterwards[l].b, 0));
  }
  // The other images have other winners: taken for these they would show.
  CHECK(
      arma::any(arma::vectorise(passes[1].memory.winners != later[1].memory.winners)));
}
