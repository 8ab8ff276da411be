// SPDX-License-Identifier: MIT
#include "common/checking/microscope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cnn {
namespace {

using arma::mat;
using arma::span;
using arma::uword;

using Lines = std::vector<std::string>;

/// A block of text, all lines of one length, for blocks stand side by side: a title,
/// and under it the numbers in columns of one width.
Lines block(const std::string& title, const mat& numbers, double zeroBelow) {
  const auto word = [&](double number) -> std::string {
    if (std::isnan(number)) return "-";
    return std::abs(number) <= zeroBelow ? "0" : fmt::format("{:.4g}", number);
  };
  std::size_t width = 0;
  for (const double number : numbers) width = std::max(width, word(number).size());
  const std::size_t line =
      std::max<std::size_t>(title.size(), numbers.n_cols * (width + 1));
  Lines lines{fmt::format("{:{}}", title, line)};
  for (uword row = 0; row < numbers.n_rows; ++row) {
    lines.emplace_back();
    for (uword column = 0; column < numbers.n_cols; ++column)
      lines.back() += fmt::format("{:>{}} ", word(numbers(row, column)), width);
    lines.back().resize(line, ' ');
  }
  return lines;
}

/// Where a window of at most 6 that holds `centre` starts and ends in 0..size-1.
span windowAround(uword centre, uword size) {
  const uword width = std::min<uword>(6, size);
  const uword first = std::min(centre - std::min<uword>(centre, 3), size - width);
  return span(first, first + width - 1);
}

/// Adds a line without the spaces at its end.
void addLine(std::string& text, const std::string& line) {
  text += "  " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string magnify(const Specimen& specimen, uword row, uword column, uword slice) {
  const span rows = windowAround(row, specimen.x.n_rows);
  const span columns = windowAround(column, specimen.x.n_cols);
  const mat a = specimen.analytic.slice(slice)(rows, columns);
  const mat n = specimen.numeric.slice(slice)(rows, columns);
  const double zeroBelow = 1e-8 * std::max(arma::abs(specimen.analytic).max(),
                                           arma::abs(specimen.numeric).max());
  mat ratio = a / n;
  ratio.elem(arma::find(arma::abs(n) <= zeroBelow)).fill(arma::datum::nan);

  const Lines blocks[] = {block("analytic", a, zeroBelow),
                          block("numeric", n, zeroBelow), block("ratio", ratio, 0)};
  std::string text =
      fmt::format("slice {} of {}, rows {}-{}, columns {}-{}\n", slice,
                  specimen.x.n_slices, rows.a, rows.b, columns.a, columns.b);
  if (blocks[0][0].size() + blocks[1][0].size() + blocks[2][0].size() <= 80)
    for (std::size_t line = 0; line < blocks[0].size(); ++line)
      addLine(text, fmt::format("{}  {}  {}", blocks[0][line], blocks[1][line],
                                blocks[2][line]));
  else
    for (const Lines& lines : blocks)
      for (const std::string& line : lines) addLine(text, line);
  return text;
}

}  // namespace cnn
