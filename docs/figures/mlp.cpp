// SPDX-License-Identifier: MIT
#include "04_mlp/mlp.hpp"

#include "chart.hpp"
#include "figures.hpp"

#include <cmath>

namespace cnn::figures {

namespace {

constexpr double radius = 29;

// A line between two nodes, with its number on it a third of the way along.
void edge(Drawing& d, Point from, Point to, double value, const std::string& colour,
          bool back = false) {
  const double length = std::hypot(to.x - from.x, to.y - from.y);
  const auto along = [&](double way) {
    return Point{from.x + (to.x - from.x) * way / length,
                 from.y + (to.y - from.y) * way / length};
  };
  const double number = 80, gap = from.y == to.y ? 29 : 19, start = radius + 6,
               end = length - radius - 6;
  const std::string look = value == 0 && back ? "rule" : colour;
  if (back) {
    d.line({along(end), along(number + gap)}, look + "-line");
    d.arrow({along(number - gap), along(start)}, look);
  } else {
    d.line({along(start), along(number - gap)}, look + "-line");
    d.arrow({along(number + gap), along(end)}, look);
  }
  d.text(along(number), numeral(value), "orange strong");
}

// A number, and where it comes from beside it, above or below.
void node(Drawing& d, Point at, double value, const Look& look, const Runs& beside = {},
          double side = -1) {
  d.circle(at, radius, look.box);
  d.text(at,
         value == 0.5    ? "½"
         : value == -0.5 ? "−½"
                         : numeral(value),
         look.number + " strong");
  if (!beside.empty()) d.text(at + Point{0, side * (radius + 18)}, beside);
}

Drawing network222() {
  Drawing d(640, 704, "A network of two inputs, two hidden units, two classes",
            "Forward, numbers go along the arrows, each times the weight on it. "
            "Backward, the errors go the other way; behind the unit that was off "
            "nothing is learned.");
  Random random(1);
  MLP network({2, 2, 2}, random, Start::Xavier, Activation::relu);
  network.layers() = {{{{1, 1}, {1, -1}}, {0, 0}}, {{{2, 1}, {0, -1}}, {0, 6}}};
  const auto passes = network.feedForward(arma::vec{1, 2});
  const Labels labels = {0};
  const Gradients gradients = network.feedBackward(passes, labels);
  const mat w1 = network.layers()[0].w, w2 = network.layers()[1].w;
  const mat z1 = passes[1].z, a1 = passes[1].a, z2 = passes[2].z, p = passes[2].a;
  const mat delta1 = gradients[0].b, delta2 = gradients[1].b;
  const mat reached = w2.t() * delta2;  // dJ/da of the hidden units

  const auto at = [](double column, uword row, double top) {
    return Point{40 + 190 * column, top + 160 * double(row)};
  };
  const double there = 108, back = 470;
  for (uword i = 0; i < 2; ++i)
    for (uword j = 0; j < 2; ++j) {
      edge(d, at(0, j, there), at(1, i, there), w1(i, j), "muted");
      edge(d, at(1, j, there), at(2, i, there), w2(i, j), a1(j) > 0 ? "muted" : "rule");
      edge(d, at(0, j, back), at(1, i, back), gradients[0].w(i, j), "red", true);
      edge(d, at(1, j, back), at(2, i, back), gradients[1].w(i, j), "red", true);
    }
  for (uword i = 0; i < 2; ++i) {
    const double side = i == 0 ? -1 : 1;
    const bool on = a1(i) > 0;
    const double bias = network.layers()[1].b(i);
    node(d, at(0, i, there), passes[0].a(i), full("blue"));
    node(d, at(1, i, there), a1(i), on ? full("green") : frame(),
         {{"relu ", "muted"}, {numeral(z1(i))}}, side);
    node(d, at(2, i, there), z2(i), soft("green"),
         {{"bias ", "muted"}, {numeral(bias), "orange strong"}}, side);
    d.arrow({at(2, i, there) + Point{radius + 6, 0}, at(2.68, i, there)});
    node(d, at(2.86, i, there), p(i), full("green"),
         {{i == 0 ? "softmax" : "", "muted"}});

    node(d, at(0, i, back), passes[0].a(i), soft("blue"));
    node(d, at(1, i, back), delta1(i), on ? full("red") : frame(),
         {{numeral(reached(i)), "red"}, {" · slope ", "muted"}, {on ? "1" : "0"}},
         side);
    node(d, at(2, i, back), delta2(i), full("red"), {{i == 0 ? "p − y" : "", "muted"}});
    d.arrow({at(2.66, i, back), at(2, i, back) + Point{radius + 6, 0}}, "red");
    d.text(at(2.86, i, back), i == labels(0) ? "½ − 1" : "½ − 0", "red");
  }
  d.text({16, 24}, {{"forward: ", "strong"}, {"weights on the arrows", "muted"}},
         "start");
  d.text({16, 382},
         {{"backward: ", "strong"}, {"their gradients on the arrows", "muted"}},
         "start");
  return d;
}

Drawing activations() {
  Drawing d(
      640, 330, "Two activations and their slopes",
      "The logistic function bends everywhere, and its slope is never more than a "
      "quarter. ReLU is 0 to the left and z to the right; its slope is 0 or 1.");
  const auto of = [](const auto& g) {
    return [=](double z) { return g(mat(1, 1, arma::fill::value(z)))(0); };
  };
  const auto say = [](double v) { return v == 0.25 ? "¼" : numeral(v); };
  const Chart left{d, {40, 70}, 260, 210, {-6, 6}, {0, 1}};
  left.ticks({-6, 0, 6}, {0, 0.25, 1}, say);
  left.curve(of(logistic<mat>), "green-line thick");
  left.curve(of(logisticSlope<mat>), "red-line thick");
  d.text({170, 24}, "logistic", "strong");
  d.text(left.at(3.4, 0.84), "g", "green strong large");
  d.text(left.at(3, 0.14), "g'", "red strong large");
  const Chart right{d, {364, 70}, 260, 210, {-3, 3}, {0, 3}};
  right.ticks({-3, 0, 3}, {0, 1, 3}, say);
  right.curve(of(relu<mat>), "green-line thick");
  right.curve({{-3, 0}, {0, 0}}, "red-line thick dashed");
  right.curve({{0, 1}, {3, 1}}, "red-line thick");
  d.text({494, 24}, "ReLU", "strong");
  d.text(right.at(1.7, 2.4), "g", "green strong large");
  d.text(right.at(2.6, 0.68), "g'", "red strong large");
  return d;
}

}  // namespace

Drawings mlp() {
  return {{"network_222", network222()},
          {"activations", activations()},
          {"curve", trainingCurve("docs/logs/04_curve.csv")}};
}

}  // namespace cnn::figures
