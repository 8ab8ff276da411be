// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 07: what flows between the layers, a chunk of samples in packs.
///   sample n of a chunk is lane n % lanes of pack n / lanes
///   a pack of images : channels x rows x columns packs, row by row

#include "04_mlp/activation.hpp"
#include "05_cnn_serial/layer.hpp"
#include "07_cnn_simd/pack.hpp"
#include "common/data/dataset.hpp"

#include <armadillo>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace cnn::simd {

/// A chunk of images, or of what a layer made of them.
template <class P>
struct Images {
  Images() = default;
  /// Zeros, for so many packs of images of this shape.
  Images(int packCount, const Shape& image)
      : packs(packCount),
        channels(static_cast<int>(image.channels)),
        rows(static_cast<int>(image.rows)),
        columns(static_cast<int>(image.columns)),
        values(static_cast<std::size_t>(packs) * image.size()) {}

  int packs = 0, channels = 0, rows = 0, columns = 0;
  std::vector<P> values;

  int size() const { return channels * rows * columns; }  ///< of one pack
  int samples() const { return packs * lanesOf<P>; }      ///< as many fit in

  Shape shape() const {
    return {static_cast<arma::uword>(rows), static_cast<arma::uword>(columns),
            static_cast<arma::uword>(channels)};
  }

  /// From here on, the numbers of a row lie side by side.
  P* at(int pack, int c = 0, int i = 0, int j = 0) {
    return values.data() + ((pack * channels + c) * rows + i) * columns + j;
  }
  const P* at(int pack, int c = 0, int i = 0, int j = 0) const {
    return const_cast<Images&>(*this).at(pack, c, i, j);
  }

  /// The same numbers, seen as another shape.
  Images as(const Shape& image) const {
    Images other(0, image);
    other.packs = packs;
    other.values = values;
    return other;
  }
};

/// A vector a sample, numbers x samples; lanes without a sample are zero.
template <class P>
Images<P> toPacks(const arma::mat& x) {
  const auto lanes = static_cast<arma::uword>(lanesOf<P>);
  Images<P> packed(static_cast<int>((x.n_cols + lanes - 1) / lanes), {1, 1, x.n_rows});
  for (arma::uword n = 0; n < x.n_cols; ++n)
    for (arma::uword k = 0; k < x.n_rows; ++k)
      packed.values[n / lanes * x.n_rows + k][n % lanes] =
          static_cast<Number<P>>(x(k, n));
  return packed;
}
/// The way back, with the lanes that hold no sample.
template <class P>
arma::Mat<Number<P>> toColumns(const Images<P>& packed) {
  const auto lanes = static_cast<arma::uword>(lanesOf<P>);
  arma::Mat<Number<P>> x(packed.size(), packed.samples());
  for (arma::uword n = 0; n < x.n_cols; ++n)
    for (arma::uword k = 0; k < x.n_rows; ++k)
      x(k, n) = packed.values[n / lanes * x.n_rows + k][n % lanes];
  return x;
}

/// The shape of an image in a frame, `padding` wide.
inline Shape withFrame(Shape image, int padding) {
  image.rows += 2 * static_cast<arma::uword>(padding);
  image.columns += 2 * static_cast<arma::uword>(padding);
  return image;
}

/// A frame of zeros around every image, `padding` wide.
template <class P>
Images<P> pad(const Images<P>& x, int padding) {
  Images<P> framed(x.packs, withFrame(x.shape(), padding));
  for (int pack = 0; pack < x.packs; ++pack)
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.rows; ++i)
        std::copy_n(x.at(pack, c, i), x.columns,
                    framed.at(pack, c, i + padding, padding));
  return framed;
}

/// The images without their frame.
template <class P>
Images<P> unpad(const Images<P>& framed, const Shape& image, int padding) {
  Images<P> x(framed.packs, image);
  for (int pack = 0; pack < x.packs; ++pack)
    for (int c = 0; c < x.channels; ++c)
      for (int i = 0; i < x.rows; ++i)
        std::copy_n(framed.at(pack, c, i + padding, padding), x.columns,
                    x.at(pack, c, i));
  return x;
}

/// max(z, 0), lane by lane. NaN stays NaN.
template <class P>
Images<P> relu(Images<P> z) {
  for (P& v : z.values) v = v < P{} ? P{} : v;
  return z;
}

/// g'(z) of relu: 1 where z > 0, else 0.
template <class P>
Images<P> reluSlope(Images<P> z) {
  for (P& v : z.values) v = v > P{} ? P{} + 1 : P{};
  return z;
}

/// What packs cannot do goes by way of a matrix, a sample a column.
template <class P, class G>
Images<P> byColumns(const Images<P>& z, const G& g) {
  const auto all = arma::conv_to<arma::mat>::from(toColumns(z));
  return toPacks<P>(g(all)).as(z.shape());
}
template <class P>
Images<P> logistic(const Images<P>& z) {
  return byColumns(z, [](const arma::mat& x) { return cnn::logistic(x); });
}
template <class P>
Images<P> logisticSlope(const Images<P>& z) {
  return byColumns(z, [](const arma::mat& x) { return cnn::logisticSlope(x); });
}
template <class P>
Images<P> softmax(const Images<P>& z) {
  return byColumns(z, [](const arma::mat& x) { return cnn::softmax(x); });
}

/// Number by number.
template <class P>
Images<P>& operator%=(Images<P>& x, const Images<P>& y) {
  for (std::size_t k = 0; k < x.values.size(); ++k) x.values[k] *= y.values[k];
  return x;
}

}  // namespace cnn::simd

namespace cnn {

/// Of packs: which cell of its window won, u f + v, lane by lane.
template <class P>
struct Memory<simd::Images<P>> {
  std::vector<simd::Mask<P>> winners = {};
};

}  // namespace cnn
