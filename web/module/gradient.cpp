// SPDX-License-Identifier: MIT
#include "module/gradient.hpp"

#include "04_mlp/chunks.hpp"
#include "common/core/require.hpp"

#include <algorithm>
#include <variant>

namespace cnn::web {
namespace {

/// Where entry i of a tensor lies in the memory of a layer: files go row by row,
/// Armadillo by columns.
arma::uword placeOf(arma::uword i, const std::vector<std::size_t>& shape) {
  const auto rows = static_cast<arma::uword>(shape.front());
  const auto columns = static_cast<arma::uword>(elementCount(shape)) / rows;
  return i / columns + i % columns * rows;
}

/// All entries as one looks at them, a slice for each kernel; some of them in a line.
arma::cube shapedFor(const std::vector<std::size_t>& shape, arma::uword count) {
  if (shape.size() == 4 && count == elementCount(shape))
    return arma::cube(shape[2], shape[3], shape[0] * shape[1]);
  return arma::cube(count, 1, 1);
}

/// Entry i, row by row and slice by slice, of what shapedFor has made.
double& at(arma::cube& x, arma::uword i) {
  return x(i % (x.n_rows * x.n_cols) / x.n_cols, i % x.n_cols,
           i / (x.n_rows * x.n_cols));
}

}  // namespace

GradientSeen checkEntries(serial::CNNClassifier& bricks, const Dataset& images,
                          double lambda, const Entries& entries) {
  const std::string& name = entries.tensor;
  const arma::uword first = entries.first, step = entries.step;
  requireInput(images.size() > 0, "the gradient check needs an image at least");
  requireInput(step > 0, "the gradient check: a step of 0 entries leads nowhere");
  const Tensors weights = bricks.weights();
  const auto tensor = weights.find(name);
  requireInput(tensor != weights.end(), "{} is not part of this network", name);
  GradientSeen seen{.shape = tensor->second.shape};
  const auto all = static_cast<arma::uword>(tensor->second.values.size());
  requireInput(first < all, "{}: entry {} is asked for, there are {}", name, first,
               all);
  const arma::uword left = (all - first + step - 1) / step;
  const arma::uword count = entries.count == 0 ? left : std::min(entries.count, left);

  bricks.computeGradients(images, everySample(images), {});
  Run<double> run;
  for (const AnyRun& any : bricks.runs())
    if (std::get<Run<double>>(any).name == name) run = std::get<Run<double>>(any);
  const bool isWeight = seen.shape.size() > 1;  // biases have no penalty
  const auto m = static_cast<double>(images.size());
  const auto place = [&](arma::uword i) {
    return placeOf(first + i * step, seen.shape);
  };

  arma::cube x = shapedFor(seen.shape, count), analytic = x;
  for (arma::uword i = 0; i < count; ++i) {
    at(x, i) = run.values[place(i)];
    at(analytic, i) = (run.gradient[place(i)] + isWeight * lambda * at(x, i)) / m;
    seen.analytic.push_back(at(analytic, i));
  }
  const Cost cost = [&] {
    for (arma::uword i = 0; i < count; ++i) run.values[place(i)] = at(x, i);
    return bricks.evaluateCost(images, lambda);
  };
  // As checkGradient, which keeps the numeric gradient to itself.
  const GradientOptions options{.allowZero = count < all, .samples = images.size()};
  const double costAtX = cost();
  arma::cube numeric = centralDifferences(cost, x, options.step);
  for (arma::uword i = 0; i < count; ++i) seen.numeric.push_back(at(numeric, i));
  if (const auto refusal = refuse(x, analytic, costAtX, options))
    seen.report = *refusal;
  else
    seen.report =
        judge({cost, x, costAtX, analytic, numeric, relativeError(analytic, numeric)},
              options);
  cost();  // the weights as they were
  return seen;
}

}  // namespace cnn::web
