// SPDX-License-Identifier: MIT
#include "common/training/session.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"
#include "common/data/mnist.hpp"
#include "common/pictures/digit.hpp"
#include "common/pictures/picture.hpp"
#include "common/program/machine.hpp"
#include "common/program/paths.hpp"
#include "common/training/checkpoint.hpp"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>

namespace cnn {

namespace fs = std::filesystem;

namespace {

bool isFinite(const Tensors& weights) {
  return std::all_of(weights.begin(), weights.end(), [](const auto& named) {
    return arma::vec(named.second.values).is_finite();
  });
}

unsigned long checksum(const Dataset& data) {
  const unsigned long labels = crc32_z(0, data.labels.memptr(), data.labels.n_elem);
  return crc32_z(labels, data.pixels.memptr(), data.pixels.n_elem);
}

}  // namespace

TrainingSession::TrainingSession(const TrainingOptions& options,
                                 const std::string& stage, Classifier& network)
    : options_(options),
      network_(network),
      results_(options.out.empty() ? resultsFolder(stage) : fs::path(options.out)) {
  prepareMachine();
  if (!options_.predict.empty()) {
    predictPicture();
    throw EndProgram{};
  }
  requireInput(options_.load.empty() || options_.resume.empty(),
               "--load {} and --resume {}: both bring weights to start from; give one",
               options_.load, options_.resume);
  const fs::path plot = pathOr(options_.plot, "curve.png");
  requireInput(plot.extension() == ".png" || plot.extension() == ".svg",
               "--plot {}: the name must end in .png or .svg", plot.string());
  checkRunFiles(files());
  loadData();
  if (!options_.checkpoint.empty() || !options_.resume.empty()) recipe_ = recipe();
  state_.random = Random(options_.seed);
  state_.rate = options_.plan.rule.rate;
  if (!options_.load.empty()) cnn::loadWeights(network_, options_.load);
  if (!options_.resume.empty())
    state_ = loadCheckpoint(options_.resume, network_, recipe_);
  if (!options_.quiet)
    fmt::print("{} training images, {} test images; {}, {} threads\n",
               data_.train.size(), data_.test.size(), machineDescription(),
               threadCount(options_));
  flushOutput();
  catchInterrupts();
}

fs::path TrainingSession::dataPath() const {
  return options_.data.empty() ? mnistFolder() : fs::path(options_.data);
}

fs::path TrainingSession::pathOr(const std::string& given,
                                 const std::string& file) const {
  return given.empty() ? results_.folder() / file : fs::path(given);
}

std::vector<RunFile> TrainingSession::files() const {
  std::vector<RunFile> files = {
      // Output sent to a file is lost when that file is replaced.
      {"standard output", "/dev/stdout"},
      {"standard error", "/dev/stderr"},
      {"--load", options_.load},
      {"--resume", options_.resume},
      {"--checkpoint", options_.checkpoint, true},
      {"--save", pathOr(options_.save, "weights.safetensors"), true},
      {"--log", pathOr(options_.log, "log.csv"), true},
      {"--plot", pathOr(options_.plot, "curve.png"), true},
      {"--out's table", pathOr("", "confusion.csv"), true}};
  for (const fs::path& file : dataFiles(dataPath()))
    files.insert(files.begin(), {"--data", file});
  if (options_.save.empty())
    files.push_back(
        {"--out's earlier weights", pathOr("", "weights.previous.safetensors"), true});
  for (const char* picture :
       {"confusion.png", "mistakes.png", "filters.png", "maps.png"})
    files.push_back({"--out's picture", pathOr("", picture), true});
  std::erase_if(files, [](const RunFile& file) { return file.path.empty(); });
  return files;
}

/// A batch is never more than all images, and which those are is part of the recipe.
Recipe TrainingSession::recipe() const {
  TrainingOptions options = options_;
  options.plan.batch = std::min(options.plan.batch, data_.train.size());
  Recipe recipe = recipeOf(options);
  recipe["--data"] =
      fmt::format("{} training images of checksum {:08x} (--data, --limit, --validate)",
                  data_.train.size(), checksum(data_.train));
  return recipe;
}

void TrainingSession::loadData() {
  data_ = loadMnist(dataPath());
  if (options_.validate > 0) {
    requireInput(options_.validate < data_.train.size(),
                 "--validate {}: there are only {} training images", options_.validate,
                 data_.train.size());
    const arma::uword kept = data_.train.size() - options_.validate;
    validation_ = data_.train.range(kept, options_.validate);
    data_.train = data_.train.range(0, kept);
  }
  const auto cut = [](Dataset& data, arma::uword limit) {
    if (limit > 0 && limit < data.size()) data = data.range(0, limit);
  };
  cut(data_.train, options_.limit);
  cut(data_.test, options_.testLimit);
  for (const std::string& doubt : doubtsAbout(data_))
    printError(fmt::format("warning: {}\n", doubt));
}

bool TrainingSession::batchDone(const TrainingState& state) {
  if (!bar_)
    bar_ = std::make_unique<ProgressBar>(
        fmt::format("epoch {}/{}", state.epoch + 1, options_.plan.epochs),
        data_.train.size(), options_.quiet);
  bar_->update(state.score.samples,
               fmt::format("cost {:.4f}  accuracy {:.2f} %", state.score.meanCost(),
                           state.score.accuracy()));
  if (!interrupted()) return true;
  bar_.reset();
  const std::string& file = options_.checkpoint;
  if (!file.empty()) saveCheckpoint(file, network_, recipe_, state);
  fmt::print("stopped in epoch {} after {} images; {}\n", state.epoch + 1,
             state.score.samples,
             file.empty() ? "nothing was saved (--checkpoint FILE would have)"
                          : "go on with --resume " + file);
  throw EndProgram{130};
}

void TrainingSession::epochDone(TrainingState& state) {
  bar_.reset();
  EpochRecord& record = state.history.back();
  const bool held = validation_.size() > 0;
  const Score score = network_.evaluate(held ? validation_ : data_.test);
  record.testAccuracy = score.accuracy();
  if (!options_.quiet)
    fmt::print("epoch {:>3}/{}  cost {:.4f}  train {:.2f} %  {} {:.2f} %  {:.1f} s\n",
               state.epoch, options_.plan.epochs, record.cost, record.trainAccuracy,
               held ? "validation" : "test", record.testAccuracy, record.seconds);
  flushOutput();
  // Any cost so far was that before a step; this is after the last.
  if (!std::isfinite(score.costSum) || !isFinite(network_.weights()))
    throw std::runtime_error(fmt::format(
        "after epoch {} the cost is no longer a finite number: the steps are too "
        "large; try a smaller --rate or --clip",
        state.epoch));
  if (!options_.checkpoint.empty())
    saveCheckpoint(options_.checkpoint, network_, recipe_, state);
  writeLog();
}

void TrainingSession::writeLog() {
  std::string text = "epoch,cost,train_accuracy,test_accuracy,seconds\n";
  for (std::size_t i = 0; i < state_.history.size(); ++i) {
    const EpochRecord& r = state_.history[i];
    text += fmt::format("{},{:.6f},{:.3f},{:.3f},{:.3f}\n", i + 1, r.cost,
                        r.trainAccuracy, r.testAccuracy, r.seconds);
  }
  const fs::path path = pathOr(options_.log, "log.csv");
  writeFile(path, text);
  results_.made(path, "a row an epoch");
}

void TrainingSession::run(const std::function<void()>& training) {
  try {
    training();
  } catch (const std::exception& error) {
    leaveTraces();
    if (std::isfinite(state_.score.costSum)) throw;
    throw std::runtime_error(
        fmt::format("epoch {}: {}", state_.epoch + 1, error.what()));
  }
  finish();
}

/// Log and curve up to where a run failed, as far as that lets itself be done.
void TrainingSession::leaveTraces() {
  bar_.reset();
  if (state_.history.empty()) return;
  try {
    drawCurve();
    if (!options_.quiet) results_.print();
  } catch (const std::exception&) {  // most likely what ended the run
  }
}

void TrainingSession::finish() {
  const arma::mat probabilities = network_.predict(data_.test);
  if (!probabilities.is_finite())
    throw std::runtime_error(
        "the network's answers are no numbers, its weights are too large; train anew "
        "with a smaller --rate");
  if (state_.epoch > 0 || !options_.save.empty()) saveWeights();
  if (state_.epoch > 0) {
    drawCurve();
    results_.drawMistakes(data_.test, probabilities);
    results_.drawFirstLayer(network_.weights(), data_.test.image(0));
  }
  if (!options_.quiet) results_.print();
  if (!options_.quiet && validation_.size() > 0)
    fmt::print("validation accuracy {:.2f} %\n",
               network_.evaluate(validation_).accuracy());
  fmt::print("train accuracy {:.2f} %\n", network_.evaluate(data_.train).accuracy());
  fmt::print("test accuracy {:.2f} %\n", network_.evaluate(data_.test).accuracy());
}

/// Whoever names no file may not know that one lies there: it is kept.
void TrainingSession::saveWeights() {
  const fs::path path = pathOr(options_.save, "weights.safetensors");
  const fs::path previous = pathOr("", "weights.previous.safetensors");
  if (options_.save.empty() && fs::exists(path)) {
    fs::copy_file(path, previous, fs::copy_options::overwrite_existing);
    results_.made(previous, "the weights that lay there before");
  }
  cnn::saveWeights(network_, path);
  results_.made(path, "the weights, for --load");
}

void TrainingSession::drawCurve() {
  writeLog();
  results_.drawCurve(pathOr(options_.plot, "curve.png"),
                     pathOr(options_.log, "log.csv"),
                     validation_.size() > 0 ? "validation" : "test");
}

void TrainingSession::predictPicture() const {
  const fs::path weights = pathOr(options_.load, "weights.safetensors");
  const arma::mat digit = readDigit(options_.predict);
  requireInput(fs::exists(weights) || !options_.load.empty(),
               "{}: no weights yet; train first, or name some with --load",
               weights.string());
  cnn::loadWeights(network_, weights);

  Dataset one{
      .rows = digit.n_rows, .columns = digit.n_cols, .pixels = {}, .labels = {0}};
  one.pixels = arma::conv_to<arma::Mat<std::uint8_t>>::from(
      arma::round(255 * arma::vectorise(digit, 1).t()));
  const arma::vec p = network_.predict(one);
  requireInput(
      p.is_finite(),
      "{}: the network's answer is no number, its weights are too large; train "
      "anew with a smaller --rate",
      weights.string());
  fmt::print("what the network sees:\n{}\n", inTerminal(digit, terminalShowsColour()));
  for (arma::uword k = 0; k < p.n_elem; ++k)
    fmt::print("{}  {:6.2f} %  {:#<{}}\n", k, 100 * p(k), "", std::lround(40 * p(k)));
  fmt::print("{} is a {}\n", options_.predict, p.index_max());
}

}  // namespace cnn
