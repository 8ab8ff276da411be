// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::CNNClassifier;

/// A network of which the sums can be seen.
struct OpenNetwork : CNNClassifier {
  using CNNClassifier::CNNClassifier;
  using CNNClassifier::gradients_;
};

/// Images of some classes, and the network that is to tell them apart: flatten and one
/// fully connected brick, whose parameters are p.
struct Task {
  Dataset data;
  Parameters p;
  StepRule rule{.rate = 1, .lambda = 0};

  OpenNetwork network() const {
    OpenNetwork net(Shape{data.rows, data.columns, 1});
    net.add(serial::FlattenLayer());
    net.add(serial::FCLayer(
        {.outputs = static_cast<int>(p.b.n_elem), .activation = Activation::softmax}));
    net.layer(1).parameters = p;
    return net;
  }
};

static Task task(Sheet& sheet, uword rows, uword columns, uword count, uword classes) {
  Task t{.data = {.rows = rows, .columns = columns, .pixels = {}, .labels = {}},
         .p = {}};
  t.data.pixels.set_size(rows * columns, count);
  t.data.pixels.imbue(
      [&] { return static_cast<std::uint8_t>(255 * below(2, sheet.random)); });
  t.data.labels.set_size(count);
  t.data.labels.imbue(
      [&] { return static_cast<std::uint8_t>(below(classes, sheet.random)); });
  t.p = wholeParameters(sheet, classes, rows * columns, 1);
  return t;
}

static Parts parts(const Score& score, const Gradients& sums) {
  return {{"dw of the fc brick", numbers(sums[1].w)},
          {"db of the fc brick", numbers(sums[1].b)},
          {"costSum", numbers(score.costSum)},
          {"samples", numbers(score.samples)},
          {"correct", numbers(score.correct)}};
}

static Parts asked(const Task& t, const arma::uvec& samples) {
  OpenNetwork net = t.network();
  const Score score = net.computeGradients(t.data, samples, t.rule);
  return parts(score, net.gradients_);
}

/// The parts with other gradients.
static Parts withSums(Parts right, const Parts& other) {
  right[0] = other[0];
  right[1] = other[1];
  return right;
}

static Parts scaled(Parts parts, double factor) {
  parts[0].numbers *= factor;
  parts[1].numbers *= factor;
  return parts;
}

/// A step after every image, in the middle of the batch.
static Parts stepByStep(const Task& t, const arma::uvec& samples) {
  OpenNetwork net = t.network();
  Score score{.costSum = net.regCost(t.rule.lambda)};
  StepRule rule = t.rule;
  for (const uword n : samples) {
    Score one = net.computeGradients(t.data, arma::uvec{n}, rule);
    one.costSum -= net.regCost(t.rule.lambda);
    score += one;
    if (n != samples.back())
      net.gradientDescent(static_cast<double>(samples.n_elem), rule);
  }
  return parts(score, net.gradients_);
}

static void batch(Sheet& sheet, const Task& t, const arma::uvec& samples) {
  for (const uword n : samples)
    if (samples.n_elem <= 2)
      sheet.given(fmt::format("image {}, label {}", n, t.data.labels(n)),
                  t.data.image(n));
  if (samples.n_elem > 2)
    sheet.given("samples", mat(arma::conv_to<mat>::from(samples).t()));
  sheet.given("w", t.p.w);
  sheet.given("b", t.p.b);
  const double m = static_cast<double>(samples.n_elem);
  const uword last = samples.back(), first = samples.front();
  OpenNetwork net = t.network();
  sheet.answer("", [&] {
    const Score score = net.computeGradients(t.data, samples, t.rule);
    return parts(score, net.gradients_);
  });
  const auto right = [&] { return asked(t, samples); };
  sheet.suspect("the last image alone: the gradients of a batch add up",
                [&] { return withSums(right(), asked(t, arma::uvec{last})); });
  sheet.suspect("the first image alone: a batch has more",
                [&] { return asked(t, arma::uvec{first}); });
  sheet.suspect("the weights have moved in the middle of the batch, after each image",
                [&] { return stepByStep(t, samples); });
  sheet.suspect("the mean over the batch: here it is a sum, the step divides by m",
                [&] { return scaled(right(), 1 / m); });
  sheet.suspect("y - p in the place of p - y: every gradient has the other sign",
                [&] { return scaled(right(), -1); });
  sheet.suspect(
      "p without y: the error of the last brick is p - y, see outputError", [&] {
        Parts all = right();
        for (const uword n : samples) {
          const mat x = t.data.image(n, t.rule.shift).t();
          all[0].numbers.slice(0).row(t.data.labels(n)) += arma::vectorise(x).t();
          all[1].numbers(t.data.labels(n)) += 1;
        }
        return all;
      });
  sheet.suspect(
      "the first images of the data set, not those whose numbers are in samples",
      [&] { return asked(t, arma::regspace<arma::uvec>(0, samples.n_elem - 1)); });
  sheet.suspect("no image's score is in the total: add it, image by image", [&] {
    Parts all = right();
    all[2].numbers.fill(t.network().regCost(t.rule.lambda));
    all[3].numbers.zeros();
    all[4].numbers.zeros();
    return all;
  });
  sheet.suspect("the score of the last image alone: scores add up", [&] {
    Parts all = right();
    const Parts one = asked(t, arma::uvec{last});
    std::copy(one.begin() + 2, one.end(), all.begin() + 2);
    all[2].numbers -= t.network().regCost(t.rule.lambda);
    return all;
  });
}

EXERCISE(5, 15) {
  const Shift moving{.most = 1, .round = 3};
  {
    Task t = task(sheet, 2, 2, 2, 2);
    t.data.pixels = {{255, 255}, {0, 255}, {0, 0}, {255, 0}};
    t.data.labels = {0, 1};
    t.p = zerosLike(t.p);
    sheet.begin("two images of 2 x 2, two classes, all weights 0: p is 0.5 and 0.5");
    batch(sheet, t, {0, 1});
  }
  {
    Task t = task(sheet, 2, 2, 2, 2);
    t.rule.lambda = 0.5;
    sheet.begin("lambda 0.5: the score has the penalty in it");
    batch(sheet, t, {0, 1});
    sheet.suspect("the penalty is missing in the score: it begins with regCost", [&] {
      Task other = t;
      other.rule.lambda = 0;
      return asked(other, {0, 1});
    });
    sheet.suspect("the penalty once for every image: a batch has it once", [&] {
      Parts all = asked(t, {0, 1});
      all[2].numbers += t.network().regCost(t.rule.lambda);
      return all;
    });
  }
  {
    Task t = task(sheet, 2, 2, 6, 2);
    sheet.begin("samples 4, 1 and 5 of a data set of 6");
    batch(sheet, t, {4, 1, 5});
    OpenNetwork net = t.network();
    sheet.slope("dw of the fc brick", net.layer(1).parameters.w, [&] {
      double cost = 0;
      for (const uword n : {4, 1, 5}) cost += net.evaluate(t.data.range(n, 1)).costSum;
      return cost;
    });
  }
  {
    Task t = task(sheet, 3, 3, 4, 2);
    t.rule.shift = moving;
    sheet.begin("images that are moved by up to a pixel, as rule.shift wants it");
    batch(sheet, t, {0, 1, 2, 3});
    sheet.suspect("the images as they are: rule.shift moves them", [&] {
      Task other = t;
      other.rule.shift = {};
      return asked(other, {0, 1, 2, 3});
    });
  }
  {
    const Task t = task(sheet, 2, 2, 3, 2);
    sheet.begin("a second batch, image 2, after a first one, images 0 and 1");
    sheet.given("w", t.p.w);
    sheet.given("b", t.p.b);
    OpenNetwork net = t.network();
    sheet.answer("", [&] {
      net.computeGradients(t.data, {0, 1}, t.rule);
      const Score score = net.computeGradients(t.data, {2}, t.rule);
      return parts(score, net.gradients_);
    });
    sheet.suspect("the sums of the first batch are still there: they begin with 0",
                  [&] {
                    return withSums(asked(t, {2}), asked(t, {0, 1, 2}));
                  });
  }
  {
    const Task t = task(sheet, 3, 2, 5, 3);
    sheet.begin("five images of 3 x 2, three classes");
    batch(sheet, t, {0, 1, 2, 3, 4});
  }
}
