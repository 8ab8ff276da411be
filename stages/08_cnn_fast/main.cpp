// SPDX-License-Identifier: MIT
// Stage 08: trains the CNN near the limit of the machine.

#include "04_mlp/training.hpp"
#include "08_cnn_fast/cnn.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    // Chosen with --validate 10000: a small clip lets the rate be large.
    options.plan = {.epochs = 14,
                    .batch = 128,
                    .rule = {.rate = 0.5, .lambda = 0.004, .clip = 0.01, .shift = {1}}};
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
