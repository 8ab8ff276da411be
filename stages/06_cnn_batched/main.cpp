// SPDX-License-Identifier: MIT
// Stage 06: trains the batched CNN on MNIST and shows what it has learnt.

#include "06_cnn_batched/cnn.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

using namespace cnn;

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = mnistPlan(5);
    options.schedule = "linear";
    CLI::App app(
        "Stage 06: the CNN a batch at a time, trained on MNIST: accuracy, curve, "
        "filters,\n"
        "what they see, the confusion matrix and the worst mistakes.\n");
    addTrainingOptions(app, options);
    arma::uword chunkSize = 4;
    app.add_option("--chunk", chunkSize, "samples that go through the network together")
        ->transform(atLeast(1));
    parseOptions(app, argc, argv);
    applySchedule(options);
    options.network = {{"--chunk", fmt::format("--chunk {}", chunkSize)}};

    auto cnn = batched::mnistNetwork(threadCount(options), chunkSize);
    cnn.init(options.seed);
    TrainingSession session(options, "06_cnn_batched", cnn);
    if (!options.quiet) fmt::print("{}", cnn.summary());
    session.run(
        [&] { fit(cnn, session.train(), session.plan(), session.state(), session); });
  });
}
