// SPDX-License-Identifier: MIT
#include "blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace cnn::learner {
namespace {

using arma::mat;
using arma::uword;

/// The words of a matrix in columns of one width, brackets around those to be marked.
Lines columns(const std::string& title, uword rows, uword count,
              const std::function<std::string(uword, uword)>& word,
              const arma::umat& marked = {}) {
  std::size_t widest = 1;
  for (uword i = 0; i < rows; ++i)
    for (uword j = 0; j < count; ++j) widest = std::max(widest, word(i, j).size());
  Lines lines{title};
  for (uword i = 0; i < rows; ++i) {
    std::string line;
    for (uword j = 0; j < count; ++j) {
      const bool mark = !marked.is_empty() && marked(i, j);
      line += fmt::format("{:>{}}{}", (mark ? "[" : " ") + word(i, j), widest + 2,
                          mark ? "]" : " ");
    }
    lines.push_back(line);
  }
  std::size_t longest = 0;
  for (const std::string& line : lines) longest = std::max(longest, line.size());
  for (std::string& line : lines) line.resize(longest, ' ');
  return lines;
}

std::string trimmed(const std::string& line) {
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

/// How many blocks from `first` on fit beside each other.
std::size_t beside(const std::vector<Lines>& blocks, std::size_t first) {
  std::size_t end = first, used = 0;
  while (end < blocks.size() &&
         (end == first || used + blocks[end][0].size() + 3 <= width))
    used += blocks[end++][0].size() + 3;
  return end - first;
}

/// How many lines the tallest of them takes.
std::size_t tallest(const std::vector<Lines>& blocks, std::size_t first,
                    std::size_t count) {
  std::size_t lines = 0;
  for (std::size_t k = first; k < first + count; ++k)
    lines = std::max(lines, blocks[k].size());
  return lines;
}

}  // namespace

Lines block(const std::string& title, const mat& numbers, const arma::umat& marked) {
  const auto word = [&](uword i, uword j) {
    const double x = numbers(i, j);
    return std::isnan(x) ? "nan" : fmt::format("{:.5g}", x == 0 ? 0 : x);
  };
  return columns(title, numbers.n_rows, numbers.n_cols, word, marked);
}

Lines ratios(const std::string& title, const mat& above, const mat& below) {
  const double zeroBelow = 1e-8 * arma::abs(below).max();
  const auto word = [&](uword i, uword j) {
    const double ratio = above(i, j) / below(i, j);
    return std::abs(below(i, j)) > zeroBelow
               ? fmt::format("{:.3g}", ratio == 0 ? 0 : ratio)
               : "-";
  };
  return columns(title, below.n_rows, below.n_cols, word);
}

std::size_t height(const std::vector<Lines>& blocks) {
  std::size_t lines = 0;
  for (std::size_t first = 0, count = 0; first < blocks.size(); first += count) {
    count = beside(blocks, first);
    lines += tallest(blocks, first, count);
  }
  return lines;
}

bool inOneRow(const std::vector<Lines>& blocks) {
  return beside(blocks, 0) == blocks.size();
}

void print(const std::vector<Lines>& blocks) {
  for (std::size_t first = 0, count = 0; first < blocks.size(); first += count) {
    count = beside(blocks, first);
    for (std::size_t line = 0; line < tallest(blocks, first, count); ++line) {
      std::string text;
      for (std::size_t k = first; k < first + count; ++k)
        text += " " +
                (line < blocks[k].size() ? blocks[k][line]
                                         : std::string(blocks[k][0].size(), ' ')) +
                "  ";
      fmt::print("{}\n", trimmed(text));
    }
  }
}

void printWords(const Lines& words) {
  std::string line;
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (!line.empty() && line.size() + words[k].size() + 2 > width) {
      fmt::print("{}\n", line);
      line.clear();
    }
    line += " " + words[k] + (k + 1 < words.size() ? "," : "");
  }
  if (!line.empty()) fmt::print("{}\n", line);
}

}  // namespace cnn::learner
