// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Charts, drawn by gnuplot to a .png or .svg file.
/// Without gnuplot nothing is drawn, a line on the error stream says so,
/// and the program goes on.

#include <armadillo>

#include <filesystem>
#include <string>
#include <vector>

namespace cnn {

/// A named line: y over x.
struct Curve {
  std::string name = {};
  std::vector<double> x = {}, y = {};
  bool secondAxis = false;  ///< drawn against the axis on the right
  bool points = false;      ///< a mark at each value, and no line
};

/// What stands around the curves.
struct Chart {
  std::string title = {}, xLabel = {}, yLabel = {};
  std::string yLabelRight = {};  ///< of the second axis; empty for none
  bool logX = false, logY = false;
  std::vector<Curve> curves = {};
};

/// Draws the chart; true when the file was written
/// (whole: an older one stays as it is when drawing fails).
/// Values that are no finite number are left out.
/// @throws InputError when the name ends neither in .png nor in .svg
/// @throws std::invalid_argument: no curve, or one of no or unequally many x and y
/// @throws std::runtime_error naming the path when it cannot be written
bool plot(const std::filesystem::path& path, const Chart& chart);

/// The same in characters for the terminal (gnuplot's "dumb" terminal),
/// "" when it cannot be drawn.
std::string plotInTerminal(const Chart& chart, int columns = 72, int rows = 20);

/// A square matrix of counts (rows: truth, columns: answer) as a table with the numbers
/// in the cells: right answers in shades of blue; mistakes, which are far fewer, in
/// shades of orange on a scale of their own. Files and errors as for plot().
bool plotConfusion(const std::filesystem::path& path, const arma::umat& counts,
                   const std::string& title);

}  // namespace cnn
