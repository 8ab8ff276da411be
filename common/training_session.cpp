// SPDX-License-Identifier: MIT
#include "common/training_session.hpp"

#include "common/blas.hpp"
#include "common/checkpoint.hpp"
#include "common/digit.hpp"
#include "common/file.hpp"
#include "common/gallery.hpp"
#include "common/interrupt.hpp"
#include "common/paths.hpp"
#include "common/picture.hpp"
#include "common/plot.hpp"
#include "common/png.hpp"
#include "common/require.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace cnn {

namespace fs = std::filesystem;

TrainingSession::TrainingSession(const TrainingOptions& options, std::string stage,
                                 Classifier& network)
    : options_(options), stage_(std::move(stage)), network_(network) {
  prepareMachine();
  if (!options_.predict.empty()) {
    predictPicture();
    throw EndProgram{};
  }
  checkPaths();
  loadData();
  state_.random = Random(options_.seed);
  state_.rate = options_.plan.rule.rate;
  if (!options_.load.empty()) network_.loadWeights(options_.load);
  if (!options_.resume.empty())
    state_ = loadCheckpoint(options_.resume, network_, options_.plan);
  if (!options_.quiet)
    fmt::print("{} training images, {} test images; {}, {} threads\n",
               data_.train.size(), data_.test.size(), machineDescription(),
               threadCount(options_));
  std::fflush(stdout);
  catchInterrupts();
}

fs::path TrainingSession::pathOr(const std::string& given,
                                 const std::string& file) const {
  if (!given.empty()) return given;
  return (options_.out.empty() ? resultsFolder(stage_) : fs::path(options_.out)) / file;
}

/// Better to hear of a folder that cannot be written to now than after the training.
void TrainingSession::checkPaths() const {
  for (const fs::path& path :
       {pathOr(options_.save, "weights.safetensors"), pathOr(options_.log, "log.csv"),
        pathOr(options_.plot, "curve.png"),
        pathOr(options_.checkpoint, "checkpoint")}) {
    requireInput(!fs::is_directory(path), "{} is a folder; name a file in it",
                 path.string());
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code error;
    fs::create_directories(folder, error);
    requireInput(fs::is_directory(folder) && access(folder.c_str(), W_OK) == 0,
                 "{}: the folder cannot be written to; choose another",
                 folder.string());
  }
  const std::string ending = pathOr(options_.plot, "curve.png").extension();
  requireInput(ending == ".png" || ending == ".svg",
               "--plot {}: the name must end in .png or .svg", options_.plot);
}

void TrainingSession::loadData() {
  data_ = loadMnist(options_.data.empty() ? mnistFolder() : fs::path(options_.data));
  if (options_.validate > 0) {
    requireInput(options_.validate < data_.train.size(),
                 "--validate {}: there are only {} training images", options_.validate,
                 data_.train.size());
    const arma::uword kept = data_.train.size() - options_.validate;
    validation_ = data_.train.slice(kept, options_.validate);
    data_.train = data_.train.slice(0, kept);
  }
  const auto cut = [](Dataset& data, arma::uword limit) {
    if (limit > 0 && limit < data.size()) data = data.slice(0, limit);
  };
  cut(data_.train, options_.limit);
  cut(data_.test, options_.testLimit);
  for (const std::string& doubt : doubtsAbout(data_))
    std::fputs(fmt::format("warning: {}\n", doubt).c_str(), stderr);
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
  if (options_.checkpoint.empty()) {
    fmt::print(
        "stopped in epoch {} after {} images; nothing was saved "
        "(--checkpoint FILE would have)\n",
        state.epoch + 1, state.score.samples);
  } else {
    saveCheckpoint(options_.checkpoint, network_, options_.plan, state);
    fmt::print("stopped in epoch {} after {} images; go on with --resume {}\n",
               state.epoch + 1, state.score.samples, options_.checkpoint);
  }
  throw EndProgram{130};
}

void TrainingSession::epochDone(TrainingState& state) {
  bar_.reset();
  EpochRecord& record = state.history.back();
  const bool held = validation_.size() > 0;
  record.testAccuracy = network_.evaluate(held ? validation_ : data_.test).accuracy();
  if (!options_.quiet)
    fmt::print("epoch {:>3}/{}  cost {:.4f}  train {:.2f} %  {} {:.2f} %  {:.1f} s\n",
               state.epoch, options_.plan.epochs, record.cost, record.trainAccuracy,
               held ? "validation" : "test", record.testAccuracy, record.seconds);
  std::fflush(stdout);
  if (!options_.checkpoint.empty())
    saveCheckpoint(options_.checkpoint, network_, options_.plan, state);
  writeLog();
}

void TrainingSession::writeLog() const {
  std::string text = "epoch,cost,train_accuracy,test_accuracy,seconds\n";
  for (std::size_t i = 0; i < state_.history.size(); ++i) {
    const EpochRecord& r = state_.history[i];
    text += fmt::format("{},{:.6f},{:.3f},{:.3f},{:.3f}\n", i + 1, r.cost,
                        r.trainAccuracy, r.testAccuracy, r.seconds);
  }
  writeFile(pathOr(options_.log, "log.csv"), text);
}

fs::path TrainingSession::result(const std::string& file, const std::string& shows) {
  results_.emplace_back(pathOr("", file), shows);
  return results_.back().first;
}

void TrainingSession::finish() {
  const auto remember = [&](const std::string& given, const std::string& file,
                            const std::string& shows) {
    results_.emplace_back(pathOr(given, file), shows);
    return results_.back().first;
  };
  const arma::mat probabilities = network_.predict(data_.test);
  if (state_.epoch > 0) {
    network_.saveWeights(
        remember(options_.save, "weights.safetensors", "the weights, for --load"));
    remember(options_.log, "log.csv", "a row an epoch");
    drawCurve();
    drawMistakes(probabilities);
    drawFirstLayer();
  }
  if (!options_.quiet) {
    for (const auto& [path, shows] : results_) {
      std::error_code error;
      const fs::path near = fs::proximate(path, error);
      fmt::print("wrote {}: {}\n", (error ? path : near).string(), shows);
    }
    if (validation_.size() > 0)
      fmt::print("validation accuracy {:.2f} %\n",
                 network_.evaluate(validation_).accuracy());
  }
  fmt::print("train accuracy {:.2f} %\n", network_.evaluate(data_.train).accuracy());
  fmt::print("test accuracy {:.2f} %\n", network_.evaluate(data_.test).accuracy());
}

void TrainingSession::drawCurve() {
  const fs::path path = pathOr(options_.plot, "curve.png");
  Curve cost{.name = "cost", .secondAxis = true}, train{.name = "train accuracy"};
  Curve test{.name = validation_.size() > 0 ? "validation accuracy" : "test accuracy"};
  for (std::size_t i = 0; i < state_.history.size(); ++i) {
    for (Curve* curve : {&cost, &train, &test})
      curve->x.push_back(static_cast<double>(i + 1));
    cost.y.push_back(state_.history[i].cost);
    train.y.push_back(state_.history[i].trainAccuracy);
    test.y.push_back(state_.history[i].testAccuracy);
  }
  if (plot(path, {.title = "Learning MNIST",
                  .xLabel = "epoch",
                  .yLabel = "accuracy in %",
                  .yLabelRight = "cost",
                  .curves = {train, test, cost}}))
    results_.emplace_back(path, "cost and accuracy, epoch by epoch");
}

void TrainingSession::drawMistakes(const arma::mat& probabilities) {
  const arma::uvec answers = arma::index_max(probabilities, 0).t();
  const fs::path confusion = pathOr("", "confusion.png");
  if (plotConfusion(confusion, confusionMatrix(data_.test.labels, answers),
                    "Test images: what each digit was taken for"))
    results_.emplace_back(confusion, "which digit was taken for which");
  const arma::mat worst = mistakesPicture(data_.test, probabilities);
  if (!worst.empty())
    writePng(result("mistakes.png", "the mistakes it was most sure of"), worst);
}

/// Only a convolution's filters make pictures.
void TrainingSession::drawFirstLayer() {
  const Tensors weights = network_.weights();
  const auto first = weights.find("conv1.weight");
  if (first == weights.end()) return;
  const std::vector<arma::mat> filters = filtersOf(first->second);
  writePng(result("filters.png", "the filters of the first layer"),
           filtersPicture(filters));
  writePng(result("maps.png", "what they make of the first test image"),
           featureMapsPicture(
               mapsOf(filters, weights.at("conv1.bias"), data_.test.image(0))));
}

void TrainingSession::predictPicture() const {
  const fs::path weights = pathOr(options_.load, "weights.safetensors");
  const arma::mat digit = readDigit(options_.predict);
  requireInput(fs::exists(weights) || !options_.load.empty(),
               "{}: no weights yet; train first, or name some with --load",
               weights.string());
  network_.loadWeights(weights);

  Dataset one{
      .rows = digit.n_rows, .columns = digit.n_cols, .pixels = {}, .labels = {0}};
  one.pixels = arma::conv_to<arma::Mat<std::uint8_t>>::from(
      arma::round(255 * arma::vectorise(digit, 1).t()));
  const arma::vec p = network_.predict(one);
  fmt::print("what the network sees:\n{}\n", inTerminal(digit, terminalShowsColour()));
  for (arma::uword k = 0; k < p.n_elem; ++k)
    fmt::print("{}  {:6.2f} %  {}\n", k, 100 * p(k),
               std::string(static_cast<std::size_t>(std::lround(40 * p(k))), '#'));
  fmt::print("{} is a {}\n", options_.predict, p.index_max());
}

}  // namespace cnn
