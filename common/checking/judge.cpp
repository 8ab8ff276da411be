// SPDX-License-Identifier: MIT
#include "common/checking/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace cnn {
namespace {

using arma::cube;
using arma::uword;

std::string place(const cube& x, uword i) {
  const arma::uvec at = arma::ind2sub(arma::size(x), i);
  return fmt::format("row {}, column {}, slice {}", at(0), at(1), at(2));
}

template <class... Args>
GradientReport refused(fmt::format_string<Args...> reason, Args&&... args) {
  const std::string why = fmt::format(reason, std::forward<Args>(args)...);
  return {.guess = "", .text = "gradient check refused: " + why};
}

/// The slopes from an entry down, up, and from below it to above.
struct Slopes {
  double below, above, central;

  double apart() const { return std::abs(above - below); }
};

Slopes slopes(const Cost& cost, double& entry, double costAtX, double h) {
  const double x = entry, up = x + h, down = x - h;
  entry = up;
  const double costUp = cost();
  entry = down;
  const double costDown = cost();
  entry = x;
  return {(costAtX - costDown) / (x - down), (costUp - costAtX) / (up - x),
          (costUp - costDown) / (up - down)};
}

/// "" unless the slopes on both sides of entry i differ by more than rounding, and the
/// analytic one is that of a side or lies between them.
/// A cost that is smooth, however strongly it bends, has sides that differ by h J'':
/// at h / 10 by a tenth of that. At a kink they differ as before; beside one they no
/// longer do, and the analytic slope is right.
std::string kink(const Measured& found, uword i, const GradientOptions& options,
                 double rounding) {
  const double analytic = found.analytic(i), h = options.step;
  const Slopes far = slopes(found.cost, found.x(i), found.costAtX, h);
  const Slopes near = slopes(found.cost, found.x(i), found.costAtX, h / 10);
  const double shrunk = near.apart() / far.apart();
  const auto [least, most] = std::minmax(far.above, far.below);
  const double slack = far.apart() / 10;
  const bool nearby =
      shrunk < 0.02 && std::abs(near.central - analytic) <
                           options.tolerance * far.apart() + 100 * rounding;
  if (far.apart() < 100 * rounding || !(shrunk > 0.3 || nearby) ||
      analytic < least - slack || analytic > most + slack)
    return "";
  return fmt::format(
      "kink or tie at {}: the one-sided differences are {:.4g} and {:.4g}; move x away "
      "from it",
      place(found.x, i), far.below, far.above);
}

}  // namespace

std::optional<GradientReport> refuse(const cube& x, const cube& analytic,
                                     double costAtX, const GradientOptions& options) {
  if (x.is_empty()) return refused("x has no entries");
  if (arma::size(x) != arma::size(analytic))
    return refused("x is {} x {} x {}, the analytic gradient is {} x {} x {}", x.n_rows,
                   x.n_cols, x.n_slices, analytic.n_rows, analytic.n_cols,
                   analytic.n_slices);
  if (!x.is_finite()) return refused("x holds a value that is not finite");
  const double h = options.step;
  for (uword i = 0; i < x.n_elem; ++i) {
    if (!std::isfinite(analytic(i)))
      return refused("the analytic gradient is {} at {}", analytic(i), place(x, i));
    if (x(i) + h == x(i) || x(i) - h == x(i))
      return refused(
          "h = {:g} is lost beside x = {:g} at {}: scale x, or take a larger h", h,
          x(i), place(x, i));
  }
  if (!std::isfinite(costAtX)) return refused("the cost is {}", costAtX);
  return {};
}

GradientReport judge(const Measured& found, const GradientOptions& options) {
  const auto& [cost, x, before, analytic, numeric, error] = found;
  if (const double after = cost(); before != after)
    return refused("the same x costs {} and then {}: a cost must depend on x alone",
                   before, after);
  if (!numeric.is_finite()) return refused("the cost is not finite beside x");
  const bool zero =
      std::max(arma::abs(analytic).max(), arma::abs(numeric).max()) < 1e-6;
  if (zero && !options.allowZero)
    return refused("both gradients are zero: refusing to compare zero with zero");

  const cube difference = arma::abs(analytic - numeric);
  const uword worst = difference.index_max();
  const arma::uvec at = arma::ind2sub(arma::size(x), worst);
  GradientReport report;
  // To zero there is nothing relative.
  report.error = zero ? difference(worst) : error;
  report.row = at(0), report.column = at(1), report.slice = at(2);
  report.analytic = analytic(worst), report.numeric = numeric(worst);
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
    report.guess = kink(found, worst, options, rounding);
    if (report.guess.empty()) report.guess = guessCause(specimen);
    report.text += fmt::format("\n{}guess: {}", magnify(specimen, at(0), at(1), at(2)),
                               report.guess.empty() ? "none" : report.guess);
  }
  return report;
}

}  // namespace cnn
