// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 03: a layer on trial: random numbers, and a cost whose error is known.
///   J = sum over i, j, k of r(i, j, k) sin z(i, j, k)    delta = dJ/dz = r cos z

#include "03_conv_backprop/conv_backprop.hpp"
#include "03_conv_backprop/gradient_check.hpp"
#include "common/core/random.hpp"

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

  /// dJ/dx, as convolutions.
  cube inputGradient() const {
    return convInputGradient(delta(), w, x.n_rows, x.n_cols, slide);
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

/// Checks all three gradients of a layer, every entry.
inline TrialReports checkLayer(TrialLayer& layer) {
  const auto cost = [&] { return layer.cost(); };
  const cube delta = layer.delta();
  TrialReports reports{{},
                       checkGradient(cost, layer.b, convBiasGradient(delta)),
                       checkGradient(cost, layer.x, layer.inputGradient())};
  const Filters dw = convWeightGradient(delta, layer.x, layer.w[0].n_rows, layer.slide);
  for (uword k = 0; k < dw.size(); ++k) {
    const GradientReport report = checkGradient(cost, layer.w[k], dw[k]);
    if (k == 0 || report.error > reports.dw.error) reports.dw = report;
  }
  return reports;
}

}  // namespace cnn
