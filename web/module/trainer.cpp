// SPDX-License-Identifier: MIT
#include "module/trainer.hpp"

#include "04_mlp/training.hpp"
#include "common/core/require.hpp"

#include <chrono>
#include <utility>

namespace cnn::web {
namespace {

using Clock = std::chrono::steady_clock;

/// Stops `fit` when the slice is over, and adds up what it did.
class Watch : public TrainingMonitor {
 public:
  Watch(const Slice& slice, const Score& before) : slice_(slice), last_(before) {}

  bool batchDone(const TrainingState& state) override {
    if (state.score.samples <= last_.samples) last_ = {};  // another epoch
    progress.slice +=
        {state.score.costSum - last_.costSum, state.score.correct - last_.correct,
         state.score.samples - last_.samples};
    last_ = state.score;
    ++progress.batches;
    progress.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    return progress.batches < slice_.batches && progress.seconds < slice_.seconds;
  }

  Progress progress;

 private:
  Slice slice_;
  Score last_;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace

void Trainer::start(const Settings& settings) {
  network_ = makeNetwork(settings.network, settings.seed);
  settings_ = settings;
  state_ = {.rate = settings.plan.rule.rate, .random = Random(settings.seed)};
  batches_ = samples_ = 0;
  imagesChanged();
}

void Trainer::change(const TrainingPlan& plan) {
  settings_.plan = plan;
  state_.rate = plan.rule.rate;
}

Progress Trainer::go(const Slice& slice) {
  Classifier& learner = network();
  requireInput(images().size() > 0, "there are no training images yet; load some");
  Watch watch(slice, state_.score);
  fit(learner, images(), settings_.plan, state_, watch);
  batches_ += watch.progress.batches;
  samples_ += watch.progress.slice.samples;
  // The last batch of an epoch stops `fit` before it has written the epoch's record.
  if (state_.score.samples == images().size()) {
    Watch none({0, 0}, state_.score);
    TrainingPlan plan = settings_.plan;
    plan.epochs = state_.epoch + 1;
    fit(learner, images(), plan, state_, none);
  }
  watch.progress.done = state_.epoch >= settings_.plan.epochs;
  return watch.progress;
}

void Trainer::imagesChanged() {
  const bool some = settings_.images > 0 && settings_.images < train.size();
  part_ = some ? train.range(0, settings_.images) : Dataset{};
  state_.score = {};
  state_.seconds = 0;
}

Classifier& Trainer::network() const {
  requireInput(network_ != nullptr, "there is no network yet; start one");
  return *network_;
}

double Trainer::rateNow() const {
  const arma::uword all = images().size();
  if (all == 0) return state_.rate;
  return state_.rate *
         rateLeft(settings_.plan, state_.epoch, state_.score.samples, all);
}

}  // namespace cnn::web
