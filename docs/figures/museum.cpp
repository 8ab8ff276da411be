// SPDX-License-Identifier: MIT
#include "chart.hpp"
#include "figures.hpp"

#include <algorithm>
#include <cmath>

namespace cnn::figures {

namespace {

// What a mistake costs in accuracy, over what the gradient check says to it.
Drawing mistakes() {
  Drawing d(640, 620, "Mistakes by their gradient error and by what they cost",
            "Each dot is a network with a mistake in it: to the right, the error that "
            "the gradient check finds; down, the accuracy that the mistake costs. Most "
            "dots are at the top, as good as the correct network, and at the right, "
            "where the check objects.");
  // Points of accuracy lost; one lost point and ten want as much room as ten and a hundred.
  const auto depth = [](double lost) {
    return -std::copysign(std::log2(1 + std::abs(lost)), lost);
  };
  const double tolerance = 1e-6, refused = 200;
  const Chart chart{
      d, {70, 84}, 550, 440, logarithmic(3e-11, 1e3), {depth(95), depth(-6)}};
  const auto at = [&](double error, double lost) {
    return chart.at(error, depth(lost));
  };

  const Point top = at(chart.x.low, -2), end = at(chart.x.high, 2);
  d.box(top, end.x - top.x, end.y - top.y, "green-soft", 4);
  d.text({at(3e-4, 0).x, top.y + 22}, "as good as correct", "green");
  d.text({16, 24}, "points of accuracy, against the correct network", "start muted");
  for (const double lost : {0.0, 5.0, 20.0, 80.0})
    d.text(at(chart.x.low, lost) + Point{-10, 0}, lost == 0 ? "0" : numeral(-lost),
           "end muted");
  d.line({at(tolerance, -6), at(tolerance, 95)}, "muted-line thin dashed");
  d.text(at(3e-9, -6), "passes", "blue strong");
  d.text(at(1e-3, -6), "fails", "red strong");
  for (const double error : {1e-10, 1e-6, 1e-2, 1.0})
    d.text(at(error, 95) + Point{0, 26}, power(error), "muted");
  d.text(at(refused, 95) + Point{0, 26}, "refused", "muted");
  d.text({345, 592}, "error of the gradient check", "muted");

  // Some by their names, and at which loss the name stands.
  const std::map<std::string, double> named = {{"missing-flip", 5.4},
                                               {"kernel-turned", 8.5},
                                               {"stride-ignored", 14},
                                               {"label-off-by-one", 85}};
  for (const auto& row : readLog("tests/museum/museum.csv")) {
    if (row.at(2) == "-") continue;  // no network runs it
    const double error = std::min(std::stod(row[3]), refused);
    const double lost = std::stod(row[5]) - std::max(std::stod(row[4]), 0.0);
    if (const auto name = named.find(row[0]); name != named.end()) {
      const Point place = at(0.08, name->second);
      d.line({place + Point{6, 0}, at(error, lost)}, "rule-line");
      d.text(place, row[0], "end");
    }
    const bool fails = !(error <= tolerance);
    d.circle(at(error, lost), 6, fails ? "red red-line thin" : "blue-soft blue-line");
  }
  return d;
}

}  // namespace

Drawings museum() { return {{"museum", mistakes()}}; }

}  // namespace cnn::figures
