// SPDX-License-Identifier: MIT
// The museum's trials of stage 06, in chunks that do not fit the batch.

#include "06_cnn_batched/cnn.hpp"
#include "trial_cnn.hpp"

using namespace cnn;
using namespace cnn::batched;

int main(int argc, char** argv) {
  return museum::run(
      argc, argv,
      museum::trialsOf<CNNClassifier, ConvLayer, PoolLayer, FlattenLayer, FCLayer>(
          [](const Shape& image) { return CNNClassifier(image, 1, 7); }, 5000));
}
