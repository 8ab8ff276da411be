// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Charts of what was measured: logs of docs/logs, axes and curves.

#include "drawing.hpp"

namespace cnn::figures {

/// A file of this repository.
std::string readText(const std::string& path);
/// The rows of a CSV file of this repository, without its comments and its head.
std::vector<std::vector<std::string>> readLog(const std::string& path);

/// From the values of an axis to its length.
struct Scale {
  double low, high;
  bool logarithmic = false;

  double share(double value) const;
};
inline Scale logarithmic(double low, double high) { return {low, high, true}; }

/// A field with a value to the right and one upwards.
struct Chart {
  Drawing& d;
  Point corner;
  double width, height;
  Scale x, y;

  Point at(double right, double up) const {
    return corner + Point{width * x.share(right), height * (1 - y.share(up))};
  }
  /// Lines across at some heights, with their numbers, and numbers below.
  void ticks(const std::vector<double>& below, const std::vector<double>& beside,
             const std::function<std::string(double)>& say) const;
  void curve(const std::vector<Point>& points, const std::string& look) const;
  void curve(const std::function<double(double)>& f, const std::string& look) const;
  /// A mark for each point.
  void marks(const std::vector<Point>& points, const std::string& look,
             double radius = 5) const;
};

/// Accuracies and cost, epoch by epoch, of a log of a training.
Drawing trainingCurve(const std::string& path);

/// 108500 as 108,500.
std::string grouped(double value);
/// 1e-10 as 10⁻¹⁰.
std::string power(double value);

}  // namespace cnn::figures
