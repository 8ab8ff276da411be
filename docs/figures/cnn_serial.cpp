// SPDX-License-Identifier: MIT
#include "05_cnn_serial/cnn.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

// Where a brick owns an activation, its slope.
std::string slopeOf(Activation g) {
  return g == Activation::relu ? "· g'(z)" : g == Activation::softmax ? "p − y" : "";
}

Drawing bricks() {
  Drawing d(640, 820, "The network as bricks",
            "Each brick hands an activation on, down the left side, and an error back, "
            "up the right side. The error is multiplied by the slope of the brick that "
            "owns the activation; pooling and flatten own none.");
  serial::CNNClassifier network = serial::mnistNetwork();
  network.init(1);
  const serial::Image image(28, 28, 1, arma::fill::ones);
  const auto passes = network.feedForward(image);
  const auto shape = [](const cube& a) {
    return a.n_cols == 1 ? fmt::format("{}", a.n_rows)
                         : fmt::format("{} x {} x {}", a.n_rows, a.n_cols, a.n_slices);
  };
  constexpr double left = 200, width = 240, height = 56, step = 116, there = 120,
                   back = 520;
  const auto middle = [](std::size_t l) { return 46 + height / 2 + step * double(l); };
  const auto brick = [&](std::size_t l, const std::string& look, const Runs& name,
                         const cube& out) {
    d.box({left, middle(l) - height / 2}, width, height, look, 12);
    d.text({left + width / 2, middle(l)}, name, "strong");
    if (l < network.depth())
      d.text({left + width / 2, middle(l) + step / 2}, shape(out), "muted");
  };
  d.text({there, 24}, "forward", "green strong");
  d.text({back, 24}, "backward", "red strong");
  brick(0, "blue-soft blue-line thin", {{"image"}}, image);
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const bool learns = network.layer(l - 1).parameterCount() > 0;
    brick(l, learns ? "orange-soft orange-line thin" : "panel rule-line thin",
          {{network.layerName(l - 1)}}, passes[l - 1].a);
    // From brick to brick, round the corners.
    d.arrow({{left - 12, middle(l - 1) + 12},
             {there, middle(l - 1) + 12},
             {there, middle(l) - 12},
             {left - 8, middle(l) - 12}},
            "green");
    d.text({there - 14, middle(l) - step / 2}, l == 1 ? "x" : "a", "end green strong");
    if (l == 1) continue;
    d.arrow({{left + width + 12, middle(l) - 12},
             {back, middle(l) - 12},
             {back, middle(l - 1) + 12},
             {left + width + 8, middle(l - 1) + 12}},
            "red");
    d.text({back + 14, middle(l) - step / 2}, "dJ/da", "start red strong");
  }
  for (std::size_t l = 1; l <= network.depth(); ++l) {
    const std::string slope = slopeOf(network.layer(l - 1).activation);
    if (slope.empty()) continue;
    if (l == network.depth())  // here the error begins
      d.arrow({{back, middle(l) + 12}, {left + width + 8, middle(l) + 12}}, "red");
    d.box({back - 48, middle(l) - 6}, 96, 36, "red red-line thin", 18);
    d.text({back, middle(l) + 12}, slope, "paper strong");
  }
  return d;
}

Drawing flatten() {
  Drawing d(640, 420, "The order of flatten",
            "Flatten goes through the channels one after the other and each of them "
            "row by row, as files and PyTorch do. In Armadillo's memory each channel "
            "lies column by column.");
  cube x(2, 3, 2);
  for (uword c = 0; c < 2; ++c)
    x.slice(c) = arma::reshape(arma::regspace(1, 6) + 6.0 * double(c), 3, 2).t();
  serial::FlattenLayer layer;
  layer.connect({.rows = 2, .columns = 3, .channels = 2});
  const mat line = layer.forward(x).a.slice(0).t();
  const mat memory(x.memptr(), 1, x.n_elem);
  // A colour for each row, deeper in the first channel.
  const auto look = [](double value) {
    return value < 4    ? full("blue")
           : value < 7  ? half("blue")
           : value < 10 ? soft("blue")
                        : plain();
  };
  const auto looks = [&](const mat& values) {
    return [&](uword i, uword j) { return look(values(i, j)); };
  };
  for (uword c = 0; c < 2; ++c) {
    const double left = 128 + 240 * double(c);
    d.text({left + 72, 24}, fmt::format("channel {}", c), "blue strong");
    d.cells({left, 48}, x.slice(c), looks(x.slice(c)));
  }
  d.text({20, 200},
         {{"flatten: ", "strong"}, {"channel by channel, row by row", "muted"}},
         "start");
  d.cells({20, 224}, line, looks(line), 50);
  d.text({20, 332},
         {{"in memory: ", "strong"}, {"channel by channel, column by column", "muted"}},
         "start");
  d.cells({20, 356}, memory, looks(memory), 50);
  return d;
}

}  // namespace

Drawings cnnSerial() { return {{"bricks", bricks()}, {"flatten", flatten()}}; }

}  // namespace cnn::figures
