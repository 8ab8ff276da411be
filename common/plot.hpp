// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Charts, drawn by gnuplot to a .png or .svg file. Without gnuplot nothing is drawn, a
/// line on the error stream says so, and the program goes on.

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
};

/// What stands around the curves.
struct Chart {
  std::string title = {}, xLabel = {}, yLabel = {};
  std::string yLabelRight = {};  ///< of the second axis; empty for none
  bool logX = false, logY = false;
  std::vector<Curve> curves = {};
};

/// Draws the chart; true when the file was written (to a temporary name, then renamed).
/// @throws InputError when the name ends neither in .png nor in .svg
bool plot(const std::filesystem::path& path, const Chart& chart);

/// The same in characters for the terminal (gnuplot's "dumb" terminal), "" without
/// gnuplot.
std::string plotInTerminal(const Chart& chart, int columns = 72, int rows = 20);

/// A matrix of counts (rows: truth, columns: answer) as a table with a colour scale and
/// the numbers written in the cells.
bool plotConfusion(const std::filesystem::path& path, const arma::umat& counts,
                   const std::string& title);

}  // namespace cnn
