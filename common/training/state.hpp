// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What is asked of a training run, where it stands, and who looks on.

#include "common/core/random.hpp"
#include "common/training/classifier.hpp"

#include <map>
#include <string>
#include <vector>

namespace cnn {

/// What a training run is to do.
struct TrainingPlan {
  arma::uword epochs = 10;
  arma::uword batch = 64;  ///< samples a step: 1 is stochastic, all of them full-batch
  StepRule rule = {};
  double anneal = 1;    ///< the rate is multiplied by this when an epoch's cost rises
  bool linear = false;  ///< the rate falls in a straight line to 0, reached at the end
  bool shuffle = true;  ///< a new order of the samples every epoch
};

/// One finished epoch, a row of the log.
struct EpochRecord {
  double cost = 0;           ///< J, the mean over the epoch, L2 penalty included
  double trainAccuracy = 0;  ///< percent, of each sample just before it was learnt from
  double testAccuracy = 0;   ///< percent, after the epoch
  double seconds = 0;        ///< of training alone
};

/// Where a run stands: with the weights, all it takes to go on as if nothing had been.
struct TrainingState {
  arma::uword epoch = 0;                  ///< finished epochs
  double rate = 0.1;                      ///< now, after annealing
  Random random = {};                     ///< as it stood when this epoch began
  Score score = {};                       ///< of this epoch's samples so far
  double seconds = 0;                     ///< this epoch's training so far
  std::vector<EpochRecord> history = {};  ///< one record a finished epoch
};

/// What a run must keep when it goes on, each by name as one would say it:
/// "--rate" is "--rate 0.1".
using Recipe = std::map<std::string, std::string>;

/// Looks on while a network trains.
class TrainingMonitor {
 public:
  virtual ~TrainingMonitor() = default;

  /// After every batch; false stops the training here.
  virtual bool batchDone(const TrainingState&) { return true; }

  /// After every epoch; may fill in the test accuracy of the newest record.
  virtual void epochDone(TrainingState&) {}
};

}  // namespace cnn
