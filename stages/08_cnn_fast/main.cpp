// SPDX-License-Identifier: MIT
// Stage 08: trains the CNN near the limit of the machine.

#include "04_mlp/training.hpp"
#include "05_cnn_serial/mnist_network.hpp"
#include "08_cnn_fast/cnn.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = mnistPlan(14);
    options.schedule = "linear";
    CLI::App app("Stage 08: the same CNN, near the limit of the machine.\n");
    addTrainingOptions(app, options);
    parseOptions(app, argc, argv);
    applySchedule(options);

    fast::DirectNetwork cnn(threadCount(options));
    cnn.init(options.seed);
    TrainingSession session(options, "08_cnn_fast", cnn);
    if (!options.quiet)
      fmt::print("{} parameters, {} samples a pack\n", cnn.parameterCount(),
                 fast::lanesOf<fast::DirectNetwork::L>);
    session.run(
        [&] { fit(cnn, session.train(), session.plan(), session.state(), session); });
  });
}
