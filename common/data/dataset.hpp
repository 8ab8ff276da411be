// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Labelled images in memory, and the one place where row-major pixels become matrices.
///   pixels : (rows . columns) x samples, 0..255, one image a column, row by row

#include <armadillo>

#include <array>
#include <cstdint>

namespace cnn {

/// Moves each image at random by up to `most` pixels, up or down and left or right;
/// what leaves the picture is lost, what enters is black. Where a sample goes depends
/// on the sample and the round alone, so that a run can be repeated.
struct Shift {
  int most = 0;
  std::uint64_t round = 0;  ///< a new one for every epoch

  /// How far down and right the sample goes.
  std::array<int, 2> of(arma::uword sample) const;
};

/// Images of one size with a label each.
struct Dataset {
  arma::uword rows = 0;            ///< height of an image
  arma::uword columns = 0;         ///< width of an image
  arma::Mat<std::uint8_t> pixels;  ///< (rows . columns) x samples, row by row
  arma::Col<std::uint8_t> labels;  ///< samples, each 0..9

  /// How many samples there are.
  arma::uword size() const { return pixels.n_cols; }

  /// One image as a matrix, rows x columns, in [0, 1]. Files store images row by row
  /// and Armadillo matrices column by column: this is the one place that transposes.
  arma::mat image(arma::uword sample, const Shift& shift = {}) const;

  /// Many images, (rows . columns) x samples, in [0, 1]: pixels stay row by row.
  arma::mat images(const arma::uvec& samples, const Shift& shift = {}) const;

  /// The pixels of one image as bytes, row by row, to `to`.
  void copyPixels(arma::uword sample, const Shift& shift, std::uint8_t* to) const;

  /// Samples [first, first + count).
  Dataset range(arma::uword first, arma::uword count) const;
};

/// The training and the test images of MNIST.
struct TrainTest {
  Dataset train;  ///< to learn from
  Dataset test;   ///< to judge by
};

}  // namespace cnn
