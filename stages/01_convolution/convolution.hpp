// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 01: slide a small kernel over an image; at each place multiply and add.
///   x : H x W x channels    w[k] : f x f x channels    b : n    z : H' x W' x n
///
///   z[i, j, k] = b[k] + sum over u, v, c of
///                       w[k][u, v, c] x[i s + u - p, j s + v - p, c]
///   H'         = floor((H + 2 p - f) / s) + 1,  W' likewise
///
/// where x is zero outside its frame. Images and kernels need not be square: every size
/// is counted per direction.

#include "common/core/require.hpp"

#include <armadillo>

#include <algorithm>
#include <string_view>
#include <vector>

namespace cnn {

using arma::cube;
using arma::mat;
using arma::uword;
using arma::vec;

/// How a window walks over an image: `{.stride = 2, .padding = 1}`.
struct Slide {
  int stride = 1;   ///< s: pixels from one window to the next, at least 1
  int padding = 0;  ///< p: zeros around the image, at least 0
};

/// The filters of a layer, each f x f x channels.
using Filters = std::vector<cube>;

/// How many windows of size f fit along n pixels: floor((n + 2p - f)/s) + 1.
/// @throws std::invalid_argument naming `layer`: window empty or larger than the padded
///         input, stride below 1, padding below 0
inline uword outputSize(uword n, uword f, Slide slide = {},
                        std::string_view layer = "convolution") {
  const auto [s, p] = slide;
  require(s >= 1, "{}: the stride is {}, expected at least 1", layer, s);
  require(p >= 0, "{}: the padding is {}, expected at least 0", layer, p);
  const uword padded = n + 2 * static_cast<uword>(p);
  require(1 <= f && f <= padded,
          "{}: the window has size {}, expected 1 to {} (input {} + 2 x padding {})",
          layer, f, padded, n, p);
  return (padded - f) / static_cast<uword>(s) + 1;  // whole numbers divide to the floor
}

/// A frame of zeros, `padding` wide: H x W -> (H + 2p) x (W + 2p).
/// @throws std::invalid_argument when the padding is negative
inline mat pad(const mat& x, int padding) {
  require(padding >= 0, "pad: the padding is {}, expected at least 0", padding);
  const uword p = static_cast<uword>(padding);
  mat framed(x.n_rows + 2 * p, x.n_cols + 2 * p, arma::fill::zeros);
  framed.submat(p, p, arma::size(x)) = x;
  return framed;
}

/// The same frame around every channel.
/// @throws std::invalid_argument when the padding is negative
inline cube pad(const cube& x, int padding) {
  require(padding >= 0, "pad: the padding is {}, expected at least 0", padding);
  const uword p = static_cast<uword>(padding);
  cube framed(x.n_rows + 2 * p, x.n_cols + 2 * p, x.n_slices, arma::fill::zeros);
  framed.subcube(p, p, 0, arma::size(x)) = x;
  return framed;
}

/// First way: window after window, z[i, j] = dot product of the window and the kernel.
///   x : H x W    w : f x g    z : H' x W'
/// @throws std::invalid_argument as outputSize
inline mat convolveWindows(const mat& x, const mat& w, Slide slide = {}) {
  mat z(outputSize(x.n_rows, w.n_rows, slide), outputSize(x.n_cols, w.n_cols, slide));
  const uword s = static_cast<uword>(slide.stride);
  const mat padded = pad(x, slide.padding);
  for (uword j = 0; j < z.n_cols; ++j)    // columns outside: Armadillo stores
    for (uword i = 0; i < z.n_rows; ++i)  // matrices column by column
      z(i, j) = arma::accu(padded.submat(i * s, j * s, arma::size(w)) % w);
  return z;
}

/// Second way: the same sum in another order. Weight w[u, v] meets every s-th pixel of
/// the image shifted by (u, v): z sums f.g such matrices, each times its weight.
///   x : H x W    w : f x g    z : H' x W'
/// @throws std::invalid_argument as outputSize
inline mat convolveShifted(const mat& x, const mat& w, Slide slide = {}) {
  mat z(outputSize(x.n_rows, w.n_rows, slide), outputSize(x.n_cols, w.n_cols, slide),
        arma::fill::zeros);
  const uword s = static_cast<uword>(slide.stride);
  const mat padded = pad(x, slide.padding);
  const arma::uvec rows = s * arma::regspace<arma::uvec>(0, z.n_rows - 1);
  const arma::uvec columns = s * arma::regspace<arma::uvec>(0, z.n_cols - 1);
  for (uword v = 0; v < w.n_cols; ++v)
    for (uword u = 0; u < w.n_rows; ++u)
      if (s == 1)
        z += w(u, v) * padded.submat(u, v, arma::size(z));  // a view: nothing is copied
      else
        z += w(u, v) * padded.submat(rows + u, columns + v);
  return z;
}

/// Third way: written as sums of waves, image and kernel meet in one product a wave.
/// The conjugate makes it a correlation: without it the kernel would be turned.
///   x : H x W    w : f x g    z : H' x W'
/// @throws std::invalid_argument as outputSize
inline mat convolveFft(const mat& x, const mat& w, Slide slide = {}) {
  const uword height = outputSize(x.n_rows, w.n_rows, slide);
  const uword width = outputSize(x.n_cols, w.n_cols, slide);
  const uword s = static_cast<uword>(slide.stride);
  const mat padded = pad(x, slide.padding);
  // Armadillo takes a matrix of one row or column for a vector and transforms it twice.
  const uword rows = std::max<uword>(padded.n_rows, 2);
  const uword columns = std::max<uword>(padded.n_cols, 2);
  const arma::cx_mat waves =
      arma::fft2(padded, rows, columns) % arma::conj(arma::fft2(w, rows, columns));
  const mat everywhere = arma::real(arma::ifft2(waves));  // the far rim wraps round
  return everywhere.submat(s * arma::regspace<arma::uvec>(0, height - 1),
                           s * arma::regspace<arma::uvec>(0, width - 1));
}

/// All channels, one map: each meets its own slice of the kernel; the results add up.
///   x : H x W x channels    w : f x g x channels    z : H' x W'
/// @throws std::invalid_argument when the channels differ, and as outputSize
inline mat convolve(const cube& x, const cube& w, Slide slide = {}) {
  require(w.n_slices == x.n_slices,
          "convolution: the kernel has {} channels, expected {} as the input",
          w.n_slices, x.n_slices);
  mat z(outputSize(x.n_rows, w.n_rows, slide), outputSize(x.n_cols, w.n_cols, slide),
        arma::fill::zeros);
  for (uword c = 0; c < x.n_slices; ++c)
    z += convolveShifted(x.slice(c), w.slice(c), slide);
  return z;
}

/// A layer: every filter gives one map, its bias added to each pixel.
///   x : H x W x channels    w[k] : f x g x channels    b : n    z : H' x W' x n
/// @throws std::invalid_argument when there is no filter or not one bias for each, when
///         the filters differ in shape, and as the functions above
inline cube convolve(const cube& x, const Filters& w, const vec& b, Slide slide = {}) {
  require(!w.empty(), "convolution: the layer has 0 filters, expected at least 1");
  require(b.n_elem == w.size(),
          "convolution: the layer has {} biases, expected {}, one for each filter",
          b.n_elem, w.size());
  cube z(outputSize(x.n_rows, w[0].n_rows, slide),
         outputSize(x.n_cols, w[0].n_cols, slide), w.size());
  for (uword k = 0; k < w.size(); ++k) {
    require(arma::size(w[k]) == arma::size(w[0]),
            "convolution: filter {} is {} x {} x {}, expected {} x {} x {} as filter 0",
            k, w[k].n_rows, w[k].n_cols, w[k].n_slices, w[0].n_rows, w[0].n_cols,
            w[0].n_slices);
    z.slice(k) = convolve(x, w[k], slide) + b(k);
  }
  return z;
}

}  // namespace cnn
