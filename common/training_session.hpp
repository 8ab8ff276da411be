// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Everything around a training run that is not the subject: its options, its data, the
/// bar, the log, checkpoints, Ctrl-C, and the pictures at the end.

#include "common/progress.hpp"
#include "common/run_main.hpp"
#include "common/training_state.hpp"

#include <memory>
#include <string>

namespace cnn {

/// What the command line of a training program says. A stage sets its own defaults.
struct TrainingOptions {
  std::string data;  ///< folder or file; empty for the MNIST of this repository
  arma::uword limit = 0, testLimit = 0;  ///< first so many samples only; 0 for all
  arma::uword validate = 0;              ///< last so many training images held out
  TrainingPlan plan;
  std::uint64_t seed = 1;
  arma::uword threads = 0;  ///< 0 for one a core
  std::string save, load, checkpoint, resume, log, plot, predict, out;
  bool noShuffle = false, quiet = false;
};

/// Adds the options that every training program takes, with the defaults in `options`.
void addTrainingOptions(CLI::App& app, TrainingOptions& options);

/// How many threads to run: what was asked, else one a core.
arma::uword threadCount(const TrainingOptions& options);

/// One run of a training program, from the options to the pictures.
class TrainingSession : public TrainingMonitor {
 public:
  /// Loads data and weights, checks every path, and says what runs. With --predict it
  /// answers for that picture and ends the program.
  /// @throws InputError for bad data, weights or paths, before any file is written
  TrainingSession(TrainingOptions options, std::string stage, Classifier& network);

  const Dataset& train() const { return data_.train; }
  const TrainingPlan& plan() const { return options_.plan; }
  TrainingState& state() { return state_; }

  bool batchDone(const TrainingState& state) override;
  void epochDone(TrainingState& state) override;

  /// A file in this stage's folder of results, remembered for the list at the end.
  std::filesystem::path result(const std::string& file, const std::string& shows);

  /// Saves the weights, draws the curve, the confusion matrix and the worst mistakes,
  /// names every file, and ends with the two lines of final accuracies.
  void finish();

 private:
  void loadData();
  void checkPaths() const;
  void resume();
  void writeCheckpoint() const;
  void writeLog() const;
  void predictPicture() const;
  std::filesystem::path weightsPath() const;

  TrainingOptions options_;
  std::string stage_;
  Classifier& network_;
  TrainTest data_;
  Dataset validation_;  ///< empty unless --validate
  TrainingState state_;
  std::unique_ptr<ProgressBar> bar_;
  std::vector<std::pair<std::filesystem::path, std::string>> results_;
};

}  // namespace cnn
