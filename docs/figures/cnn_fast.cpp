// SPDX-License-Identifier: MIT
#include "08_cnn_fast/conv.hpp"
#include "figures.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>

namespace cnn::figures {

namespace {

Drawing registerTile() {
  constexpr int f = 5, sums = 9, pixels = sums - 1 + f, lit = 6;
  Drawing d(640, 530, "A row of nine sums in registers",
            "Nine outputs of a row need five weights and thirteen pixels. Each weight "
            "meets nine pixels, and most pixels meet five weights, while all nine sums "
            "stay in registers.");
  constexpr double cell = 44, left = 34;
  d.text({left, 24}, fmt::format("{} pixels of a row", pixels), "start blue strong");
  d.cells(
      {left, 46}, 1, pixels,
      [](uword, uword j) { return j == lit ? full("blue") : soft("blue"); },
      [](uword, uword j) { return Runs{{numeral(double(j))}}; }, cell);
  const double top = 150, grid = left + 2 * cell;
  d.text({left, top - 22}, fmt::format("{} weights", f), "start orange strong");
  d.cells(
      {left, top}, f, 1, all(soft("orange")),
      [](uword i, uword) {
        return Runs{{"w"}, {numeral(double(i))}};
      },
      cell);
  d.cells(
      {grid, top}, f, sums,
      [](uword v, uword k) { return v + k == lit ? full("blue") : plain(); },
      [](uword v, uword k) { return Runs{{numeral(double(v + k))}}; }, cell);
  for (int v = 0; v < f; ++v)
    d.text({grid - cell / 2, top + cell * (v + 0.5)}, "·", "muted large");
  const double registers = top + f * cell + 34;
  d.text({grid - 14, registers + cell / 2}, "+", "end muted large");
  const Cells z = d.cells(
      {grid, registers}, 1, sums, all(full("green")),
      [](uword, uword k) {
        return Runs{{"z"}, {numeral(double(k))}};
      },
      cell);
  d.window(z, 0, 0, 1, sums, "ink", 3);
  d.text(z.below() + Point{0, 30}, fmt::format("{} sums that stay in registers", sums),
         "green strong");
  d.text({320, 510}, {{numeral(f + pixels), "strong"},
                      {" numbers fetched, ", "muted"},
                      {numeral(f * sums), "strong"},
                      {" multiply-adds", "muted"}});
  return d;
}

// stage,samples_per_second behind a head, and lines that begin with #.
std::vector<std::pair<std::string, double>> ladderLog() {
  std::ifstream file(CNN_SOURCE_DIR "/docs/logs/ladder.csv");
  std::vector<std::pair<std::string, double>> rungs;
  for (std::string line; std::getline(file, line);)
    if (const auto comma = line.find(','); std::isdigit(line[0]) && comma != line.npos)
      rungs.emplace_back(line.substr(0, comma), std::stod(line.substr(comma + 1)));
  return rungs;
}

// 108500 -> 108,500
std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t place = digits.size(); place > 3; place -= 3)
    digits.insert(place - 3, ",");
  return digits;
}

Drawing ladder() {
  const std::map<std::string, std::string> names = {{"05", "one at a time"},
                                                    {"06", "matrix products"},
                                                    {"07", "packs"},
                                                    {"08", "registers"},
                                                    {"09", "Winograd"}};
  const auto rungs = ladderLog();
  Drawing d(
      640, 80 + 84 * double(rungs.size()), "Samples a second, stage by stage",
      "A training step of the same network, in samples a second, on a logarithmic "
      "scale: each stage against the one before it.");
  const double left = 20, width = 470, step = 84;
  const auto at = [&](double speed) {
    return left + width * std::log10(speed / 1e3) / std::log10(150);
  };
  double y = 10, before = 0;
  for (const auto& [stage, speed] : rungs) {
    d.text({left, y + 14}, {{stage + "  ", "strong"}, {names.at(stage), "muted"}},
           "start");
    d.box({left, y + 32}, at(speed) - left, 36, stage == "09" ? "green" : "blue");
    if (before == 0) {
      d.text({at(speed) + 12, y + 50}, grouped(speed), "start strong");
    } else {
      d.text({at(speed) - 12, y + 50}, grouped(speed), "end paper strong");
      d.text({at(speed) + 12, y + 50}, fmt::format("{:.1f} times", speed / before),
             "start muted");
    }
    before = speed;
    y += step;
  }
  d.line({{at(1e3), y}, {at(1.4e5), y}}, "rule-line");
  for (const double tick : {1e3, 1e4, 1e5}) {
    d.line({{at(tick), y}, {at(tick), y + 8}}, "rule-line");
    d.text({at(tick), y + 26}, grouped(tick), tick == 1e3 ? "start muted" : "muted");
  }
  d.text({620, y + 26}, "a second", "end muted");
  return d;
}

}  // namespace

Drawings cnnFast() { return {{"register_tile", registerTile()}, {"ladder", ladder()}}; }

}  // namespace cnn::figures
