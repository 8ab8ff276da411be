// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: a network as a type, trained in chunks of packs.
///   chunk   : up to 4 packs of samples; there and back in one thread's cache
///   section : the chunks of up to 1,024 samples; then the fc gradients, then the next
/// Every sum is over chunks in their order: the same bits for any number of threads.

#include "04_mlp/activation.hpp"
#include "04_mlp/chunks.hpp"
#include "04_mlp/named_weights.hpp"
#include "05_cnn_serial/shape.hpp"
#include "08_cnn_fast/stack.hpp"
#include "08_cnn_fast/workspace.hpp"
#include "common/core/parallel.hpp"
#include "common/core/require.hpp"
#include "common/training/classifier.hpp"

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace cnn::fast {

/// `image` -> the bricks in their order. Numbers of type T, `width` samples a pack.
template <class T, int width, Size image, class... Bricks>
class Network : public Classifier {
 public:
  using L = Pack<T, width>;
  using Layers = typename Stack<L, image, true, Bricks...>::Layers;
  static constexpr int classes =
      std::tuple_element_t<sizeof...(Bricks) - 1, Layers>::out.count();
  static constexpr arma::uword chunkSize = arma::uword{packsPerChunk} * width,
                               sectionSize = 1024;

  explicit Network(arma::uword threads = 1) {
    require(threads >= 1, "a network needs at least one thread");
    for (arma::uword t = 0; t < threads; ++t)
      spaces_.push_back(std::make_unique<Space>());
    std::map<std::string_view, int> count;
    eachLayer([&](auto& learned) {  // conv1, conv2, fc1, ... as PyTorch
      const std::string_view kind = learned.facts.kind;
      learned.name = fmt::format("{}{}", kind, ++count[kind]);
    });
  }

  /// Random weights; the same seed gives the same ones as in stages 05 to 07.
  void init(std::uint64_t seed) {
    Random random(seed);
    eachLayer([&](auto& learned) { learned.init(random); });
  }

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data, input);
    Score total{.costSum = regCost(rule.lambda)};
    eachLayer([](auto& learned) { learned.beginBatch(); });
    for (const arma::uvec& section : chunksOf(samples, sectionSize)) {
      const auto chunks = chunksOf(section, chunkSize);
      std::vector<Score> scores(chunks.size());
      eachLayer(
          [&](auto& learned) { learned.beginSection(chunks.size(), section.n_elem); });
      parallelFor(chunks.size(), spaces_.size(), [&](std::size_t c, std::size_t t) {
        Space& space = *spaces_[t];
        space.load(data, chunks[c], rule.shift);
        space.forward(learned_);
        scores[c] = judge(space, data.labels(chunks[c]));
        space.backward(learned_, c);
      });
      for (const Score& score : scores) total += score;
      eachLayer([&](auto& learned) { learned.endSection(spaces_.size()); });
    }
    return total;
  }

  void gradientDescent(double m, const StepRule& rule) override {
    eachLayer([&](auto& learned) { learned.gradientDescent(m, rule, spaces_.size()); });
  }

  std::vector<AnyRun> runs() override {
    std::vector<AnyRun> runs;
    eachLayer([&](auto& learned) { learned.addRuns(runs); });
    return runs;
  }

  arma::mat predict(const Dataset& data) const override {
    arma::mat z(classes, data.size());
    eachChunk(data, [&](std::size_t, const arma::uvec& chunk, const Space& space) {
      z.cols(chunk) = space.logits(chunk.n_elem);
    });
    return softmax(z);
  }

  Score evaluate(const Dataset& data) const override {
    std::vector<Score> scores(data.size() / chunkSize + 1);
    eachChunk(data, [&](std::size_t c, const arma::uvec& chunk, const Space& space) {
      scores[c] = crossEntropy(space.logits(chunk.n_elem), data.labels(chunk));
    });
    Score total;
    for (const Score& score : scores) total += score;
    return total;
  }

  double regCost(double lambda) const override {
    double squares = 0;
    eachLayer([&](const auto& learned) { squares += learned.sumOfSquares(); });
    return lambda / 2 * squares;
  }

  arma::uword parameterCount() const {
    arma::uword count = 0;
    eachLayer([&](const auto& learned) { count += learned.w.size(); });
    return count;
  }

  Tensors weights() const override {
    Tensors tensors;
    eachLayer([&](const auto& learned) { learned.store(tensors); });
    return tensors;
  }

  void setWeights(const Tensors& tensors) override {
    requireWeightsLike(weights(), tensors);
    eachLayer([&](auto& learned) { learned.set(fetch(tensors, learned.name)); });
  }

 private:
  using Space = Workspace<L, image, Layers>;
  static constexpr Shape input{image.rows, image.columns, image.channels};

  template <class Use>
  void eachLayer(const Use& use) {
    std::apply([&](auto&... learned) { (use(learned), ...); }, learned_);
  }
  template <class Use>
  void eachLayer(const Use& use) const {
    std::apply([&](const auto&... learned) { (use(learned), ...); }, learned_);
  }

  /// The score of a chunk's samples; leaves dJ/dz = p - y of the last layer.
  static Score judge(Space& space, const Labels& labels) {
    const arma::mat z = space.logits(labels.n_elem);
    space.setError(outputError(softmax(z), labels));
    return crossEntropy(z, labels);
  }

  /// Calls use(number, samples, space) for every chunk, once it has gone forward.
  template <class Use>
  void eachChunk(const Dataset& data, const Use& use) const {
    requireFit(data, input);
    eachLayer([](const auto& learned) { learned.prepare(); });
    const auto chunks = chunksOf(everySample(data), chunkSize);
    parallelFor(chunks.size(), spaces_.size(), [&](std::size_t c, std::size_t t) {
      spaces_[t]->load(data, chunks[c]);
      spaces_[t]->forward(learned_);
      use(c, chunks[c], *spaces_[t]);
    });
  }

  typename Space::Learners learned_;
  std::vector<std::unique_ptr<Space>> spaces_;  ///< one a thread
};

}  // namespace cnn::fast
