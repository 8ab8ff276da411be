// SPDX-License-Identifier: MIT
/// @file
/// BOOK MINE [HOW IT ENDED]: compares two records of an exercise, and shows on a part of a
/// screen what is wrong. It is made of common/ alone, so no mistake of the reader's can
/// reach it. Exit status: 0 right, 1 wrong, 3 not written, 4 the records do not fit.

#include "common/checking/microscope.hpp"
#include "guess.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace cnn::learner {
namespace {

using arma::cube;
using arma::mat;
using arma::span;
using arma::uword;
using Lines = std::vector<std::string>;

constexpr std::size_t width = 80;
constexpr uword most = 6;  ///< rows and columns that are shown of a matrix

std::string shapeOf(const cube& x) {
  if (x.n_slices == 1) return fmt::format("{} x {}", x.n_rows, x.n_cols);
  return fmt::format("{} x {} x {}", x.n_rows, x.n_cols, x.n_slices);
}

/// Numbers in columns under a title; those to be marked stand in [ ].
Lines block(const std::string& title, const mat& numbers,
            const arma::umat& marked = {}) {
  const auto word = [](double x) {
    return std::isnan(x) ? "nan" : fmt::format("{:.5g}", x == 0 ? 0 : x);
  };
  std::size_t widest = 1;
  for (const double x : numbers) widest = std::max(widest, word(x).size());
  Lines lines{title};
  for (uword i = 0; i < numbers.n_rows; ++i) {
    std::string line;
    for (uword j = 0; j < numbers.n_cols; ++j) {
      const bool mark = !marked.is_empty() && marked(i, j);
      line += fmt::format("{:>{}}{}", (mark ? "[" : " ") + word(numbers(i, j)),
                          widest + 2, mark ? "]" : " ");
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

/// Blocks beside each other, on the next lines where the screen ends.
void print(const std::vector<Lines>& blocks) {
  std::size_t first = 0;
  while (first < blocks.size()) {
    std::size_t end = first, used = 0, height = 0;
    while (end < blocks.size() &&
           (end == first || used + blocks[end][0].size() + 3 <= width)) {
      used += blocks[end][0].size() + 3;
      height = std::max(height, blocks[end].size());
      ++end;
    }
    for (std::size_t line = 0; line < height; ++line) {
      std::string text;
      for (std::size_t k = first; k < end; ++k)
        text += " " +
                (line < blocks[k].size() ? blocks[k][line]
                                         : std::string(blocks[k][0].size(), ' ')) +
                "  ";
      fmt::print("{}\n", trimmed(text));
    }
    first = end;
  }
}

/// Scalars on a line, small matrices side by side, of large ones the size.
void printGiven(const Parts& given) {
  Lines scalars;
  std::vector<Lines> blocks;
  for (const auto& [name, x] : given)
    if (x.n_elem == 1)
      scalars.push_back(fmt::format("{} = {:.6g}", name, x(0)));
    else if (x.n_rows > most || x.n_cols > most || x.n_slices > 2)
      scalars.push_back(fmt::format("{}: {}", name, shapeOf(x)));
    else
      for (uword k = 0; k < x.n_slices; ++k)
        blocks.push_back(block(
            x.n_slices == 1 ? name : fmt::format("{}, slice {}", name, k), x.slice(k)));
  if (blocks.size() > 4) {
    for (const auto& [name, x] : given)
      if (x.n_elem > 1 && x.n_rows <= most && x.n_cols <= most && x.n_slices <= 2)
        scalars.push_back(fmt::format("{}: {}", name, shapeOf(x)));
    blocks.clear();
  }
  if (!scalars.empty()) fmt::print(" {}\n", fmt::join(scalars, ", "));
  print(blocks);
}

/// Where a window of at most `most` that holds `centre` starts and ends in 0..size-1.
span windowAround(uword centre, uword size) {
  const uword shown = std::min(most, size);
  const uword first = std::min(centre - std::min<uword>(centre, 3), size - shown);
  return span(first, first + shown - 1);
}

/// Expected and given, side by side, around the first number that is wrong.
void printApart(const Part& expected, const Part& given, double tolerance) {
  const cube &e = expected.numbers, &g = given.numbers;
  const std::string name = expected.name;
  if (arma::size(e) != arma::size(g)) {
    fmt::print(" {} should be {}, yours is {}\n", name, shapeOf(e), shapeOf(g));
    if (e.n_rows <= most && e.n_cols <= most && g.n_rows <= most && g.n_cols <= most &&
        !e.is_empty() && !g.is_empty())
      print(
          {block(name + " expected", e.slice(0)), block(name + " yours", g.slice(0))});
    return;
  }
  arma::ucube wrong(arma::size(e));
  double largest = 0;
  for (const double value : e)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  for (uword i = 0; i < e.n_elem; ++i)
    wrong(i) = !(e(i) == g(i) || (std::isnan(e(i)) && std::isnan(g(i))) ||
                 std::abs(e(i) - g(i)) <= tolerance * largest);
  const uword first = wrong.index_max();
  const arma::uvec at = arma::ind2sub(arma::size(e), first);
  const uword k = at(2);
  const span rows = windowAround(at(0), e.n_rows),
             columns = windowAround(at(1), e.n_cols);
  const bool all = e.n_rows <= most && e.n_cols <= most;
  const std::string where =
      (e.n_slices == 1 ? "" : fmt::format(", slice {} of {}", k, e.n_slices)) +
      (all ? ""
           : fmt::format(", rows {}-{}, columns {}-{}", rows.a, rows.b, columns.a,
                         columns.b));
  if (e.n_elem > 1 && !where.empty()) fmt::print(" {}{}\n", name, where);
  print({block(name + " expected", e.slice(k)(rows, columns)),
         block(name + " yours", g.slice(k)(rows, columns),
               wrong.slice(k)(rows, columns))});
  if (e.n_elem > 1)
    fmt::print(" {} of {} wrong; the first, at row {}, column {}: ", arma::accu(wrong),
               e.n_elem, at(0), at(1));
  fmt::print(
      " expected {:.10g}, yours {:.10g}\n (allowed: {:.0e} of the largest number)\n",
      e(first), g(first), tolerance);
}

/// Why there is no answer, when there is none, and to which inputs.
int printMissing(const Case& book, const Case& mine, const std::string& ended) {
  fmt::print("With {}: {}\n", book.title,
             !mine.threw.empty() ? "your function stopped with: " + mine.threw
             : ended.empty()     ? "no answer came"
                                 : ended);
  printGiven(book.given);
  const std::string words = guessThrown(mine.threw);
  if (!words.empty()) fmt::print("It looks like: {}\n", words);
  return 1;
}

bool sameInputs(const Case& book, const Case& mine) {
  return book.title == mine.title && book.given.size() == mine.given.size() &&
         std::equal(book.given.begin(), book.given.end(), mine.given.begin(),
                    [](const Part& a, const Part& b) {
                      return a.name == b.name && agree(a.numbers, b.numbers, 0);
                    });
}

int judge(const std::vector<Case>& book, const std::vector<Case>& mine,
          const std::string& ended) {
  std::vector<Wrong> all, wrong;
  for (std::size_t n = 0; n < book.size(); ++n) {
    if (n >= mine.size() || (!mine[n].answer && !ended.empty())) {
      if (wrong.empty())
        return printMissing(book[n], n < mine.size() ? mine[n] : Case{}, ended);
      break;
    }
    if (!sameInputs(book[n], mine[n]) || !book[n].answer) {
      fmt::print("the records do not fit: case {}, {}\n", n, book[n].title);
      return 4;
    }
    if (mine[n].notWritten) return 3;
    if (!mine[n].answer) {
      if (!wrong.empty()) continue;
      return printMissing(book[n], mine[n], ended);
    }
    all.push_back({&book[n], &mine[n]});
    if (!agree(*book[n].answer, *mine[n].answer, book[n].tolerance))
      wrong.push_back(all.back());
  }
  if (wrong.empty()) {
    fmt::print("{} cases, all right\n", book.size());
    return 0;
  }
  const auto& [expected, given] = wrong[0];
  fmt::print("With {}:\n", expected->title);
  printGiven(expected->given);
  for (std::size_t k = 0; k < expected->answer->size(); ++k) {
    const Part& part = (*expected->answer)[k];
    if (k >= given->answer->size()) {
      fmt::print(" {} is missing\n", part.name);
      break;
    }
    if (agree(part.numbers, (*given->answer)[k].numbers, expected->tolerance)) continue;
    printApart(part, (*given->answer)[k], expected->tolerance);
    break;
  }
  if (wrong.size() < book.size())
    fmt::print(" {} of {} cases are wrong\n", wrong.size(), book.size());
  const std::string words = guess(all, wrong);
  if (!words.empty()) fmt::print("It looks like: {}\n", words);
  return 1;
}

}  // namespace
}  // namespace cnn::learner

int main(int argc, char** argv) {
  using namespace cnn::learner;
  try {
    if (argc < 3) throw std::runtime_error("usage: BOOK MINE [HOW IT ENDED]");
    return judge(readRecord(argv[1]), readRecord(argv[2]), argc > 3 ? argv[3] : "");
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 4;
  }
}
