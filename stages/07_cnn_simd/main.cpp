// SPDX-License-Identifier: MIT
// Stage 07: trains the CNN with a sample in every lane.

#include "07_cnn_simd/cnn.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = mnistPlan(5);
    options.schedule = "linear";
    options.threads = 1;
    CLI::App app(
        "Stage 07: the loops of stage 05 once more, a sample in every lane.\n");
    addTrainingOptions(app, options);
    app.remove_option(app.get_option("--threads"));  // it works on one
    parseOptions(app, argc, argv);
    applySchedule(options);

    auto cnn = simd::mnistNetwork();
    cnn.init(options.seed);
    TrainingSession session(options, "07_cnn_simd", cnn);
    if (!options.quiet)
      fmt::print("{}{} samples a pack\n", cnn.summary(),
                 simd::lanesOf<simd::Pack<float>>);
    session.run(
        [&] { fit(cnn, session.train(), session.plan(), session.state(), session); });
  });
}
