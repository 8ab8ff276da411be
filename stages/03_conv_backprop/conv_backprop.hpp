// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 03: from the error of a convolution back to its weights, biases and input.
///   x : H x W x channels    w[k] : f x f x channels    delta = dJ/dz : H' x W' x n
///
///   dw[k](u, v, c) = sum over i, j    of delta(i, j, k) x(i s + u - p, j s + v - p, c)
///   db(k)          = sum over i, j    of delta(i, j, k)
///   dx(a, b, c)    = sum over k, i, j of delta(i, j, k) w[k](a+p - i s, b+p - j s, c)
///
/// where x is zero outside its frame, and w outside the kernel.

#include "01_convolution/convolution.hpp"

namespace cnn {

/// Lets pass only the error of a layer with these sizes.
///   delta : outputSize(rows, f) x outputSize(columns, g) x filters
/// @throws std::invalid_argument with the given and the expected shape
inline void requireError(const cube& delta, uword rows, uword columns, uword f, uword g,
                         uword filters, Slide slide) {
  const std::string_view layer = "convolution backward";
  const uword height = outputSize(rows, f, slide, layer);
  const uword width = outputSize(columns, g, slide, layer);
  require(
      delta.n_rows == height && delta.n_cols == width && delta.n_slices == filters,
      "{}: delta is {} x {} x {}, expected {} x {} x {} (input {} x {}, kernel {} x "
      "{}, stride {}, padding {})",
      layer, delta.n_rows, delta.n_cols, delta.n_slices, height, width, filters, rows,
      columns, f, g, slide.stride, slide.padding);
}

/// The same, for filters that must agree in shape.
/// @throws std::invalid_argument also when there is no filter, or two differ in shape
inline void requireError(const cube& delta, const Filters& w, uword rows, uword columns,
                         Slide slide) {
  require(!w.empty(), "convolution backward: 0 filters, expected at least 1");
  for (const cube& filter : w)
    require(arma::size(filter) == arma::size(w[0]),
            "convolution backward: a filter is {} x {} x {}, expected {} x {} x {} as "
            "filter 0",
            filter.n_rows, filter.n_cols, filter.n_slices, w[0].n_rows, w[0].n_cols,
            w[0].n_slices);
  requireError(delta, rows, columns, w[0].n_rows, w[0].n_cols, w.size(), slide);
}

/// dJ/db: a bias touches every output of its map, so it gets all of their errors.
///   delta : H' x W' x n    db : n
inline vec convBiasGradient(const cube& delta) {
  vec db(delta.n_slices);
  for (uword k = 0; k < delta.n_slices; ++k) db(k) = arma::accu(delta.slice(k));
  return db;
}

// ---- by index: every output looks back at its window -------------------------------

/// dJ/dw: each output adds the window it saw, times its error.
///   delta : H' x W' x n    x : H x W x channels    dw[k] : f x f x channels
/// @throws std::invalid_argument when delta does not fit x, f and the slide
inline Filters scatterWeightGradient(const cube& delta, const cube& x, uword f,
                                     Slide slide = {}) {
  requireError(delta, x.n_rows, x.n_cols, f, f, delta.n_slices, slide);
  const uword s = static_cast<uword>(slide.stride);
  const cube padded = pad(x, slide.padding);
  Filters dw(delta.n_slices, cube(f, f, x.n_slices));  // filled with zeros
  for (uword k = 0; k < delta.n_slices; ++k)
    for (uword j = 0; j < delta.n_cols; ++j)
      for (uword i = 0; i < delta.n_rows; ++i)
        dw[k] += delta(i, j, k) * padded.subcube(i * s, j * s, 0, arma::size(dw[k]));
  return dw;
}

/// The image without its frame: what `pad` put around is cut off.
///   (H + 2p) x (W + 2p) x channels -> H x W x channels
inline cube unpad(const cube& framed, int padding) {
  const uword p = static_cast<uword>(padding);
  return framed.subcube(
      p, p, 0,
      arma::size(framed.n_rows - 2 * p, framed.n_cols - 2 * p, framed.n_slices));
}

/// dJ/dx: each output adds its filter, times its error, to the window it saw.
/// Windows overlap, so they add; a pixel that no window saw keeps its zero.
///   delta : H' x W' x n    w[k] : f x f x channels    dx : rows x columns x channels
/// @throws std::invalid_argument when delta does not fit w, the sizes and the slide
inline cube scatterInputGradient(const cube& delta, const Filters& w, uword rows,
                                 uword columns, Slide slide = {}) {
  requireError(delta, w, rows, columns, slide);
  const uword s = static_cast<uword>(slide.stride);
  cube dx = pad(cube(rows, columns, w[0].n_slices), slide.padding);
  for (uword k = 0; k < delta.n_slices; ++k)
    for (uword j = 0; j < delta.n_cols; ++j)
      for (uword i = 0; i < delta.n_rows; ++i)
        dx.subcube(i * s, j * s, 0, arma::size(w[k])) += delta(i, j, k) * w[k];
  return unpad(dx, slide.padding);
}

// ---- the same sums as convolutions -------------------------------------------------

/// Zeros between the entries, s - 1 each: what a stride skipped gets its place back.
///   H x W -> ((H - 1) s + 1) x ((W - 1) s + 1)
/// @throws std::invalid_argument when the stride is below 1 or x is empty
inline mat dilate(const mat& x, int stride) {
  require(stride >= 1, "dilate: the stride is {}, expected at least 1", stride);
  require(!x.empty(), "dilate: the matrix is {} x {}, expected at least 1 x 1",
          x.n_rows, x.n_cols);
  const uword s = static_cast<uword>(stride);
  mat spread((x.n_rows - 1) * s + 1, (x.n_cols - 1) * s + 1, arma::fill::zeros);
  for (uword j = 0; j < x.n_cols; ++j)
    for (uword i = 0; i < x.n_rows; ++i) spread(i * s, j * s) = x(i, j);
  return spread;
}

/// dJ/dw: the dilated error slides over the padded input, channel by channel.
///   delta : H' x W' x n    x : H x W x channels    dw[k] : f x f x channels
/// @throws std::invalid_argument when delta does not fit x, f and the slide
inline Filters convWeightGradient(const cube& delta, const cube& x, uword f,
                                  Slide slide = {}) {
  requireError(delta, x.n_rows, x.n_cols, f, f, delta.n_slices, slide);
  const cube padded = pad(x, slide.padding);
  Filters dw(delta.n_slices, cube(f, f, x.n_slices));
  for (uword k = 0; k < delta.n_slices; ++k) {
    const mat spread = dilate(delta.slice(k), slide.stride);
    // Where the stride leaves pixels over, there is room for more than f x f places:
    // the windows began at the first pixel, so the first f x f are the weights'.
    const auto seen = arma::size(spread.n_rows + f - 1, spread.n_cols + f - 1);
    for (uword c = 0; c < x.n_slices; ++c)
      dw[k].slice(c) = convolveWindows(padded.slice(c).submat(0, 0, seen), spread);
  }
  return dw;
}

/// Half a turn: the first entry becomes the last, f x g -> f x g.
inline mat turn180(const mat& w) { return arma::fliplr(arma::flipud(w)); }

/// Every overlap, also where part of the kernel hangs over the rim: the convolution of
/// dilate(x, stride) in a frame of f - 1 zeros. The kernel is not turned.
///   x : H x W    w : f x g    z : ((H - 1) s + f) x ((W - 1) s + g)
/// @throws std::invalid_argument when the stride is below 1 or x or w is empty
inline mat convolveFull(const mat& x, const mat& w, int stride = 1) {
  require(!w.empty(),
          "full convolution: the kernel is {} x {}, expected at least 1 x 1", w.n_rows,
          w.n_cols);
  const mat spread = dilate(x, stride);
  mat z(spread.n_rows + w.n_rows - 1, spread.n_cols + w.n_cols - 1, arma::fill::zeros);
  for (uword v = 0; v < w.n_cols; ++v)
    for (uword u = 0; u < w.n_rows; ++u)
      z.submat(w.n_rows - 1 - u, w.n_cols - 1 - v, arma::size(spread)) +=
          w(u, v) * spread;
  return z;
}

/// dJ/dx: every overlap of the dilated error with the kernel turned by 180 degrees.
/// Each filter adds its share.
///   delta : H' x W' x n    w[k] : f x f x channels    dx : rows x columns x channels
/// @throws std::invalid_argument when delta does not fit w, the sizes and the slide
inline cube convInputGradient(const cube& delta, const Filters& w, uword rows,
                              uword columns, Slide slide = {}) {
  requireError(delta, w, rows, columns, slide);
  cube dx = pad(cube(rows, columns, w[0].n_slices), slide.padding);
  for (uword k = 0; k < delta.n_slices; ++k)
    for (uword c = 0; c < dx.n_slices; ++c) {
      const mat share =
          convolveFull(delta.slice(k), turn180(w[k].slice(c)), slide.stride);
      dx.slice(c).submat(0, 0, arma::size(share)) += share;  // the rest was never seen
    }
  return unpad(dx, slide.padding);
}

}  // namespace cnn
