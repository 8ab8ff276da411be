// SPDX-License-Identifier: MIT
#include "learner/04_mlp/network.hpp"

using namespace cnn;
using arma::mat;
using arma::uvec;
using arma::uword;
using learner::Net;
using learner::Parts;

/// Score and gradient of a batch.
struct Batch {
  Score score;
  Gradients gradients;
};

static Parts parts(const Batch& batch) {
  Parts all = {{"costSum", learner::numbers(batch.score.costSum)},
               {"correct", learner::numbers(batch.score.correct)},
               {"samples", learner::numbers(batch.score.samples)}};
  for (learner::Part& part : learner::parts(batch.gradients))
    all.push_back(std::move(part));
  return all;
}

/// What the network shows of itself after computeGradients.
static Batch asked(MLP& mlp, const Dataset& data, const uvec& samples,
                   const StepRule& rule) {
  const Score score = mlp.computeGradients(data, samples, rule);
  std::vector<AnyRun> runs = mlp.runs();
  Gradients gradients;
  for (std::size_t l = 0; l < mlp.layers().size(); ++l) {
    const Parameters& p = mlp.layers()[l];
    const auto w = std::get<Run<double>>(runs[2 * l]).gradient;
    const auto b = std::get<Run<double>>(runs[2 * l + 1]).gradient;
    gradients.push_back(
        {mat(w.data(), p.w.n_rows, p.w.n_cols), arma::vec(b.data(), b.size())});
  }
  return {score, gradients};
}

/// The same from images and labels, all at once.
static Batch batchOf(MLP& mlp, const mat& images, const Labels& labels, double lambda) {
  const MLP::Passes passes = mlp.feedForward(images);
  Batch batch{crossEntropy(passes.back().z, labels), mlp.feedBackward(passes, labels)};
  batch.score.costSum += mlp.regCost(lambda);
  return batch;
}

static void ofABatch(learner::Sheet& sheet, const Net& net, const Dataset& data,
                     const uvec& samples, const StepRule& rule,
                     const uvec& before = {}) {
  MLP mlp = net.mlp();
  if (!before.is_empty()) sheet.given("samples before", uvec(before).t().eval());
  sheet.given("samples", uvec(samples).t().eval());
  sheet.given("lambda", rule.lambda);
  sheet.given("pixels", data.pixels);
  learner::giveLabels(sheet, data.labels);
  learner::giveLayers(sheet, net);
  sheet.answer("batch", [&] {
    if (!before.is_empty()) mlp.computeGradients(data, before, rule);
    return parts(asked(mlp, data, samples, rule));
  });

  const auto right = [&] {
    return batchOf(mlp, data.images(samples, rule.shift), data.labels(samples),
                   rule.lambda);
  };
  const auto suspect = [&](const char* mistake, const auto& run) {
    sheet.suspect(mistake, [&] { return parts(run()); });
  };
  const auto changed = [&](const char* mistake, const auto& change) {
    suspect(mistake, [&] {
      Batch batch = right();
      change(batch);
      return batch;
    });
  };
  const double penalty = mlp.regCost(rule.lambda);
  if (!before.is_empty())
    changed(
        "it adds to the gradient of the batch before: begin with zeros", [&](Batch& b) {
          addTo(b.gradients,
                batchOf(mlp, data.images(before, rule.shift), data.labels(before), 0)
                    .gradients);
        });
  changed("the cost without the penalty: costSum begins with regCost(rule.lambda)",
          [&](Batch& b) { b.score.costSum -= penalty; });
  changed("the penalty in the gradient: the step adds it, later", [&](Batch& b) {
    for (std::size_t l = 0; l < net.layers.size(); ++l)
      b.gradients[l].w += rule.lambda * net.layers[l].w;
  });
  changed("divided by the number of samples: the mean is taken later, by the step",
          [&](Batch& b) {
            for (Parameters& g : b.gradients) {
              g.w /= static_cast<double>(samples.n_elem);
              g.b /= static_cast<double>(samples.n_elem);
            }
          });
  changed("crossEntropy is given p, and takes softmax once more: give it the last z",
          [&](Batch& b) {
            const mat p = mlp.feedForward(data.images(samples, rule.shift)).back().a;
            b.score = crossEntropy(p, data.labels(samples));
            b.score.costSum += penalty;
          });
  const std::vector<uvec> chunks = chunksOf(samples, 1000);  // as many as the MLP's
  const auto wrongLabels = [&](const auto& of) {
    suspect(
        "the labels of other samples: image and label must be those of one chunk", [&] {
          arma::vec labels;
          for (const uvec& chunk : chunks)
            labels = arma::join_cols(labels, arma::conv_to<arma::vec>::from(of(chunk)));
          return batchOf(mlp, data.images(samples, rule.shift),
                         arma::conv_to<Labels>::from(labels), rule.lambda);
        });
  };
  wrongLabels(
      [&](const uvec& chunk) { return Labels(data.labels(uvec(arma::sort(chunk)))); });
  wrongLabels(
      [&](const uvec& chunk) { return Labels(data.labels.head(chunk.n_elem)); });
  suspect("all samples of the data: only the numbers in `samples` are the batch", [&] {
    return batchOf(mlp, data.images(everySample(data), rule.shift), data.labels,
                   rule.lambda);
  });
  if (rule.shift.most > 0)
    suspect("the images are not shifted: rule.shift goes to data.images", [&] {
      return batchOf(mlp, data.images(samples), data.labels(samples), rule.lambda);
    });
  const auto of = [&](const uvec& chunk) {
    return batchOf(mlp, data.images(chunk, rule.shift), data.labels(chunk),
                   rule.lambda);
  };
  changed("the score is overwritten: it begins with the penalty, and chunks add to it",
          [&](Batch& b) {
            b.score = of(chunks.back()).score;
            b.score.costSum -= penalty;
          });
  if (chunks.size() == 1) return;
  changed("the gradient of the last chunk only: chunks add up",
          [&](Batch& b) { b.gradients = of(chunks.back()).gradients; });
  suspect("the first chunk only: the loop ends too early",
          [&] { return of(chunks[0]); });
  changed("the penalty once in every chunk: a batch pays it once",
          [&](Batch& b) { b.score.costSum += penalty; });
}

/// Images of rows x columns pixels that are black, white or in between.
static Dataset randomData(learner::Sheet& sheet, uword rows, uword columns, uword count,
                          uword classes) {
  Dataset data{.rows = rows, .columns = columns, .pixels = {}, .labels = {}};
  data.pixels.set_size(rows * columns, count);
  data.labels.set_size(count);
  for (auto& pixel : data.pixels)
    pixel = static_cast<std::uint8_t>(51 * below(6, sheet.random));
  for (auto& label : data.labels)
    label = static_cast<std::uint8_t>(below(classes, sheet.random));
  return data;
}

EXERCISE(4, 11) {
  const StepRule plain{.lambda = 0}, taxed{.lambda = 0.1};
  const Net chapter = learner::chapterNet();
  sheet.begin("the network of the chapter and one image of two pixels");
  Dataset data{.rows = 1, .columns = 2, .pixels = {}, .labels = {0, 1, 0}};
  data.pixels = {{255, 0, 255}, {0, 255, 51}};
  ofABatch(sheet, chapter, data, {0}, plain);
  sheet.begin("the same and the penalty of the chapter");
  ofABatch(sheet, chapter, data, {0}, taxed);
  sheet.begin("two of three images, not in their order");
  ofABatch(sheet, chapter, data, {2, 1}, taxed);
  sheet.begin("a batch after another one");
  ofABatch(sheet, chapter, data, {1, 2}, taxed, {0, 1});
  sheet.begin("images that are shifted by up to a pixel");
  ofABatch(sheet, learner::randomNet(sheet, {6, 3, 2}, Activation::logistic, true),
           randomData(sheet, 2, 3, 4, 2), {3, 0, 2}, {.lambda = 0.5, .shift = {1, 7}});
  sheet.begin("random layers of 6, 5, 4 and 3 units");
  const Net net = learner::randomNet(sheet, {6, 5, 4, 3}, Activation::logistic, false);
  const Dataset random = randomData(sheet, 2, 3, 5, 3);
  ofABatch(sheet, net, random, {4, 0, 3, 1, 2}, taxed);
  MLP mlp = net.mlp();
  learner::slopes(sheet, mlp, [&] { return mlp.evaluate(random).costSum; });
  sheet.begin("more samples than a chunk takes");
  const Dataset many = randomData(sheet, 1, 2, 1004, 2);
  const uvec order = arma::reverse(arma::regspace<uvec>(0, 1002));
  ofABatch(sheet, chapter, many, order, taxed);
}
