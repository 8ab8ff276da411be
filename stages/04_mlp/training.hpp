// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: gradient descent, epoch by epoch and batch by batch. Every network of this
/// book from here on is trained by this loop; only what a step does inside differs.

#include "common/core/require.hpp"
#include "common/training/classifier.hpp"
#include "common/training/state.hpp"

#include <armadillo>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace cnn {

/// The order in which an epoch visits the samples.
inline arma::uvec epochOrder(arma::uword samples, bool shuffled, Random& random) {
  arma::uvec order = arma::regspace<arma::uvec>(0, samples - 1);
  if (shuffled) shuffle(order, random);
  return order;
}

/// The share of the learning rate that the plan's schedule leaves at this sample.
inline double rateLeft(const TrainingPlan& plan, arma::uword epoch, arma::uword sample,
                       arma::uword samples) {
  if (!plan.linear) return 1;
  const auto done = static_cast<double>(epoch * samples + sample);
  return 1 - done / static_cast<double>(plan.epochs * samples);
}

/// Trains until `plan.epochs` epochs are done, or the monitor says stop. A state taken
/// in the middle of an epoch goes on from there: its generator is that of the epoch's
/// beginning, so the same order comes out again, and samples already done are skipped.
/// @throws std::invalid_argument when there are no samples, in `data` or in a batch
/// @throws std::runtime_error when the cost is no longer a finite number
inline void fit(Classifier& network, const Dataset& data, const TrainingPlan& plan,
                TrainingState& state, TrainingMonitor& monitor) {
  require(data.size() > 0, "training: there are no samples to learn from");
  require(plan.batch > 0, "training: a batch of 0 samples teaches nothing");
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  while (state.epoch < plan.epochs) {
    const auto epochStart = Clock::now();
    Random random = state.random;
    const arma::uvec order = epochOrder(data.size(), plan.shuffle, random);
    StepRule rule = plan.rule;
    rule.shift.round = random();  // the images move anew every epoch
    state.seconds += since(epochStart);

    while (state.score.samples < order.n_elem) {
      const auto start = Clock::now();
      const arma::uword first = state.score.samples;
      const arma::uword count = std::min(plan.batch, order.n_elem - first);
      rule.rate = state.rate * rateLeft(plan, state.epoch, first, order.n_elem);
      state.score +=
          network.trainStep(data, order.subvec(first, first + count - 1), rule);
      state.seconds += since(start);
      if (!std::isfinite(state.score.costSum))
        throw std::runtime_error(
            "the cost is no longer a finite number: the steps are too "
            "large; try a smaller --rate or --clip");
      if (!monitor.batchDone(state)) return;
    }

    EpochRecord record{.cost = state.score.meanCost(),
                       .trainAccuracy = state.score.accuracy(),
                       .seconds = state.seconds};
    if (!state.history.empty() && record.cost > state.history.back().cost)
      state.rate *= plan.anneal;
    state.random = random;
    state.score = {};
    state.seconds = 0;
    ++state.epoch;
    state.history.push_back(record);
    monitor.epochDone(state);
  }
}

/// The whole plan from its beginning, with nobody looking on.
/// @throws as fit
inline TrainingState train(Classifier& network, const Dataset& data,
                           const TrainingPlan& plan, std::uint64_t seed) {
  TrainingState state{.rate = plan.rule.rate, .random = Random(seed)};
  TrainingMonitor nobody;
  fit(network, data, plan, state, nobody);
  return state;
}

}  // namespace cnn
