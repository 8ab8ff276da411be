// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A training run that can be stopped after any batch: the book's `fit`, in slices.

#include "common/data/dataset.hpp"
#include "common/training/classifier.hpp"
#include "common/training/state.hpp"
#include "module/networks.hpp"

#include <cstdint>
#include <memory>

namespace cnn::web {

/// All that decides a run: the same settings and images give the same weights.
struct Settings {
  std::uint64_t seed = 1;
  NetworkChoice network;
  arma::uword images = 0;  ///< of the training images; 0: all
  TrainingPlan plan;
};

/// How long a slice may be: until either is reached, a batch at least.
struct Slice {
  arma::uword batches;
  double seconds;
};

/// What a slice did, and where the run stands.
struct Progress {
  Score slice;              ///< of its images, each just before it was learnt from
  double seconds = 0;       ///< it took
  arma::uword batches = 0;  ///< it did
  bool done = false;        ///< the plan's epochs are through
};

/// The images, the network and the run of a page.
class Trainer {
 public:
  Dataset train, test;

  /// New weights from the seed, and a run at its beginning.
  /// @throws InputError when there is no such network
  void start(const Settings& settings);

  /// Changes the plan from the next batch on; the network and the seed stay.
  void change(const TrainingPlan& plan);

  /// Goes on for a slice.
  /// @throws InputError before start, or without images
  /// @throws std::runtime_error when the cost is no longer a finite number
  Progress go(const Slice& slice);

  /// Begins the epoch anew, since the images are others now.
  void imagesChanged();

  /// @throws InputError before start
  Classifier& network() const;
  const Settings& settings() const { return settings_; }
  const TrainingState& state() const { return state_; }
  arma::uword batchesDone() const { return batches_; }
  arma::uword samplesDone() const { return samples_; }
  /// The rate that the next batch takes.
  double rateNow() const;

 private:
  /// The images to learn from.
  const Dataset& images() const { return part_.size() > 0 ? part_ : train; }

  Settings settings_;
  std::unique_ptr<Classifier> network_;
  Dataset part_;  ///< the first of the training images, when not all are wanted
  TrainingState state_;
  arma::uword batches_ = 0, samples_ = 0;
};

}  // namespace cnn::web
