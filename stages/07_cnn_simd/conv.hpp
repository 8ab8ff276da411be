// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: the sums of stages 01 and 03 as plain loops over packs.
///   z[k][i][j]      = b[k] + sum over c, u, v of w[k][c][u][v] x[c][i s + u][j s + v]
///   dw[k][c][u][v]  = sum over i, j of delta[k][i][j] x[c][i s + u][j s + v]
///   dx[c][i s + u][j s + v] takes the sum over k of delta[k][i][j] w[k][c][u][v]
/// x stands in its frame of zeros.

#include "05_cnn_serial/bricks.hpp"
#include "07_cnn_simd/images.hpp"

namespace cnn::simd {

/// Convolution, `atOnce` sums at a time.
template <class P, int atOnce = 4>
class ConvLayer : public ConvBrick<Images<P>> {
  using Brick = ConvBrick<Images<P>>;
  using Brick::activation, Brick::input_, Brick::output_, Brick::parameters,
      Brick::slide_;

  int n_ = 0, rows_ = 0, columns_ = 0, f_ = 0, s_ = 1, fanIn_ = 0;

 public:
  using Brick::Brick;

  Shape connect(const Shape& input) override {
    const Shape output = Brick::connect(input);
    n_ = static_cast<int>(output.channels), rows_ = static_cast<int>(output.rows);
    columns_ = static_cast<int>(output.columns), f_ = static_cast<int>(Brick::size());
    s_ = slide_.stride, fanIn_ = static_cast<int>(input.channels) * f_ * f_;
    return output;
  }

  Trace<Images<P>> forward(const Images<P>& image) const override {
    const Images<P> x = pad(image, slide_.padding);
    const auto w = rounded<P>(parameters.w), b = rounded<P>(parameters.b);
    Images<P> z(x.packs, output_);
    for (int pack = 0; pack < x.packs; ++pack)
      inGroups<atOnce>(n_, [&]<int together>(int k) {
        for (int i = 0; i < rows_; ++i)
          for (int j = 0; j < columns_; ++j) {
            P sum[together];
            for (int q = 0; q < together; ++q) sum[q] = P{} + b[k + q];
            for (int c = 0; c < x.channels; ++c)
              for (int u = 0; u < f_; ++u) {
                const P* pixel = x.at(pack, c, i * s_ + u, j * s_);
                const auto* weight = &w[k * fanIn_ + (c * f_ + u) * f_];
                for (int v = 0; v < f_; ++v)
                  for (int q = 0; q < together; ++q)
                    sum[q] += weight[q * fanIn_ + v] * pixel[v];
              }
            for (int q = 0; q < together; ++q) *z.at(pack, k + q, i, j) = sum[q];
          }
      });
    return {activate(std::move(z), activation)};
  }

  Images<P> backPropError(const Images<P>& delta,
                          const Trace<Images<P>>&) const override {
    const auto w = rounded<P>(parameters.w);
    Images<P> dx(delta.packs, withFrame(input_, slide_.padding));
    for (int pack = 0; pack < delta.packs; ++pack)
      for (int c = 0; c < dx.channels; ++c)
        for (int i = 0; i < rows_; ++i)
          for (int j = 0; j < columns_; ++j)
            for (int u = 0; u < f_; ++u)
              inGroups<atOnce>(f_, [&]<int together>(int v) {
                P sum[together] = {};
                for (int k = 0; k < n_; ++k) {
                  const P error = *delta.at(pack, k, i, j);
                  const auto* weight = &w[k * fanIn_ + (c * f_ + u) * f_ + v];
                  for (int q = 0; q < together; ++q) sum[q] += weight[q] * error;
                }
                P* pixel = dx.at(pack, c, i * s_ + u, j * s_ + v);
                for (int q = 0; q < together; ++q) pixel[q] += sum[q];
              });
    return unpad(dx, input_, slide_.padding);
  }

  void computeGradients(const Images<P>& delta, const Images<P>& image,
                        const Trace<Images<P>>&, Parameters& total) const override {
    const Images<P> x = pad(image, slide_.padding);
    inGroups<atOnce>(n_, [&]<int together>(int k) {
      for (int c = 0; c < x.channels; ++c)
        for (int u = 0; u < f_; ++u)
          for (int v = 0; v < f_; ++v) {
            P sum[together] = {};
            for (int pack = 0; pack < x.packs; ++pack)
              for (int i = 0; i < rows_; ++i)
                for (int j = 0; j < columns_; ++j) {
                  const P pixel = *x.at(pack, c, i * s_ + u, j * s_ + v);
                  for (int q = 0; q < together; ++q)
                    sum[q] += *delta.at(pack, k + q, i, j) * pixel;
                }
            for (int q = 0; q < together; ++q)
              total.w(k + q, (c * f_ + u) * f_ + v) += sumOverLanes(sum[q]);
          }
    });
    for (int k = 0; k < n_; ++k) {
      P sum{};
      for (int pack = 0; pack < x.packs; ++pack)
        for (int pixel = 0; pixel < rows_ * columns_; ++pixel)
          sum += delta.at(pack, k)[pixel];
      total.b(k) += sumOverLanes(sum);
    }
  }
};

}  // namespace cnn::simd
