// SPDX-License-Identifier: MIT
#include "learner/01_convolution/questions.hpp"

using namespace cnn;

/// The picture that is taken apart: with its frame, and of two rows and columns at least.
static mat filled(const learner::Question& q) {
  mat padded = pad(q.x, q.slide.padding);
  padded.resize(std::max<uword>(padded.n_rows, 2), std::max<uword>(padded.n_cols, 2));
  return padded;
}

/// What comes back from the waves at every place of the padded picture, the rim wrapped
/// round: window (i, j) where `step` is 1. Where it is -1 the kernel lies the other way.
static mat everywhere(const mat& padded, const mat& w, uword step) {
  const uword H = padded.n_rows, W = padded.n_cols;
  mat z(H, W);
  for (uword i = 0; i < H; ++i)
    for (uword j = 0; j < W; ++j)
      for (uword u = 0; u < w.n_rows; ++u)
        for (uword v = 0; v < w.n_cols; ++v)
          z(i, j) += w(u, v) * padded((i + H + step * u) % H, (j + W + step * v) % W);
  return z;
}

/// Of these the answers that are wanted.
static mat wanted(const mat& all, const learner::Question& q) {
  const mat z = convolveWindows(q.x, q.w, q.slide);
  const uword s = static_cast<uword>(q.slide.stride);
  return all.submat(s * arma::regspace<arma::uvec>(0, z.n_rows - 1),
                    s * arma::regspace<arma::uvec>(0, z.n_cols - 1));
}

/// The same picture read backwards, in rows and columns, from (0, 0) on.
static mat backwards(const mat& z) {
  mat other(arma::size(z));
  for (uword i = 0; i < z.n_rows; ++i)
    for (uword j = 0; j < z.n_cols; ++j)
      other(i, j) = z((z.n_rows - i) % z.n_rows, (z.n_cols - j) % z.n_cols);
  return other;
}

/// Armadillo's way with a lone row or column.
static mat lone(const learner::Question& q) {
  const mat padded = pad(q.x, q.slide.padding);
  const arma::cx_mat waves =
      arma::fft2(padded) % arma::conj(arma::fft2(q.w, padded.n_rows, padded.n_cols));
  return wanted(arma::real(arma::ifft2(waves)), q);
}

EXERCISE(1, 7) {
  for (const learner::Question& q : learner::questions(sheet)) {
    ask(sheet, q);
    sheet.answer("z", [&] { return convolveFft(q.x, q.w, q.slide); });
    suspectAll(sheet, q);
    sheet.suspect("the kernel is turned, and wraps round: the conjugate is missing",
                  [&] { return wanted(everywhere(filled(q), q.w, -1), q); });
    sheet.suspect(
        "it runs backwards: the conjugate belongs to the kernel, not to the "
        "picture",
        [&] {
          const mat padded = filled(q);
          return wanted(backwards(everywhere(padded, q.w, 1)), q);
        });
    sheet.suspect("the way back is missing: ifft2, where fft2 went there", [&] {
      const mat padded = filled(q);
      const mat back = backwards(everywhere(padded, q.w, 1));
      return wanted(static_cast<double>(padded.n_elem) * back, q);
    });
    sheet.suspect("the rim that wraps round was not cut off",
                  [&] { return everywhere(filled(q), q.w, 1); });
    sheet.suspect(
        "a picture of one row or column is a vector to fft2, and is "
        "transformed twice: fill it up to two with zeros",
        [&] { return lone(q); });
  }
}
