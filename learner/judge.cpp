// SPDX-License-Identifier: MIT
/// @file
/// BOOK MINE [HOW IT ENDED]: compares two records of an exercise, and shows on a part of a
/// screen what is wrong. It is made of common/ alone, so no mistake of the reader's can
/// reach it. Exit status: 0 right, 1 wrong, 3 not written, 4 the records do not fit.

#include "blocks.hpp"
#include "guess.hpp"

#include <fmt/format.h>

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
using Blocks = std::vector<Lines>;

constexpr uword most = 6;         ///< rows and columns that are shown of a matrix
constexpr std::size_t room = 16;  ///< lines that the screen has for all of it

std::string shapeOf(const cube& x) {
  if (x.n_slices == 1) return fmt::format("{} x {}", x.n_rows, x.n_cols);
  return fmt::format("{} x {} x {}", x.n_rows, x.n_cols, x.n_slices);
}

/// The slices of an input, or none where they are too large to be read.
Blocks slices(const Part& input) {
  const auto& [name, x] = input;
  Blocks blocks;
  if (x.n_elem > 1 && x.n_rows <= most && x.n_cols <= most && x.n_slices <= 2)
    for (uword k = 0; k < x.n_slices; ++k)
      blocks.push_back(block(
          x.n_slices == 1 ? name : fmt::format("{}, slice {}", name, k), x.slice(k)));
  return blocks;
}

/// The inputs side by side, with `apart` beside or below; where that takes more than
/// `lines`, the sizes of the largest inputs in words. Prints the words.
void printGiven(const Parts& given, const Blocks& apart, std::size_t lines) {
  Blocks blocks;
  Parts shown;
  for (const Part& input : given)
    if (!slices(input).empty()) shown.push_back(input);
  const auto together = [&](bool all) {
    blocks.clear();
    for (const Part& input : shown)
      for (const Lines& slice : slices(input)) blocks.push_back(slice);
    if (all) blocks.insert(blocks.end(), apart.begin(), apart.end());
    return blocks;
  };
  const auto fits = [&] {
    return inOneRow(together(true)) ? height(blocks) <= lines
                                    : height(together(false)) + height(apart) <= lines;
  };
  while (!shown.empty() && !fits())
    shown.erase(
        std::max_element(shown.begin(), shown.end(), [](const Part& a, const Part& b) {
          return a.numbers.n_elem < b.numbers.n_elem;
        }));
  Lines words;
  for (const auto& [name, x] : given)
    if (x.n_elem == 1)
      words.push_back(fmt::format("{} = {:.10g}", name, x(0)));
    else if (std::none_of(shown.begin(), shown.end(),
                          [&](const Part& part) { return part.name == name; }))
      words.push_back(fmt::format("{}: {}", name, shapeOf(x)));
  printWords(words);
  if (inOneRow(together(true))) return print(blocks);
  print(together(false));
  print(apart);
}

/// Where a window of at most `most` that holds `centre` starts and ends in 0..size-1.
span windowAround(uword centre, uword size) {
  const uword shown = std::min(most, size);
  const uword first = std::min(centre - std::min<uword>(centre, 3), size - shown);
  return span(first, first + shown - 1);
}

/// What is seen of a part that is wrong: matrices, and the lines under them.
struct Apart {
  Blocks blocks;
  Lines below;
};

/// max |a - n| over the largest entry of both, as chapter 03 has it.
double relativeError(const cube& a, const cube& n) {
  return arma::abs(a - n).max() / std::max(arma::abs(a).max(), arma::abs(n).max());
}

/// The reader's gradient under the microscope: yours over the measured one.
void magnify(Apart& apart, const cube& given, const cube& numeric, uword k, span rows,
             span columns) {
  Blocks blocks = apart.blocks;
  blocks.push_back(ratios("yours / measured", given.slice(k)(rows, columns),
                          numeric.slice(k)(rows, columns)));
  if (numeric.n_elem > 1 && inOneRow(blocks)) apart.blocks = blocks;
  apart.below.push_back(fmt::format(
      "the gradient check finds an error of {:.2g}, right is less than 1e-06",
      relativeError(given, numeric)));
}

Apart otherShape(const std::string& name, const cube& e, const cube& g) {
  Apart apart;
  apart.below.push_back(
      fmt::format("{} should be {}, yours is {}", name, shapeOf(e), shapeOf(g)));
  if (e.n_rows <= most && e.n_cols <= most && g.n_rows <= most && g.n_cols <= most &&
      !e.is_empty() && !g.is_empty())
    apart.blocks = {block(name + " expected", e.slice(0)),
                    block(name + " yours", g.slice(0))};
  return apart;
}

/// Expected and given, side by side, around the first number that is wrong.
Apart apartOf(const Part& expected, const Part& given, const Case& book) {
  const cube &e = expected.numbers, &g = given.numbers;
  const std::string name = expected.name;
  if (arma::size(e) != arma::size(g)) return otherShape(name, e, g);
  arma::ucube wrong(arma::size(e));
  double largest = 0;
  for (const double value : e)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  for (uword i = 0; i < e.n_elem; ++i)
    wrong(i) = !(e(i) == g(i) || (std::isnan(e(i)) && std::isnan(g(i))) ||
                 std::abs(e(i) - g(i)) <= book.tolerance * largest);
  const uword first = wrong.index_max();
  const arma::uvec at = arma::ind2sub(arma::size(e), first);
  const uword k = at(2);
  const span rows = windowAround(at(0), e.n_rows),
             columns = windowAround(at(1), e.n_cols);
  const std::string slice = e.n_slices == 1 ? "" : fmt::format(", slice {}", k);
  Apart apart{{block(name + slice + " expected", e.slice(k)(rows, columns)),
               block(name + slice + " yours", g.slice(k)(rows, columns),
                     wrong.slice(k)(rows, columns))},
              {}};
  if (e.n_rows > most || e.n_cols > most)
    apart.below.push_back(fmt::format("(rows {}-{} of {}, columns {}-{} of {})", rows.a,
                                      rows.b, e.n_rows, columns.a, columns.b,
                                      e.n_cols));
  const std::string numbers =
      fmt::format("expected {:.10g}, yours {:.10g}", e(first),
                  std::isnan(g(first)) ? arma::datum::nan : g(first));
  apart.below.push_back(
      e.n_elem == 1
          ? numbers
          : fmt::format("{} of {} wrong; the first, at row {}, column {}{}: {}",
                        arma::accu(wrong), e.n_elem, at(0), at(1), slice, numbers));
  for (const auto& [part, x, numeric] : book.slopes)
    if (part == name && arma::size(numeric) == arma::size(g))
      magnify(apart, g, numeric, k, rows, columns);
  return apart;
}

/// Why there is no answer, when there is none, and to which inputs.
int printMissing(const Case& book, const Case& mine, const std::string& ended) {
  fmt::print("With {}: {}\n", book.title,
             !mine.threw.empty() ? "your function stopped with: " + mine.threw
             : ended.empty()     ? "no answer came"
                                 : ended);
  printGiven(book.given, {}, room - 6);
  const std::string words = guessThrown(mine.threw);
  if (!words.empty()) fmt::print("It looks like: {}\n", words);
  return 1;
}

/// The first part of a case that is wrong.
Apart firstApart(const Wrong& wrong) {
  const auto& [book, mine] = wrong;
  for (std::size_t k = 0; k < book->answer->size(); ++k) {
    const Part& part = (*book->answer)[k];
    if (k >= mine->answer->size()) return {{}, {part.name + " is missing"}};
    const Part& other = (*mine->answer)[k];
    if (!agree(part.numbers, other.numbers, book->tolerance))
      return apartOf(part, other, *book);
  }
  return {{},
          {fmt::format("there is more than was asked for: {} parts, expected {}",
                       mine->answer->size(), book->answer->size())}};
}

/// The first case that is wrong, with what the reader's function made of it.
/// @param count how many are wrong of all `cases`, or have no answer
void printWrong(const std::vector<Wrong>& wrong, std::size_t count, std::size_t cases,
                const std::string& words) {
  const auto& [book, mine] = wrong[0];
  Apart apart = firstApart(wrong[0]);
  std::string last =
      fmt::format("allowed: {:.0e} of the largest number", book->tolerance);
  if (count < cases)
    last = fmt::format("{} of {} cases {} wrong; {}", count, cases,
                       count == 1 ? "is" : "are", last);
  apart.below.push_back(last);
  fmt::print("With {}:\n", book->title);
  printGiven(book->given, apart.blocks, room - 4 - apart.below.size());
  for (const std::string& line : apart.below) fmt::print(" {}\n", line);
  if (!words.empty()) fmt::print("It looks like: {}\n", words);
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
  std::size_t unanswered = 0;
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
      if (wrong.empty()) return printMissing(book[n], mine[n], ended);
      ++unanswered;
      continue;
    }
    all.push_back({&book[n], &mine[n]});
    if (!agree(*book[n].answer, *mine[n].answer, book[n].tolerance))
      wrong.push_back(all.back());
  }
  if (wrong.empty()) {
    fmt::print("{} cases, all right\n", book.size());
    return 0;
  }
  printWrong(wrong, wrong.size() + unanswered, book.size(), guess(all, wrong));
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
