// SPDX-License-Identifier: MIT
// The museum's trials of stages 08 and 09: the network of the book, direct and with
// Winograd's trick.

#include "09_winograd/cnn.hpp"
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

template <class SecondConv>
using Small = fast::Network<double, 4, Size{1, 16, 16}, ConvPool<2, 3, 2>, SecondConv,
                            FC<5>, Softmax<3>>;

template <class SmallConv, class Conv>
museum::Trial trial(const std::string& name) {
  return {.name = name,
          .rows = 16,
          .columns = 16,
          .small = make<Small<SmallConv>>(),
          .full = make<MnistNetwork<Conv, float, 4>>(),
          .lineUp = museum::lineUpOfBook(),
          .slow = "fc2",
          .plan = museum::shortPlan()};
}

}  // namespace

int main(int argc, char** argv) {
  return museum::run(argc, argv,
                     {trial<Conv<2, 5>, Conv<16, 5>>("direct"),
                      trial<WinogradConv<2>, WinogradConv<16>>("winograd")});
}
