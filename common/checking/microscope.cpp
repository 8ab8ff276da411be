// SPDX-License-Identifier: MIT
#include "common/checking/microscope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace cnn {
namespace {

using arma::mat;
using arma::span;
using arma::uword;

using Lines = std::vector<std::string>;

/// A block of text: a title, and under it the numbers in columns of one width.
Lines block(const std::string& title, const mat& numbers, double zeroBelow) {
  std::size_t width = 0;
  std::vector<Lines> words(numbers.n_rows);
  for (uword row = 0; row < numbers.n_rows; ++row)
    for (uword column = 0; column < numbers.n_cols; ++column) {
      const double number = numbers(row, column);
      words[row].push_back(std::isnan(number) ? "-"
                           : std::abs(number) <= zeroBelow
                               ? "0"
                               : fmt::format("{:.4g}", number));
      width = std::max(width, words[row].back().size());
    }
  Lines lines{title};
  for (const Lines& row : words) {
    lines.emplace_back();
    for (const std::string& word : row)
      lines.back() += fmt::format("{:>{}} ", word, width);
  }
  std::size_t widest = 0;
  for (const std::string& line : lines) widest = std::max(widest, line.size());
  for (std::string& line : lines)
    line.resize(widest, ' ');  // blocks stand side by side
  return lines;
}

/// Where a window of at most 6 that holds `centre` starts and ends in 0..size-1.
span windowAround(uword centre, uword size) {
  const uword width = std::min<uword>(6, size);
  const uword first = std::min(centre - std::min<uword>(centre, 3), size - width);
  return span(first, first + width - 1);
}

std::string withoutTrailingSpaces(const std::string& text) {
  std::string trimmed;
  for (const char c : text) {
    if (c == '\n') trimmed.erase(trimmed.find_last_not_of(' ') + 1);
    trimmed += c;
  }
  return trimmed;
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

  Lines blocks[] = {block("analytic", a, zeroBelow), block("numeric", n, zeroBelow),
                    block("ratio", ratio, 0)};
  std::string text =
      fmt::format("slice {} of {}, rows {}-{}, columns {}-{}\n", slice,
                  specimen.x.n_slices, rows.a, rows.b, columns.a, columns.b);
  const std::size_t width =
      blocks[0][0].size() + blocks[1][0].size() + blocks[2][0].size();
  if (width <= 80) {
    for (std::size_t line = 0; line < blocks[0].size(); ++line)
      text += fmt::format("  {}  {}  {}\n", blocks[0][line], blocks[1][line],
                          blocks[2][line]);
  } else {
    for (const Lines& lines : blocks)
      for (const std::string& line : lines) text += fmt::format("  {}\n", line);
  }
  return withoutTrailingSpaces(text);
}

}  // namespace cnn
