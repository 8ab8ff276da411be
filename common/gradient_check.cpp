// SPDX-License-Identifier: MIT
#include "common/gradient_check.hpp"

#include <fmt/format.h>

#include <cmath>

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

cube centralDifferences(const std::function<double()>& cost, cube& x, double h) {
  cube numeric(arma::size(x));
  for (uword i = 0; i < x.n_elem; ++i) {
    const Restore entry(x(i));
    const double centre = x(i);
    const double above = centre + h, below = centre - h;  // as rounded: not always +-h
    x(i) = above;
    const double costAbove = cost();
    x(i) = below;
    const double costBelow = cost();
    numeric(i) = (costAbove - costBelow) / (above - below);
  }
  return numeric;
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
std::string objection(const cube& x, const cube& analytic, double cost) {
  if (x.is_empty()) return "x has no entries";
  if (arma::size(x) != arma::size(analytic))
    return fmt::format("x is {}, the analytic gradient is {}", shape(x),
                       shape(analytic));
  if (!x.is_finite()) return "x holds a value that is not finite";
  for (uword i = 0; i < analytic.n_elem; ++i)
    if (const arma::uvec at = arma::ind2sub(arma::size(x), i);
        !std::isfinite(analytic(i)))
      return fmt::format("the analytic gradient is {} at row {}, column {}, slice {}",
                         analytic(i), at(0), at(1), at(2));
  if (!std::isfinite(cost)) return fmt::format("the cost is {}", cost);
  return "";
}

}  // namespace

GradientReport checkGradient(const std::function<double()>& cost, cube& x,
                             const cube& analytic, const GradientOptions& options) {
  const double before = cost();
  if (const std::string why = objection(x, analytic, before); !why.empty())
    return refused(why);
  const cube numeric = centralDifferences(cost, x, options.step);
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
  const arma::uvec worst = arma::ind2sub(arma::size(x), difference.index_max());
  report.row = worst(0), report.column = worst(1), report.slice = worst(2);
  report.analytic = analytic(report.row, report.column, report.slice);
  report.numeric = numeric(report.row, report.column, report.slice);
  report.error = difference.max() / scale;
  report.passed = report.error <= options.tolerance;
  report.text = fmt::format(
      "gradient check {}: error {:.2e}; worst at row {}, column {}, slice {}: numeric "
      "{:.10g}, analytic {:.10g}",
      report.passed ? "passed" : "FAILED", report.error, report.row, report.column,
      report.slice, report.numeric, report.analytic);
  if (!report.passed) {
    const Specimen specimen{x, analytic, numeric, options.samples, options.suspects};
    report.guess = guessCause(specimen);
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
