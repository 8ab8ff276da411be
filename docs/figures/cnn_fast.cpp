// SPDX-License-Identifier: MIT
#include "08_cnn_fast/conv.hpp"
#include "chart.hpp"
#include "common/core/require.hpp"
#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <sstream>

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

Drawing ladder() {
  const std::map<std::string, std::string> names = {{"05", "one at a time"},
                                                    {"06", "matrix products"},
                                                    {"07", "packs"},
                                                    {"08", "registers"},
                                                    {"09", "Winograd"}};
  auto rungs = readLog("docs/logs/ladder.csv");  // stage, samples a second
  std::erase_if(rungs, [&](const auto& row) { return !names.contains(row.at(0)); });
  const double left = 20, step = 84, bottom = 10 + step * double(rungs.size());
  Drawing d(
      640, bottom + 46, "Samples a second, stage by stage",
      "A training step of the same network, in samples a second, on a logarithmic "
      "scale: each stage against the one before it.");
  const Chart chart{d, {left, 0}, 470, bottom, logarithmic(1e3, 1.5e5), {0, 1}};
  double y = 10, before = 0;
  for (const auto& row : rungs) {
    const double speed = std::stod(row.at(1)), end = chart.at(speed, 0).x;
    d.text({left, y + 14}, {{row[0] + "  ", "strong"}, {names.at(row[0]), "muted"}},
           "start");
    d.box({left, y + 32}, end - left, 36, row[0] == "09" ? "green" : "blue");
    if (before == 0) {
      d.text({end + 12, y + 50}, grouped(speed), "start strong");
    } else {
      d.text({end - 12, y + 50}, grouped(speed), "end paper strong");
      d.text({end + 12, y + 50}, fmt::format("{:.1f} times", speed / before),
             "start muted");
    }
    before = speed;
    y += step;
  }
  d.line({{left, bottom}, {left + chart.width, bottom}}, "rule-line");
  for (const double tick : {1e3, 1e4, 1e5}) {
    const Point at = chart.at(tick, 0);
    d.line({at, at + Point{0, 8}}, "rule-line");
    d.text(at + Point{0, 26}, grouped(tick), tick == 1e3 ? "start muted" : "muted");
  }
  d.text({620, bottom + 26}, "a second", "end muted");
  return d;
}

// Where the name of a group of kernels stands, in operations a byte and GFLOPS.
struct Group {
  std::string prefix, name, colour;
  Point label;
};

Drawing roofline() {
  const std::string log = readText("docs/logs/roofline.txt");
  std::smatch found;
  cnn::require(
      std::regex_search(log, found,
                        std::regex(R"((\d+) GFLOPS in single.*memory ([\d.]+) GB/s)")),
      "docs/logs/roofline.txt: no line names the peak and the memory");
  const double peak = std::stod(found[1]), memory = std::stod(found[2]);
  Drawing d(640, 560, "Kernels under the roof of one core",
            "How fast each kernel computes, over how many operations it does for each "
            "byte that it moves: a roof that rises to the peak of the core. Most "
            "kernels of stage 08 lie on it, Winograd's above.");
  const Chart chart{d, {64, 50}, 556, 430, logarithmic(1, 100), logarithmic(30, 1000)};
  chart.ticks({1, 10, 100}, {30, 100, 1000}, grouped);
  d.text({16, 20}, "GFLOPS", "start muted");
  d.text(chart.at(10, 30) + Point{0, 52}, "operations a byte", "muted");
  chart.curve({{1, memory}, {peak / memory, peak}, {100, peak}}, "ink-line thick");
  d.text(chart.at(100, peak) + Point{0, -20},
         {{"peak ", "muted"}, {grouped(peak), "strong"}}, "end");
  d.text(chart.at(1.25, memory) + Point{26, 12},
         {{numeral(memory), "strong"}, {" GB/s", "muted"}}, "start");
  const std::vector<Group> groups = {
      {"conv2 Winograd", "conv2, Winograd", "green", {24, 800}},
      {"conv1", "conv1 + pool", "blue", {7.5, 88}},
      {"conv2", "conv2", "blue", {66, 130}},
      {"fc1", "fc1", "blue", {25, 120}},
      {"fc2", "fc2", "blue", {2.6, 520}},
      {"06", "stage 06", "orange", {1.6, 200}}};
  const std::regex row(R"((.+?)\s+([\d.]+)\s+\d+\s+([\d.]+))");
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (!std::regex_match(line, found, row)) continue;
    const std::string name = found[1];
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return name.starts_with(g.prefix);
    });
    cnn::require(group != groups.end(), "docs/logs/roofline.txt: unknown kernel {}",
                 name);
    const Point at{std::stod(found[3]), std::stod(found[2])};
    const double side = at.y > group->label.y ? -16 : 16;
    d.line({chart.at(at.x, at.y),
            chart.at(group->label.x, group->label.y) + Point{0, side}},
           group->colour + "-line thin pale");
    chart.marks({at}, group->colour, 7);
  }
  for (const auto& [prefix, name, colour, label] : groups)
    d.text(chart.at(label.x, label.y), name, colour + " strong");
  return d;
}

}  // namespace

Drawings cnnFast() {
  return {{"register_tile", registerTile()},
          {"ladder", ladder()},
          {"roofline", roofline()}};
}

}  // namespace cnn::figures
