// SPDX-License-Identifier: MIT
#include "chart.hpp"

#include "common/data/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <sstream>

namespace cnn::figures {

namespace fs = std::filesystem;

std::string readText(const std::string& path) {
  const auto bytes = readFile(fs::path(CNN_SOURCE_DIR) / path);
  return {bytes.begin(), bytes.end()};
}

std::vector<std::vector<std::string>> readLog(const std::string& path) {
  std::istringstream file(readText(path));
  std::vector<std::vector<std::string>> rows;
  bool head = true;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream cells(line);
    std::vector<std::string> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    if (!head) rows.push_back(row);
    head = false;
  }
  return rows;
}

double Scale::share(double value) const {
  return logarithmic ? std::log(value / low) / std::log(high / low)
                     : (value - low) / (high - low);
}

void Chart::ticks(const std::vector<double>& below, const std::vector<double>& beside,
                  const std::function<std::string(double)>& say) const {
  for (const double up : beside) {
    d.line({at(x.low, up), at(x.high, up)}, "rule-line thin");
    d.text(at(x.low, up) + Point{-10, 0}, say(up), "end muted");
  }
  for (const double right : below)
    d.text(at(right, y.low) + Point{0, 24}, say(right), "muted");
}

void Chart::curve(const std::vector<Point>& points, const std::string& look) const {
  std::vector<Point> places;
  for (const auto& [right, up] : points) places.push_back(at(right, up));
  d.line(places, look);
}

void Chart::curve(const std::function<double(double)>& f,
                  const std::string& look) const {
  std::vector<Point> points;
  for (int i = 0; i <= 120; ++i) {
    const double right = x.low + (x.high - x.low) * i / 120;
    points.push_back({right, f(right)});
  }
  curve(points, look);
}

void Chart::marks(const std::vector<Point>& points, const std::string& look,
                  double radius) const {
  for (const auto& [right, up] : points) d.circle(at(right, up), radius, look);
}

Drawing trainingCurve(const std::string& path) {
  std::vector<Point> cost, train, test;
  for (const auto& row : readLog(path)) {  // epoch, cost, accuracies, seconds
    const double epoch = std::stod(row.at(0));
    cost.push_back({epoch, std::stod(row.at(1))});
    train.push_back({epoch, std::stod(row.at(2))});
    test.push_back({epoch, std::stod(row.at(3))});
  }
  const double last = cost.back().x, worst = std::min(train[0].y, test[0].y);
  const auto percent = [](double value) { return fmt::format("{:g} %", value); };
  Drawing d(640, 520, "A network learns",
            "Above, the accuracy on training and test images, epoch by epoch; below, "
            "the cost.");
  const double floor = 2 * std::floor(worst / 2), step = floor < 90 ? 4 : 2;
  const Chart above{d, {84, 20}, 430, 280, {1, last}, {floor, 100}};
  std::vector<double> lines;
  for (double line = 100; line >= floor; line -= step) lines.push_back(line);
  above.ticks({}, lines, percent);
  above.curve(train, "blue-line thick");
  above.curve(test, "orange-line thick");
  const bool trainAbove = train.back().y > test.back().y;
  d.text(above.at(last, train.back().y) + Point{12, trainAbove ? -8.0 : 12.0},
         "training", "start blue strong");
  d.text(above.at(last, test.back().y) + Point{12, trainAbove ? 12.0 : -8.0}, "test",
         "start orange strong");
  const Chart below{d, {84, 340}, 430, 110, {1, last}, {0, cost[0].y}};
  below.ticks({1, std::round((1 + last) / 2), last}, {0, cost[0].y},
              [](double value) { return fmt::format("{:.2g}", value); });
  below.curve(cost, "green-line thick");
  d.text(below.at(last, cost.back().y) + Point{12, 0}, "cost", "start green strong");
  d.text({299, 502}, "epoch", "muted");
  return d;
}

std::string grouped(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t place = digits.size(); place > 3; place -= 3)
    digits.insert(place - 3, ",");
  return digits;
}

std::string power(double value) {
  constexpr std::array digits = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const int exponent = static_cast<int>(std::lround(std::log10(value)));
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent)))
    text += digits.at(static_cast<std::size_t>(digit - '0'));
  return text;
}

}  // namespace cnn::figures
