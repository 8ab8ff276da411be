// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: a network as a type, trained in chunks of packs.
///   chunk   : 4 packs of samples; forward, cost and backward in one thread's cache
///   section : the chunks of up to 1,024 samples; then the fc gradients, then the next
/// Every sum is over chunks in their order, so any number of threads gives the same
/// bits.

#include "04_mlp/activation.hpp"
#include "04_mlp/named_weights.hpp"
#include "08_cnn_fast/learned.hpp"
#include "08_cnn_fast/workspace.hpp"
#include "common/core/parallel.hpp"
#include "common/core/require.hpp"
#include "common/training/classifier.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cnn::fast {

/// `image` -> the bricks in their order. Numbers of type T, `width` samples a pack.
template <class T, int width, Size image, class... Bricks>
class Network : public Classifier {
 public:
  using L = Pack<T, width>;
  using Layers = typename Stack<L, image, true, Bricks...>::Layers;
  template <int l>
  using Layer = std::tuple_element_t<l, Layers>;
  static constexpr int depth = sizeof...(Bricks), packs = packsPerChunk;
  static constexpr int classes = Layer<depth - 1>::out.count();
  static constexpr arma::uword chunkSize = arma::uword{packs} * width,
                               sectionSize = 1024;

  explicit Network(arma::uword threads = 1) {
    require(threads >= 1, "a network needs at least one thread");
    for (arma::uword t = 0; t < threads; ++t)
      spaces_.push_back(std::make_unique<Workspace<L, image, Layers>>());
  }

  /// Random weights; the same seed gives the same ones as in stages 05 and 06.
  void init(std::uint64_t seed) {
    Random random(seed);
    eachLayer([&](auto& learned, auto) { learned.init(random); });
  }

  Score computeGradients(const Dataset& data, const arma::uvec& samples,
                         const StepRule& rule) override {
    requireFit(data);
    Score total{.costSum = regCost(rule.lambda)};
    eachLayer([](auto& learned, auto) { learned.beginBatch(); });
    for (arma::uword first = 0; first < samples.n_elem; first += sectionSize) {
      const arma::uword end = std::min(first + sectionSize, samples.n_elem);
      const arma::uvec section = samples.subvec(first, end - 1);
      std::vector<Score> scores(chunksOf(section.n_elem));
      eachLayer([&](auto& learned, auto) { learned.beginSection(scores.size()); });
      parallelFor(scores.size(), spaces_.size(), [&](std::size_t chunk, std::size_t t) {
        const arma::uvec part = chunkOf(section, chunk);
        spaces_[t]->load(data, part, rule.shift);
        spaces_[t]->forward(learned_);
        scores[chunk] = judge(*spaces_[t], data.labels(part));
        spaces_[t]->backward(learned_, chunk);
      });
      for (const Score& score : scores) total += score;
      eachLayer([&](auto& learned, auto) { learned.endSection(spaces_.size()); });
    }
    return total;
  }

  void gradientDescent(double m, const StepRule& rule) override {
    eachLayer(
        [&](auto& learned, auto) { learned.gradientDescent(m, rule, spaces_.size()); });
  }

  std::vector<AnyRun> runs() override {
    std::vector<AnyRun> runs;
    eachNamed([&](const auto& constant, std::size_t, const std::string& name) {
      auto& learned = const_cast<std::remove_cvref_t<decltype(constant)>&>(constant);
      learned.prepare();  // for what was written through the runs before
      const std::size_t weights = learned.facts.weights;
      const std::span values(learned.w), gradient(learned.gradient);
      runs.push_back(Run<Number<L>>{name + ".weight", values.first(weights),
                                    gradient.first(weights)});
      runs.push_back(Run<Number<L>>{name + ".bias", values.subspan(weights),
                                    gradient.subspan(weights)});
    });
    return runs;
  }

  arma::mat predict(const Dataset& data) const override {
    arma::mat z(classes, data.size());
    eachChunk(data, [&](std::size_t, const arma::uvec& part, auto& space) {
      z.cols(part) = space.logits(part.n_elem);
    });
    return softmax(z);
  }

  Score evaluate(const Dataset& data) const override {
    std::vector<Score> scores(chunksOf(data.size()));
    eachChunk(data, [&](std::size_t chunk, const arma::uvec& part, auto& space) {
      scores[chunk] = judge(space, data.labels(part));
    });
    Score total;
    for (const Score& score : scores) total += score;
    return total;
  }

  double regCost(double lambda) const override {
    double squares = 0;
    eachLayer([&](const auto& learned, auto) { squares += learned.sumOfSquares(); });
    return lambda / 2 * squares;
  }

  arma::uword parameterCount() const {
    arma::uword count = 0;
    eachLayer([&](const auto& learned, auto) { count += learned.w.size(); });
    return count;
  }

  Tensors weights() const override {
    return tensors([](const auto& learned) -> auto& { return learned.w; });
  }
  /// What computeGradients has summed up, by the names of the weights.
  Tensors gradients() const {
    return tensors([](const auto& learned) -> auto& { return learned.gradient; });
  }

  void setWeights(const Tensors& tensors) override {
    requireWeightsLike(weights(), tensors);
    std::vector<Parameters> found(depth);
    eachNamed([&](const auto&, std::size_t l, const std::string& name) {
      found[l] = fetch(tensors, name);
    });
    eachLayer([&](auto& learned, auto l) { learned.set(found[l]); });
  }

 private:
  using Space = Workspace<L, image, Layers>;

  static std::size_t chunksOf(arma::uword samples) {
    return (samples + chunkSize - 1) / chunkSize;
  }
  static arma::uvec chunkOf(const arma::uvec& samples, std::size_t chunk) {
    const arma::uword first = chunk * chunkSize;
    return samples.subvec(first, std::min(first + chunkSize, samples.n_elem) - 1);
  }

  /// Calls use(learned, l) for layer after layer; l is known to the compiler.
  template <class Use>
  void eachLayer(const Use& use) {
    everyLayer<0, depth>([&](auto l) { use(std::get<l>(learned_), l); });
  }
  template <class Use>
  void eachLayer(const Use& use) const {
    everyLayer<0, depth>([&](auto l) { use(std::get<l>(learned_), l); });
  }

  /// The score of a chunk's samples; leaves dJ/dz = p - y of the last layer.
  static Score judge(Space& space, const Labels& labels) {
    const arma::mat z = space.logits(labels.n_elem);
    space.setError(outputError(softmax(z), labels));
    return crossEntropy(z, labels);
  }

  template <class Use>
  void eachChunk(const Dataset& data, const Use& use) const {
    requireFit(data);
    const auto all = arma::regspace<arma::uvec>(0, data.size() - 1);
    parallelFor(chunksOf(data.size()), spaces_.size(),
                [&](std::size_t chunk, std::size_t t) {
                  const arma::uvec part = chunkOf(all, chunk);
                  spaces_[t]->load(data, part);
                  spaces_[t]->forward(learned_);
                  use(chunk, part, *spaces_[t]);
                });
  }

  /// Calls use(learned, l, name) for the layers with weights: conv1, conv2, fc1, ...
  template <class Use>
  void eachNamed(const Use& use) const {
    std::map<std::string, int> count;
    eachLayer([&](const auto& learned, auto l) {
      const std::string kind(learned.facts.kind);
      if (!kind.empty())
        use(learned, std::size_t{l}, fmt::format("{}{}", kind, ++count[kind]));
    });
  }

  template <class Which>
  Tensors tensors(const Which& which) const {
    Tensors tensors;
    eachNamed([&](const auto& learned, std::size_t, const std::string& name) {
      const auto& values = which(learned);
      const auto biases = values.begin() + learned.facts.weights;
      tensors[name + ".weight"] = {learned.shape(), {values.begin(), biases}};
      tensors[name + ".bias"] = {{static_cast<std::size_t>(learned.facts.biases)},
                                 {biases, values.end()}};
    });
    return tensors;
  }

  void requireFit(const Dataset& data) const {
    requireInput(data.rows == image.rows && data.columns == image.columns,
                 "the network takes images of {} x {}, these are {} x {}", image.rows,
                 image.columns, data.rows, data.columns);
  }

  LearnedOf<L, Layers> learned_;
  std::vector<std::unique_ptr<Space>> spaces_;  ///< one a thread
};

}  // namespace cnn::fast
