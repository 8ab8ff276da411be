// SPDX-License-Identifier: MIT
// probabilities STAGE WEIGHTS COUNT OUT: what a stage makes of the first COUNT test images
// with these weights, for weights.py to compare.

#include "05_cnn_serial/cnn.hpp"
#include "06_cnn_batched/cnn.hpp"
#include "07_cnn_simd/cnn.hpp"
#include "09_winograd/cnn.hpp"
#include "common/data/mnist.hpp"
#include "common/program/run_main.hpp"
#include "common/training/checkpoint.hpp"
#include "common/training/safetensors.hpp"

#include <string>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    require(argc == 5, "probabilities STAGE WEIGHTS COUNT OUT: 4 words, {} given",
            argc - 1);
    const Dataset data = loadMnist(mnistFolder()).test.range(0, std::stoul(argv[3]));
    const auto write = [&](auto network) {
      loadWeights(network, argv[2]);
      const arma::mat p = network.predict(data);  // classes x samples
      saveTensors(argv[4], {{{"p", toTensor(p, {p.n_rows, p.n_cols})}}, {}});
    };
    const std::string stage = argv[1];
    if (stage == "05_cnn_serial")
      write(serial::mnistNetwork());
    else if (stage == "06_cnn_batched")
      write(batched::mnistNetwork());
    else if (stage == "07_cnn_simd")
      write(simd::mnistNetwork());
    else if (stage == "08_cnn_fast")
      write(fast::DirectNetwork(1));
    else
      write(fast::WinogradNetwork(1));
  });
}
