// SPDX-License-Identifier: MIT
#include "05_cnn_serial/cnn.hpp"
#include "brick_check.hpp"
#include "same.hpp"
#include "weights_check.hpp"

#include <cmath>

using namespace cnn;
using namespace cnn::serial;
using Catch::Matchers::ContainsSubstring;

namespace {

Image single(const mat& x) { return Image(x.memptr(), x.n_rows, x.n_cols, 1); }

Parameters numbers(const mat& w, const vec& b) { return {w, b}; }

/// The network of the chapter's worked example: K, max pool, two classes.
CNNClassifier pencilNetwork() {
  CNNClassifier cnn({3, 3, 1});
  cnn.add(ConvLayer({.filters = 1, .size = 2}));
  cnn.add(PoolLayer({.size = 2}));
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 2, .activation = Activation::softmax}));
  cnn.layer(0).parameters = numbers({{1, -1, 0, 1}}, {0});
  cnn.layer(3).parameters = numbers(vec{2, -1}, {0, 6});
  return cnn;
}

}  // namespace

TEST_CASE("the whole network agrees with pencil and paper", "[stage05]") {
  const CNNClassifier cnn = pencilNetwork();
  const Image x = single({{1, 0, 2}, {0, 1, 1}, {2, 1, 0}});
  const auto passes = cnn.feedForward(x);
  CHECK(same(passes[0].z.slice(0), mat{{2, -1}, {0, 0}}, 1e-14));
  CHECK(passes[1].a(0) == Approx(2));
  CHECK(same(asColumn(passes[3].z), vec{4, 4}, 1e-14));
  CHECK(crossEntropy(asColumn(passes[3].z), {0}).costSum == Approx(std::log(2)));

  const vec delta = outputError(asColumn(passes[3].a), {0});
  CHECK(same(delta, vec{-0.5, 0.5}, 1e-14));
  Gradients g = cnn.zeroGradients();
  cnn.feedBackward(x, passes, asImage(delta), g);
  CHECK(same(g[3].w, vec{-1, 1}, 1e-14));
  CHECK(same(g[3].b, delta, 1e-14));
  CHECK(same(g[0].w, mat{{-1.5, 0, 0, -1.5}}, 1e-14));
  CHECK(g[0].b(0) == Approx(-1.5));

  // Nobody below the image wants to know, but the first brick could say.
  const Image z = single({{-1.5, 0}, {0, 0}});
  CHECK(same(cnn.layer(0).backPropError(z, passes[0]).slice(0),
             mat{{-1.5, 1.5, 0}, {0, -1.5, 0}, {0, 0, 0}}, 1e-14));
}

TEST_CASE("one step downhill by pencil makes the right answer likelier", "[stage05]") {
  CNNClassifier cnn = pencilNetwork();
  const Image x = single({{1, 0, 2}, {0, 1, 1}, {2, 1, 0}});
  const auto passes = cnn.feedForward(x);
  const Image delta = asImage(outputError(asColumn(passes.back().a), {0}));
  Gradients g = cnn.zeroGradients();
  cnn.feedBackward(x, passes, delta, g);
  for (std::size_t l = 0; l < cnn.depth(); ++l)
    cnn.layer(l).gradientDescent(g[l], 1, {.rate = 0.1, .lambda = 0, .clip = 100});
  CHECK(same(cnn.layer(0).parameters.w, mat{{1.15, -1, 0, 1.15}}, 1e-14));
  CHECK(cnn.layer(0).parameters.b(0) == Approx(0.15));
  CHECK(same(cnn.layer(3).parameters.w, vec{2.1, -1.1}, 1e-14));
  CHECK(same(cnn.layer(3).parameters.b, vec{0.05, 5.95}, 1e-14));
  const auto after = cnn.feedForward(x);
  CHECK(after[1].a(0) == Approx(2.45));
  CHECK(after[3].a(0) == Approx(0.874352).epsilon(1e-5));
  CHECK(crossEntropy(asColumn(after[3].z), {0}).costSum ==
        Approx(0.134272).epsilon(1e-5));
}

TEST_CASE("the network of this book has the shapes and parameters it promises",
          "[stage05]") {
  const CNNClassifier cnn = mnistNetwork();
  CHECK(cnn.parameterCount() == 134826);
  const std::vector<uword> each = {100, 0, 4016, 0, 129700, 1010};
  for (std::size_t l = 0; l < each.size(); ++l)
    CHECK(cnn.layer(l).parameterCount() == each[l]);
  const Tensors weights = cnn.weights();
  using Sizes = std::vector<std::size_t>;
  CHECK(weights.at("conv1.weight").shape == Sizes{10, 1, 3, 3});
  CHECK(weights.at("conv2.weight").shape == Sizes{16, 10, 5, 5});
  CHECK(weights.at("fc1.weight").shape == Sizes{100, 1296});
  CHECK(weights.at("fc2.weight").shape == Sizes{10, 100});
  CHECK(weights.size() == 8);
  CHECK_THAT(cnn.summary(),
             ContainsSubstring("13 x 13 x 10") && ContainsSubstring("134826"));
}

TEST_CASE("a brick that does not fit says which shapes", "[stage05]") {
  CNNClassifier cnn({6, 5, 2});
  CHECK_THROWS_WITH(
      cnn.add(FCLayer({.outputs = 10})),
      ContainsSubstring("6 x 5 x 2") && ContainsSubstring("FlattenLayer"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.size = 7})),
                    ContainsSubstring("6 x 5 x 2") && ContainsSubstring("7"));
  CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 2, .padding = 2})),
                    ContainsSubstring("padding is 2"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.filters = 0})), ContainsSubstring("0 filters"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.size = 0})),
                    ContainsSubstring("layer 1 (conv)"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.stride = 0})),
                    ContainsSubstring("stride is 0"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.padding = -1})),
                    ContainsSubstring("padding is -1"));
  cnn.add(FlattenLayer());
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.filters = 1})),
                    ContainsSubstring("60") && ContainsSubstring("flattened"));
  CHECK_THROWS_WITH(cnn.add(FlattenLayer()), ContainsSubstring("flat already"));
  cnn.add(FCLayer({.outputs = 3, .activation = Activation::softmax}));
  CHECK_THROWS_WITH(cnn.add(FCLayer({.outputs = 10})),
                    ContainsSubstring("layer 3") && ContainsSubstring("softmax"));
}

TEST_CASE("flatten goes channel by channel and row by row and back again",
          "[stage05]") {
  FlattenLayer flatten;
  flatten.connect({2, 3, 2});
  Image x(2, 3, 2);
  x.slice(0) = mat{{1, 2, 3}, {4, 5, 6}};
  x.slice(1) = mat{{7, 8, 9}, {10, 11, 12}};
  const auto pass = flatten.forward(x);
  CHECK(same(asColumn(pass.a), arma::regspace(1, 12), 0));
  CHECK(same(flatten.backPropError(pass.a, pass), x, 0));
}

TEST_CASE("serial bricks of random shapes pass the gradient check", "[stage05]") {
  Random random(505);
  const auto upTo = [&](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  int convolutions = 0, pools = 0;
  while (convolutions < 260 || pools < 260) {
    const Shape input{1 + random() % 7, 1 + random() % 7, 1 + random() % 5};
    Image x(input.rows, input.columns, input.channels);
    try {
      if (convolutions < 260) {
        ConvLayer conv({.filters = 1 + upTo(3),
                        .size = 1 + upTo(4),
                        .stride = 1 + upTo(4),
                        .padding = upTo(4),
                        .activation = Activation::identity});
        conv.connect(input);
        conv.init(random);
        fillNormal(x, random);
        checkBrick<Image>(conv, x, random);
        ++convolutions;
      }
      const int size = 1 + upTo(4);
      PoolLayer pool({.size = size,
                      .stride = 1 + upTo(4),
                      .padding = upTo(size),
                      .pooling = upTo(2) ? Pooling::max : Pooling::mean});
      pool.connect(input);
      fillDistinct(x, random);
      checkBrick<Image>(pool, x, random);
      ++pools;
    } catch (const std::invalid_argument&) {  // the window was larger than the image
    }
  }
}

TEST_CASE("fully connected and flatten bricks pass the gradient check", "[stage05]") {
  Random random(55);
  for (int trial = 0; trial < 20; ++trial) {
    const Shape input{1 + random() % 4, 1 + random() % 4, 1 + random() % 3};
    FlattenLayer flatten;
    FCLayer fc({.outputs = 1 + trial % 4, .activation = Activation::identity});
    const Shape flat = flatten.connect(input);
    fc.connect(flat);
    fc.init(random);
    Image x(input.rows, input.columns, input.channels), line(input.size(), 1, 1);
    fillNormal(x, random);
    fillNormal(line, random);
    checkBrick<Image>(flatten, x, random);
    checkBrick<Image>(fc, line, random);
  }
}

TEST_CASE("a whole serial CNN steps along the gradient of its cost", "[stage05]") {
  const double lambda = GENERATE(0.0, 0.3);
  const auto pooling = GENERATE(Pooling::max, Pooling::mean);
  CAPTURE(lambda);
  Random random(7);
  CNNClassifier cnn({8, 7, 1});
  cnn.add(ConvLayer({.filters = 3, .size = 3, .padding = 1}));
  cnn.add(PoolLayer({.size = 3, .stride = 2, .padding = 1, .pooling = pooling}));
  cnn.add(ConvLayer({.filters = 4, .size = 2, .stride = 2}));
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 5}));
  cnn.add(
      FCLayer({.outputs = 3, .activation = Activation::softmax, .rateFactor = 0.1}));
  cnn.init(11);
  checkStep(cnn, randomData(8, 7, 5, 3, random), lambda);
}

TEST_CASE("a weight that is no number shows in the cost and in the step", "[stage05]") {
  Random random(16);
  CNNClassifier cnn({6, 6, 1});
  cnn.add(ConvLayer({.filters = 2, .size = 3}));
  cnn.add(PoolLayer({.size = 2}));
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 4}));
  cnn.add(FCLayer({.outputs = 3, .activation = Activation::softmax}));
  cnn.init(1);
  checkNaNShows(cnn, randomData(6, 6, 5, 3, random));
}

TEST_CASE("an untrained network knows nothing and ten images can be learnt by heart",
          "[stage05]") {
  Random random(3);
  const Dataset data = randomData(10, 10, 10, 10, random);
  CNNClassifier cnn({10, 10, 1});
  cnn.add(ConvLayer({.filters = 4, .size = 3}));
  cnn.add(PoolLayer({.size = 2}));
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 30}));
  cnn.add(FCLayer({.outputs = 10, .activation = Activation::softmax}));
  cnn.init(1);
  const TrainingPlan plan{
      .epochs = 200, .batch = 5, .rule = {.rate = 0.1, .lambda = 0}};
  cnn.batchTrain(data, plan);
  CHECK(cnn.evaluateCost(data, 0) < 0.01);
  CHECK(cnn.evaluate(data).correct == 10);

  for (std::size_t l = 0; l < cnn.depth(); ++l) cnn.layer(l).parameters.w.zeros();
  for (std::size_t l = 0; l < cnn.depth(); ++l) cnn.layer(l).parameters.b.zeros();
  CHECK(cnn.evaluateCost(data, 0) == Approx(std::log(10)));
}

TEST_CASE("layers of one kind do not start with the same weights", "[stage05]") {
  CNNClassifier cnn({6, 6, 1});
  cnn.add(ConvLayer({.filters = 1, .size = 1}));
  cnn.add(ConvLayer({.filters = 1, .size = 1}));
  cnn.init(1);
  CHECK(cnn.layer(0).parameters.w(0) != cnn.layer(1).parameters.w(0));
}

TEST_CASE("He's start has the deviation it promises", "[stage05]") {
  CNNClassifier cnn = mnistNetwork();
  cnn.init(5);
  const mat& w = cnn.layer(4).parameters.w;  // 129,600 numbers
  CHECK(arma::stddev(arma::vectorise(w)) ==
        Approx(std::sqrt(2.0 / 1296)).epsilon(0.01));
}

TEST_CASE("weights of another network are refused and change nothing", "[stage05]") {
  CNNClassifier cnn = pencilNetwork();
  Tensors weights = cnn.weights();
  weights["conv1.weight"].shape = {1, 1, 4, 1};
  weights["fc1.bias"].values = {9, 9};
  CHECK_THROWS_WITH(cnn.setWeights(weights), ContainsSubstring("conv1.weight") &&
                                                 ContainsSubstring("1 x 1 x 4 x 1"));
  CHECK(cnn.layer(3).parameters.b(1) == 6);
  weights = cnn.weights();
  weights.erase("fc1.bias");
  CHECK_THROWS_WITH(cnn.setWeights(weights), ContainsSubstring("fc1.bias"));
  weights = cnn.weights();
  weights["conv9.weight"] = {{1}, {0}};
  CHECK_THROWS_WITH(cnn.setWeights(weights), ContainsSubstring("conv9.weight"));
}

TEST_CASE("images of another size are refused in words", "[stage05]") {
  Random random(1);
  CHECK_THROWS_WITH(mnistNetwork().evaluate(randomData(20, 28, 2, 10, random)),
                    ContainsSubstring("28 x 28") && ContainsSubstring("20 x 28"));
}

TEST_CASE("a prediction between forward and backward changes nothing", "[stage05]") {
  Random random(2);
  CNNClassifier cnn({8, 7, 1});
  cnn.add(ConvLayer({.filters = 3, .size = 3}));
  cnn.add(PoolLayer({.size = 2}));
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 5}));
  cnn.add(FCLayer({.outputs = 3, .activation = Activation::softmax}));
  cnn.init(11);
  Image x(8, 7, 1), other(8, 7, 1);
  fillNormal(x, random);
  fillNormal(other, random);
  const auto gradients = [&](const Image& image,
                             const std::vector<Trace<Image>>& passes) {
    Gradients sums = cnn.zeroGradients();
    cnn.feedBackward(image, passes, passes.back().a, sums);
    return sums;
  };
  const auto passes = cnn.feedForward(x);
  const Gradients atOnce = gradients(x, passes);
  const auto later = cnn.feedForward(other);
  cnn.predict(randomData(8, 7, 4, 3, random));
  const Gradients afterwards = gradients(x, passes);
  for (std::size_t l = 0; l < cnn.depth(); ++l) {
    if (cnn.layer(l).parameterCount() == 0) continue;
    CHECK(same(atOnce[l].w, afterwards[l].w, 0));
    CHECK(same(atOnce[l].b, afterwards[l].b, 0));
  }
  // The other image has other winners and other slopes: taken for these they would show.
  CHECK(
      arma::any(arma::vectorise(passes[1].memory.winners != later[1].memory.winners)));
  CHECK(arma::any(asColumn(reluSlope(passes[3].z)) != asColumn(reluSlope(later[3].z))));
}

TEST_CASE("clipping cuts the mean gradient and not the sum", "[stage05]") {
  CNNClassifier one = pencilNetwork(), four = pencilNetwork();
  Random random(4);
  const Dataset data = randomData(3, 3, 1, 2, random);
  const StepRule rule{.rate = 1, .lambda = 0, .clip = 0.01};
  one.trainStep(data, {0}, rule);
  four.trainStep(data, {0, 0, 0, 0}, rule);  // the same image four times
  CHECK(largestDifference(one, four) < 1e-12);
}

TEST_CASE("a step remembers nothing of the steps before", "[stage05]") {
  Random random(6);
  const Dataset data = randomData(3, 3, 5, 2, random);
  CNNClassifier seasoned = pencilNetwork(), fresh = pencilNetwork();
  seasoned.trainStep(data, {0, 1, 2}, {});
  fresh.setWeights(seasoned.weights());
  seasoned.trainStep(data, {3, 4}, {});  // a shorter batch: m is its own
  fresh.trainStep(data, {3, 4}, {});
  CHECK(largestDifference(seasoned, fresh) == 0);
}

TEST_CASE("a brick takes the last size that fits and refuses the next", "[stage05]") {
  for (const Shape& input : {Shape{6, 5, 1}, Shape{5, 6, 1}}) {  // either side alone
    CNNClassifier cnn(input);
    CHECK_THROWS_WITH(cnn.add(ConvLayer({.size = 6})),
                      ContainsSubstring("the window has size 6, expected 1 to 5"));
    CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 6})),
                      ContainsSubstring("the window has size 6, expected 1 to 5"));
    CHECK(PoolLayer({.size = 5}).connect(input).size() == 1);
    cnn.add(ConvLayer({.size = 5}));
    CHECK(cnn.outputShape().size() == 2);
  }
  CNNClassifier cnn({6, 5, 2});
  CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 0})), ContainsSubstring("at least 1"));
  CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 2, .padding = -1})),
                    ContainsSubstring("padding is -1"));
  CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 2, .stride = -1})),
                    ContainsSubstring("stride is -1"));
  CHECK_THROWS_WITH(cnn.add(ConvLayer({.activation = Activation::softmax})),
                    ContainsSubstring("softmax ends a network, in an FC layer"));
  CHECK(cnn.depth() == 0);
  cnn.add(PoolLayer({.size = 1}));
  cnn.add(FlattenLayer());
  CHECK_THROWS_WITH(cnn.add(PoolLayer({.size = 1})),
                    ContainsSubstring("60") && ContainsSubstring("flattened"));
  CHECK_THROWS_WITH(cnn.add(FCLayer({.outputs = 0})), ContainsSubstring("0 outputs"));
  cnn.add(FCLayer({.outputs = 1}));
  CHECK(cnn.parameterCount() == 61);
}

TEST_CASE("a step is its two halves, and can be made by hand in the runs",
          "[stage05]") {
  checkRunsOfEveryOption([] {
    return std::make_unique<CNNClassifier>(
        everyOption<CNNClassifier, ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
            CNNClassifier({8, 7, 1}), Pooling::max));
  });
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage05]") {
  CNNClassifier small = pencilNetwork(), book = mnistNetwork();
  checkAllOrNothing(small);
  checkAllOrNothing(book);
}

TEST_CASE("images a row or a column too few or too many are refused", "[stage05]") {
  CNNClassifier cnn = pencilNetwork();
  checkImagesOfOtherSizes(cnn, 3, 3, "the network takes images of 3 x 3, these are ");
}

TEST_CASE("without a seed the order of the samples is that of seed 1", "[stage05]") {
  Random random(19);
  const Dataset data = randomData(3, 3, 12, 2, random);
  const TrainingPlan plan{.epochs = 1, .batch = 4};
  const auto learnt = [&](const auto& train) {
    CNNClassifier cnn = pencilNetwork();
    train(cnn);
    return cnn.weights();
  };
  using CNN = CNNClassifier;
  const Tensors batches = learnt([&](CNN& cnn) { cnn.batchTrain(data, plan); });
  CHECK(apart(batches, learnt([&](CNN& c) { c.batchTrain(data, plan, 1); })) == 0);
  CHECK(apart(batches, learnt([&](CNN& c) { c.batchTrain(data, plan, 2); })) > 0);
  const Tensors singly = learnt([&](CNN& cnn) { cnn.stochasticTrain(data, plan); });
  CHECK(apart(singly, learnt([&](CNN& c) { c.stochasticTrain(data, plan, 1); })) == 0);
  CHECK(apart(singly, learnt([&](CNN& c) { c.stochasticTrain(data, plan, 2); })) > 0);
  CHECK(apart(singly, batches) > 0);
}
