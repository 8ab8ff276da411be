// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The options that every training program takes.

#include "common/program/run_main.hpp"
#include "common/training/state.hpp"

#include <cstdint>
#include <string>

namespace cnn {

/// What the command line of a training program says. A stage sets its own defaults.
struct TrainingOptions {
  TrainingPlan plan;
  std::string data;  ///< folder or file; empty, as all names here, when not given
  arma::uword limit = 0, testLimit = 0;  ///< first so many samples only; 0 for all
  arma::uword validate = 0;              ///< last so many training images held out
  std::uint64_t seed = 1;
  arma::uword threads = 0;  ///< 0 for availableProcessors()
  std::string schedule = "constant";
  std::string save, load, checkpoint, resume, log, plot, predict, out;
  bool quiet = false;
  Recipe network = {};  ///< the stage's own options that a run cannot change midway
};

/// Adds the options to the program, with the defaults that stand in `options`.
void addTrainingOptions(CLI::App& app, TrainingOptions& options);

/// How the rate changes, by the word given to --schedule; `factor` is for "anneal".
void applySchedule(TrainingOptions& options, double factor = 0.9);

/// How many threads to run: what was asked, else one for each processor there is.
arma::uword threadCount(const TrainingOptions& options);

/// All that the options say about how the weights come about.
Recipe recipeOf(const TrainingOptions& options);

}  // namespace cnn
