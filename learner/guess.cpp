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

double largest(const cube& x) {
  double most = 0;
  for (const double value : x)
    if (std::isfinite(value)) most = std::max(most, std::abs(value));
  return most;
}

/// The same numbers, but for `allowed`. NaN agrees with NaN.
bool near(const cube& a, const cube& b, double allowed) {
  return arma::size(a) == arma::size(b) &&
         std::equal(a.begin(), a.end(), b.begin(), [&](double x, double y) {
           return x == y || (std::isnan(x) && std::isnan(y)) ||
                  std::abs(x - y) <= allowed;
         });
}

/// Suspects name all parts of an answer, or one without a name for the only one. What is
/// allowed comes from the right answer as well: a mistake may leave rounding errors only.
bool matches(const Parts& suspect, const Wrong& one) {
  const Parts &right = *one.book->answer, &mine = *one.mine->answer;
  if (suspect.size() != mine.size()) return false;
  for (std::size_t k = 0; k < mine.size(); ++k) {
    const double most = std::max(largest(suspect[k].numbers),
                                 k < right.size() ? largest(right[k].numbers) : 0);
    if (!near(suspect[k].numbers, mine[k].numbers, one.book->tolerance * most))
      return false;
  }
  return true;
}

std::string knownSuspect(const std::vector<Wrong>& all,
                         const std::vector<Wrong>& wrong) {
  for (const Suspected& suspect : wrong[0].book->suspects) {
    const bool fits = std::all_of(all.begin(), all.end(), [&](const Wrong& one) {
      const Parts* parts = suspected(*one.book, suspect.mistake);
      return !parts || matches(*parts, one);
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

/// Nothing but rounding errors of zero.
bool isZero(const Pair& pair) {
  const cube& x = pair.given->numbers;
  return !x.is_empty() && !x.has_nan() &&
         arma::abs(x).max() <= pair.book->tolerance * largest(pair.expected->numbers);
}

/// An answer that does not ask what it was given.
bool isConstant(const std::vector<Wrong>& all) {
  const Parts& first = *all[0].mine->answer;
  const bool zero = std::all_of(first.begin(), first.end(), [](const Part& part) {
    return part.numbers.is_zero();
  });
  return !zero && all.size() > 2 &&
         std::all_of(all.begin(), all.end(), [&](const Wrong& one) {
           return agree(first, *one.mine->answer, 0);
         });
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

/// Whether there are numbers that no sum of ours makes: what memory held before.
bool isUnset(const Pair& pair) {
  return std::any_of(pair.given->numbers.begin(), pair.given->numbers.end(),
                     [](double x) { return x != 0 && std::abs(x) < 1e-300; });
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
  if (always([](const Pair& pair) {
        const cube &a = pair.given->numbers, &e = pair.expected->numbers;
        return a.n_rows == a.n_cols && e.n_rows != e.n_cols;
      }))
    return "as many rows as columns: one direction is counted by the other's size";
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
  return near(book, mine, tolerance * largest(book));
}

bool agree(const Parts& book, const Parts& mine, double tolerance) {
  return book.size() == mine.size() &&
         std::equal(book.begin(), book.end(), mine.begin(),
                    [&](const Part& a, const Part& b) {
                      return agree(a.numbers, b.numbers, tolerance);
                    });
}

std::string guess(const std::vector<Wrong>& all, const std::vector<Wrong>& wrong) {
  if (std::string words = knownSuspect(all, wrong); !words.empty()) return words;
  if (isConstant(all)) return "always the same answer, whatever comes in";
  std::vector<Pair> apart = pairs(wrong);
  std::erase_if(apart, [](const Pair& pair) { return !pair.apart; });
  if (apart.empty()) return "";
  if (std::any_of(apart.begin(), apart.end(), isUnset))
    return "numbers that nobody has set: what memory held before stands there";
  if (std::all_of(apart.begin(), apart.end(), isZero))
    return "zero everywhere: nothing was stored, or nothing was added";
  if (std::string words = microscope(apart); !words.empty()) return words;
  if (std::string words = inCommon(apart); !words.empty()) return words;
  // Of the case that is shown, where there are too many numbers for chance.
  const std::string here = inCommon({apart[0]});
  return here.empty() || apart[0].expected->numbers.n_elem < 4 ? "" : "here " + here;
}

std::string guessThrown(const std::string& what) {
  const auto says = [&](const char* words) { return what.find(words) != what.npos; };
  if (says("too large") || says("bad_alloc"))
    return "a size that is huge: below zero a uword begins again at its largest number";
  if (says("out of bounds"))
    return "an index or a part of a matrix runs over its rim: it reaches beyond what "
           "is "
           "there. Is it counted from 0, are rows and columns in their order?";
  if (says("multiplication") && !says("element-wise"))
    return "a product whose left side has not as many columns as its right side has "
           "rows: is one of them to be transposed, or to stand on the other side?";
  if (says("size is fixed") || says("copy into") || says("requested size"))
    return "two sizes do not fit: what is stored in a part of a matrix must have that "
           "part's shape";
  if (says("incompatible") || says("mismatch"))
    return "two sizes do not fit each other: two things of different shape that were "
           "to "
           "be one";
  return "";
}

}  // namespace cnn::learner
