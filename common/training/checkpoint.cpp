// SPDX-License-Identifier: MIT
#include "common/training/checkpoint.hpp"

#include "common/core/require.hpp"
#include "common/training/safetensors.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace cnn {

using nlohmann::json;

void saveWeights(const Classifier& network, const std::filesystem::path& path) {
  saveTensors(path, {network.weights(), {}});
}

void loadWeights(Classifier& network, const std::filesystem::path& path) {
  const TensorFile file = loadTensors(path);
  try {
    network.setWeights(file.tensors);
  } catch (const InputError& e) {
    throw InputError(fmt::format("{}: {}", path.string(), e.what()));
  }
}

void saveCheckpoint(const std::filesystem::path& path, const Classifier& network,
                    const Recipe& recipe, const TrainingState& state) {
  std::ostringstream random;
  random << state.random;
  json history = json::array();
  for (const EpochRecord& r : state.history)
    history.push_back({r.cost, r.trainAccuracy, r.testAccuracy, r.seconds});
  const json run = {
      {"epoch", state.epoch},
      {"rate", state.rate},
      {"recipe", recipe},
      {"score", {state.score.costSum, state.score.correct, state.score.samples}},
      {"seconds", state.seconds},
      {"history", history},
      {"random", random.str()}};
  saveTensors(path, {network.weights(), {{"training", run.dump()}}});
}

TrainingState loadCheckpoint(const std::filesystem::path& path, Classifier& network,
                             const Recipe& recipe) {
  const TensorFile file = loadTensors(path);
  const auto found = file.metadata.find("training");
  requireInput(found != file.metadata.end(),
               "{}: these are weights, not a checkpoint; give them to --load",
               path.string());
  TrainingState state;
  try {
    const json run = json::parse(found->second);
    state.epoch = run.at("epoch");
    state.rate = run.at("rate");
    state.score = {run.at("score").at(0), run.at("score").at(1), run.at("score").at(2)};
    state.seconds = run.at("seconds");
    for (const json& r : run.at("history"))
      state.history.push_back({r.at(0), r.at(1), r.at(2), r.at(3)});
    std::istringstream random(run.at("random").get<std::string>());
    random >> state.random;
    requireInput(!random.fail() && state.history.size() == state.epoch,
                 "{}: the checkpoint is damaged", path.string());
    requireInput(
        run.contains("recipe"),
        "{}: an earlier version wrote this checkpoint, without what it takes to "
        "go on; --load takes its weights",
        path.string());
    // Another network has another recipe, too: says so first.
    loadWeights(network, path);
    for (const auto& [name, now] : recipe) {
      const std::string before = run.at("recipe").at(name);
      requireInput(before == now,
                   "{}: was trained with {}, not with {}; go on with that",
                   path.string(), before, now);
    }
  } catch (const json::exception& e) {
    throw InputError(
        fmt::format("{}: the checkpoint is damaged ({})", path.string(), e.what()));
  }
  return state;
}

}  // namespace cnn
