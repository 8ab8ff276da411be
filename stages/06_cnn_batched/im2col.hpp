// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 06: windows laid out as columns, so that a convolution is one matrix product.
///   x       : C x (H.W.m)          one column a pixel, m samples one after the other
///   columns : (f.f.C) x (H'.W'.m)  one column a window, row by row of the window
///   z = w columns : n x (H'.W'.m)  again one column a pixel: the next layer's input
/// Channels lie beside each other in memory, so a row of a window is f.C numbers in a
/// line.

#include "convolution.hpp"
#include "network.hpp"

#include <armadillo>

#include <algorithm>

namespace cnn::batched {

/// The sides of one sample, the window that walks over it, and where its windows begin.
struct Windows {
  Shape image;
  arma::uword f = 1;
  Slide slide;
  arma::uword rows() const { return outputSize(image.rows, f, slide); }
  arma::uword columns() const { return outputSize(image.columns, f, slide); }
};

/// Calls visit(window, row, pixel, v, count) for each row of each window of one sample:
/// the window's number, the row in it, the pixel of the image at which the part inside
/// the image begins, its column v in the window, and how many pixels it has there.
template <class Visit>
void eachWindowRow(const Windows& windows, const Visit& visit) {
  using arma::sword;
  const auto f = static_cast<sword>(windows.f);
  const sword s = windows.slide.stride, p = windows.slide.padding;
  const auto height = static_cast<sword>(windows.image.rows);
  const auto width = static_cast<sword>(windows.image.columns);
  const auto rows = static_cast<sword>(windows.rows());
  const auto columns = static_cast<sword>(windows.columns());
  for (sword i = 0; i < rows; ++i)
    for (sword u = 0; u < f; ++u) {
      const sword y = i * s + u - p;
      if (y < 0 || y >= height) continue;  // the padding is zeros: nothing to copy
      for (sword j = 0; j < columns; ++j) {
        const sword x = j * s - p;
        const sword begin = std::max<sword>(x, 0), end = std::min(x + f, width);
        if (begin < end)
          visit(static_cast<arma::uword>(i * columns + j), static_cast<arma::uword>(u),
                static_cast<arma::uword>(y * width + begin),
                static_cast<arma::uword>(begin - x),
                static_cast<arma::uword>(end - begin));
      }
    }
}

/// Every window of every sample as a column: C x (H.W.m) -> (f.f.C) x (H'.W'.m).
inline arma::mat im2col(const arma::mat& x, const Windows& windows) {
  const arma::uword c = windows.image.channels, f = windows.f;
  const arma::uword m = x.n_cols / windows.image.pixels();
  const arma::uword perSample = windows.rows() * windows.columns();
  arma::mat columns(f * f * c, perSample * m, arma::fill::none);
  if (windows.slide.padding > 0) columns.zeros();  // else every entry is written below
  for (arma::uword n = 0; n < m; ++n)
    eachWindowRow(windows, [&](arma::uword window, arma::uword u, arma::uword pixel,
                               arma::uword v, arma::uword count) {
      const double* from = x.colptr(n * windows.image.pixels() + pixel);
      std::copy_n(from, count * c,
                  columns.colptr(n * perSample + window) + (u * f + v) * c);
    });
  return columns;
}

/// The way back: each entry returns to the pixel it was copied from, and where windows
/// overlap they add up. (f.f.C) x (H'.W'.m) -> C x (H.W.m).
inline arma::mat col2im(const arma::mat& columns, const Windows& windows) {
  const arma::uword c = windows.image.channels, f = windows.f;
  const arma::uword perSample = windows.rows() * windows.columns();
  const arma::uword m = columns.n_cols / perSample;
  arma::mat x(c, windows.image.pixels() * m, arma::fill::zeros);
  for (arma::uword n = 0; n < m; ++n)
    eachWindowRow(windows, [&](arma::uword window, arma::uword u, arma::uword pixel,
                               arma::uword v, arma::uword count) {
      const double* from = columns.colptr(n * perSample + window) + (u * f + v) * c;
      double* to = x.colptr(n * windows.image.pixels() + pixel);
      for (arma::uword i = 0; i < count * c; ++i) to[i] += from[i];
    });
  return x;
}

}  // namespace cnn::batched
