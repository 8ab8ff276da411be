// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: the fully connected layer over packs, and flatten.
///   z[o] = b[o] + sum over i of w[o][i] x[i]

#include "05_cnn_serial/bricks.hpp"
#include "07_cnn_simd/images.hpp"

namespace cnn::simd {

/// Channel by channel, row by row: so the numbers lie already.
template <class P>
class FlattenLayer : public FlattenBrick<Images<P>> {
  using FlattenBrick<Images<P>>::input_;

 public:
  Trace<Images<P>> forward(const Images<P>& x) const override {
    return {{.z = {}, .a = x.as({1, 1, input_.size()})}};
  }
  Images<P> backPropError(const Images<P>& delta,
                          const Trace<Images<P>>&) const override {
    return delta.as(input_);
  }
};

/// Every output sees every input; `atOnce` sums at a time.
template <class P, int atOnce = 4>
class FCLayer : public FCBrick<Images<P>> {
  using Brick = FCBrick<Images<P>>;
  using Brick::activation, Brick::input_, Brick::parameters;

 public:
  using Brick::Brick;

  Trace<Images<P>> forward(const Images<P>& x) const override {
    const auto w = rounded<P>(parameters.w), b = rounded<P>(parameters.b);
    const int n = x.size();
    Images<P> z(x.packs, {1, 1, b.size()});
    for (int pack = 0; pack < x.packs; ++pack)
      inGroups<atOnce>(z.size(), [&]<int together>(int o) {
        P sum[together];
        for (int q = 0; q < together; ++q) sum[q] = P{} + b[o + q];
        for (int i = 0; i < n; ++i)
          for (int q = 0; q < together; ++q)
            sum[q] += w[(o + q) * n + i] * x.at(pack)[i];
        for (int q = 0; q < together; ++q) z.at(pack)[o + q] = sum[q];
      });
    return {activate(std::move(z), activation)};
  }

  Images<P> backPropError(const Images<P>& delta,
                          const Trace<Images<P>>&) const override {
    const auto w = rounded<P>(parameters.w);
    const int n = static_cast<int>(input_.size());
    Images<P> dx(delta.packs, {1, 1, input_.size()});
    for (int pack = 0; pack < delta.packs; ++pack)
      inGroups<atOnce>(n, [&]<int together>(int i) {
        P sum[together] = {};
        for (int o = 0; o < delta.size(); ++o)
          for (int q = 0; q < together; ++q)
            sum[q] += w[o * n + i + q] * delta.at(pack)[o];
        for (int q = 0; q < together; ++q) dx.at(pack)[i + q] = sum[q];
      });
    return dx;
  }

  /// A sum over lanes for each of 129,600 weights would cost more than all the rest. So
  /// here samples come one after the other, some at a time, and inputs lie side by
  /// side: of this loop over i the compiler makes packs by itself.
  void computeGradients(const Images<P>& delta, const Images<P>& x,
                        const Trace<Images<P>>&, Parameters& total) const override {
    const auto inputs = toColumns(x), errors = toColumns(delta);  // numbers x samples
    for (arma::uword o = 0; o < errors.n_rows; ++o) {
      arma::Row<Number<P>> dw(inputs.n_rows, arma::fill::zeros);
      inGroups<atOnce>(x.samples(), [&]<int together>(int sample) {
        for (arma::uword i = 0; i < dw.n_elem; ++i)
          for (int q = 0; q < together; ++q)
            dw[i] += errors(o, sample + q) * inputs(i, sample + q);
      });
      total.w.row(o) += arma::conv_to<arma::rowvec>::from(dw);
    }
    total.b += arma::conv_to<arma::vec>::from(arma::sum(errors, 1));
  }
};

}  // namespace cnn::simd
