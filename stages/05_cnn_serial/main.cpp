// SPDX-License-Identifier: MIT
// Stage 05: trains the serial CNN on a part of MNIST and shows where the time goes.

#include "05_cnn_serial/cnn.hpp"
#include "common/pictures/gallery.hpp"
#include "common/pictures/png.hpp"
#include "common/training/session.hpp"

#include <fmt/core.h>

#include <chrono>
#include <string>
#include <vector>

using namespace cnn;

namespace {

using Clock = std::chrono::steady_clock;

/// Calls work and returns the milliseconds it took.
template <class Work>
double milliseconds(const Work& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Sends some images forward and back by hand; prints each layer's share of the time.
void printWhereTheTimeGoes(serial::CNNClassifier& cnn, const Dataset& data) {
  const arma::uword images = std::min<arma::uword>(100, data.size());
  std::vector<double> forward(cnn.depth()), error(cnn.depth()), gradient(cnn.depth());
  Gradients sums = cnn.zeroGradients();
  for (arma::uword n = 0; n < images; ++n) {
    const serial::Image x(arma::mat(data.image(n)).memptr(), data.rows, data.columns,
                          1);
    std::vector<Trace<serial::Image>> passes(cnn.depth());
    for (std::size_t l = 0; l < cnn.depth(); ++l)
      forward[l] += milliseconds(
          [&] { passes[l] = cnn.layer(l).forward(l > 0 ? passes[l - 1].a : x); });
    serial::Image delta = passes.back().a;  // any error takes as long as another
    for (std::size_t l = cnn.depth(); l-- > 0;) {
      const serial::Image& below = l > 0 ? passes[l - 1].a : x;
      gradient[l] += milliseconds(
          [&] { cnn.layer(l).computeGradients(delta, below, passes[l], sums[l]); });
      if (l > 0)
        error[l] +=
            milliseconds([&] { delta = cnn.layer(l).backPropError(delta, passes[l]); });
    }
  }
  double total = 0;
  for (std::size_t l = 0; l < cnn.depth(); ++l)
    total += forward[l] + error[l] + gradient[l];
  fmt::print(
      "\nwhere the time goes, in % of {:.2f} ms an image\n{:<10} {:>8} {:>11} {:>10}\n",
      total / static_cast<double>(images), "layer", "forward", "error back",
      "gradient");
  for (std::size_t l = 0; l < cnn.depth(); ++l)
    fmt::print("{:<10} {:8.1f} {:11.1f} {:10.1f}\n", cnn.layerName(l),
               100 * forward[l] / total, 100 * error[l] / total,
               100 * gradient[l] / total);
  fmt::print("\n");
}

}  // namespace

int main(int argc, char** argv) {
  return runMain([&] {
    TrainingOptions options;
    options.plan = {.epochs = 3, .batch = 32};
    options.limit = 2000;
    options.testLimit = 1000;
    options.threads = 1;
    CLI::App app(
        "Stage 05: the CNN one image at a time, trained on a part of MNIST.\n"
        "Slow on purpose: every line is a line of the mathematics. Stage 06 is "
        "fast.\n");
    addTrainingOptions(app, options);
    app.remove_option(app.get_option("--threads"));  // it works on one
    parseOptions(app, argc, argv);
    applySchedule(options);

    auto cnn = serial::mnistNetwork();
    cnn.init(options.seed);
    TrainingSession session(options, "05_cnn_serial", cnn);
    if (!options.quiet) {
      fmt::print("{}", cnn.summary());
      printWhereTheTimeGoes(cnn, session.train());
    }
    session.run(
        [&] { fit(cnn, session.train(), session.plan(), session.state(), session); });
  });
}
