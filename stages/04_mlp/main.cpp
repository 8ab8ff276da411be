// SPDX-License-Identifier: MIT
// Stage 04: trains the multilayer perceptron on MNIST, in one of three modes.

#include "04_mlp/mlp.hpp"
#include "04_mlp/training.hpp"
#include "common/core/require.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace cnn;

namespace {

/// How many samples a step sees, and what suits that; chosen on held-out images.
struct Mode {
  arma::uword batch, epochs, limit;
  StepRule rule;
};

constexpr arma::uword all = std::numeric_limits<arma::uword>::max();
const std::map<std::string, Mode> modes = {
    {"stochastic", {1, 5, 10000, {.rate = 0.05, .lambda = 0.00003, .clip = 0.5}}},
    {"minibatch", {64, 20, 0, {.rate = 1, .lambda = 0.002, .clip = 0.003}}},
    {"full", {all, 300, 2000, {.rate = 2, .lambda = 0.002, .clip = 0.5}}}};

std::string describeModes() {
  std::string text = "What a mode sets, unless you say otherwise:\n";
  for (const auto& [name, mode] : modes)
    text += fmt::format(
        "  {:<10}  --batch {:<3}  --epochs {:<3}  --limit {:<5}  --rate {:<4}  "
        "--lambda {:<5}  --clip {}\n",
        name, mode.batch == all ? "all" : fmt::format("{}", mode.batch), mode.epochs,
        mode.limit, mode.rule.rate, mode.rule.lambda, mode.rule.clip);
  return text;
}

/// The mode's values for every option that was not given.
void applyMode(const CLI::App& app, const Mode& mode, TrainingOptions& options) {
  const auto set = [&](const char* option, auto& value, auto wanted) {
    if (app.count(option) == 0) value = wanted;
  };
  set("--batch", options.plan.batch, mode.batch);
  set("--epochs", options.plan.epochs, mode.epochs);
  set("--limit", options.limit, mode.limit);
  set("--rate", options.plan.rule.rate, mode.rule.rate);
  set("--lambda", options.plan.rule.lambda, mode.rule.lambda);
  set("--clip", options.plan.rule.clip, mode.rule.clip);
}

void printLayers(MLP& mlp) {
  fmt::print("{:<8} {:>12} {:>12}\n", "layer", "weights", "parameters");
  int number = 0;
  for (const Parameters& p : mlp.layers())
    fmt::print("fc{:<6} {:>12} {:>12}\n", ++number,
               fmt::format("{} x {}", p.w.n_rows, p.w.n_cols), p.count());
  fmt::print("{:<8} {:>12} {:>12}\n", "total", "", mlp.parameterCount());
}

}  // namespace

int main(int argc, char** argv) {
  return runMain([&] {
    std::string mode = "minibatch", start = "xavier", units = "logistic";
    std::vector<arma::uword> sizes = {200, 100, 50};
    TrainingOptions options;
    const Mode& usual = modes.at(mode);
    options.plan = {.epochs = usual.epochs, .batch = usual.batch, .rule = usual.rule};
    options.threads = 1;
    options.schedule = "anneal";
    double annealFactor = 0.9;

    CLI::App app("Stage 04: the multilayer perceptron, trained on MNIST.\n");
    addTrainingOptions(app, options);
    app.remove_option(app.get_option("--threads"));  // it works on one
    app.add_option("--mode", mode, "samples a step: stochastic, minibatch or full")
        ->check(CLI::IsMember(modes));
    app.add_option("--start", start, "spread of the first weights: xavier or he")
        ->check(CLI::IsMember({"xavier", "he"}));
    app.add_option("--units", units,
                   "activation of the hidden layers: logistic or relu")
        ->check(CLI::IsMember({"logistic", "relu"}));
    app.add_option("--hidden", sizes, "units of the hidden layers, as 200,100,50")
        ->delimiter(',')
        ->transform(atLeast(1));
    app.add_option("--anneal", annealFactor,
                   "--schedule anneal multiplies the rate by this")
        ->check(notNegative(false));
    app.footer(describeModes());
    parseOptions(app, argc, argv);
    applyMode(app, modes.at(mode), options);
    applySchedule(options, annealFactor);
    options.network = {{"--start", "--start " + start},
                       {"--units", "--units " + units}};

    sizes.insert(sizes.begin(), 784);  // 28 x 28
    sizes.push_back(10);
    Random random(options.seed);
    MLP mlp(sizes, random, start == "he" ? Start::He : Start::Xavier,
            units == "relu" ? Activation::relu : Activation::logistic);
    TrainingSession session(options, "04_mlp", mlp);
    if (!options.quiet) printLayers(mlp);
    session.run(
        [&] { fit(mlp, session.train(), session.plan(), session.state(), session); });
  });
}
