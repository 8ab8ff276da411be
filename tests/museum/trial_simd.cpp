// SPDX-License-Identifier: MIT
// The museum's trials of stage 07: four samples a pack, in double to be checked, in float
// to be trained.

#include "07_cnn_simd/cnn.hpp"
#include "trial_cnn.hpp"

using namespace cnn;
using namespace cnn::simd;

namespace {

template <class P>
museum::Make make(Shape image, int scale, int classes) {
  return museum::makeCnn<CNNClassifier<P>, ConvLayer<P>, PoolLayer<P>, FlattenLayer<P>,
                         FCLayer<P>>(
      [](const Shape& shape) { return CNNClassifier<P>(shape); }, Pooling::max, image,
      scale, classes);
}

}  // namespace

int main(int argc, char** argv) {
  return museum::run(argc, argv,
                     {{.name = "max",
                       .rows = 9,
                       .columns = 8,
                       .small = make<Pack<double, 4>>({9, 8, 1}, 1, 3),
                       .full = make<Pack<float>>({28, 28, 1}, 4, 10),
                       .lineUp = museum::lineUpOf(Pooling::max),
                       .slow = "fc2",
                       .plan = museum::shortPlan()}});
}
