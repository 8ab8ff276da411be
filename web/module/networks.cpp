// SPDX-License-Identifier: MIT
#include "module/networks.hpp"

#include "common/core/require.hpp"

#ifndef CNN_STAGE_05_ONLY
#include "04_mlp/mlp.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "09_winograd/cnn.hpp"
#endif

#include <utility>

namespace cnn::web {
namespace {

/// The sizes in which the article's network and the small one differ.
struct Sizes {
  int first, second, units;
};
constexpr Sizes article{10, 16, 100}, small{4, 8, 50};

void requireName(const std::string& name) {
  requireInput(name == "article" || name == "small" || name == "mlp",
               "there is no network '{}'; choose article, small or mlp", name);
}

/// The article's layers in these sizes, of any stage's bricks.
template <class Conv, class Pool, class Flatten, class FC, class Network>
Network withLayers(Network cnn, const Sizes& sizes) {
  cnn.add(Conv({.filters = sizes.first, .size = 3}));
  cnn.add(Pool({.size = 2}));
  cnn.add(Conv({.filters = sizes.second, .size = 5}));
  cnn.add(Flatten());
  cnn.add(FC({.outputs = sizes.units}));
  cnn.add(FC({.outputs = 10, .activation = Activation::softmax, .rateFactor = 0.1}));
  return cnn;
}

template <class Network>
std::unique_ptr<Classifier> started(std::unique_ptr<Network> network,
                                    std::uint64_t seed) {
  network->init(seed);
  return network;
}

#ifndef CNN_STAGE_05_ONLY
constexpr arma::uword mlpUnits = 100;

template <template <int> class SecondConv>
using SmallFast =
    fast::Network<float, fast::fullWidth<float>, fast::Size{1, 28, 28},
                  fast::ConvPool<small.first, 3, 2>, SecondConv<small.second>,
                  fast::FC<small.units>, fast::Softmax<10>>;
template <int filters>
using Conv5 = fast::Conv<filters, 5>;

std::unique_ptr<Classifier> makeSimd(const Sizes& sizes, std::uint64_t seed) {
  using P = simd::Pack<float>;
  using Network = simd::CNNClassifier<P>;
  return started(
      std::make_unique<Network>(
          withLayers<simd::ConvLayer<P>, simd::PoolLayer<P>, simd::FlattenLayer<P>,
                     simd::FCLayer<P>>(Network(mnistImage), sizes)),
      seed);
}

std::unique_ptr<Classifier> makeMlp(std::uint64_t seed) {
  Random random(seed);
  return std::make_unique<MLP>(std::vector<arma::uword>{784, mlpUnits, 10}, random);
}
#endif

}  // namespace

serial::CNNClassifier makeBricks(const std::string& name) {
  using namespace serial;
  requireName(name);
  CNNClassifier cnn(mnistImage);
  if (name != "mlp")
    return withLayers<ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
        std::move(cnn), name == "small" ? small : article);
  cnn.add(FlattenLayer());
  cnn.add(FCLayer({.outputs = 100, .activation = Activation::logistic}));
  cnn.add(FCLayer({.outputs = 10, .activation = Activation::softmax}));
  return cnn;
}

#ifdef CNN_STAGE_05_ONLY

int usualStage(const std::string&) { return 5; }

TrainingPlan usualPlan(const std::string&) { return mnistPlan(3); }

std::unique_ptr<Classifier> makeNetwork(const NetworkChoice& choice,
                                        std::uint64_t seed) {
  requireInput(choice.stage == 5 && choice.name != "mlp",
               "this module has the trainer of stage 5 alone, not that of stage {} for "
               "the network '{}'",
               choice.stage, choice.name);
  return started(std::make_unique<serial::CNNClassifier>(makeBricks(choice.name)),
                 seed);
}

#else

int usualStage(const std::string& name) { return name == "mlp" ? 4 : 9; }

TrainingPlan usualPlan(const std::string& name) {
  if (name != "mlp") return mnistPlan(3);
  return {
      .epochs = 3, .batch = 64, .rule = {.rate = 1, .lambda = 0.002, .clip = 0.003}};
}

std::unique_ptr<Classifier> makeNetwork(const NetworkChoice& choice,
                                        std::uint64_t seed) {
  const auto& [name, stage] = choice;
  requireName(name);
  if (name == "mlp" && stage == 4) return makeMlp(seed);
  const bool isSmall = name == "small";
  if (name != "mlp") {
    if (stage == 5)
      return started(std::make_unique<serial::CNNClassifier>(makeBricks(name)), seed);
    if (stage == 7) return makeSimd(isSmall ? small : article, seed);
    if (stage == 8 && isSmall)
      return started(std::make_unique<SmallFast<Conv5>>(), seed);
    if (stage == 8) return started(std::make_unique<fast::DirectNetwork>(), seed);
    if (stage == 9 && isSmall)
      return started(std::make_unique<SmallFast<fast::WinogradConv>>(), seed);
    if (stage == 9) return started(std::make_unique<fast::WinogradNetwork>(), seed);
  }
  throw InputError(
      fmt::format("stage {} does not train the network '{}' here; choose {}", stage,
                  name, name == "mlp" ? "4" : "5, 7, 8 or 9"));
}

#endif

}  // namespace cnn::web
