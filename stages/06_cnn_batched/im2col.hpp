// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: windows laid out as columns, so that a convolution is one matrix product.
///   x             : C x (H.W.m)          one column a pixel, sample after sample
///   columns       : (f.f.C) x (H'.W'.m)  one column a window, row by row of the window
///   z = w columns : n x (H'.W'.m)        one column a pixel: the next layer's input
/// Channels lie beside each other in memory: a row of a window is f.C numbers in line.

#include "01_convolution/convolution.hpp"
#include "05_cnn_serial/layer.hpp"

#include <armadillo>

#include <algorithm>

namespace cnn::batched {

/// The sides of one sample and the window that walks over it.
struct Windows {
  Windows() = default;
  Windows(const Shape& inputShape, uword size, Slide slideBy)
      : image(inputShape),
        f(size),
        slide(slideBy),
        rows(outputSize(image.rows, f, slide)),
        columns(outputSize(image.columns, f, slide)) {}

  Shape image;
  uword f = 1;
  Slide slide;
  uword rows = 0, columns = 0;  ///< H' windows below each other, W' side by side

  uword count() const { return rows * columns; }
};

/// The part of one row of one window that lies inside its image.
struct WindowRow {
  uword window;  ///< its column: sample . H' W' + i . W' + j
  uword cell;    ///< its first cell in the window, u . f + v
  uword pixel;   ///< its first pixel: sample . H W + y . W + x
  uword count;   ///< how many cells, and pixels, side by side
};

/// Visits every row of every window of m samples, window by window, from top to bottom.
/// Cells outside the image are passed over: the padding is zeros, and wants no error.
template <class Visit>
void eachWindowRow(const Windows& windows, uword m, const Visit& visit) {
  using arma::sword;
  const auto f = static_cast<sword>(windows.f);
  const auto height = static_cast<sword>(windows.image.rows);
  const auto width = static_cast<sword>(windows.image.columns);
  const sword s = windows.slide.stride, p = windows.slide.padding;
  uword window = 0;
  for (uword n = 0; n < m; ++n)
    for (uword i = 0; i < windows.rows; ++i)
      for (uword j = 0; j < windows.columns; ++j, ++window) {
        const sword top = static_cast<sword>(i) * s - p;
        const sword left = static_cast<sword>(j) * s - p;
        const sword first = std::max<sword>(left, 0), end = std::min(left + f, width);
        for (sword y = std::max<sword>(top, 0); y < std::min(top + f, height); ++y)
          if (first < end)
            visit(WindowRow{
                window, static_cast<uword>((y - top) * f + first - left),
                n * windows.image.pixels() + static_cast<uword>(y * width + first),
                static_cast<uword>(end - first)});
      }
}

/// Every window of every sample as a column: C x (H.W.m) -> (f.f.C) x (H'.W'.m).
inline arma::mat im2col(const arma::mat& x, const Windows& windows) {
  const uword c = windows.image.channels, m = x.n_cols / windows.image.pixels();
  arma::mat columns(windows.f * windows.f * c, windows.count() * m, arma::fill::none);
  if (windows.slide.padding > 0) columns.zeros();  // else all of it is written below
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    std::copy_n(x.colptr(row.pixel), row.count * c,
                columns.colptr(row.window) + row.cell * c);
  });
  return columns;
}

/// The way back: each entry is added to the pixel that it was copied from, so that
/// where windows overlap they add up. (f.f.C) x (H'.W'.m) -> C x (H.W.m).
inline arma::mat col2im(const arma::mat& columns, const Windows& windows) {
  const uword c = windows.image.channels, m = columns.n_cols / windows.count();
  arma::mat x(c, windows.image.pixels() * m, arma::fill::zeros);
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    const double* from = columns.colptr(row.window) + row.cell * c;
    double* to = x.colptr(row.pixel);
    for (uword i = 0; i < row.count * c; ++i) to[i] += from[i];
  });
  return x;
}

}  // namespace cnn::batched
