// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: what a layer learns, its gradient, and how the chunks of a batch add up.
///   w        : weights as in files, then biases
///   gradient : the same, summed over the batch

#include "04_mlp/parameters.hpp"
#include "08_cnn_fast/bricks.hpp"
#include "common/core/parallel.hpp"
#include "common/core/random.hpp"
#include "common/training/classifier.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace cnn::fast {

/// Parameters and gradient of one layer.
template <class L, class Layer>
struct Learned {
  using T = Number<L>;
  static constexpr LayerFacts facts = Layer::facts;

  /// How many sums a chunk hands over.
  static constexpr int sums = [] {
    if constexpr (requires { Layer::sums; })
      return Layer::sums;
    else
      return facts.wholeChunk ? 0 : facts.parameters();
  }();

  Learned() : w(facts.parameters()), gradient(facts.parameters()) {}
  Learned(const Learned&) = delete;  // `prepared_` may point into w

  void init(Random& random) {
    set(heStart(facts.biases, facts.weights / facts.biases, random));
  }
  void set(const Parameters& p) {
    const arma::mat rows = p.w.t();  // Armadillo goes by columns, w by rows
    std::copy(rows.begin(), rows.end(), w.begin());
    std::copy(p.b.begin(), p.b.end(), w.begin() + facts.weights);
    stale_ = true;
  }

  void beginBatch() {
    prepare();
    std::fill(gradient.begin(), gradient.end(), T{0});
  }

  void beginSection(std::size_t chunks, arma::uword samples) {
    chunkSums.resize(sums * chunks);
    if constexpr (facts.wholeChunk) section.resize(static_cast<int>(samples));
  }

  /// Where chunk `chunk` sums its gradient.
  T* sumsOf(std::size_t chunk) { return chunkSums.data() + chunk * sums; }

  /// Adds up what the chunks have left, in their order.
  void endSection(std::size_t threads) {
    if constexpr (facts.wholeChunk) {
      parallelFor(Layer::strips, threads, [&](std::size_t strip) {
        Layer::computeGradients(section, static_cast<int>(strip), gradient.data());
      });
    } else {
      T* total = chunkSums.data();
      for (const T* next = total + sums; next != total + chunkSums.size(); next += sums)
        for (int i = 0; i < sums; ++i) total[i] += next[i];
      if constexpr (requires { Layer::sums; })
        Layer::finish(total, gradient.data());
      else
        for (int i = 0; i < facts.parameters(); ++i) gradient[i] += total[i];
    }
  }

  /// w <- w - rate (clip(gradient / m, +-c) + lambda/m w), biases without the lambda.
  void gradientDescent(double m, const StepRule& rule, std::size_t threads) {
    const auto step = static_cast<T>(rule.rate * facts.rateFactor),
               c = static_cast<T>(rule.clip), each = static_cast<T>(1 / m),
               lambda = static_cast<T>(rule.lambda / m);
    const auto descend = [&](int first, int end, T decay) {
      for (int i = first; i < end; ++i)
        w[i] -= step * (std::clamp(gradient[i] * each, -c, c) + decay * w[i]);
    };
    constexpr int piece = 1 << 14, pieces = (facts.weights + piece - 1) / piece;
    parallelFor(pieces, threads, [&](std::size_t k) {
      const int from = static_cast<int>(k) * piece;
      descend(from, std::min(from + piece, facts.weights), lambda);
    });
    descend(facts.weights, facts.parameters(), 0);
    stale_ = true;
  }

  double sumOfSquares() const {
    const arma::Col<T> weights(const_cast<T*>(w.data()), facts.weights, false, true);
    return static_cast<double>(arma::dot(weights, weights));
  }

  /// Makes the weights as the layer's loops want them, if they have changed since.
  void prepare() const {
    if (stale_) Layer::prepare(w.data(), prepared_);
    stale_ = false;
  }
  const typename Layer::Prepared& forLoops() const { return prepared_; }

  void store(Tensors& tensors) const {
    const auto biases = w.begin() + facts.weights;
    std::vector<std::size_t> shape;
    for (const int side : facts.shape)
      if (side > 0) shape.push_back(static_cast<std::size_t>(side));
    tensors[name + ".weight"] = {shape, {w.begin(), biases}};
    tensors[name + ".bias"] = {{w.size() - facts.weights}, {biases, w.end()}};
  }

  void addRuns(std::vector<AnyRun>& runs) {
    stale_ = true;  // whoever sees them may write
    const std::span<T> all(w), slopes(gradient);
    runs.push_back(Run<T>{name + ".weight", all.first(facts.weights),
                          slopes.first(facts.weights)});
    runs.push_back(Run<T>{name + ".bias", all.subspan(facts.weights),
                          slopes.subspan(facts.weights)});
  }

  std::string name;  ///< "conv1"
  std::vector<T> w, gradient;
  std::vector<T> chunkSums;         ///< `sums` numbers a chunk
  typename Layer::Section section;  ///< fc: what the chunks have left

 private:
  mutable typename Layer::Prepared prepared_;
  mutable bool stale_ = true;
};

}  // namespace cnn::fast
