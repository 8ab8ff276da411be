// SPDX-License-Identifier: MIT
// The museum's trials of stage 08: the network of the book, and one with every option.

#include "08_cnn_fast/cnn.hpp"
#include "trial_cnn.hpp"

using namespace cnn;
using namespace cnn::fast;

namespace {

template <class Fast>
museum::Make make() {
  return [](std::uint64_t seed) {
    auto cnn = std::make_unique<Fast>();
    cnn->init(seed);
    return cnn;
  };
}

using SmallBook = fast::Network<double, 4, Size{1, 16, 16}, ConvPool<2, 3, 2>,
                                WinogradConv<2>, FC<5>, Softmax<3>>;
using SmallOptions =
    fast::Network<double, 4, Size{1, 9, 8}, Conv<2, 3, 1, 1>, MaxPool<3, 2, 1>,
                  Conv<3, 3, 2, 1>, FC<8>, Softmax<3>>;
using Options = fast::Network<float, 4, Size{1, 28, 28}, Conv<8, 3, 1, 1>,
                              MaxPool<3, 2, 1>, Conv<12, 3, 2, 1>, FC<32>, Softmax<10>>;
using Book = MnistNetwork<WinogradConv<16>, float, 4>;

}  // namespace

int main(int argc, char** argv) {
  const TrainingPlan plan = museum::shortPlan();
  return museum::run(argc, argv,
                     {{.name = "book",
                       .rows = 16,
                       .columns = 16,
                       .small = make<SmallBook>(),
                       .full = make<Book>(),
                       .slow = "fc2",
                       .plan = plan},
                      {.name = "options",
                       .rows = 9,
                       .columns = 8,
                       .small = make<SmallOptions>(),
                       .full = make<Options>(),
                       .lineUp = museum::lineUpOf(Pooling::max),
                       .slow = "fc2",
                       .plan = plan}});
}
