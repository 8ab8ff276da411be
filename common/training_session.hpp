// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Everything around a training run that is not the subject: its data, the bar, the
/// log, checkpoints, Ctrl-C, and the pictures at the end.

#include "common/progress.hpp"
#include "common/training_options.hpp"
#include "common/training_state.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// One run of a training program, from the options to the pictures.
class TrainingSession : public TrainingMonitor {
 public:
  /// Loads data and weights, checks every path, and says what runs. With --predict it
  /// answers for that picture and ends the program. `stage` names the folder of
  /// results.
  /// @throws InputError for bad data, weights or paths, before any file is written
  TrainingSession(const TrainingOptions& options, std::string stage,
                  Classifier& network);

  const Dataset& train() const { return data_.train; }
  const Dataset& test() const { return data_.test; }
  const TrainingPlan& plan() const { return options_.plan; }
  TrainingState& state() { return state_; }

  bool batchDone(const TrainingState& state) override;
  void epochDone(TrainingState& state) override;

  /// The path of a file in this run's folder of results, remembered for the list at the
  /// end with what it shows.
  std::filesystem::path result(const std::string& file, const std::string& shows);

  /// Saves the weights, draws the curve, the confusion matrix and the worst mistakes,
  /// names every file, and ends with the two lines of final accuracies.
  void finish();

 private:
  std::filesystem::path pathOr(const std::string& given, const std::string& file) const;
  void loadData();
  void checkPaths() const;
  void predictPicture() const;
  void writeLog() const;
  void drawCurve();
  void drawMistakes(const arma::mat& probabilities);
  void drawFirstLayer();

  TrainingOptions options_;
  std::string stage_;
  Classifier& network_;
  TrainTest data_;
  Dataset validation_;  ///< empty without --validate
  TrainingState state_;
  std::unique_ptr<ProgressBar> bar_;
  std::vector<std::pair<std::filesystem::path, std::string>> results_;
};

}  // namespace cnn
