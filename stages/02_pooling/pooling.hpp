// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 02: keep the strongest answer of each window, or the mean of all of them.
///   x : H x W      z : H' x W',  H' = floor((H + 2p - f) / s) + 1,  W' likewise
///   max  : z(i, j) = max  over the window of x      (padding never wins)
///   mean : z(i, j) = sum  over the window of x / f^2  (padding counts as zeros)
/// A cube is pooled channel by channel: H x W x C becomes H' x W' x C.

#include "01_convolution/convolution.hpp"
#include "common/core/require.hpp"

#include <armadillo>

#include <algorithm>
#include <cmath>

namespace cnn {

/// The shape of z, after the checks that every function of this stage relies on.
/// @throws std::invalid_argument for a size below 1, a padding that could fill a window
///   (0 <= padding < size is needed), an empty image, and what outputSize() refuses
inline arma::SizeMat pooledSize(uword rows, uword columns, int size, Slide slide) {
  require(size >= 1, "pooling: the window's size is {}, expected at least 1", size);
  require(0 <= slide.padding && slide.padding < size,
          "pooling: padding is {}, expected 0 to {}, below the window's size",
          slide.padding, size - 1);
  require(rows > 0 && columns > 0,
          "pooling: the image is {} x {}, expected a pixel at least", rows, columns);
  const auto f = static_cast<uword>(size);
  return arma::size(outputSize(rows, f, slide, "pooling"),
                    outputSize(columns, f, slide, "pooling"));
}

/// The pixels that window number i covers along a side of n pixels, the padding cut
/// away: what lies there can neither win a maximum nor keep a gradient.
inline arma::span window(uword i, uword n, int size, Slide slide) {
  const auto start = static_cast<arma::sword>(i) * slide.stride - slide.padding;
  const auto first = std::max<arma::sword>(start, 0);
  const auto last = std::min(start + size, static_cast<arma::sword>(n)) - 1;
  return arma::span(static_cast<uword>(first), static_cast<uword>(last));
}

// ---- max ----------------------------------------------------------------------------

/// What max pooling keeps: H' x W' values, and for each the pixel of x that it came
/// from, as Armadillo counts: row + column . H.
struct MaxPooled2D {
  mat values;
  arma::umat winners;
};

/// True when `value` takes the lead. An equal does not: who comes first keeps it.
/// NaN beats every number, so that a broken pixel shows in the result.
inline bool beats(double value, double leader) {
  return value > leader || (std::isnan(value) && !std::isnan(leader));
}

/// The largest pixel of a window, as row + column . H; of equals the first, row by row.
inline uword strongest(const mat& x, arma::span rows, arma::span columns) {
  uword winner = rows.a + columns.a * x.n_rows;
  for (uword row = rows.a; row <= rows.b; ++row)
    for (uword column = columns.a; column <= columns.b; ++column)
      if (beats(x(row, column), x(winner))) winner = row + column * x.n_rows;
  return winner;
}

/// z(i, j) = max over window (i, j) of x; the padding wins not even over negatives.
/// @throws std::invalid_argument as pooledSize() does
inline MaxPooled2D maxPool(const mat& x, int size, Slide slide) {
  const arma::SizeMat shape = pooledSize(x.n_rows, x.n_cols, size, slide);
  MaxPooled2D z{mat(shape), arma::umat(shape)};
  for (uword j = 0; j < shape.n_cols; ++j) {
    const arma::span columns = window(j, x.n_cols, size, slide);
    for (uword i = 0; i < shape.n_rows; ++i) {
      z.winners(i, j) = strongest(x, window(i, x.n_rows, size, slide), columns);
      z.values(i, j) = x(z.winners(i, j));
    }
  }
  return z;
}

/// dJ/dx, rows x columns, from delta = dJ/dz: each winner gets its window's delta, and
/// all of them when it won several windows.
/// @throws std::invalid_argument when delta and winners differ in shape, or when a
///   winner lies outside of rows x columns
inline mat maxUnpool(const mat& delta, const arma::umat& winners, uword rows,
                     uword columns) {
  require(arma::size(delta) == arma::size(winners),
          "max unpooling: delta is {} x {}, expected {} x {} as the winners",
          delta.n_rows, delta.n_cols, winners.n_rows, winners.n_cols);
  const uword last = winners.is_empty() ? 0 : winners.max();
  require(last < rows * columns,
          "max unpooling: a winner is pixel number {}, expected below {} x {}", last,
          rows, columns);
  mat gradient(rows, columns, arma::fill::zeros);
  for (uword n = 0; n < delta.n_elem; ++n) gradient(winners(n)) += delta(n);
  return gradient;
}

// ---- mean ---------------------------------------------------------------------------

/// z(i, j) = sum over window (i, j) of x / f^2; the padding counts as zeros.
/// @throws std::invalid_argument as pooledSize() does
inline mat meanPool(const mat& x, int size, Slide slide) {
  const double area = static_cast<double>(size) * size;
  mat z(pooledSize(x.n_rows, x.n_cols, size, slide));
  for (uword j = 0; j < z.n_cols; ++j) {
    const arma::span columns = window(j, x.n_cols, size, slide);
    for (uword i = 0; i < z.n_rows; ++i)
      z(i, j) = arma::accu(x(window(i, x.n_rows, size, slide), columns)) / area;
  }
  return z;
}

/// dJ/dx, rows x columns, from delta = dJ/dz: every pixel of a window gets 1 / f^2 of
/// its delta; the share that falls on padding is lost.
/// @throws std::invalid_argument when delta is not the shape that pooling gives, and as
///   pooledSize() does
inline mat meanUnpool(const mat& delta, int size, Slide slide, uword rows,
                      uword columns) {
  const arma::SizeMat shape = pooledSize(rows, columns, size, slide);
  require(arma::size(delta) == shape,
          "mean unpooling: delta is {} x {}, expected {} x {}", delta.n_rows,
          delta.n_cols, shape.n_rows, shape.n_cols);
  const double area = static_cast<double>(size) * size;
  mat gradient(rows, columns, arma::fill::zeros);
  for (uword j = 0; j < delta.n_cols; ++j) {
    const arma::span across = window(j, columns, size, slide);
    for (uword i = 0; i < delta.n_rows; ++i)
      gradient(window(i, rows, size, slide), across) += delta(i, j) / area;
  }
  return gradient;
}

// ---- channel by channel -------------------------------------------------------------

/// Max pooling of a cube, H' x W' x C; each winner counts within its own channel.
struct MaxPooled {
  cube values;
  arma::ucube winners;
};

/// Max pooling of every channel on its own, H x W x C -> H' x W' x C.
/// @throws std::invalid_argument as pooledSize() does
inline MaxPooled maxPool(const cube& x, int size, Slide slide) {
  const auto [rows, columns] = pooledSize(x.n_rows, x.n_cols, size, slide);
  MaxPooled z{cube(rows, columns, x.n_slices), arma::ucube(rows, columns, x.n_slices)};
  for (uword c = 0; c < x.n_slices; ++c) {
    const MaxPooled2D channel = maxPool(x.slice(c), size, slide);
    z.values.slice(c) = channel.values;
    z.winners.slice(c) = channel.winners;
  }
  return z;
}

/// Max unpooling of every channel on its own, H' x W' x C -> rows x columns x C.
/// @throws std::invalid_argument as for one channel
inline cube maxUnpool(const cube& delta, const arma::ucube& winners, uword rows,
                      uword columns) {
  require(delta.n_slices == winners.n_slices,
          "max unpooling: delta has {} channels, expected {} as the winners",
          delta.n_slices, winners.n_slices);
  cube gradient(rows, columns, delta.n_slices);
  for (uword c = 0; c < delta.n_slices; ++c)
    gradient.slice(c) = maxUnpool(delta.slice(c), winners.slice(c), rows, columns);
  return gradient;
}

/// Mean pooling of every channel on its own, H x W x C -> H' x W' x C.
/// @throws std::invalid_argument as pooledSize() does
inline cube meanPool(const cube& x, int size, Slide slide) {
  const auto [rows, columns] = pooledSize(x.n_rows, x.n_cols, size, slide);
  cube z(rows, columns, x.n_slices);
  for (uword c = 0; c < x.n_slices; ++c) z.slice(c) = meanPool(x.slice(c), size, slide);
  return z;
}

/// Mean unpooling of every channel on its own, H' x W' x C -> rows x columns x C.
/// @throws std::invalid_argument as for one channel
inline cube meanUnpool(const cube& delta, int size, Slide slide, uword rows,
                       uword columns) {
  cube gradient(rows, columns, delta.n_slices);
  for (uword c = 0; c < delta.n_slices; ++c)
    gradient.slice(c) = meanUnpool(delta.slice(c), size, slide, rows, columns);
  return gradient;
}

}  // namespace cnn
