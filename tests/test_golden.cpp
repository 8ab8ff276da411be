// SPDX-License-Identifier: MIT
/// @file
/// Every stage against PyTorch: inputs and answers in golden/cases, or in the folder that
/// CNN_GOLDEN_DIR names, as golden/generate.py makes them.

#include "02_pooling/pooling.hpp"
#include "03_conv_backprop/conv_backprop.hpp"
#include "04_mlp/mlp.hpp"
#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "09_winograd/cnn.hpp"
#include "catch.hpp"
#include "common/training/safetensors.hpp"
#include "same.hpp"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace cnn;
using arma::uword;

namespace {

/// All cases of a kind, each with its tensors by their short names.
std::vector<Tensors> casesOf(const std::string& kind) {
  const char* other = std::getenv("CNN_GOLDEN_DIR");
  const std::filesystem::path folder =
      other ? other : CNN_SOURCE_DIR "/tests/golden/cases";
  const TensorFile file = loadTensors(folder / (kind + ".safetensors"));
  std::vector<Tensors> cases(std::stoul(file.metadata.at("cases")));
  for (const auto& [name, tensor] : file.tensors) {
    const auto dot = name.find('.');
    cases.at(std::stoul(name.substr(0, dot)))[name.substr(dot + 1)] = tensor;
  }
  REQUIRE(!cases.empty());
  for (const Tensors& one : cases) REQUIRE(!one.empty());
  return cases;
}

/// The tensors whose names begin with `prefix`, without it.
Tensors part(const Tensors& all, const std::string& prefix) {
  Tensors found;
  for (const auto& [name, tensor] : all)
    if (name.starts_with(prefix)) found[name.substr(prefix.size())] = tensor;
  return found;
}

/// One slice of the first index: channels x rows x columns -> rows x columns x channels.
cube toCube(const Tensor& t, std::size_t first = 0) {
  const auto n = t.shape.size();
  const std::size_t c = t.shape[n - 3], h = t.shape[n - 2], w = t.shape[n - 1];
  cube x(h, w, c);
  for (std::size_t k = 0; k < c; ++k)
    for (std::size_t i = 0; i < h; ++i)
      for (std::size_t j = 0; j < w; ++j)
        x(i, j, k) = t.values[((first * c + k) * h + i) * w + j];
  return x;
}

Filters toFilters(const Tensor& t) {
  Filters filters;
  for (std::size_t k = 0; k < t.shape[0]; ++k) filters.push_back(toCube(t, k));
  return filters;
}

/// Entries may differ by `tolerance` of the largest one expected, or of 1.
template <class Array>
void checkClose(const Array& given, const Array& expected, double tolerance = 1e-11) {
  const double largest = expected.empty() ? 0 : arma::abs(expected).max();
  CHECK(same(given, expected, tolerance * std::max(1.0, largest)));
}

void checkClose(const Filters& given, const Filters& expected) {
  REQUIRE(given.size() == expected.size());
  for (std::size_t k = 0; k < given.size(); ++k) checkClose(given[k], expected[k]);
}

/// Runs `check` on every case of a kind.
void eachCase(const std::string& kind,
              const std::function<void(const Tensors&)>& check) {
  int number = 0;
  for (const Tensors& one : casesOf(kind)) {
    INFO(kind << ", case " << number++);
    check(one);
  }
}

Labels labelsOf(const Tensors& one) {
  return arma::conv_to<Labels>::from(one.at("labels").values);
}

/// Answers, the first step of rate 1 and ten steps with penalty and clip.
void checkLearning(Classifier& network, const Tensors& one, double tolerance) {
  const Tensor& pixels = one.at("pixels");
  const uword m = pixels.shape[0], rows = pixels.shape[1], columns = pixels.shape[2];
  const Dataset data{.rows = rows,
                     .columns = columns,
                     .pixels = arma::conv_to<arma::Mat<std::uint8_t>>::from(
                         arma::mat(pixels.values.data(), rows * columns, m)),
                     .labels = labelsOf(one)};
  const arma::uvec all = arma::regspace<arma::uvec>(0, m - 1);
  const auto check = [&](const Tensors& given, const Tensors& expected) {
    REQUIRE(given.size() == expected.size());
    for (const auto& [name, tensor] : expected) {
      INFO(name);
      REQUIRE(given.at(name).shape == tensor.shape);
      checkClose(arma::vec(given.at(name).values), arma::vec(tensor.values), tolerance);
    }
  };

  network.setWeights(part(one, "before."));
  checkClose(network.predict(data), mat(toMatrix(one.at("p")).t()), tolerance);
  CHECK(network.evaluateCost(data, 0) ==
        Approx(one.at("cost").values[0]).epsilon(tolerance).margin(tolerance));

  constexpr double noClip = std::numeric_limits<float>::max();
  network.trainStep(data, all, {.rate = 1, .lambda = 0, .clip = noClip});
  Tensors change = network.weights();
  for (auto& [name, tensor] : change) {
    const auto& before = one.at("before." + name).values;
    for (std::size_t i = 0; i < before.size(); ++i)
      tensor.values[i] = before[i] - tensor.values[i];
  }
  check(change, part(one, "change."));

  network.setWeights(part(one, "before."));
  const auto& rule = one.at("rule").values;
  for (int step = 0; step < rule[3]; ++step)
    network.trainStep(data, all, {.rate = rule[0], .lambda = rule[1], .clip = rule[2]});
  check(network.weights(), part(one, "after."));
}

// ---- generate.py's architectures ----------------------------------------------------

struct Serial {
  using Network = serial::CNNClassifier;
  using Conv = serial::ConvLayer;
  using Pool = serial::PoolLayer;
  using Flatten = serial::FlattenLayer;
  using FC = serial::FCLayer;
};
struct Batched {
  using Network = batched::CNNClassifier;
  using Conv = batched::ConvLayer;
  using Pool = batched::PoolLayer;
  using Flatten = batched::FlattenLayer;
  using FC = batched::FCLayer;
};

struct Packed {
  using P = simd::Pack<double, 4>;
  using Network = simd::CNNClassifier<P>;
  using Conv = simd::ConvLayer<P>;
  using Pool = simd::PoolLayer<P>;
  using Flatten = simd::FlattenLayer<P>;
  using FC = simd::FCLayer<P>;
};

template <class Kit>
typename Kit::Network build(int architecture) {
  constexpr Shape images[] = {
      {8, 8, 1}, {9, 11, 1}, {10, 9, 1}, {16, 16, 1}, {8, 8, 1}};
  typename Kit::Network cnn(images[architecture]);
  using Conv = typename Kit::Conv;
  using Pool = typename Kit::Pool;
  const auto finish = [&](int hidden, int classes) {
    cnn.add(typename Kit::Flatten());
    if (hidden > 0) cnn.add(typename Kit::FC({.outputs = hidden}));
    cnn.add(typename Kit::FC(
        {.outputs = classes, .activation = Activation::softmax, .rateFactor = 0.1}));
  };
  switch (architecture) {
    case 0:
      cnn.add(Conv({.filters = 2, .size = 3}));
      cnn.add(Pool({.size = 2}));
      finish(5, 3);
      break;
    case 1:
      cnn.add(Conv({.filters = 3, .size = 2, .stride = 2, .padding = 1}));
      cnn.add(Conv({.filters = 2, .size = 3}));
      finish(0, 4);
      break;
    case 2:
      cnn.add(Conv({.filters = 4, .size = 3, .stride = 1, .padding = 1}));
      cnn.add(Pool({.size = 3, .stride = 2, .padding = 1}));
      finish(6, 5);
      break;
    case 3:
      cnn.add(Conv({.filters = 3, .size = 3}));
      cnn.add(Pool({.size = 2}));
      cnn.add(Conv({.filters = 4, .size = 5}));
      finish(6, 4);
      break;
    default:
      cnn.add(Conv({.filters = 2, .size = 3}));
      cnn.add(Pool({.size = 3, .stride = 2, .pooling = Pooling::mean}));
      finish(0, 3);
  }
  return cnn;
}

/// The last but one for stages 08 and 09, directly and with Winograd: 3 x 3 filters,
/// windows of 2 x 2 and then filters of 5 x 5, as in the network of the book.
template <class T, int width, class SecondConv>
using Fast = fast::Network<T, width, fast::Size{1, 16, 16}, fast::ConvPool<3, 3, 2>,
                           SecondConv, fast::FC<6>, fast::Softmax<4>>;
constexpr int fastArchitecture = 3;

int architectureOf(const Tensors& one) {
  return static_cast<int>(one.at("architecture").values[0]);
}

}  // namespace

TEST_CASE("there are cases of every kind, 200 of them or more", "[golden]") {
  std::size_t count = 0;
  for (const char* kind : {"conv", "pool", "fc", "loss", "mlp", "cnn"})
    count += casesOf(kind).size();
  CHECK(count >= 200);
}

TEST_CASE("stages 01 and 03 convolve, there and back, as PyTorch does", "[golden]") {
  eachCase("conv", [](const Tensors& one) {
    const auto& s = one.at("slide").values;
    const Slide slide{.stride = static_cast<int>(s[0]),
                      .padding = static_cast<int>(s[1])};
    const cube x = toCube(one.at("x")), delta = toCube(one.at("delta"));
    const Filters w = toFilters(one.at("w")), dw = toFilters(one.at("dw"));
    const uword f = w[0].n_rows;
    const cube dx = toCube(one.at("dx"));
    checkClose(convolve(x, w, vec(one.at("b").values), slide), toCube(one.at("z")));
    checkClose(convWeightGradient(delta, x, f, slide), dw);
    checkClose(scatterWeightGradient(delta, x, f, slide), dw);
    checkClose(convInputGradient(delta, w, x.n_rows, x.n_cols, slide), dx);
    checkClose(scatterInputGradient(delta, w, x.n_rows, x.n_cols, slide), dx);
    checkClose(convBiasGradient(delta), vec(one.at("db").values));
  });
}

TEST_CASE("stage 02 pools, there and back, as PyTorch does", "[golden]") {
  eachCase("pool", [](const Tensors& one) {
    const auto& window = one.at("window").values;
    const int size = static_cast<int>(window[0]);
    const Slide slide{.stride = static_cast<int>(window[1]),
                      .padding = static_cast<int>(window[2])};
    const cube x = toCube(one.at("x")), delta = toCube(one.at("delta"));
    const auto [values, winners] = maxPool(x, size, slide);
    checkClose(values, toCube(one.at("max")));
    checkClose(maxUnpool(delta, winners, x.n_rows, x.n_cols), toCube(one.at("max_dx")));
    checkClose(meanPool(x, size, slide), toCube(one.at("mean")));
    checkClose(meanUnpool(delta, size, slide, x.n_rows, x.n_cols),
               toCube(one.at("mean_dx")));
  });
}

TEST_CASE("stage 06's fully connected layer is PyTorch's", "[golden]") {
  eachCase("fc", [](const Tensors& one) {
    const mat x = toMatrix(one.at("x")).t(), w = toMatrix(one.at("w"));
    const mat delta = toMatrix(one.at("delta")).t();
    batched::FCLayer layer({.outputs = static_cast<int>(w.n_rows)});
    layer.connect({1, 1, x.n_rows, true});
    layer.parameters = {w, vec(one.at("b").values)};
    const auto pass = layer.forward(x);
    checkClose(pass.a, mat(toMatrix(one.at("a")).t()));
    checkClose(layer.backPropError(delta, pass), mat(toMatrix(one.at("dx")).t()));
    Parameters sum{mat(arma::size(w), arma::fill::zeros),
                   vec(w.n_rows, arma::fill::zeros)};
    layer.computeGradients(delta, x, pass, sum);
    checkClose(sum.w, toMatrix(one.at("dw")));
    checkClose(sum.b, vec(one.at("db").values));
  });
}

TEST_CASE("stage 04's softmax and cross-entropy are PyTorch's", "[golden]") {
  eachCase("loss", [](const Tensors& one) {
    const mat z = toMatrix(one.at("z")).t();
    const Labels labels = labelsOf(one);
    checkClose(softmax(z), mat(toMatrix(one.at("p")).t()));
    checkClose(outputError(softmax(z), labels), mat(toMatrix(one.at("dz")).t()));
    CHECK(crossEntropy(z, labels).costSum ==
          Approx(one.at("cost").values[0]).epsilon(1e-11).margin(1e-11));
  });
}

TEST_CASE("stage 04's MLP learns as PyTorch does", "[golden]") {
  eachCase("mlp", [](const Tensors& one) {
    const auto sizes = arma::conv_to<arma::uvec>::from(one.at("sizes").values);
    Random random(1);
    MLP network(
        {sizes.begin(), sizes.end()}, random, Start::He,
        one.at("relu").values[0] == 1 ? Activation::relu : Activation::logistic);
    checkLearning(network, one, 1e-10);
  });
}

TEST_CASE("stage 05's CNN learns as PyTorch does", "[golden]") {
  eachCase("cnn", [](const Tensors& one) {
    auto network = build<Serial>(architectureOf(one));
    checkLearning(network, one, 1e-10);
  });
}

TEST_CASE("stage 06's CNN learns as PyTorch does", "[golden]") {
  eachCase("cnn", [](const Tensors& one) {
    auto network = build<Batched>(architectureOf(one));
    checkLearning(network, one, 1e-10);
  });
}

TEST_CASE("stage 07's CNN learns as PyTorch does", "[golden]") {
  eachCase("cnn", [](const Tensors& one) {
    auto network = build<Packed>(architectureOf(one));
    checkLearning(network, one, 1e-10);
  });
}

template <class SecondConv>
void checkFast() {
  int checked = 0;
  eachCase("cnn", [&](const Tensors& one) {
    if (architectureOf(one) != fastArchitecture) return;
    Fast<double, 4, SecondConv> precise(2);  // threads
    checkLearning(precise, one, 1e-9);
    Fast<float, 16, SecondConv> quick(2);
    checkLearning(quick, one, 1e-4);
    ++checked;
  });
  CHECK(checked >= 4);
}

TEST_CASE("stage 08's CNN learns as PyTorch does, in double and in single precision",
          "[golden]") {
  checkFast<fast::Conv<4, 5>>();
}

TEST_CASE("stage 09's CNN learns as PyTorch does, in double and in single precision",
          "[golden]") {
  checkFast<fast::WinogradConv<4>>();
}
