// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Everything around a training run that is not the subject: its data, the bar, the
/// log, checkpoints and Ctrl-C.

#include "common/program/progress.hpp"
#include "common/training/options.hpp"
#include "common/training/results.hpp"
#include "common/training/run_files.hpp"
#include "common/training/state.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cnn {

/// One run of a training program, from the options to the pictures.
class TrainingSession : public TrainingMonitor {
 public:
  /// Loads data and weights, checks every path, and says what runs. With --predict it
  /// answers for that picture and ends the program. `stage` names the results' folder.
  /// @throws InputError for bad data, weights or paths, before any file is written
  TrainingSession(const TrainingOptions& options, const std::string& stage,
                  Classifier& network);

  const Dataset& train() const { return data_.train; }
  const Dataset& test() const { return data_.test; }
  const TrainingPlan& plan() const { return options_.plan; }
  TrainingState& state() { return state_; }

  bool batchDone(const TrainingState& state) override;
  void epochDone(TrainingState& state) override;

  /// Trains as told and finishes: saves the weights, draws the curve, the confusion
  /// matrix and the worst mistakes, names every file, and ends with the two lines of
  /// final accuracies. A training that fails leaves its log and its curve.
  void run(const std::function<void()>& training);

 private:
  std::filesystem::path dataPath() const;
  std::filesystem::path pathOr(const std::string& given, const std::string& file) const;
  std::vector<RunFile> files() const;
  void loadData();
  Recipe recipe() const;
  void predictPicture() const;
  void finish();
  void leaveTraces();
  void saveWeights();
  void writeLog();
  void drawCurve();

  TrainingOptions options_;
  Classifier& network_;
  TrainTest data_;
  Dataset validation_;  ///< empty without --validate
  Recipe recipe_;
  TrainingState state_;
  std::unique_ptr<ProgressBar> bar_;
  Results results_;
};

}  // namespace cnn
