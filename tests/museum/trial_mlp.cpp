// SPDX-License-Identifier: MIT
// The museum's trials of stage 04: a small MLP with logistic units and one with ReLU.

#include "04_mlp/mlp.hpp"
#include "line_up.hpp"

using namespace cnn;

namespace {

museum::Make make(std::vector<arma::uword> sizes, Start start, Activation hidden) {
  return [=](std::uint64_t seed) {
    Random random(seed);
    return std::make_unique<MLP>(sizes, random, start, hidden);
  };
}

/// The small one, made of the bricks of the line-up.
museum::LineUp lineUp(bool logistic) {
  return museum::lineUp([logistic](museum::Mistake mistake) {
    const museum::SpoiltActivation spoilt{mistake, logistic};
    serial::CNNClassifier cnn({3, 2, 1});
    cnn.add(museum::Flatten(mistake));
    cnn.add(museum::FC({.outputs = 5}, spoilt));
    cnn.add(museum::FC({.outputs = 4}, spoilt));
    cnn.add(museum::FC({.outputs = 3, .activation = Activation::softmax}, spoilt));
    return cnn;
  });
}

museum::Trial trial(const char* name, Start start, Activation hidden, double rate) {
  return {.name = name,
          .rows = 3,
          .columns = 2,
          .small = make({6, 5, 4, 3}, start, hidden),
          .full = make({784, 50, 10}, start, hidden),
          .lineUp = lineUp(hidden == Activation::logistic),
          .slow = "",
          .plan = museum::shortPlan(rate)};
}

}  // namespace

int main(int argc, char** argv) {
  return museum::run(argc, argv,
                     {trial("logistic", Start::Xavier, Activation::logistic, 1),
                      trial("relu", Start::He, Activation::relu, 0.1)});
}
