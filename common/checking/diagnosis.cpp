// SPDX-License-Identifier: MIT
#include "common/checking/microscope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace cnn {
namespace {

using arma::cube;
using arma::mat;
using arma::uword;

/// Numbers nearer than this are taken for equal: far above the noise of a central
/// difference, far below what a mistake makes of a gradient.
double limit(const Specimen& s) {
  return std::max(1e-5 * arma::abs(s.numeric).max(),
                  1e-9 * arma::abs(s.analytic).max());
}

bool near(const Specimen& s, const cube& a, const cube& b) {
  return arma::abs(a - b).max() <= limit(s);
}

/// Whether the analytic gradient is this one.
bool is(const Specimen& s, const cube& other) { return near(s, s.analytic, other); }

/// One table entry: the guess in words when it explains the numbers, else "".
using Hypothesis = std::string (*)(const Specimen&);

std::string knownSuspect(const Specimen& s) {
  for (const Suspect& suspect : s.suspects)
    if (arma::size(suspect.gradient) == arma::size(s.x) && is(s, suspect.gradient))
      return "equals the one with " + suspect.name;
  return "";
}

std::string costIgnoresX(const Specimen& s) {
  return arma::abs(s.numeric).max() <= limit(s)
             ? "the cost never changed: does it read this x, or a copy?"
             : "";
}

std::string sign(const Specimen& s) {
  return is(s, -s.numeric) ? "ratio -1: the sign" : "";
}

std::string constantRatio(const Specimen& s) {
  const double ratio =
      arma::accu(s.analytic % s.numeric) / arma::accu(s.numeric % s.numeric);
  if (s.x.n_elem < 2 || std::abs(ratio) < 1e-4) return "";  // or anything is a ratio
  if (!near(s, s.analytic / ratio, s.numeric)) return "";
  const auto like = [&](double r) { return std::abs(ratio / r - 1) < 1e-4; };
  const double whole = std::round(std::max(ratio, 1 / ratio));  // 7 of 7 and of 1/7
  const bool m = whole == static_cast<double>(s.samples);
  if (whole == 2 && !m && like(2))
    return "ratio 2: the half in lambda/2, or a factor counted twice";
  if (whole == 2 && !m && like(0.5))
    return "ratio 0.5: the half in lambda/2, or a term counted once of twice";
  if (whole > 1 && like(whole))
    return fmt::format("ratio constant = {}{}: sum for mean{}", m ? "m = " : "", whole,
                       m ? "" : ", if that is a number of things");
  if (whole > 1 && like(1 / whole))
    return fmt::format("ratio constant = {}1/{}: mean for sum, or divided twice",
                       m ? "1/m = " : "", whole);
  return fmt::format("ratio constant = {:.4g}: one factor is wrong", ratio);
}

std::string oneScalar(const Specimen& s) {
  const double sum = arma::accu(s.numeric);
  const auto all = [&](double value) { return is(s, 0 * s.x + value); };
  if (s.x.n_elem < 2 || !(all(sum) || all(sum / static_cast<double>(s.x.n_elem))))
    return "";
  return "one scalar for all, the sum or mean of the numeric: a bias summed over the "
         "wrong axis";
}

std::string wrongAxis(const Specimen& s) {
  for (const uword axis : {0u, 1u}) {
    cube spread = s.numeric;
    spread.each_slice([&](mat& slice) {
      const mat sum = arma::sum(slice, axis);
      slice = arma::repmat(sum, s.x.n_rows / sum.n_rows, s.x.n_cols / sum.n_cols);
    });
    const uword count = axis == 0 ? s.x.n_rows : s.x.n_cols;
    if (count > 1 && (is(s, spread) || is(s, spread / static_cast<double>(count))))
      return std::string("every ") + (axis == 0 ? "column" : "row") +
             " holds one number, the sum or mean of the numeric's: summed over the "
             "wrong axis";
  }
  return "";
}

std::string turned(const Specimen& s) {
  cube other = s.numeric;
  other.each_slice([](mat& slice) { slice = arma::fliplr(arma::flipud(slice)); });
  if (!is(s, other)) return "";
  return "equals the numeric turned by 180 degrees: a flip missing or one too many";
}

std::string transposed(const Specimen& s) {
  if (s.x.n_rows != s.x.n_cols) return "";
  cube other = s.numeric;
  other.each_slice([](mat& slice) { arma::inplace_trans(slice); });
  return is(s, other) ? "equals the numeric transposed" : "";
}

std::string clipped(const Specimen& s) {
  const double c = arma::abs(s.analytic).max();
  const auto cut = arma::accu(arma::abs(arma::abs(s.analytic) - c) <= 1e-12 * c);
  if (cut < 2 || c <= limit(s) || !is(s, arma::clamp(s.numeric, -c, c))) return "";
  return fmt::format("cut off at +-{:.4g}: clipped; a clip is not a gradient", c);
}

std::string penalty(const Specimen& s) {
  const double squares = arma::accu(s.x % s.x);
  if (s.x.n_elem < 3 || squares == 0) return "";  // two numbers always lie on a line
  const double factor = arma::accu((s.analytic - s.numeric) % s.x) / squares;
  if (!is(s, s.numeric + factor * s.x)) return "";
  return fmt::format("{} {:.4g} times x: the L2 term lambda w is {}",
                     factor < 0 ? "lacks" : "has too much", std::abs(factor),
                     factor < 0 ? "missing" : "there twice, or missing in the cost");
}

/// analytic(r, c) = numeric(r + down, c + right) wherever both exist.
bool isShifted(const Specimen& s, int down, int right) {
  const int height = static_cast<int>(s.x.n_rows) - std::abs(down);
  const int width = static_cast<int>(s.x.n_cols) - std::abs(right);
  if (height < 1 || width < 1 || height * width < 4) return false;  // might be chance
  const auto part = arma::size(uword(height), uword(width), s.x.n_slices);
  const auto from = [](int shift) { return uword(std::max(0, shift)); };
  const cube a = s.analytic.subcube(from(-down), from(-right), 0, part);
  const cube n = s.numeric.subcube(from(down), from(right), 0, part);
  return arma::abs(n).max() > limit(s) && near(s, a, n);
}

std::string shifted(const Specimen& s) {
  for (int down = -3; down <= 3; ++down)
    for (int right = -3; right <= 3; ++right)
      if (isShifted(s, down, right))
        return fmt::format("equals the numeric shifted by ({}, {}): ", -down, -right) +
               "an index off by one, or padding cut off at the wrong corner";
  return "";
}

/// What the wrong entries have in common.
std::string wrongEntries(const Specimen& s) {
  const arma::ucube wrong = arma::abs(s.analytic - s.numeric) > limit(s);
  const arma::ucube lost = s.analytic == 0, zero = arma::abs(s.numeric) <= limit(s);
  const uword count = arma::accu(wrong);
  if (arma::accu(wrong % zero) == count)
    return "wrong exactly where the numeric is 0: the factor g' is missing (the ReLU "
           "mask)";
  if (arma::accu(wrong % lost) == count)
    return "zero where the numeric is not: the stride, a path not propagated, or "
           "overwritten instead of added";
  // Of two entries either might be the odd one.
  return count == 1 && s.x.n_elem > 2 ? "one entry alone is wrong" : "";
}

/// A single row or column is no border: in the weights of a layer it is one unit.
std::string border(const Specimen& s) {
  const cube apart = arma::max(arma::abs(s.analytic - s.numeric), 2);
  const arma::umat wrong = apart.slice(0) > limit(s);
  if (arma::accu(arma::any(wrong, 1)) < 2 || arma::accu(arma::any(wrong, 0)) < 2)
    return "";
  for (uword frame = 1; 2 * frame < std::min(s.x.n_rows, s.x.n_cols); ++frame) {
    const auto inner =
        arma::size(s.x.n_rows - 2 * frame, s.x.n_cols - 2 * frame, s.x.n_slices);
    const cube a = s.analytic.subcube(frame, frame, 0, inner);
    const cube n = s.numeric.subcube(frame, frame, 0, inner);
    if (arma::abs(n).max() > limit(s) && near(s, a, n))
      return fmt::format("only the border differs, {} wide: padding", frame);
  }
  return "";
}

std::string channelOrder(const Specimen& s) {
  for (uword i = 0; i < s.x.n_slices; ++i) {
    bool found = false;
    for (uword k = 0; k < s.x.n_slices; ++k)
      found = found || near(s, s.analytic.slices(i, i), s.numeric.slices(k, k));
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
    knownSuspect, costIgnoresX, sign,       constantRatio, oneScalar,
    wrongAxis,    turned,       transposed, clipped,       penalty,
    shifted,      wrongEntries, border,     channelOrder,  otherOrder};

}  // namespace

std::string guessCause(const Specimen& specimen) {
  if (is(specimen, specimen.numeric)) return "";
  for (const Hypothesis hypothesis : hypotheses)
    if (std::string guess = hypothesis(specimen); !guess.empty()) return guess;
  return "";
}

}  // namespace cnn
