// SPDX-License-Identifier: MIT
// The museum's trials of stage 04: a small MLP with logistic units and one with ReLU.

#include "mlp.hpp"
#include "on_trial.hpp"

using namespace cnn;

namespace {

museum::Make make(std::vector<arma::uword> sizes, Start start, Units units) {
  return [=](std::uint64_t seed) {
    Random random(seed);
    return std::make_unique<MLP>(sizes, random, start, units);
  };
}

museum::Trial trial(const char* name, Start start, Units units, double rate) {
  return {.name = name,
          .rows = 3,
          .columns = 2,
          .small = make({6, 5, 4, 3}, start, units),
          .full = make({784, 50, 10}, start, units),
          .slow = "",
          .plan = museum::shortPlan(rate)};
}

}  // namespace

int main(int argc, char** argv) {
  return museum::run(argc, argv,
                     {trial("logistic", Start::Xavier, Units::Logistic, 1),
                      trial("relu", Start::He, Units::Relu, 0.1)});
}
