// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the bricks, one image at a time, out of the pieces of stages 01 to 04.
///   x, z, a, delta : rows x columns x channels; a vector is a cube of n x 1 x 1

#include "activation.hpp"
#include "bricks.hpp"
#include "conv_backprop.hpp"
#include "convolution.hpp"
#include "layer.hpp"
#include "pooling.hpp"

#include <armadillo>

namespace cnn {

/// Of an image: where in its input each maximum of a pooling layer was.
template <>
struct Memory<cube> {
  arma::ucube winners = {};
};

}  // namespace cnn

namespace cnn::serial {

/// One image as it flows from layer to layer.
using Image = cube;

/// A vector as a cube of n x 1 x 1, and back.
inline Image asImage(const arma::mat& column) {
  return Image(column.memptr(), column.n_rows, 1, 1);
}
inline arma::vec asColumn(const Image& x) { return arma::vectorise(x); }

/// A row of w holds one filter, channel by channel and each of them row by row.
inline Filters toFilters(const arma::mat& w, uword f, uword channels) {
  Filters filters(w.n_rows, Image(f, f, channels));
  for (uword k = 0; k < w.n_rows; ++k)
    for (uword c = 0; c < channels; ++c)
      for (uword u = 0; u < f; ++u)
        for (uword v = 0; v < f; ++v) filters[k](u, v, c) = w(k, (c * f + u) * f + v);
  return filters;
}

/// The way back: filters to rows.
inline arma::mat toRows(const Filters& filters) {
  const uword f = filters[0].n_rows, channels = filters[0].n_slices;
  arma::mat w(filters.size(), channels * f * f);
  for (uword k = 0; k < w.n_rows; ++k)
    for (uword c = 0; c < channels; ++c)
      for (uword u = 0; u < f; ++u)
        for (uword v = 0; v < f; ++v) w(k, (c * f + u) * f + v) = filters[k](u, v, c);
  return w;
}

/// Convolution, stages 01 and 03.
class ConvLayer : public ConvBrick<Image> {
 public:
  using ConvBrick::ConvBrick;

  Trace<Image> forward(const Image& x) const override {
    return {activate(convolve(x, filters(), parameters.b, slide_), activation)};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    return convInputGradient(delta, filters(), input_.rows, input_.columns, slide_);
  }
  void computeGradients(const Image& delta, const Image& x, const Trace<Image>&,
                        Parameters& sum) const override {
    sum.w += toRows(convWeightGradient(delta, x, size(), slide_));
    sum.b += convBiasGradient(delta);
  }

 private:
  Filters filters() const { return toFilters(parameters.w, size(), input_.channels); }
};

/// Pooling, stage 02.
class PoolLayer : public PoolBrick<Image> {
 public:
  using PoolBrick::PoolBrick;

  Trace<Image> forward(const Image& x) const override {
    if (pooling_ == Pooling::mean) return {{.z = {}, .a = meanPool(x, size_, slide_)}};
    MaxPooled pooled = maxPool(x, size_, slide_);
    return {{.z = {}, .a = std::move(pooled.values)}, {std::move(pooled.winners)}};
  }
  Image backPropError(const Image& delta, const Trace<Image>& trace) const override {
    return pooling_ == Pooling::mean
               ? meanUnpool(delta, size_, slide_, input_.rows, input_.columns)
               : maxUnpool(delta, trace.memory.winners, input_.rows, input_.columns);
  }
};

/// The numbers of a cube in one line, channel by channel and each of them row by row.
class FlattenLayer : public FlattenBrick<Image> {
 public:
  Trace<Image> forward(const Image& x) const override {
    Image line(input_.size(), 1, 1);
    for (uword c = 0; c < x.n_slices; ++c)
      line.slice(0).rows(c * input_.pixels(), (c + 1) * input_.pixels() - 1) =
          arma::vectorise(x.slice(c), 1).t();  // 1: row by row
    return {{.z = {}, .a = std::move(line)}};
  }

  /// The exact inverse: a different order here would send errors to the wrong pixels.
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    Image x(input_.rows, input_.columns, input_.channels);
    for (uword c = 0; c < x.n_slices; ++c)
      x.slice(c) = arma::reshape(delta.slice(0).rows(c * input_.pixels(),
                                                     (c + 1) * input_.pixels() - 1),
                                 input_.columns, input_.rows)
                       .t();
    return x;
  }
};

/// Every output sees every input, stage 04: z = w x + b.
class FCLayer : public FCBrick<Image> {
 public:
  using FCBrick::FCBrick;

  Trace<Image> forward(const Image& x) const override {
    return {activate(asImage(parameters.w * asColumn(x) + parameters.b), activation)};
  }
  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    return asImage(parameters.w.t() * asColumn(delta));
  }
  void computeGradients(const Image& delta, const Image& x, const Trace<Image>&,
                        Parameters& sum) const override {
    sum.w += asColumn(delta) * asColumn(x).t();
    sum.b += asColumn(delta);
  }
};

}  // namespace cnn::serial
