// SPDX-License-Identifier: MIT
#include "common/training/options.hpp"

#include "common/program/machine.hpp"

#include <fmt/format.h>

namespace cnn {

void addTrainingOptions(CLI::App& app, TrainingOptions& o) {
  TrainingPlan& plan = o.plan;
  CLI::OptionDefaults& defaults = *app.option_defaults();
  const std::string others = defaults.get_group();  // of what a stage adds
  defaults.always_capture_default();
  const auto count = [&](const char* name, auto& value, const char* help) {
    app.add_option(name, value, help)->transform(atLeast(0));
  };

  defaults.group("Training");
  count("--epochs", plan.epochs, "how often every sample is seen");
  app.add_option("--batch", plan.batch, "samples a step")->transform(atLeast(1));
  app.add_option("--rate", plan.rule.rate, "learning rate")->check(notNegative(false));
  app.add_option("--lambda", plan.rule.lambda, "strength of the L2 penalty")
      ->check(notNegative());
  app.add_option("--clip", plan.rule.clip, "largest entry of the mean gradient")
      ->check(notNegative(false));
  app.add_option("--schedule", o.schedule,
                 "of the rate: constant, linear (to 0) or anneal (less when the cost "
                 "rises)")
      ->check(CLI::IsMember({"constant", "linear", "anneal"}));
  app.add_option("--shift", plan.rule.shift.most,
                 "each image moves at random by up to so many pixels, anew each epoch")
      ->transform(between(0, 10));
  app.add_flag("!--no-shuffle", plan.shuffle,
               "keep the order of the file in every epoch");
  count("--seed", o.seed, "of the first weights and the order of the samples");
  app.add_option("--threads", o.threads, "0 for one a core that this run may use")
      ->transform(between(0, 1024));

  defaults.group("Data");
  app.add_option("--data", o.data,
                 "folder of IDX or CSV files (or .gz), or the training CSV; default: "
                 "the MNIST of this repository")
      ->check(fileName());
  count("--limit", o.limit, "only the first N training images; 0 for all");
  count("--test-limit", o.testLimit, "only the first N test images; 0 for all");
  count("--validate", o.validate, "hold out the last N training images to choose by");

  defaults.group("Files");
  const auto file = [&](const char* name, std::string& value, const char* help) {
    app.add_option(name, value, help)->check(fileName());
  };
  file("--out", o.out,
       "folder for what the run makes; default: results/ and the stage");
  file("--save", o.save, "weights to write; default: weights.safetensors in --out");
  file("--load", o.load, "weights to start from (safetensors, PyTorch's names)");
  file("--checkpoint", o.checkpoint, "written after every epoch and on Ctrl-C");
  file("--resume", o.resume, "a checkpoint to go on from");
  file("--log", o.log, "a CSV row an epoch; default: log.csv in --out");
  file("--plot", o.plot, "the curve, .png or .svg; default: curve.png in --out");
  file("--predict", o.predict, "a PNG or JPEG of a digit to classify, no training");

  defaults.group(others);
  app.add_flag("--quiet", o.quiet, "only the last two lines");
}

void applySchedule(TrainingOptions& options, double factor) {
  options.plan.linear = options.schedule == "linear";
  options.plan.anneal = options.schedule == "anneal" ? factor : 1;
}

arma::uword threadCount(const TrainingOptions& options) {
  return options.threads > 0 ? options.threads : availableProcessors();
}

Recipe recipeOf(const TrainingOptions& options) {
  const TrainingPlan& plan = options.plan;
  Recipe recipe = options.network;
  const auto add = [&](const std::string& option, const auto& value) {
    recipe[option] = fmt::format("{} {}", option, value);
  };
  add("--batch", plan.batch);
  add("--rate", plan.rule.rate);
  add("--lambda", plan.rule.lambda);
  add("--clip", plan.rule.clip);
  add("--shift", plan.rule.shift.most);
  add("--seed", options.seed);
  add("--schedule", options.schedule);
  if (plan.linear) recipe["--schedule"] += fmt::format(" --epochs {}", plan.epochs);
  if (plan.anneal != 1) recipe["--schedule"] += fmt::format(" by {}", plan.anneal);
  recipe["--no-shuffle"] = plan.shuffle ? "images shuffled" : "--no-shuffle";
  return recipe;
}

}  // namespace cnn
