// SPDX-License-Identifier: MIT
/// @file
/// Stage 04: first with a pencil, then against central differences, then the training
/// loop by a network that only keeps a diary, then MNIST.

#include "03_conv_backprop/gradient_check.hpp"
#include "04_mlp/mlp.hpp"
#include "04_mlp/training.hpp"
#include "catch.hpp"
#include "common/data/mnist.hpp"
#include "common/training/checkpoint.hpp"
#include "same.hpp"
#include "temporary_folder.hpp"
#include "weights_check.hpp"

#include <cstdio>
#include <functional>
#include <set>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace {

using arma::mat;
using arma::uvec;
using arma::uword;
using arma::vec;
using cnn::Activation;
using cnn::Dataset;
using cnn::everySample;
using cnn::Labels;
using cnn::MLP;
using cnn::Parameters;
using cnn::Random;
using cnn::same;
using cnn::Start;
using cnn::StepRule;
using cnn::TrainingPlan;
using cnn::TrainingState;

const double infinity = arma::datum::inf;
const StepRule plainStep{.rate = 0.1, .lambda = 0, .clip = infinity};

/// The same numbers, without any rounding.
cnn::Comparison identical(MLP& a, MLP& b) {
  REQUIRE(a.layers().size() == b.layers().size());
  for (std::size_t l = 0; l < a.layers().size(); ++l) {
    if (auto w = same(a.layers()[l].w, b.layers()[l].w, 0); !w) return w;
    if (auto bias = same(a.layers()[l].b, b.layers()[l].b, 0); !bias) return bias;
  }
  return {true, "identical"};
}

uword uniform(uword least, uword most, Random& random) {
  return std::uniform_int_distribution<uword>(least, most)(random);
}

/// Images of one row with random pixels and labels.
Dataset randomData(uword inputs, uword classes, uword samples, Random& random) {
  Dataset data{.rows = 1, .columns = inputs, .pixels = {}, .labels = {}};
  data.pixels.set_size(inputs, samples);
  data.labels.set_size(samples);
  for (auto& pixel : data.pixels)
    pixel = static_cast<std::uint8_t>(uniform(0, 255, random));
  for (auto& label : data.labels)
    label = static_cast<std::uint8_t>(uniform(0, classes - 1, random));
  return data;
}

std::string messageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// x = (1, 2) through w1 = [1 1; 1 -1], w2 = [2 1; 0 -1], b2 = (0, 6): the example of the
/// chapter.
struct Example {
  Random random{1};
  MLP mlp{{2, 2, 2}, random, Start::Xavier, Activation::relu};
  mat x = vec{1, 2};
  Labels labels = {0};

  Example() {
    mlp.layers()[0] = {{{1, 1}, {1, -1}}, {0, 0}};
    mlp.layers()[1] = {{{2, 1}, {0, -1}}, {0, 6}};
  }
  double cost() const {
    return cnn::crossEntropy(mlp.feedForward(x).back().z, labels).costSum;
  }
};

}  // namespace

// ---- with a pencil -------------------------------------------------------------------

TEST_CASE("the example of the chapter goes forward", "[stage04]") {
  const Example example;
  const auto passes = example.mlp.feedForward(example.x);
  REQUIRE(passes.size() == 3);
  CHECK(same(passes[0].a, example.x));
  CHECK(same(passes[1].z, vec{3, -1}));
  CHECK(same(passes[1].a, vec{3, 0}));
  CHECK(same(passes[2].z, vec{6, 6}));
  CHECK(same(passes[2].a, vec{0.5, 0.5}));
  CHECK(example.cost() == Approx(0.693147).epsilon(1e-6));
}

TEST_CASE("the example of the chapter goes backward", "[stage04]") {
  Example example;
  const auto passes = example.mlp.feedForward(example.x);
  const auto gradient = example.mlp.feedBackward(passes, example.labels);
  REQUIRE(gradient.size() == 2);
  CHECK(same(gradient[1].b, vec{-0.5, 0.5}));
  CHECK(same(gradient[1].w, {{-1.5, 0}, {1.5, 0}}));
  CHECK(same(gradient[0].b, vec{-1, 0}));
  CHECK(same(gradient[0].w, {{-1, -2}, {0, 0}}));
  CHECK(same(example.mlp.layers()[0].w.t() * gradient[0].b, vec{-1, -1}));
}

TEST_CASE("the example of the chapter takes a step", "[stage04]") {
  Example example;
  auto& layers = example.mlp.layers();
  const auto gradient =
      example.mlp.feedBackward(example.mlp.feedForward(example.x), example.labels);
  for (std::size_t l = 0; l < 2; ++l)
    cnn::gradientDescent(layers[l], gradient[l], 1, plainStep);
  CHECK(same(layers[0].w, {{1.1, 1.2}, {1, -1}}));
  CHECK(same(layers[0].b, vec{0.1, 0}));
  CHECK(same(layers[1].w, {{2.15, 1}, {-0.15, -1}}));
  CHECK(same(layers[1].b, vec{0.05, 5.95}));

  const auto last = example.mlp.feedForward(example.x).back();
  CHECK(same(last.z, vec{7.79, 5.41}));
  CHECK(same(last.a, vec{0.915289, 0.084711}, 1e-6));
  CHECK(example.cost() == Approx(0.088515).epsilon(1e-5));
}

TEST_CASE("the penalty adds to the cost and to the step of the weights alone",
          "[stage04]") {
  Example example;
  CHECK(example.mlp.regCost(0.1) == Approx(0.5));  // the squares add up to 10

  auto& layers = example.mlp.layers();
  const auto gradient =
      example.mlp.feedBackward(example.mlp.feedForward(example.x), example.labels);
  const Parameters before = layers[1];
  cnn::gradientDescent(layers[1], gradient[1], 1,
                       {.rate = 1, .lambda = 0.1, .clip = infinity});
  CHECK(same(before.w - layers[1].w, {{-1.3, 0.1}, {1.5, -0.1}}));
  CHECK(same(before.b - layers[1].b, vec{-0.5, 0.5}));
}

TEST_CASE("the mean is clipped and not the sum and not the penalty", "[stage04]") {
  Parameters p{{{10, 0}, {0, 0}}, {0, 0}};
  const Parameters sum{{{-1, -5}, {0, 0}}, {4, -0.5}};  // of two samples
  cnn::gradientDescent(p, sum, 2, {.rate = 1, .lambda = 0, .clip = 0.5});
  CHECK(same(p.w, {{10.5, 0.5}, {0, 0}}));  // the mean is [-0.5 -2.5; 0 0]
  CHECK(same(p.b, vec{-0.5, 0.25}));

  // lambda/m w = 1.2 is larger than the clip, and stays whole: 10.5 - (-0.5 + 1.2).
  p = {{{12, 0}, {0, 0}}, {3, 3}};
  cnn::gradientDescent(p, {{{-2, 0}, {0, 0}}, {0, 0}}, 2,
                       {.rate = 1, .lambda = 0.2, .clip = 0.5});
  CHECK(same(p.w, {{12 + 0.5 - 1.2, 0}, {0, 0}}));
  CHECK(same(p.b, vec{3, 3}));  // biases are not drawn towards 0
}

TEST_CASE("twice the batch has half the penalty a step", "[stage04]") {
  const StepRule rule{.rate = 0.5, .lambda = 3, .clip = 1};
  const Parameters nothing{mat(1, 1, arma::fill::zeros), vec(1, arma::fill::zeros)};
  for (const double m : {1.0, 2.0, 96.0}) {
    Parameters p{mat{8}, vec{8}};
    cnn::gradientDescent(p, nothing, m, rule);
    CHECK(p.w(0) == Approx(8 - 0.5 * 3 * 8 / m));
  }
}

TEST_CASE("the softmax's own derivative leaves p minus y", "[stage04]") {
  // diag(p) - p p' = [.25 -.25; -.25 .25], times dJ/dp = (0, -1/p_1) = (0, -2)
  const vec p = {0.5, 0.5};
  const mat jacobian = arma::diagmat(p) - p * p.t();
  CHECK(same(jacobian, {{0.25, -0.25}, {-0.25, 0.25}}));
  CHECK(same(jacobian * vec{0, -2}, cnn::outputError(p, {1})));
}

// ---- the activations and the cost ----------------------------------------------------

TEST_CASE("softmax, cost and clip keep NaN", "[stage04]") {
  const double nan = arma::datum::nan;
  for (uword place = 0; place < 3; ++place) {
    vec z{1, 2, 3};
    z(place) = nan;
    const mat p = cnn::softmax(z);
    for (const double entry : p) CHECK(std::isnan(entry));
    CHECK(std::isnan(cnn::crossEntropy(z, {1}).costSum));
  }
  Parameters layer{{{1, 1}}, {1}};
  cnn::gradientDescent(layer, {{{nan, 9}}, {nan}}, 1,
                       {.rate = 1, .lambda = 0, .clip = 0.5});
  CHECK(std::isnan(layer.w(0)));
  CHECK(layer.w(1) == 0.5);
  CHECK(std::isnan(layer.b(0)));
}

TEST_CASE("relu cuts off below zero and keeps NaN", "[stage04]") {
  CHECK(same(cnn::relu(mat{{-2, 0, 3}}), {{0, 0, 3}}));
  CHECK(same(cnn::reluSlope(mat{{-2, 0, 3}}), {{0, 0, 1}}));
  CHECK(std::isnan(cnn::relu(vec{arma::datum::nan})(0)));
}

TEST_CASE("the logistic is a half at 0 and stays finite far away", "[stage04]") {
  const mat z = {{0, std::log(3.0), -std::log(3.0), 1000, -1000}};
  CHECK(same(cnn::logistic(z), {{0.5, 0.75, 0.25, 1, 0}}));
  CHECK(same(cnn::logisticSlope(z), {{0.25, 0.1875, 0.1875, 0, 0}}));
}

TEST_CASE("huge logits have a finite cost and gradient", "[stage04]") {
  const mat z = {{1000, 1000, -1000}, {-1000, 1000, -1000}, {0, 1000, -1000}};
  const mat third(3, 1, arma::fill::value(1.0 / 3));
  const mat p = cnn::softmax(z);
  CHECK(same(p, arma::join_rows(vec{1, 0, 0}, third, third)));
  CHECK(same(cnn::outputError(p, {1, 1, 1}).col(0), vec{1, -1, 0}));

  CHECK(cnn::crossEntropy(z.col(0), {0}).costSum == 0);
  CHECK(cnn::crossEntropy(z.col(0), {1}).costSum == 2000);
  CHECK(cnn::crossEntropy(z.col(0), {2}).costSum == 1000);
  CHECK(cnn::crossEntropy(z, {1, 1, 1}).costSum == Approx(2000 + 2 * std::log(3)));
}

TEST_CASE("adding a number to every logit of a sample changes nothing", "[stage04]") {
  Random random(3);
  const mat z = cnn::normal(5, 4, 2, random);
  const Labels labels = {0, 4, 2, 2};
  mat shifted = z;
  shifted.each_row() += arma::rowvec{1, -300, 5000, 0.25};
  CHECK(same(cnn::softmax(shifted), cnn::softmax(z), 1e-11));
  CHECK(cnn::crossEntropy(shifted, labels).costSum ==
        Approx(cnn::crossEntropy(z, labels).costSum).epsilon(1e-11));
}

TEST_CASE("the cost is minus the logarithm of the right answer's probability",
          "[stage04]") {
  Random random(4);
  const mat z = cnn::normal(4, 6, 1, random);
  const Labels labels = {0, 1, 2, 3, 0, 1};
  const mat p = cnn::softmax(z);
  CHECK(same(arma::sum(p, 0), mat(1, 6, arma::fill::ones)));
  double cost = 0;
  uword correct = 0;
  for (uword n = 0; n < 6; ++n) {
    cost -= std::log(p(labels(n), n));
    correct += (p.col(n) > p(labels(n), n)).eval().max() == 0;
  }
  const cnn::Score score = cnn::crossEntropy(z, labels);
  CHECK(score.costSum == Approx(cost));
  CHECK(score.correct == correct);
  CHECK(score.samples == 6);
}

TEST_CASE("the softmax of two classes is the logistic of their difference",
          "[stage04]") {
  Random random(5);
  const mat z = cnn::normal(2, 7, 3, random);
  CHECK(same(cnn::softmax(z).row(0), cnn::logistic(mat(z.row(0) - z.row(1)))));
}

TEST_CASE("the slopes and p minus y agree with central differences", "[stage04]") {
  Random random(6);
  mat z = cnn::normal(4, 5, 2, random);
  const mat share = cnn::normal(4, 5, 1, random);  // dJ/da, so that J is one number
  const auto logistic =
      cnn::checkGradient([&] { return arma::accu(share % cnn::logistic(z)); }, z,
                         share % cnn::logisticSlope(z));
  CHECK(logistic.passed);

  REQUIRE(arma::abs(z).min() > 1e-3);  // away from relu's kink
  const auto relu = cnn::checkGradient([&] { return arma::accu(share % cnn::relu(z)); },
                                       z, share % cnn::reluSlope(z));
  CHECK(relu.passed);

  const Labels labels = {3, 0, 1, 1, 2};
  const auto entropy =
      cnn::checkGradient([&] { return cnn::crossEntropy(z, labels).costSum; }, z,
                         cnn::outputError(cnn::softmax(z), labels));
  INFO(entropy.text);
  CHECK(entropy.passed);
}

TEST_CASE("labels that do not fit are refused", "[stage04]") {
  const mat z(3, 2, arma::fill::zeros);
  checkSays(messageOf([&] { cnn::crossEntropy(z, {1}); }), "2 samples but 1 labels");
  checkSays(messageOf([&] {
              cnn::outputError(z, {0, 3});
            }),
            "a sample has label 3, the network tells classes 0 to 2 apart");
}

TEST_CASE("too few labels and too many are refused, and the first that is no class",
          "[stage04]") {
  const mat z(3, 2, arma::fill::zeros);
  const auto says = [&](const Labels& labels, const std::string& part) {
    checkSays(messageOf([&] { cnn::crossEntropy(z, labels); }), part);
    checkSays(messageOf([&] { cnn::outputError(z, labels); }), part);
  };
  says({1}, "2 samples but 1 labels");
  says({1, 1, 1}, "2 samples but 3 labels");
  says({3, 0}, "a sample has label 3, the network tells classes 0 to 2 apart");
  says({0, 3}, "a sample has label 3, the network tells classes 0 to 2 apart");
  CHECK(cnn::crossEntropy(z, {2, 0}).samples == 2);
}

// ---- the start -----------------------------------------------------------------------

TEST_CASE("the default MLP has 182660 parameters", "[stage04]") {
  Random random(1);
  const MLP mlp({784, 200, 100, 50, 10}, random);
  CHECK(mlp.parameterCount() ==
        784 * 200 + 200 + 200 * 100 + 100 + 100 * 50 + 50 + 50 * 10 + 10);
  CHECK(mlp.parameterCount() == 182660);
}

TEST_CASE("the first weights spread as Glorot and He ask", "[stage04]") {
  Random random(7);
  const auto spread = [](const mat& w) { return arma::stddev(arma::vectorise(w)); };
  const Parameters xavier = cnn::xavierStart(200, 300, random);
  CHECK(spread(xavier.w) == Approx(std::sqrt(2.0 / 500)).epsilon(0.02));
  CHECK(std::abs(arma::accu(xavier.w) / 60000) < 1e-3);
  CHECK(same(xavier.b, vec(200, arma::fill::zeros)));

  const Parameters he = cnn::heStart(200, 300, random);
  CHECK(spread(he.w) == Approx(std::sqrt(2.0 / 300)).epsilon(0.02));
  CHECK(spread(he.b) == Approx(std::sqrt(2.0 / 300)).epsilon(0.2));

  MLP mlp({50, 50, 50}, random);  // one generator: no two layers start the same
  CHECK_FALSE(same(mlp.layers()[0].w, mlp.layers()[1].w, 1e-2));
}

TEST_CASE("layers that cannot be are refused", "[stage04]") {
  Random random(1);
  checkSays(messageOf([&] { MLP({}, random); }), "inputs and outputs, got 0 sizes");
  checkSays(messageOf([&] { MLP({784}, random); }), "inputs and outputs, got 1 sizes");
  checkSays(messageOf([&] { MLP({784, 0, 10}, random); }), "size number 2 is 0");
}

TEST_CASE("images of another size are refused", "[stage04]") {
  Random random(1);
  MLP mlp({784, 5, 10}, random);
  const Dataset data = randomData(400, 10, 3, random);
  const std::string wanted = "the MLP expects 784 inputs, the images have 400 pixels";
  checkSays(messageOf([&] { mlp.trainStep(data, {0, 1}, {}); }), wanted);
  checkSays(messageOf([&] { mlp.predict(data); }), wanted);
  checkSays(messageOf([&] { mlp.evaluate(data); }), wanted);
}

TEST_CASE("a size of 0 is refused wherever it stands, and two sizes are enough",
          "[stage04]") {
  Random random(1);
  checkSays(messageOf([&] { MLP({0, 3, 2}, random); }), "size number 1 is 0");
  checkSays(messageOf([&] { MLP({4, 3, 0}, random); }), "size number 3 is 0");
  CHECK(MLP({1, 1}, random).parameterCount() == 2);
}

TEST_CASE("images with one pixel too few or too many are refused", "[stage04]") {
  Random random(1);
  MLP mlp({6, 5, 4}, random);
  MLP before = mlp;
  for (const uword pixels : {5, 7}) {
    const Dataset data = randomData(pixels, 4, 3, random);
    const std::string wanted =
        fmt::format("the MLP expects 6 inputs, the images have {} pixels", pixels);
    checkSays(messageOf([&] { mlp.trainStep(data, {0, 1}, {}); }), wanted);
    checkSays(messageOf([&] { mlp.predict(data); }), wanted);
    checkSays(messageOf([&] { mlp.evaluate(data); }), wanted);
  }
  CHECK(identical(mlp, before));
}

// ---- the whole network against central differences -------------------------------------

namespace {

/// A small network of random shape, and a batch for it.
struct Trial {
  MLP mlp;
  Dataset data;
  double lambda;

  static Trial draw(Activation units, Random& random) {
    std::vector<uword> sizes;
    const uword depth = uniform(2, 5, random);
    for (uword l = 0; l < depth; ++l) sizes.push_back(uniform(2, 7, random));
    MLP mlp(sizes, random, units == Activation::relu ? Start::He : Start::Xavier,
            units);
    for (Parameters& p : mlp.layers()) p.b = cnn::normal(p.b.n_elem, 1, 0.5, random);
    Dataset data =
        randomData(sizes.front(), sizes.back(), uniform(1, 7, random), random);
    const double lambda = uniform(0, 1, random) == 0 ? 0 : 0.1;
    return {std::move(mlp), std::move(data), lambda};
  }

  /// How near the weighted sums come to relu's kink at 0.
  double nearestToKink() const {
    double nearest = infinity;
    for (const cnn::Pass<mat>& pass : mlp.feedForward(data.images(everySample(data))))
      if (!pass.z.is_empty()) nearest = std::min(nearest, arma::abs(pass.z).min());
    return nearest;
  }

  /// What a step of rate 1 without a clip takes off is the gradient of J.
  std::vector<Parameters> gradient() const {
    MLP before = mlp, after = mlp;
    after.trainStep(data, everySample(data),
                    {.rate = 1, .lambda = lambda, .clip = infinity});
    std::vector<Parameters> difference;
    for (std::size_t l = 0; l < before.layers().size(); ++l)
      difference.push_back({before.layers()[l].w - after.layers()[l].w,
                            before.layers()[l].b - after.layers()[l].b});
    return difference;
  }
};

/// Checks every weight and every bias of the network.
void checkNetwork(Trial trial, bool mayBeDead) {
  const auto cost = [&] { return trial.mlp.evaluateCost(trial.data, trial.lambda); };
  const std::vector<Parameters> gradient = trial.gradient();
  const cnn::GradientOptions options{.allowZero = mayBeDead,
                                     .samples = trial.data.size()};
  for (std::size_t l = 0; l < gradient.size(); ++l) {
    Parameters& p = trial.mlp.layers()[l];
    const auto w = cnn::checkGradient(cost, p.w, gradient[l].w, options);
    INFO("layer " << l + 1 << " of " << gradient.size() << ", weights: " << w.text);
    CHECK(w.passed);
    const auto b = cnn::checkGradient(cost, p.b, gradient[l].b, options);
    INFO("layer " << l + 1 << " of " << gradient.size() << ", biases: " << b.text);
    CHECK(b.passed);
  }
}

}  // namespace

TEST_CASE(
    "every gradient of 60 random logistic networks agrees with central differences",
    "[stage04]") {
  Random random(8);
  for (int i = 0; i < 60; ++i)
    checkNetwork(Trial::draw(Activation::logistic, random), false);
}

TEST_CASE("every gradient of 60 random relu networks agrees with central differences",
          "[stage04]") {
  Random random(9);
  for (int i = 0; i < 60;) {
    Trial trial = Trial::draw(Activation::relu, random);
    if (trial.nearestToKink() < 1e-3) continue;
    checkNetwork(std::move(trial), true);
    ++i;
  }
}

TEST_CASE("the check sees a scalar bias gradient and a missing half", "[stage04]") {
  Random random(10);
  Trial trial = Trial::draw(Activation::logistic, random);
  trial.lambda = 0.1;
  const auto cost = [&] { return trial.mlp.evaluateCost(trial.data, trial.lambda); };
  Parameters& last = trial.mlp.layers().back();
  const Parameters gradient = trial.gradient().back();

  const vec scalar(last.b.n_elem, arma::fill::value(arma::accu(gradient.b)));
  CHECK(std::abs(arma::accu(gradient.b)) < 1e-12);  // p - y always adds up to 0
  CHECK_FALSE(cnn::checkGradient(cost, last.b, scalar).passed);

  const auto penalty = [&] { return trial.mlp.regCost(trial.lambda); };
  CHECK(cnn::checkGradient(penalty, last.w, trial.lambda * last.w).passed);
  CHECK_FALSE(cnn::checkGradient(penalty, last.w, 2 * trial.lambda * last.w).passed);
}

// ---- batches ---------------------------------------------------------------------------

TEST_CASE("a batch written twice makes the same step", "[stage04]") {
  Random random(11);
  MLP once({6, 5, 4}, random);
  MLP twice = once;
  const Dataset data = randomData(6, 4, 3, random);
  once.trainStep(data, {0, 1, 2}, plainStep);
  twice.trainStep(data, {0, 1, 2, 0, 1, 2}, plainStep);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK(same(once.layers()[l].w, twice.layers()[l].w));
    CHECK(same(once.layers()[l].b, twice.layers()[l].b));
  }
}

TEST_CASE("a step remembers nothing of the steps before", "[stage04]") {
  Random random(31);
  MLP seasoned({6, 5, 4}, random), fresh({6, 5, 4}, random);
  const Dataset data = randomData(6, 4, 5, random);
  seasoned.trainStep(data, {0, 1, 2}, plainStep);
  fresh.layers() = seasoned.layers();
  seasoned.trainStep(data, {3, 4}, plainStep);  // a shorter batch: m is its own
  fresh.trainStep(data, {3, 4}, plainStep);
  CHECK(identical(fresh, seasoned));
}

TEST_CASE("the order within a batch changes nothing but rounding", "[stage04]") {
  Random random(12);
  MLP there({6, 5, 4}, random);
  MLP back = there;
  const Dataset data = randomData(6, 4, 7, random);
  const StepRule rule{.rate = 1, .lambda = 0.1, .clip = 0.01};
  const auto one = there.trainStep(data, {0, 1, 2, 3, 4, 5, 6}, rule);
  const auto two = back.trainStep(data, {6, 5, 4, 3, 2, 1, 0}, rule);
  CHECK(one.costSum == Approx(two.costSum).epsilon(1e-12));
  CHECK(one.correct == two.correct);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK(same(there.layers()[l].w, back.layers()[l].w));
    CHECK(same(there.layers()[l].b, back.layers()[l].b));
  }
}

TEST_CASE("a step's score is m J before the step", "[stage04]") {
  Random random(13);
  MLP mlp({6, 5, 4}, random);
  const Dataset data = randomData(6, 4, 7, random);
  const double cost = mlp.evaluateCost(data, 0.3);
  const auto right = mlp.evaluate(data).correct;
  const cnn::Score score =
      mlp.trainStep(data, everySample(data), {.rate = 1, .lambda = 0.3, .clip = 1});
  CHECK(score.meanCost() == Approx(cost).epsilon(1e-12));
  CHECK(score.correct == right);
  CHECK(score.samples == 7);
  CHECK(mlp.evaluateCost(data, 0.3) < cost);
}

TEST_CASE("chunks are all samples in their order, the last as short as what is left",
          "[stage04]") {
  using Numbers = std::vector<uword>;
  const auto numbers = [](const uvec& x) { return Numbers(x.begin(), x.end()); };
  const auto chunks = cnn::chunksOf({4, 0, 2, 9, 1, 7, 3}, 3);
  REQUIRE(chunks.size() == 3);
  CHECK(numbers(chunks[0]) == Numbers{4, 0, 2});
  CHECK(numbers(chunks[1]) == Numbers{9, 1, 7});
  CHECK(numbers(chunks[2]) == Numbers{3});
  CHECK(cnn::chunksOf({4, 0, 2, 9}, 2).size() == 2);
  CHECK(cnn::chunksOf({4, 0}, 9).size() == 1);
  CHECK(cnn::chunksOf({}, 3).empty());

  Random random(22);
  CHECK(numbers(everySample(randomData(1, 2, 3, random))) == Numbers{0, 1, 2});
  CHECK(everySample({}).empty());
}

TEST_CASE("a batch larger than a chunk is the same batch", "[stage04]") {
  Random random(14);
  MLP mlp({4, 3, 3}, random);
  const Dataset data = randomData(4, 3, 2345, random);
  const uvec samples = everySample(data);
  const auto passes = mlp.feedForward(data.images(samples));
  CHECK(same(mlp.predict(data), passes.back().a));
  const cnn::Score score = mlp.evaluate(data);
  CHECK(score.samples == 2345);
  CHECK(score.costSum ==
        Approx(cnn::crossEntropy(passes.back().z, data.labels).costSum));
  CHECK(score.correct == arma::accu(arma::index_max(passes.back().a, 0).t() ==
                                    arma::conv_to<uvec>::from(data.labels)));

  const auto sum = mlp.feedBackward(passes, data.labels);
  MLP after = mlp;
  after.trainStep(data, samples, {.rate = 1, .lambda = 0, .clip = infinity});
  for (std::size_t l = 0; l < 2; ++l)
    CHECK(same(mlp.layers()[l].w - after.layers()[l].w, sum[l].w / 2345));
}

TEST_CASE("a step is its two halves, and can be made by hand in the runs",
          "[stage04]") {
  Random random(18);
  cnn::checkRuns(
      [] {
        Random start(15);
        return std::make_unique<MLP>(std::vector<uword>{6, 5, 3}, start);
      },
      randomData(6, 3, 1021, random),  // more than a chunk
      {{"fc1.weight", 30}, {"fc1.bias", 5}, {"fc2.weight", 15}, {"fc2.bias", 3}}, "-",
      1e-14);
}

// ---- the training loop -------------------------------------------------------------------

namespace {

/// A network that learns nothing: it keeps a diary of its steps and reports the costs
/// that it was told to, one an epoch.
class Diary : public cnn::Classifier {
 public:
  std::vector<uvec> batches;
  std::vector<double> rates;
  std::vector<double> costs = {1};
  uword seen = 0;

  cnn::Score computeGradients(const Dataset& data, const uvec& samples,
                              const StepRule& rule) override {
    batches.push_back(samples);
    rates.push_back(rule.rate);
    const uword epoch = std::min<uword>(seen / data.size(), costs.size() - 1);
    seen += samples.n_elem;
    const auto m = static_cast<double>(samples.n_elem);
    return {.costSum = costs[epoch] * m, .correct = 1, .samples = samples.n_elem};
  }
  void gradientDescent(double, const StepRule&) override {}
  std::vector<cnn::AnyRun> runs() override { return {}; }
  mat predict(const Dataset&) const override { return {}; }
  cnn::Score evaluate(const Dataset&) const override { return {}; }
  double regCost(double) const override { return 0; }
  cnn::Tensors weights() const override { return {}; }
  void setWeights(const cnn::Tensors&) override {}

  /// The samples of one epoch in the order in which they came.
  std::vector<uword> visits(uword epoch, uword samples) const {
    std::vector<uword> all;
    for (const uvec& batch : batches) all.insert(all.end(), batch.begin(), batch.end());
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(epoch * samples);
    return {begin, begin + static_cast<std::ptrdiff_t>(samples)};
  }
};

Diary diaryOf(const Dataset& data, const TrainingPlan& plan, TrainingState state = {},
              std::vector<double> costs = {1}) {
  Diary diary;
  diary.costs = std::move(costs);
  cnn::TrainingMonitor monitor;
  cnn::fit(diary, data, plan, state, monitor);
  return diary;
}

/// Stops the training after so many batches.
struct StopAfter : cnn::TrainingMonitor {
  explicit StopAfter(int count) : batches(count) {}
  bool batchDone(const TrainingState&) override { return --batches > 0; }
  int batches;
};

}  // namespace

TEST_CASE("the last batch is as short as what is left", "[stage04]") {
  Random random(15);
  const Dataset data = randomData(2, 2, 10, random);
  const auto sizes = [&](uword batch) {
    std::vector<uword> found;
    for (const uvec& samples : diaryOf(data, {.epochs = 1, .batch = batch}).batches)
      found.push_back(samples.n_elem);
    return found;
  };
  CHECK(sizes(4) == std::vector<uword>{4, 4, 2});
  CHECK(sizes(5) == std::vector<uword>{5, 5});
  CHECK(sizes(1) == std::vector<uword>(10, 1));
  CHECK(sizes(10) == std::vector<uword>{10});
  CHECK(sizes(11) == std::vector<uword>{10});
  CHECK(sizes(std::numeric_limits<uword>::max()) == std::vector<uword>{10});
}

TEST_CASE("every epoch visits every sample once in a new order", "[stage04]") {
  Random random(16);
  const Dataset data = randomData(2, 2, 20, random);
  const Diary diary = diaryOf(data, {.epochs = 3, .batch = 6});
  std::set<std::vector<uword>> orders;
  for (uword epoch = 0; epoch < 3; ++epoch) {
    const std::vector<uword> order = diary.visits(epoch, 20);
    CHECK(std::set<uword>(order.begin(), order.end()).size() == 20);
    CHECK(*std::max_element(order.begin(), order.end()) == 19);
    orders.insert(order);
  }
  CHECK(orders.size() == 3);
}

TEST_CASE("without shuffling the samples come as they lie", "[stage04]") {
  Random random(17);
  const Dataset data = randomData(2, 2, 7, random);
  const Diary diary = diaryOf(data, {.epochs = 2, .batch = 3, .shuffle = false});
  const std::vector<uword> order = {0, 1, 2, 3, 4, 5, 6};
  CHECK(diary.visits(0, 7) == order);
  CHECK(diary.visits(1, 7) == order);
}

TEST_CASE("the seed decides the order of the samples", "[stage04]") {
  Random random(18);
  const Dataset data = randomData(2, 2, 20, random);
  const auto order = [&](std::uint64_t seed) {
    TrainingState state;
    state.random.seed(seed);
    return diaryOf(data, {.epochs = 1, .batch = 6}, state).visits(0, 20);
  };
  CHECK(order(1) == order(1));
  CHECK(order(1) != order(2));
}

TEST_CASE("the rate falls after each epoch whose cost rose and after no other",
          "[stage04]") {
  Random random(19);
  const Dataset data = randomData(2, 2, 2, random);
  const TrainingPlan plan{.epochs = 7, .batch = 2, .anneal = 0.5};
  TrainingState state;
  state.rate = 8;
  const Diary diary = diaryOf(data, plan, state, {3, 2, 2, 2.5, 2.6, 1, 1.5});
  CHECK(diary.rates == std::vector<double>{8, 8, 8, 8, 4, 2, 2});
}

TEST_CASE("the history has the mean cost and the accuracy of each epoch", "[stage04]") {
  Random random(20);
  const Dataset data = randomData(2, 2, 5, random);
  Diary diary;
  diary.costs = {3, 2};
  TrainingState state;
  cnn::TrainingMonitor monitor;
  cnn::fit(diary, data, {.epochs = 2, .batch = 2}, state, monitor);
  REQUIRE(state.history.size() == 2);
  CHECK(state.epoch == 2);
  CHECK(state.history[0].cost == Approx(3));
  CHECK(state.history[1].cost == Approx(2));
  CHECK(state.history[1].trainAccuracy == Approx(60));  // one right in each of 2, 2, 1
}

TEST_CASE("a cost that is no number stops the training with advice", "[stage04]") {
  Random random(21);
  const Dataset data = randomData(2, 2, 4, random);
  for (const double cost : {arma::datum::nan, infinity}) {
    const std::string message = messageOf([&] {
      diaryOf(data, {.epochs = 2, .batch = 2}, {}, {1, cost});
    });
    checkSays(message, "no longer a finite number");
    checkSays(message, "try a smaller --rate or --clip");
  }
}

TEST_CASE("no samples and batches of none are refused", "[stage04]") {
  Random random(22);
  checkSays(messageOf([&] { diaryOf(randomData(2, 2, 0, random), {.epochs = 1}); }),
            "no samples to learn from");
  checkSays(messageOf([&] { diaryOf(randomData(2, 2, 3, random), {.batch = 0}); }),
            "a batch of 0 samples");
}

TEST_CASE("the same seed gives the same weights bit for bit", "[stage04]") {
  Random random(23);
  const Dataset data = randomData(9, 3, 50, random);
  const auto trained = [&](std::uint64_t seed) {
    Random start(seed);
    MLP mlp({9, 8, 3}, start);
    TrainingState state;
    state.random.seed(seed);
    cnn::TrainingMonitor monitor;
    cnn::fit(mlp, data, {.epochs = 3, .batch = 8}, state, monitor);
    return mlp;
  };
  MLP one = trained(1), again = trained(1), other = trained(2);
  CHECK(identical(one, again));
  CHECK_FALSE(identical(one, other));
}

TEST_CASE("a run stopped anywhere goes on as if it had not been", "[stage04]") {
  Random random(24);
  const Dataset data = randomData(9, 3, 50, random);
  const MLP start({9, 8, 3}, random);
  const TrainingPlan plan{.epochs = 4, .batch = 8, .rule = {.rate = 3}, .anneal = 0.9};
  MLP whole = start;
  TrainingState wholeState;
  wholeState.rate = plan.rule.rate;
  const TrainingState begin = wholeState;
  cnn::TrainingMonitor goOn;
  cnn::fit(whole, data, plan, wholeState, goOn);

  for (const int batches : {1, 3, 7, 9, 20}) {  // an epoch has 7
    MLP mlp = start;
    TrainingState state = begin;
    StopAfter monitor(batches);
    cnn::fit(mlp, data, plan, state, monitor);
    CHECK_FALSE(identical(mlp, whole));
    TrainingState later = state;
    cnn::fit(mlp, data, plan, later, goOn);
    CHECK(identical(mlp, whole));
    CHECK(later.rate == wholeState.rate);
    CHECK(later.random == wholeState.random);
    REQUIRE(later.history.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(later.history[i].cost == wholeState.history[i].cost);
      CHECK(later.history[i].trainAccuracy == wholeState.history[i].trainAccuracy);
    }
  }
}

// ---- learning ----------------------------------------------------------------------------

TEST_CASE("before it has learnt anything the cost is near ln 10", "[stage04]") {
  const Dataset data = cnn::loadMnist(cnn::mnistFolder()).test.range(0, 1000);
  for (const Start start : {Start::Xavier, Start::He}) {
    Random random(25);
    const MLP mlp({784, 200, 100, 50, 10}, random, start);
    CHECK(mlp.evaluate(data).meanCost() == Approx(std::log(10)).margin(0.5));
  }
}

TEST_CASE("ten images are learnt by heart", "[stage04]") {
  const Dataset data = cnn::loadMnist(cnn::mnistFolder()).test.range(0, 10);
  Random random(26);
  MLP mlp({784, 20, 20, 10}, random);
  const StepRule rule{.rate = 1, .lambda = 0, .clip = infinity};
  for (int step = 0; step < 1000; ++step) mlp.trainStep(data, everySample(data), rule);
  const cnn::Score score = mlp.evaluate(data);
  CHECK(score.meanCost() < 0.01);
  CHECK(score.correct == 10);
}

TEST_CASE("two thousand images teach enough to read five in six new ones",
          "[stage04]") {
  const cnn::TrainTest mnist = cnn::loadMnist(cnn::mnistFolder());
  const Dataset train = mnist.train.range(0, 2000), test = mnist.test.range(0, 1000);
  Random random(27);
  MLP mlp({784, 30, 10}, random);
  TrainingState state;
  state.rate = 1;
  cnn::TrainingMonitor monitor;
  cnn::fit(mlp, train, {.epochs = 8, .batch = 16}, state, monitor);
  CHECK(state.history.back().cost < state.history.front().cost / 2);
  CHECK(mlp.evaluate(test).accuracy() > 85);
}

// ---- weights -----------------------------------------------------------------------------

TEST_CASE("weights have PyTorch's names and shapes and order", "[stage04]") {
  Random random(28);
  MLP mlp({784, 200, 100, 50, 10}, random);
  const cnn::Tensors tensors = mlp.weights();
  CHECK(tensors.size() == 8);
  using Extents = std::vector<std::size_t>;
  CHECK(tensors.at("fc1.weight").shape == Extents{200, 784});
  CHECK(tensors.at("fc1.bias").shape == Extents{200});
  CHECK(tensors.at("fc4.weight").shape == Extents{10, 50});
  CHECK(tensors.at("fc4.bias").shape == Extents{10});
  CHECK(tensors.at("fc1.weight").values[784 + 3] == mlp.layers()[0].w(1, 3));
}

TEST_CASE("a network takes another's weights from a file", "[stage04]") {
  const TemporaryFolder folder;
  Random random(29);
  MLP mlp({6, 5, 4}, random);
  MLP other({6, 5, 4}, random);
  saveWeights(mlp, folder / "weights.safetensors");
  loadWeights(other, folder / "weights.safetensors");
  CHECK(identical(mlp, other));
}

TEST_CASE("weights that do not fit are refused and change nothing", "[stage04]") {
  Random random(30);
  MLP mlp({6, 5, 4}, random);
  MLP before = mlp;
  const cnn::Tensors good = MLP({6, 5, 4}, random).weights();
  const auto wrong = [&](const std::function<void(cnn::Tensors&)>& spoil) {
    cnn::Tensors tensors = good;
    spoil(tensors);
    std::string message = refusal([&] { mlp.setWeights(tensors); });
    CHECK(identical(mlp, before));
    return message;
  };
  checkSays(wrong([](auto& t) { t.erase("fc2.bias"); }), "no fc2.bias");
  checkSays(wrong([](auto& t) { t["fc3.weight"] = t["fc2.weight"]; }),
            "fc3.weight is not part of this network");
  checkSays(wrong([](auto& t) {
              t["fc2.weight"].shape = {5, 4};
            }),
            "fc2.weight is 5 x 4, this network needs 4 x 5");
  checkSays(
      wrong([](auto& t) { t["fc2.bias"] = cnn::Tensor{.shape = {1}, .values = {0}}; }),
      "fc2.bias is 1, this network needs 4");
  checkSays(wrong([](auto& t) { t["fc2.bias"].values.pop_back(); }),
            "fc2.bias is 4, but has 3 values");
}

TEST_CASE("any tensor that does not fit is refused and none is replaced", "[stage04]") {
  Random random(32);
  MLP mlp({6, 5, 4, 3}, random);
  cnn::checkAllOrNothing(mlp);
}

TEST_CASE("a linear schedule ends at no rate at all", "[stage04]") {
  const TrainingPlan plan{.epochs = 4, .linear = true};
  CHECK(cnn::rateLeft(plan, 0, 0, 100) == 1);
  CHECK(cnn::rateLeft(plan, 1, 0, 100) == Approx(0.75));
  CHECK(cnn::rateLeft(plan, 2, 50, 100) == Approx(0.375));
  CHECK(cnn::rateLeft(plan, 3, 100, 100) == 0);
  CHECK(cnn::rateLeft({.epochs = 4}, 3, 50, 100) == 1);
}
