// SPDX-License-Identifier: MIT
#include "common/checking/gradient_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace cnn {
namespace {

using arma::cube;
using arma::uword;

/// Puts an entry's value back when it goes out of scope, however that comes about.
class Restore {
 public:
  explicit Restore(double& entry) : entry_(entry), value_(entry) {}
  ~Restore() { entry_ = value_; }
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  double& entry_;
  double value_;
};

/// An entry moved up and down, and what it costs there.
struct Beside {
  double above, below;  ///< as rounded: not always x +- h
  double costAbove, costBelow;

  double central() const { return (costAbove - costBelow) / (above - below); }
};

Beside measure(const std::function<double()>& cost, double& entry, double h) {
  const Restore restore(entry);
  Beside beside{.above = entry + h, .below = entry - h, .costAbove = 0, .costBelow = 0};
  entry = beside.above;
  beside.costAbove = cost();
  entry = beside.below;
  beside.costBelow = cost();
  return beside;
}

/// (J(x + h) - J(x)) / h and (J(x) - J(x - h)) / h of one entry.
struct Sides {
  Sides(const Beside& beside, double x, double costAtX)
      : above((beside.costAbove - costAtX) / (beside.above - x)),
        below((costAtX - beside.costBelow) / (x - beside.below)) {}
  double apart() const { return std::abs(above - below); }

  double above, below;
};

std::string place(const cube& x, uword i) {
  const arma::uvec at = arma::ind2sub(arma::size(x), i);
  return fmt::format("row {}, column {}, slice {}", at(0), at(1), at(2));
}

std::string shape(const cube& x) {
  return fmt::format("{} x {} x {}", x.n_rows, x.n_cols, x.n_slices);
}

GradientReport refused(const std::string& reason) {
  GradientReport report;
  report.text = "gradient check refused: " + reason;
  return report;
}

/// Why there is nothing to compare, or "".
std::string objection(const cube& x, const cube& analytic, double cost, double h) {
  if (x.is_empty()) return "x has no entries";
  if (arma::size(x) != arma::size(analytic))
    return fmt::format("x is {}, the analytic gradient is {}", shape(x),
                       shape(analytic));
  if (!x.is_finite()) return "x holds a value that is not finite";
  for (uword i = 0; i < x.n_elem; ++i) {
    if (!std::isfinite(analytic(i)))
      return fmt::format("the analytic gradient is {} at {}", analytic(i), place(x, i));
    if (x(i) + h == x(i) || x(i) - h == x(i))
      return fmt::format(
          "h = {:g} is lost beside x = {:g} at {}: scale x, or take a larger h", h,
          x(i), place(x, i));
  }
  if (!std::isfinite(cost)) return fmt::format("the cost is {}", cost);
  return "";
}

/// "" unless the slopes on both sides of entry i differ by more than rounding, and the
/// analytic one is that of a side or lies between them. A cost that is smooth, however
/// strongly it bends, has sides that differ by h J'': at h / 10 by a tenth of that. At
/// a kink they differ as before; beside one they no longer do, and the analytic slope
/// is right.
std::string kink(const std::function<double()>& cost, cube& x, uword i, double analytic,
                 double costAtX, const GradientOptions& options, double rounding) {
  const double h = options.step;
  const Sides sides(measure(cost, x(i), h), x(i), costAtX);
  const Beside beside = measure(cost, x(i), h / 10);
  const double shrunk = Sides(beside, x(i), costAtX).apart() / sides.apart();
  const auto [least, most] = std::minmax(sides.above, sides.below);
  const double slack = sides.apart() / 10;
  const bool nearby =
      shrunk < 0.02 && std::abs(beside.central() - analytic) <
                           options.tolerance * sides.apart() + 100 * rounding;
  if (sides.apart() < 100 * rounding || !(shrunk > 0.3 || nearby) ||
      analytic < least - slack || analytic > most + slack)
    return "";
  return fmt::format(
      "kink or tie at {}: the one-sided differences are {:.4g} and {:.4g}; move x away "
      "from it",
      place(x, i), sides.below, sides.above);
}

}  // namespace

GradientReport checkGradient(const std::function<double()>& cost, cube& x,
                             const cube& analytic, const GradientOptions& options) {
  const double before = cost();
  if (const std::string why = objection(x, analytic, before, options.step);
      !why.empty())
    return refused(why);
  cube numeric(arma::size(x));
  for (uword i = 0; i < x.n_elem; ++i)
    numeric(i) = measure(cost, x(i), options.step).central();
  const double after = cost();
  if (!(before == after))
    return refused(
        fmt::format("the same x costs {} and then {}: a cost must depend on x "
                    "alone",
                    before, after));
  if (!numeric.is_finite()) return refused("the cost is not finite beside x");

  const cube difference = arma::abs(analytic - numeric);
  double scale = std::max(arma::abs(analytic).max(), arma::abs(numeric).max());
  if (scale < 1e-6) {
    if (!options.allowZero)
      return refused("both gradients are zero: refusing to compare zero with zero");
    scale = 1;  // nothing to be relative to
  }

  GradientReport report;
  const uword worst = difference.index_max();
  const arma::uvec at = arma::ind2sub(arma::size(x), worst);
  report.row = at(0), report.column = at(1), report.slice = at(2);
  report.analytic = analytic(worst);
  report.numeric = numeric(worst);
  report.error = difference(worst) / scale;
  report.passed = report.error <= options.tolerance;
  // Costs are known to a rounding, and so is their difference, which h divides: see
  // Press et al., Numerical Recipes, 3rd edition, section 5.7. A sum has several.
  const double rounding =
      std::numeric_limits<double>::epsilon() * std::abs(before) / options.step;
  const bool drowned = !report.passed && difference(worst) < 10 * rounding;
  report.text = fmt::format(
      "gradient check {}: error {:.2e}; worst at {}: numeric {:.10g}, analytic {:.10g}",
      report.passed ? "passed"
      : drowned     ? "refused"
                    : "FAILED",
      report.error, place(x, worst), report.numeric, report.analytic);
  if (drowned) {
    report.text += fmt::format(
        "; that is rounding: a cost of {:.3g} over h = {:g} gives no difference closer "
        "than {:.1g}; scale x, or take a larger h",
        before, options.step, rounding);
  } else if (!report.passed) {
    const Specimen specimen{x, analytic, numeric, options.samples, options.suspects};
    report.guess = kink(cost, x, worst, report.analytic, before, options, rounding);
    if (report.guess.empty()) report.guess = guessCause(specimen);
    report.text += '\n';
    report.text += magnify(specimen, report.row, report.column, report.slice);
    report.text +=
        fmt::format("guess: {}", report.guess.empty() ? "none" : report.guess);
  }
  return report;
}

GradientReport checkGradient(const std::function<double()>& cost, arma::mat& x,
                             const arma::mat& analytic,
                             const GradientOptions& options) {
  // A cube that uses the matrix's own memory: `cost` must see the changes.
  if (x.is_empty()) return refused("x has no entries");
  cube view(x.memptr(), x.n_rows, x.n_cols, 1, false, true);
  cube gradient(analytic.n_rows, analytic.n_cols, 1);
  if (!analytic.is_empty()) gradient.slice(0) = analytic;
  return checkGradient(cost, view, gradient, options);
}

}  // namespace cnn
