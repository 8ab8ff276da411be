// SPDX-License-Identifier: MIT
// Stage 09: trains the CNN with fewer multiplications than its sums have terms.

#include "04_mlp/training.hpp"
#include "05_cnn_serial/mnist_network.hpp"
#include "09_winograd/cnn.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = mnistPlan(14);
    options.schedule = "linear";
    CLI::App app("Stage 09: fewer multiplications than the sums have terms.\n");
    addTrainingOptions(app, options);
    parseOptions(app, argc, argv);
    applySchedule(options);

    fast::WinogradNetwork cnn(threadCount(options));
    cnn.init(options.seed);
    TrainingSession session(options, "09_winograd", cnn);
    if (!options.quiet)
      fmt::print("{} parameters, {} samples a pack\n", cnn.parameterCount(),
                 fast::lanesOf<fast::WinogradNetwork::L>);
    session.run(
        [&] { fit(cnn, session.train(), session.plan(), session.state(), session); });
  });
}
