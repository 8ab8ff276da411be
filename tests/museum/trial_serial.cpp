// SPDX-License-Identifier: MIT
// The museum's trials of stage 05, and of the pieces of stages 01 to 03 in it.

#include "05_cnn_serial/cnn.hpp"
#include "trial_cnn.hpp"

using namespace cnn;
using namespace cnn::serial;

int main(int argc, char** argv) {
  return museum::run(
      argc, argv,
      museum::trialsOf<CNNClassifier, ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
          [](const Shape& image) { return CNNClassifier(image); }, 3000));
}
