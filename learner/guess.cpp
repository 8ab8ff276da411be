// SPDX-License-Identifier: MIT
#include "guess.hpp"

#include "common/checking/microscope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cnn::learner {
namespace {

using arma::cube;
using arma::mat;
using arma::uword;

/// A suspect's numbers in every case that names it, or nothing.
const Parts* suspected(const Case& book, const std::string& mistake) {
  for (const Suspected& suspect : book.suspects)
    if (suspect.mistake == mistake) return &suspect.parts;
  return nullptr;
}

/// Suspects name all parts of an answer, or one without a name for the only one.
bool matches(const Parts& suspect, const Parts& mine, double tolerance) {
  return suspect.size() == mine.size() &&
         std::equal(suspect.begin(), suspect.end(), mine.begin(),
                    [&](const Part& a, const Part& b) {
                      return agree(a.numbers, b.numbers, tolerance);
                    });
}

std::string knownSuspect(const std::vector<Wrong>& all,
                         const std::vector<Wrong>& wrong) {
  for (const Suspected& suspect : wrong[0].book->suspects) {
    const bool fits = std::all_of(all.begin(), all.end(), [&](const Wrong& one) {
      const Parts* parts = suspected(*one.book, suspect.mistake);
      return !parts || matches(*parts, *one.mine->answer, one.book->tolerance);
    });
    if (fits) return suspect.mistake;
  }
  return "";
}

/// Parts that differ, the book's beside the reader's.
struct Pair {
  const Case* book;
  const Part* expected;
  const Part* given;
  bool apart;
};

std::vector<Pair> pairs(const std::vector<Wrong>& cases) {
  std::vector<Pair> found;
  for (const auto& [book, mine] : cases)
    for (std::size_t k = 0; k < std::min(book->answer->size(), mine->answer->size());
         ++k) {
      const Part &expected = (*book->answer)[k], &given = (*mine->answer)[k];
      found.push_back({book, &expected, &given,
                       !agree(expected.numbers, given.numbers, book->tolerance)});
    }
  return found;
}

/// The microscope's words for who reads an early chapter: of a gradient that was measured,
/// and without what only later chapters know.
std::string inPlainWords(std::string guess) {
  constexpr std::pair<const char*, const char*> words[] = {
      {"the numeric's", "the measured gradient's"},
      {"the numeric", "the measured gradient"},
      {"the factor g' is missing (the ReLU mask)",
       "a factor is missing that is 0 there"},
      {": the order of flatten", ""}};
  for (const auto& [from, to] : words)
    if (const auto at = guess.find(from); at != guess.npos)
      guess.replace(at, std::string(from).size(), to);
  return guess;
}

/// The gradient microscope on the largest gradient that is wrong.
std::string microscope(const std::vector<Pair>& apart) {
  std::string best;
  uword size = 0;
  for (const Pair& pair : apart)
    for (const auto& [part, x, numeric] : pair.book->slopes) {
      if (part != pair.expected->name || x.n_elem <= size ||
          arma::size(pair.given->numbers) != arma::size(x))
        continue;
      size = x.n_elem;
      best = guessCause({x, pair.given->numbers, numeric});
    }
  return inPlainWords(best);
}

// ---- what numbers have in common -----------------------------------------------------

/// Whether a change of the expected numbers gives the reader's, in this pair.
using Change = cube (*)(const cube&);

cube negated(const cube& x) { return -x; }
cube turned(const cube& x) {
  cube other = x;
  other.each_slice([](mat& slice) { slice = arma::fliplr(arma::flipud(slice)); });
  return other;
}
cube transposed(const cube& x) {
  cube other(x.n_cols, x.n_rows, x.n_slices);
  for (uword k = 0; k < x.n_slices; ++k) other.slice(k) = x.slice(k).t();
  return other;
}
cube doubled(const cube& x) { return 2 * x; }
cube halved(const cube& x) { return x / 2; }

constexpr std::pair<Change, const char*> changes[] = {
    {negated, "every number has the other sign"},
    {turned, "it is turned by 180 degrees: a flip too many or too few"},
    {transposed, "rows and columns are swapped"},
    {doubled, "every number is twice as large"},
    {halved, "every number is half as large"}};

bool changedBy(Change change, const Pair& pair) {
  return agree(change(pair.expected->numbers), pair.given->numbers,
               pair.book->tolerance);
}

/// A copied input: the numbers of something that was given.
std::string copied(const std::vector<Pair>& apart) {
  for (const Part& input : apart[0].book->given) {
    const bool always = std::all_of(apart.begin(), apart.end(), [&](const Pair& pair) {
      const auto& inputs = pair.book->given;
      return std::any_of(inputs.begin(), inputs.end(), [&](const Part& other) {
        return other.name == input.name &&
               agree(other.numbers, pair.given->numbers, pair.book->tolerance);
      });
    });
    if (always && input.numbers.n_elem > 1) return input.name + " came back as it was";
  }
  return "";
}

bool sameNumbers(const Pair& pair) {
  const arma::vec a = arma::sort(arma::vectorise(pair.expected->numbers));
  const arma::vec b = arma::sort(arma::vectorise(pair.given->numbers));
  return a.n_elem > 1 && a.n_elem == b.n_elem && !a.has_nan() && !b.has_nan() &&
         arma::abs(a - b).max() <= pair.book->tolerance * arma::abs(a).max();
}

/// analytic(r, c) = expected(r + down, c + right) wherever both exist.
bool isShifted(const Pair& pair, int down, int right) {
  const cube &a = pair.given->numbers, &e = pair.expected->numbers;
  if (arma::size(a) != arma::size(e)) return false;
  const int height = static_cast<int>(a.n_rows) - std::abs(down);
  const int width = static_cast<int>(a.n_cols) - std::abs(right);
  if (height < 1 || width < 1 || height * width < 2) return false;
  const auto part = arma::size(uword(height), uword(width), a.n_slices);
  const auto from = [](int shift) { return uword(std::max(0, shift)); };
  const cube e1 = e.subcube(from(down), from(right), 0, part);
  return arma::abs(e1).max() > 0 &&
         agree(e1, cube(a.subcube(from(-down), from(-right), 0, part)),
               pair.book->tolerance);
}

bool isZero(const Pair& pair) {
  return !pair.given->numbers.is_empty() && pair.given->numbers.is_zero();
}

std::string shifted(const std::vector<Pair>& apart) {
  for (int down = -2; down <= 2; ++down)
    for (int right = -2; right <= 2; ++right)
      if (std::all_of(apart.begin(), apart.end(),
                      [&](const Pair& pair) { return isShifted(pair, down, right); }))
        return fmt::format("it is shifted by ({}, {}): an index off by one", -down,
                           -right);
  return "";
}

std::string inCommon(const std::vector<Pair>& apart) {
  const auto always = [&](auto&& holds) {
    return std::all_of(apart.begin(), apart.end(), holds);
  };
  const auto same = [](const Pair& pair) {
    return arma::size(pair.expected->numbers) == arma::size(pair.given->numbers);
  };
  if (!always([](const Pair& pair) { return !pair.given->numbers.is_empty(); }))
    return "";
  for (const auto& [change, words] : changes)
    if (always([&](const Pair& pair) { return changedBy(change, pair); })) return words;
  if (std::string words = copied(apart); !words.empty()) return words;
  if (std::string words = shifted(apart); !words.empty()) return words;
  if (!always(same)) return "";
  if (always(sameNumbers)) return "the numbers are right, their places are not";
  if (always([](const Pair& pair) {
        const cube &a = pair.given->numbers, &e = pair.expected->numbers;
        const arma::ucube apartAt = arma::abs(a - e) > 1e-9 * arma::abs(e).max();
        const auto count = arma::accu(apartAt);  // of NaNs none is
        return count > 0 && arma::accu(apartAt % (a == 0)) == count;
      }))
    return "zero where a number belongs: something was passed over, or overwritten";
  return "";
}

}  // namespace

bool agree(const cube& book, const cube& mine, double tolerance) {
  if (arma::size(book) != arma::size(mine)) return false;
  double largest = 0;
  for (const double value : book)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  return std::equal(book.begin(), book.end(), mine.begin(), [&](double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b)) ||
           std::abs(a - b) <= tolerance * largest;
  });
}

bool agree(const Parts& book, const Parts& mine, double tolerance) {
  return matches(book, mine, tolerance);
}

std::string guess(const std::vector<Wrong>& all, const std::vector<Wrong>& wrong) {
  if (std::string words = knownSuspect(all, wrong); !words.empty()) return words;
  std::vector<Pair> apart = pairs(wrong);
  std::erase_if(apart, [](const Pair& pair) { return !pair.apart; });
  if (apart.empty()) return "";
  if (std::all_of(apart.begin(), apart.end(), isZero))
    return "zero everywhere: nothing was stored, or nothing was added";
  if (std::string words = microscope(apart); !words.empty()) return words;
  return inCommon(apart);
}

std::string guessThrown(const std::string& what) {
  const auto says = [&](const char* words) { return what.find(words) != what.npos; };
  if (says("too large") || says("bad_alloc"))
    return "a size that is huge: below zero a uword begins again at its largest number";
  if (says("out of bounds"))
    return "an index or a window that reaches beyond what it reads or writes";
  if (says("incompatible") || says("mismatch") || says("requested size") ||
      says("size is fixed"))
    return "two sizes do not fit each other";
  return "";
}

}  // namespace cnn::learner
