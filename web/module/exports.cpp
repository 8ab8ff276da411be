// SPDX-License-Identifier: MIT
// What JavaScript can ask the module. One function takes a request in JSON (and bytes
// beside it) and leaves the answer: JSON, numbers and bytes. In the JSON an array of
// numbers is {"$": [begin, count]}, a place among the numbers.

#include "common/core/require.hpp"
#include "common/data/idx.hpp"
#include "common/pictures/gallery.hpp"
#include "common/pictures/mnist_digit.hpp"
#include "common/training/tensor_bytes.hpp"
#include "module/gradient.hpp"
#include "module/inside.hpp"
#include "module/networks.hpp"
#include "module/trainer.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

using namespace cnn;
using namespace cnn::web;
using arma::uword;
using Json = nlohmann::json;
using Bytes = std::span<const std::uint8_t>;

namespace {

// ---- what the module holds between two requests -------------------------------------
Trainer trainer;
std::optional<Inside> inside;

/// A network in the race.
struct Runner {
  std::unique_ptr<Classifier> network;
  double seconds = 0;
  uword images = 0;
};
std::map<int, Runner> race;

/// The answer to the last request.
struct Answer {
  std::string words;
  std::vector<double> numbers;
  std::string bytes;
} answer;

// ---- requests and answers -----------------------------------------------------------
/// Keeps the numbers, and says where they are.
template <class Numbers>
Json kept(const Numbers& numbers) {
  const std::size_t begin = answer.numbers.size();
  answer.numbers.insert(answer.numbers.end(), numbers.begin(), numbers.end());
  return {{"$", {begin, answer.numbers.size() - begin}}};
}
Json kept(const serial::Image& x) {
  return x.is_empty() ? Json() : kept(serial::flatten(x));
}

/// A whole number of the request, or what stands for it when it is not there.
/// @throws InputError when it is something else
uword wholeNumber(const Json& request, const char* key, uword usual) {
  if (!request.contains(key) || request[key].is_null()) return usual;
  const Json& value = request[key];
  constexpr uword largest = std::numeric_limits<uword>::max();
  requireInput(value.is_number_unsigned() && value.get<std::uint64_t>() <= largest,
               "{} is {}, expected a whole number from 0 to {}", key, value.dump(),
               largest);
  return value.get<uword>();
}

/// A number from `least` on, or what stands for it.
/// @throws InputError when it is something else
double number(const Json& request, const char* key, double usual, double least = 0) {
  if (!request.contains(key) || request[key].is_null()) return usual;
  const Json& value = request[key];
  requireInput(value.is_number() && value.get<double>() >= least,
               "{} is {}, expected a number from {} on", key, value.dump(), least);
  return value.get<double>();
}

/// Some words of the request, or what stands for them.
std::string wordOf(const Json& request, const char* key, const std::string& usual) {
  if (!request.contains(key) || request[key].is_null()) return usual;
  requireInput(request[key].is_string(), "{} is {}, expected a word", key,
               request[key].dump());
  return request[key].get<std::string>();
}

/// "train" or "test".
Dataset& setOf(const Json& request) {
  const std::string name = wordOf(request, "set", "test");
  requireInput(name == "train" || name == "test",
               "there is no set '{}'; choose train or test", name);
  return name == "train" ? trainer.train : trainer.test;
}

/// The images first .. first + count - 1 of the set; all that are there at most.
Dataset partOf(const Json& request, uword usual = std::numeric_limits<uword>::max()) {
  const Dataset& all = setOf(request);
  const uword first = wholeNumber(request, "first", 0);
  requireInput(first <= all.size(), "image {} is asked for, there are {}", first,
               all.size());
  return all.range(first,
                   std::min(wholeNumber(request, "count", usual), all.size() - first));
}

/// A picture of bytes, row by row.
arma::mat pictureOf(const Json& request, Bytes bytes) {
  const uword rows = wholeNumber(request, "rows", 28);
  const uword columns = wholeNumber(request, "columns", 28);
  requireInput(rows > 0 && columns > 0 && bytes.size() / rows == columns &&
                   bytes.size() % rows == 0,
               "the picture is {} x {}, but has {} bytes", rows, columns, bytes.size());
  const arma::Mat<std::uint8_t> pixels(bytes.data(), columns, rows);
  return arma::conv_to<arma::mat>::from(pixels).t() / 255;
}

/// One image, as a data set.
Dataset oneImage(Bytes bytes) {
  requireInput(bytes.size() == mnistImage.size(),
               "an image has {} pixels, these are {}", mnistImage.size(), bytes.size());
  return {.rows = mnistImage.rows,
          .columns = mnistImage.columns,
          .pixels = {bytes.data(), mnistImage.size(), 1},
          .labels = {0}};
}

/// A picture of 0..1 as the answer's bytes, row by row.
void answerWith(const arma::mat& picture) {
  const arma::mat rows = arma::round(picture.t() * 255);
  for (const double pixel : rows)
    answer.bytes += static_cast<char>(static_cast<std::uint8_t>(pixel));
}

/// The network as it is now, in bricks of stage 05.
serial::CNNClassifier bricksNow() {
  serial::CNNClassifier bricks = makeBricks(trainer.settings().network.name);
  bricks.setWeights(trainer.network().weights());
  return bricks;
}

// ---- training -----------------------------------------------------------------------
/// The plan of a request; what it does not say stays as it is.
TrainingPlan planOf(const Json& request, TrainingPlan plan) {
  plan.epochs = wholeNumber(request, "epochs", plan.epochs);
  plan.batch = wholeNumber(request, "batch", plan.batch);
  requireInput(plan.batch > 0, "a batch of 0 images teaches nothing");
  plan.rule.rate = number(request, "rate", plan.rule.rate);
  plan.rule.lambda = number(request, "lambda", plan.rule.lambda);
  plan.rule.clip = number(request, "clip", plan.rule.clip);
  const uword shift =
      wholeNumber(request, "shift", static_cast<uword>(plan.rule.shift.most));
  requireInput(shift <= 14, "shift is {}, expected 14 pixels at most", shift);
  plan.rule.shift.most = static_cast<int>(shift);
  const std::string schedule =
      wordOf(request, "schedule", plan.linear ? "linear" : "constant");
  requireInput(schedule == "linear" || schedule == "constant",
               "there is no schedule '{}'; choose linear or constant", schedule);
  plan.linear = schedule == "linear";
  return plan;
}

Json settingsNow() {
  const Settings& s = trainer.settings();
  return {{"seed", s.seed},
          {"network", s.network.name},
          {"stage", s.network.stage},
          {"images", s.images},
          {"epochs", s.plan.epochs},
          {"batch", s.plan.batch},
          {"rate", s.plan.rule.rate},
          {"lambda", s.plan.rule.lambda},
          {"clip", s.plan.rule.clip},
          {"shift", s.plan.rule.shift.most},
          {"schedule", s.plan.linear ? "linear" : "constant"}};
}

Json start(const Json& request) {
  Settings settings;
  settings.seed = wholeNumber(request, "seed", 1);
  settings.network.name = wordOf(request, "network", "article");
  settings.network.stage = static_cast<int>(wholeNumber(
      request, "stage", static_cast<uword>(usualStage(settings.network.name))));
  settings.images = wholeNumber(request, "images", 0);
  TrainingPlan plan = usualPlan(settings.network.name);
  plan.linear = true;
  settings.plan = planOf(request, plan);
  trainer.start(settings);
  inside.reset();
  race.clear();
  std::size_t parameters = 0;
  for (const auto& [name, tensor] : trainer.network().weights())
    parameters += tensor.values.size();
  return {{"parameters", parameters}, {"settings", settingsNow()}};
}

Json change(const Json& request) {
  trainer.change(planOf(request, trainer.settings().plan));
  return settingsNow();
}

Json go(const Json& request) {
  const double forever = std::numeric_limits<double>::infinity();
  const bool timed = request.contains("milliseconds");
  const Progress progress =
      trainer.go({timed ? std::numeric_limits<uword>::max()
                        : std::max<uword>(1, wholeNumber(request, "steps", 1)),
                  timed ? number(request, "milliseconds", 0) / 1000 : forever});
  const TrainingState& state = trainer.state();
  Json now = {{"step", trainer.batchesDone()},
              {"epoch", state.epoch},
              {"samples", trainer.samplesDone()},
              {"images", progress.slice.samples},
              {"cost", progress.slice.meanCost()},
              {"accuracy", progress.slice.accuracy()},
              {"rate", trainer.rateNow()},
              {"seconds", progress.seconds},
              {"done", progress.done}};
  if (state.score.samples > 0) {
    now["epochCost"] = state.score.meanCost();
    now["epochAccuracy"] = state.score.accuracy();
  } else if (!state.history.empty()) {
    now["epochCost"] = state.history.back().cost;
    now["epochAccuracy"] = state.history.back().trainAccuracy;
  }
  return now;
}

// ---- judging ------------------------------------------------------------------------
Json evaluate(const Json& request) {
  const Dataset part = partOf(request);
  requireInput(part.size() > 0, "there are no images to judge by; load some");
  const Score score = trainer.network().evaluate(part);
  return {{"cost", score.meanCost()},
          {"accuracy", score.accuracy()},
          {"correct", score.correct},
          {"images", score.samples}};
}

Json mistakes(const Json& request) {
  const Dataset part = partOf(request);
  Json found = Json::array();
  if (part.size() == 0) return found;
  const arma::mat p = trainer.network().predict(part);
  const uword first = wholeNumber(request, "first", 0);
  for (const uword i : worstMistakes(part, p, wholeNumber(request, "most", 10)))
    found.push_back({{"index", first + i},
                     {"label", part.labels(i)},
                     {"answer", p.col(i).index_max()},
                     {"certainty", p.col(i).max()}});
  return found;
}

Json confusion(const Json& request) {
  const Dataset part = partOf(request);
  if (part.size() == 0) return kept(std::vector<double>(100));
  const arma::uvec answers = arma::index_max(trainer.network().predict(part), 0).t();
  return kept(arma::umat(confusionMatrix(part.labels, answers).t()));
}

Json weights() {
  Json all = Json::object();
  for (const auto& [name, tensor] : trainer.network().weights())
    all[name] = {{"shape", tensor.shape}, {"values", kept(tensor.values)}};
  return all;
}

// ---- looking inside -----------------------------------------------------------------
const char* nameOf(Activation g) {
  return g == Activation::relu       ? "relu"
         : g == Activation::logistic ? "logistic"
         : g == Activation::softmax  ? "softmax"
                                     : "identity";
}

Json look(const Json& request, Bytes bytes) {
  inside.emplace(bricksNow(), pictureOf(request, bytes),
                 wholeNumber(request, "label", 10));
  Json layers = Json::array();
  for (const SeenLayer& layer : inside->layers())
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"shape", {layer.a.n_slices, layer.a.n_rows, layer.a.n_cols}},
                      {"activation", nameOf(layer.activation)},
                      {"a", kept(layer.a)},
                      {"z", kept(layer.z)},
                      {"da", kept(layer.da)},
                      {"dz", kept(layer.dz)}});
  const auto& p = inside->layers().back().a;
  return {{"label", inside->label()},
          {"answer", p.index_max()},
          {"cost", inside->cost()},
          {"probabilities", kept(p)},
          {"layers", layers}};
}

Place placeOf(const Json& request) {
  requireInput(inside.has_value(), "look at an image first");
  return {wholeNumber(request, "layer", 0), wholeNumber(request, "channel", 0),
          wholeNumber(request, "row", 0), wholeNumber(request, "column", 0)};
}

Json forward(const Json& request) {
  const Place place = placeOf(request);
  const Origin origin = inside->origin(place);
  const SeenLayer& layer = inside->layerOf(place);
  const double a = layer.a(place.row, place.column, place.channel);
  return {
      {"layer", place.layer},
      {"kind", layer.kind},
      {"channel", place.channel},
      {"row", place.row},
      {"column", place.column},
      {"bias", origin.bias},
      {"sum", origin.sum},
      {"z", layer.z.is_empty() ? a : layer.z(place.row, place.column, place.channel)},
      {"a", a},
      {"activation", nameOf(layer.activation)},
      {"window",
       {{"channel", origin.corner.channel},
        {"channels", origin.channels},
        {"rows", origin.rows},
        {"columns", origin.columns},
        {"top", origin.corner.row},
        {"left", origin.corner.column}}},
      {"inputs", kept(origin.inputs)},
      {"weights", kept(origin.weights)},
      {"products", kept(origin.products)},
      {"winner", origin.winner}};
}

Json backward(const Json& request) {
  const Place place = placeOf(request);
  const SeenLayer& layer = inside->layerOf(place);
  const auto at = [&](const serial::Image& x) {
    return x(place.row, place.column, place.channel);
  };
  Json from = Json::array();
  for (const Share& share : inside->shares(place))
    from.push_back({{"layer", share.from.layer},
                    {"channel", share.from.channel},
                    {"row", share.from.row},
                    {"column", share.from.column},
                    {"dz", share.dz},
                    {"weight", share.weight},
                    {"product", share.product}});
  double slope = 1;
  if (layer.activation == Activation::relu) slope = at(layer.z) > 0;
  if (layer.activation == Activation::logistic) slope = at(layer.a) * (1 - at(layer.a));
  return {{"da", at(layer.da)}, {"dz", at(layer.dz)}, {"slope", slope}, {"from", from}};
}

// ---- the gradient check and the race ------------------------------------------------
Json check(const Json& request) {
  Entries entries{.tensor = wordOf(request, "tensor", "conv1.weight"),
                  .first = wholeNumber(request, "first", 0),
                  .count = wholeNumber(request, "entries", 0),
                  .step = wholeNumber(request, "step", 1)};
  Json images = request;
  images["first"] = wholeNumber(request, "image", 0);
  serial::CNNClassifier bricks = bricksNow();
  const GradientSeen seen = checkEntries(bricks, partOf(images, 1),
                                         trainer.settings().plan.rule.lambda, entries);
  return {{"tensor", entries.tensor},        {"shape", seen.shape},
          {"first", entries.first},          {"step", entries.step},
          {"entries", seen.analytic.size()}, {"analytic", kept(seen.analytic)},
          {"numeric", kept(seen.numeric)},   {"error", seen.report.error},
          {"passed", seen.report.passed},    {"text", seen.report.text},
          {"guess", seen.report.guess}};
}

/// A step of a stage's trainer over some training images.
Json raceOn(const Json& request) {
  using Clock = std::chrono::steady_clock;
  const int stage = static_cast<int>(wholeNumber(request, "stage", 9));
  const uword first = wholeNumber(request, "first", 0);
  const uword count = wholeNumber(request, "count", 128);
  requireInput(first <= trainer.train.size() && count <= trainer.train.size() - first &&
                   count > 0,
               "images {} to {} are to race, there are {}", first, first + count,
               trainer.train.size());
  Runner& runner = race[stage];
  if (!runner.network || first == 0)
    runner = {
        makeNetwork({trainer.settings().network.name, stage}, trainer.settings().seed)};
  const arma::uvec samples = arma::regspace<arma::uvec>(first, first + count - 1);
  const auto begin = Clock::now();
  const Score score =
      runner.network->trainStep(trainer.train, samples, trainer.settings().plan.rule);
  runner.seconds += std::chrono::duration<double>(Clock::now() - begin).count();
  runner.images += count;
  return {{"stage", stage},
          {"images", runner.images},
          {"seconds", runner.seconds},
          {"cost", score.meanCost()}};
}

// ---- images -------------------------------------------------------------------------
Json load(const Json& request, Bytes bytes) {
  const uword images = wholeNumber(request, "images", 0);
  requireInput(images <= bytes.size(), "load: {} bytes of images, {} are there", images,
               bytes.size());
  setOf(request) = parseIdx({"the images", bytes.first(images)},
                            {"the labels", bytes.subspan(images)});
  const Dataset& set = setOf(request);
  requireInput(set.rows == mnistImage.rows && set.columns == mnistImage.columns,
               "the images are {} x {}, expected {} x {}", set.rows, set.columns,
               mnistImage.rows, mnistImage.columns);
  if (&set == &trainer.train) trainer.imagesChanged();
  return set.size();
}

Json image(const Json& request) {
  const Dataset& set = setOf(request);
  const uword n = wholeNumber(request, "n", 0);
  requireInput(n < set.size(), "image {} is asked for, there are {}", n, set.size());
  const auto pixels = set.pixels.colptr(n);
  answer.bytes.assign(pixels, pixels + set.pixels.n_rows);
  return {{"label", set.labels(n)}};
}

Json centre(const Json& request, Bytes bytes) {
  const arma::mat ink = pictureOf(request, bytes);
  if (ink.max() > 0) answerWith(centredInk(ink));
  return ink.max() > 0;
}

const std::map<std::string, std::function<Json(const Json&, Bytes)>> calls = {
    {"load", load},
    {"size", [](const Json& r, Bytes) { return Json(setOf(r).size()); }},
    {"image", [](const Json& r, Bytes) { return image(r); }},
    {"centre", centre},
    {"digitIn",
     [](const Json& r, Bytes bytes) {
       answerWith(toMnistDigit(pictureOf(r, bytes)));
       return Json();
     }},
    {"start", [](const Json& r, Bytes) { return start(r); }},
    {"change", [](const Json& r, Bytes) { return change(r); }},
    {"go", [](const Json& r, Bytes) { return go(r); }},
    {"evaluate", [](const Json& r, Bytes) { return evaluate(r); }},
    {"predict",
     [](const Json&, Bytes bytes) {
       return kept(trainer.network().predict(oneImage(bytes)));
     }},
    {"probabilities",
     [](const Json& r, Bytes) { return kept(trainer.network().predict(partOf(r))); }},
    {"mistakes", [](const Json& r, Bytes) { return mistakes(r); }},
    {"confusion", [](const Json& r, Bytes) { return confusion(r); }},
    {"weights", [](const Json&, Bytes) { return weights(); }},
    {"saveWeights",
     [](const Json&, Bytes) {
       answer.bytes = tensorBytes({trainer.network().weights(), {}}, "the weights");
       return Json();
     }},
    {"loadWeights",
     [](const Json& r, Bytes bytes) {
       trainer.network().setWeights(
           parseTensors(bytes, wordOf(r, "name", "the weights")).tensors);
       return Json();
     }},
    {"look", look},
    {"forward", [](const Json& r, Bytes) { return forward(r); }},
    {"backward", [](const Json& r, Bytes) { return backward(r); }},
    {"check", [](const Json& r, Bytes) { return check(r); }},
    {"race", [](const Json& r, Bytes) { return raceOn(r); }},
};

}  // namespace

// ---- what JavaScript calls ----------------------------------------------------------
#define EXPORT extern "C" [[gnu::used]]
#define AS(name) __attribute__((export_name(#name)))

/// Memory for a request.
EXPORT AS(room) void* room(std::size_t bytes) { return std::malloc(bytes); }
EXPORT AS(giveBack) void giveBack(void* place) { std::free(place); }

/// Answers a request of these words, with these bytes beside it.
EXPORT AS(ask) void ask(const char* words, std::size_t length,
                        const std::uint8_t* bytes, std::size_t size) {
  answer = {};
  const Json request = Json::parse(std::string_view(words, length));
  const auto call = calls.find(wordOf(request, "call", ""));
  requireInput(call != calls.end(), "the module has no call '{}'",
               wordOf(request, "call", ""));
  const Json found = call->second(request, {bytes, size});
  answer.words = found.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The last answer: its JSON, its numbers and its bytes.
EXPORT AS(words) const char* words() { return answer.words.data(); }
EXPORT AS(wordsLength) std::size_t wordsLength() { return answer.words.size(); }
EXPORT AS(numbers) const double* numbers() { return answer.numbers.data(); }
EXPORT AS(numbersLength) std::size_t numbersLength() { return answer.numbers.size(); }
EXPORT AS(bytes) const char* bytes() { return answer.bytes.data(); }
EXPORT AS(bytesLength) std::size_t bytesLength() { return answer.bytes.size(); }
