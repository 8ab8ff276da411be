// SPDX-License-Identifier: MIT
// Stage 06: trains the batched CNN on MNIST and shows what it has learnt.

#include "batched_cnn.hpp"
#include "common/gallery.hpp"
#include "common/png.hpp"
#include "common/training_session.hpp"

#include <fmt/core.h>

#include <vector>

using namespace cnn;

namespace {

/// The first layer's filters as small pictures.
std::vector<arma::mat> firstFilters(const Classifier& network) {
  const Tensor w = network.weights().at("conv1.weight");
  const arma::mat rows = toMatrix(w);
  std::vector<arma::mat> filters;
  for (arma::uword k = 0; k < rows.n_rows; ++k)
    filters.push_back(arma::reshape(rows.row(k), w.shape[3], w.shape[2]).t());
  return filters;
}

/// What the first layer makes of a test image: a map for each of its filters.
arma::cube firstMaps(const batched::CNNClassifier& cnn, const Dataset& data) {
  const arma::mat a = cnn.feedForward(cnn.toBatch(data, {0}))[0].a;
  const arma::uword side = data.rows - 2;  // 3 x 3 windows without padding
  arma::cube maps(side, side, a.n_rows);
  for (arma::uword k = 0; k < a.n_rows; ++k)
    maps.slice(k) = arma::reshape(a.row(k), side, side).t();
  return maps;
}

}  // namespace

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = {.epochs = 8, .batch = 64};
    CLI::App app(
        "Stage 06: the CNN a batch at a time, trained on MNIST: accuracy, curve, "
        "filters,\n"
        "what they see, the confusion matrix and the worst mistakes.\n");
    addTrainingOptions(app, options);
    parseOptions(app, argc, argv);

    auto cnn = batched::mnistNetwork(threadCount(options));
    cnn.init(options.seed);
    TrainingSession session(options, "06_cnn_batched", cnn);
    if (!options.quiet) fmt::print("{}", cnn.summary());
    fit(cnn, session.train(), session.plan(), session.state(), session);
    if (session.state().epoch > 0) {
      writePng(session.result("filters.png", "the filters of the first layer"),
               filtersPicture(firstFilters(cnn)));
      writePng(session.result("maps.png", "what they make of the first test image"),
               featureMapsPicture(firstMaps(cnn, session.test())));
    }
    session.finish();
  });
}
