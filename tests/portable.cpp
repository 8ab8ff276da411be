// SPDX-License-Identifier: MIT
// What must be the same on every machine: `tests/analyse portable` compiles this file with
// both standard libraries, and with sizes of 32 bits, and compares what it prints. It
// includes all that a network needs, and nothing of files, terminals or signals.

#include "01_convolution/convolution.hpp"
#include "02_pooling/pooling.hpp"
#include "03_conv_backprop/conv_backprop.hpp"
#include "03_conv_backprop/gradient_check.hpp"
#include "04_mlp/mlp.hpp"
#include "04_mlp/training.hpp"
#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "09_winograd/cnn.hpp"

#include <cstdio>

using namespace cnn;

namespace {

/// The first weights of every layer, in hexadecimal: a last bit shows.
void printWeights(const char* stage, const Classifier& network) {
  for (const auto& [name, tensor] : network.weights())
    for (std::size_t i = 0; i < tensor.values.size(); i += 97)
      std::printf("%s %s %zu %.17g\n", stage, name.c_str(), i, tensor.values[i]);
}

template <class Network>
void printWeightsOf(const char* stage, Network network) {
  network.init(1);
  printWeights(stage, network);
}

}  // namespace

int main() {
  Random random(1);
  const arma::uvec order = epochOrder(60000, true, random);
  for (arma::uword i = 0; i < order.n_elem; i += 97)
    std::printf("order %llu\n", static_cast<unsigned long long>(order[i]));
  printWeights("04", MLP({784, 200, 10}, random));
  printWeightsOf("05", serial::mnistNetwork());
  printWeightsOf("06", batched::mnistNetwork());
  printWeightsOf("07", simd::mnistNetwork());
  fast::WinogradNetwork winograd;
  winograd.init(1);
  printWeights("09", winograd);
}
