// SPDX-License-Identifier: MIT
#include "06_cnn_batched/cnn.hpp"
#include "common/data/mnist.hpp"
#include "common/pictures/gallery.hpp"
#include "common/program/paths.hpp"
#include "common/training/safetensors.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

// An image as ink on a tile, its darkest place full.
void tile(Drawing& d, Point corner, const mat& image, double side) {
  d.box(corner, side, side, "panel rule-line thin");
  const double margin = 4, size = (side - 2 * margin) / double(image.n_rows);
  if (image.max() > 0)
    d.shades(corner + Point{margin, margin}, image / image.max(), size, "ink");
}

// The worst mistakes of a network, and what its first layer sees in a seven.
Drawing leftBehind(const Tensors& weights) {
  Drawing d(
      680, 452, "What the trained network got wrong, and what its filters see",
      "Sixteen test images with the right answer and the wrong one that the "
      "network was most sure of; a seven, the ten filters of the first layer, red "
      "positive and blue negative, and below each what it makes of the seven.");
  batched::CNNClassifier network = batched::mnistNetwork();
  network.setWeights(weights);
  const Dataset test = loadMnist(mnistFolder()).test;
  const mat probabilities = network.predict(test);
  const arma::uvec answers = arma::index_max(probabilities, 0).t();
  d.text({6, 20}, "wrong, and sure of it", "start strong");
  uword place = 0;
  for (const uword sample : worstMistakes(test, probabilities, 16)) {
    const Point corner{6 + 84.0 * double(place % 4), 44 + 100.0 * double(place / 4)};
    tile(d, corner, test.image(sample), 68);
    d.text(corner + Point{34, 81}, {{numeral(test.labels(sample)), "strong"},
                                    {" not ", "muted"},
                                    {numeral(double(answers(sample))), "red strong"}});
    ++place;
  }

  const mat seven = test.image(0);
  const std::vector<mat> filters = filtersOf(weights.at("conv1.weight"));
  const cube maps = mapsOf(filters, weights.at("conv1.bias"), seven);
  double largest = 0;
  for (const mat& filter : filters)
    largest = std::max(largest, arma::abs(filter).max());
  const double left = 376;
  d.text({left, 20}, "ten filters look at a seven", "start strong");
  tile(d, {left, 44}, seven, 112);
  d.text({left + 128, 74}, "positive", "start red strong");
  d.text({left + 128, 100}, "negative", "start blue strong");
  d.text({left + 128, 126}, "what they see", "start");
  for (uword k = 0; k < filters.size(); ++k) {
    const Point corner{left + 60.0 * double(k % 5), 180 + 132.0 * double(k / 5)};
    for (const double sign : {1.0, -1.0})
      d.shades(corner, arma::clamp(sign * filters[k] / largest, 0, 1), 18,
               sign > 0 ? "red" : "blue");
    d.box(corner, 54, 54, "rule-line thin", 3);
    tile(d, corner + Point{0, 58}, maps.slice(k), 54);
  }
  return d;
}

}  // namespace

Drawings trained() {
  const auto weights = resultsFolder("09_winograd") / "weights.safetensors";
  if (!std::filesystem::exists(weights)) return {};
  return {{"trained", leftBehind(loadTensors(weights).tensors)}};
}

}  // namespace cnn::figures
