// SPDX-License-Identifier: MIT
#include "common/checking/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cnn {
namespace {

using arma::cube;
using arma::mat;
using arma::span;
using arma::uword;

/// Numbers nearer than this are taken for equal: far above the noise of a central
/// difference, far below what a mistake makes of a gradient.
double limit(const Specimen& s) {
  return std::max(1e-5 * arma::abs(s.numeric).max(),
                  1e-9 * arma::abs(s.analytic).max());
}

bool near(const cube& a, const cube& b, double distance) {
  return arma::abs(a - b).max() <= distance;
}

/// One table entry: the guess in words when it explains the numbers, else "".
using Hypothesis = std::string (*)(const Specimen&);

std::string knownSuspect(const Specimen& s) {
  for (const Suspect& suspect : s.suspects)
    if (arma::size(suspect.gradient) == arma::size(s.analytic) &&
        near(s.analytic, suspect.gradient, limit(s)))
      return "equals the one with " + suspect.name;
  return "";
}

std::string costIgnoresX(const Specimen& s) {
  return arma::abs(s.numeric).max() <= limit(s)
             ? "the cost never changed: does it read this x, or a copy?"
             : "";
}

std::string sign(const Specimen& s) {
  return near(-s.analytic, s.numeric, limit(s)) ? "ratio -1: the sign" : "";
}

std::string constantRatio(const Specimen& s) {
  const double ratio =
      arma::accu(s.analytic % s.numeric) / arma::accu(s.numeric % s.numeric);
  if (s.x.n_elem < 2 || std::abs(ratio) < 1e-4) return "";  // or anything is a ratio
  if (!near(s.analytic / ratio, s.numeric, limit(s))) return "";
  const auto is = [&](double r) { return std::abs(ratio / r - 1) < 1e-4; };
  const double m = static_cast<double>(s.samples);
  if (m > 1 && is(m)) return fmt::format("ratio constant = m = {}: sum for mean", m);
  if (m > 1 && is(1 / m))
    return fmt::format("ratio constant = 1/m = 1/{}: mean for sum, or divided twice",
                       m);
  if (is(2)) return "ratio 2: the half in lambda/2, or a factor counted twice";
  if (is(0.5))
    return "ratio 0.5: the half in lambda/2, or a term counted once of twice";
  if (const double k = std::round(ratio); k > 2 && is(k))
    return fmt::format(
        "ratio constant = {}: sum for mean, if that is a number of things", k);
  if (const double k = std::round(1 / ratio); k > 2 && is(1 / k))
    return fmt::format("ratio constant = 1/{}: mean for sum, or divided twice", k);
  return fmt::format("ratio constant = {:.4g}: one factor is wrong", ratio);
}

std::string oneScalar(const Specimen& s) {
  if (s.x.n_elem < 2) return "";
  const auto all = [&](double value) {
    return near(s.analytic, cube(arma::size(s.x)).fill(value), limit(s));
  };
  const double sum = arma::accu(s.numeric);
  if (all(sum) || all(sum / static_cast<double>(s.x.n_elem)))
    return "one scalar for all, the sum or mean of the numeric: a bias summed over the "
           "wrong axis";
  return "";
}

std::string wrongAxis(const Specimen& s) {
  for (const uword axis : {0u, 1u}) {
    cube spread(arma::size(s.x));
    for (uword k = 0; k < s.x.n_slices; ++k) {
      const mat sum = arma::sum(s.numeric.slice(k), axis);
      spread.slice(k) = axis == 0 ? mat(arma::repmat(sum, s.x.n_rows, 1))
                                  : mat(arma::repmat(sum, 1, s.x.n_cols));
    }
    const double count = static_cast<double>(axis == 0 ? s.x.n_rows : s.x.n_cols);
    if (count > 1 && (near(s.analytic, spread, limit(s)) ||
                      near(s.analytic, spread / count, limit(s))))
      return fmt::format(
          "every {} holds one number, the sum or mean of the numeric's: "
          "summed over the wrong axis",
          axis == 0 ? "column" : "row");
  }
  return "";
}

std::string turned(const Specimen& s) {
  cube other = s.numeric;
  other.each_slice([](mat& slice) { slice = arma::fliplr(arma::flipud(slice)); });
  if (!near(s.analytic, other, limit(s))) return "";
  return "equals the numeric turned by 180 degrees: a flip missing or one too many";
}

std::string transposed(const Specimen& s) {
  if (s.x.n_rows != s.x.n_cols) return "";
  cube other = s.numeric;
  other.each_slice([](mat& slice) { slice = mat(slice.t()); });
  return near(s.analytic, other, limit(s)) ? "equals the numeric transposed" : "";
}

std::string clipped(const Specimen& s) {
  const double c = arma::abs(s.analytic).max();
  const auto cut = arma::accu(arma::abs(arma::abs(s.analytic) - c) <= 1e-12 * c);
  if (cut < 2 || c <= limit(s)) return "";
  return near(s.analytic, arma::clamp(s.numeric, -c, c), limit(s))
             ? fmt::format("cut off at +-{:.4g}: clipped; a clip is not a gradient", c)
             : "";
}

std::string penalty(const Specimen& s) {
  const double squares = arma::accu(s.x % s.x);
  if (s.x.n_elem < 3 || squares == 0) return "";  // two numbers always lie on a line
  const double factor = arma::accu((s.analytic - s.numeric) % s.x) / squares;
  if (!near(s.analytic - factor * s.x, s.numeric, limit(s))) return "";
  return fmt::format("{} {:.4g} times x: the L2 term lambda w is {}",
                     factor < 0 ? "lacks" : "has too much", std::abs(factor),
                     factor < 0 ? "missing" : "there twice, or missing in the cost");
}

/// analytic(r, c) = numeric(r + down, c + right) wherever both exist.
bool isShifted(const Specimen& s, int down, int right) {
  const int height = static_cast<int>(s.x.n_rows) - std::abs(down);
  const int width = static_cast<int>(s.x.n_cols) - std::abs(right);
  if (height < 1 || width < 1 || height * width < 4) return false;  // might be chance
  const auto part = [&](const cube& from, int row, int column) -> cube {
    return from(span(uword(row), uword(row + height - 1)),
                span(uword(column), uword(column + width - 1)), span::all);
  };
  const cube a = part(s.analytic, std::max(0, -down), std::max(0, -right));
  const cube n = part(s.numeric, std::max(0, down), std::max(0, right));
  return arma::abs(n).max() > limit(s) && near(a, n, limit(s));
}

std::string shifted(const Specimen& s) {
  for (int down = -3; down <= 3; ++down)
    for (int right = -3; right <= 3; ++right)
      if (isShifted(s, down, right))
        return fmt::format(
            "equals the numeric shifted by ({}, {}): an index off by "
            "one, or padding cut off at the wrong corner",
            -down, -right);
  return "";
}

/// The wrong entries: how many, and how many of them are zero in one gradient or the
/// other.
struct Wrong {
  uword count = 0, analyticZero = 0, numericZero = 0;
};

Wrong countWrong(const Specimen& s) {
  Wrong wrong;
  const double equal = limit(s);
  for (uword i = 0; i < s.x.n_elem; ++i) {
    if (std::abs(s.analytic(i) - s.numeric(i)) <= equal) continue;
    ++wrong.count;
    wrong.analyticZero += s.analytic(i) == 0;
    wrong.numericZero += std::abs(s.numeric(i)) <= equal;
  }
  return wrong;
}

std::string mask(const Specimen& s) {
  const Wrong wrong = countWrong(s);
  if (wrong.numericZero < wrong.count) return "";
  return "wrong exactly where the numeric is 0: the factor g' is missing (the ReLU "
         "mask)";
}

std::string lost(const Specimen& s) {
  const Wrong wrong = countWrong(s);
  if (wrong.analyticZero < wrong.count) return "";
  return "zero where the numeric is not: the stride, a path not propagated, or "
         "overwritten instead of added";
}

std::string oneEntry(const Specimen& s) {  // of two, either might be the odd one
  return s.x.n_elem > 2 && countWrong(s).count == 1 ? "one entry alone is wrong" : "";
}

std::string border(const Specimen& s) {
  if (countWrong(s).count == 1) return "";
  for (uword frame = 1; 2 * frame < std::min(s.x.n_rows, s.x.n_cols); ++frame) {
    const span rows(frame, s.x.n_rows - 1 - frame);
    const span columns(frame, s.x.n_cols - 1 - frame);
    const cube a = s.analytic(rows, columns, span::all);
    const cube n = s.numeric(rows, columns, span::all);
    if (arma::abs(n).max() > limit(s) && near(a, n, limit(s)))
      return fmt::format("only the border differs, {} wide: padding", frame);
  }
  return "";
}

std::string channelOrder(const Specimen& s) {
  for (uword i = 0; i < s.x.n_slices; ++i) {
    bool found = false;
    for (uword k = 0; k < s.x.n_slices && !found; ++k)
      found = arma::abs(s.analytic.slice(i) - s.numeric.slice(k)).max() <= limit(s);
    if (!found) return "";
  }
  return "the same slices in another order: channels permuted";
}

std::string otherOrder(const Specimen& s) {
  const arma::vec a = arma::sort(arma::vectorise(s.analytic));
  const arma::vec n = arma::sort(arma::vectorise(s.numeric));
  return arma::abs(a - n).max() <= limit(s)
             ? "the same numbers in other places: the order of flatten"
             : "";
}

/// From the most particular to the least: the first that fits is the guess.
constexpr Hypothesis hypotheses[] = {
    knownSuspect, costIgnoresX, sign,         constantRatio, oneScalar, wrongAxis,
    turned,       transposed,   clipped,      penalty,       shifted,   mask,
    lost,         border,       channelOrder, otherOrder,    oneEntry};

}  // namespace

std::string guessCause(const Specimen& specimen) {
  if (near(specimen.analytic, specimen.numeric, limit(specimen))) return "";
  for (const Hypothesis hypothesis : hypotheses)
    if (std::string guess = hypothesis(specimen); !guess.empty()) return guess;
  return "";
}

}  // namespace cnn
