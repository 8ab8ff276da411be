// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 03: a layer on trial: random numbers, a cost whose error is known, and the
/// classic mistakes, kept to be looked at.
///   J = sum over i, j, k of r(i, j, k) sin z(i, j, k)    delta = dJ/dz = r cos z

#include "03_conv_backprop/conv_backprop.hpp"
#include "common/checking/gradient_check.hpp"
#include "common/core/random.hpp"

#include <string>
#include <vector>

namespace cnn {

/// Numbers from N(0, 1), rows x columns x slices.
inline cube normalCube(uword rows, uword columns, uword slices, Random& random) {
  cube x(rows, columns, slices);
  for (uword c = 0; c < slices; ++c) x.slice(c) = normal(rows, columns, 1, random);
  return x;
}

/// The sizes of a layer and its image.
struct TrialShape {
  uword rows, columns, channels;  ///< H, W and the channels of the image
  uword f, filters;               ///< filters of f x f
  Slide slide = {};               ///< stride and padding
};

/// Everything that a convolution's gradients depend on.
struct TrialLayer {
  cube x;       ///< H x W x channels
  Filters w;    ///< n of them, f x f x channels
  vec b;        ///< n
  Slide slide;  ///< stride and padding
  cube r;       ///< H' x W' x n, the weight of each output in the cost

  /// The layer's output.
  cube z() const { return convolve(x, w, b, slide); }
  /// J of that output.
  double cost() const { return arma::accu(r % arma::sin(z())); }
  /// dJ/dz.
  cube delta() const { return r % arma::cos(z()); }

  /// dJ/dx with these filters instead of its own.
  cube inputGradient(const Filters& filters) const {
    return convInputGradient(delta(), filters, x.n_rows, x.n_cols, slide);
  }
};

/// A layer of these sizes, filled with random numbers.
inline TrialLayer trialLayer(const TrialShape& shape, Random& random) {
  const auto [rows, columns, channels, f, filters, slide] = shape;
  TrialLayer layer{normalCube(rows, columns, channels, random), {}, {}, slide, {}};
  for (uword k = 0; k < filters; ++k)
    layer.w.push_back(normalCube(f, f, channels, random) / static_cast<double>(f));
  layer.b = normal(filters, 1, 1, random);
  layer.r = normalCube(outputSize(rows, f, slide), outputSize(columns, f, slide),
                       filters, random);
  return layer;
}

/// What the check says to each gradient; of the filters, to the worst.
struct TrialReports {
  GradientReport dw;  ///< of the weights
  GradientReport db;  ///< of the biases
  GradientReport dx;  ///< of the input

  /// Whether all three did.
  bool passed() const { return dw.passed && db.passed && dx.passed; }
};

/// Checks all three gradients of a layer, every entry; suspects are of dx.
inline TrialReports checkLayer(TrialLayer& layer,
                               const std::vector<Suspect>& suspects = {}) {
  const auto cost = [&] { return layer.cost(); };
  const cube delta = layer.delta();
  TrialReports reports{{},
                       checkGradient(cost, layer.b, convBiasGradient(delta)),
                       checkGradient(cost, layer.x, layer.inputGradient(layer.w),
                                     {.suspects = suspects})};
  const Filters dw = convWeightGradient(delta, layer.x, layer.w[0].n_rows, layer.slide);
  for (uword k = 0; k < dw.size(); ++k) {
    const GradientReport report = checkGradient(cost, layer.w[k], dw[k]);
    if (k == 0 || report.error > reports.dw.error) reports.dw = report;
  }
  return reports;
}

/// The filters with every kernel changed.
template <class Change>
Filters eachKernel(Filters w, const Change& change) {
  for (cube& filter : w)
    for (uword c = 0; c < filter.n_slices; ++c)
      filter.slice(c) = change(mat(filter.slice(c)));
  return w;
}

/// What the first three mistakes below make of dx, by index: the convolutions on trial
/// have no part in it. A kernel that is turned here is one not turned there.
inline std::vector<Suspect> lineUp(const TrialLayer& layer) {
  const cube delta = layer.delta();
  const uword f = layer.w[0].n_rows;
  const auto dx = [&](const Filters& w) {
    return scatterInputGradient(delta, w, layer.x.n_rows, layer.x.n_cols, layer.slide);
  };
  return {{"the kernel not turned: missing flip", dx(eachKernel(layer.w, turn180))},
          {"the kernel transposed, not turned",
           dx(eachKernel(layer.w, [](const mat& w) { return turn180(w.t()); }))},
          {"the error not dilated: the stride forgotten",
           scatterInputGradient(delta, layer.w, delta.n_rows + f - 1,
                                delta.n_cols + f - 1)}};
}

/// Makes one of the mistakes below and returns what the check says to it.
///   flip       the kernel slides back as it slid forward
///   transpose  rows and columns of the kernel swapped where it should be turned
///   stride     the error not dilated
///   padding    the frame cut off below and at the right only
///   dw         the gradient of the kernel turned as well
///   bias       one sum over all maps
/// @throws std::invalid_argument for another name
inline GradientReport tryMistake(const std::string& mistake, TrialLayer& layer) {
  const auto cost = [&] { return layer.cost(); };
  const cube delta = layer.delta();
  const uword f = layer.w[0].n_rows;

  if (mistake == "bias") {
    const vec db(layer.b.n_elem, arma::fill::value(arma::accu(delta)));
    return checkGradient(cost, layer.b, db);
  }
  if (mistake == "dw") {
    const Filters dw = convWeightGradient(delta, layer.x, f, layer.slide);
    return checkGradient(cost, layer.w[0], eachKernel(dw, turn180)[0]);
  }
  if (mistake == "padding") {
    const cube framed = pad(layer.x, layer.slide.padding);
    const cube dx = convInputGradient(delta, layer.w, framed.n_rows, framed.n_cols,
                                      {.stride = layer.slide.stride});
    return checkGradient(cost, layer.x, dx.subcube(0, 0, 0, arma::size(layer.x)));
  }
  const uword which = mistake == "flip" ? 0 : mistake == "transpose" ? 1 : 2;
  require(which < 2 || mistake == "stride",
          "there is no mistake called '{}', expected flip, transpose, stride, padding, "
          "dw or bias",
          mistake);
  const std::vector<Suspect> suspects = lineUp(layer);
  return checkGradient(cost, layer.x, suspects[which].gradient, {.suspects = suspects});
}

}  // namespace cnn
