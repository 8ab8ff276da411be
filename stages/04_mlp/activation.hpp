// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: the activations of the layers, and the cost at the end.
///   relu(z) = max(z, 0)      logistic(z) = 1 / (1 + e^-z)
///   softmax(z)_k = e^z_k / sum_j e^z_j      cost = -log softmax(z)_y
/// Matrices hold one sample a column.

#include "common/core/require.hpp"
#include "common/training/classifier.hpp"

#include <armadillo>

#include <cmath>
#include <cstdint>
#include <utility>

namespace cnn {

/// What turns the weighted sums z of a layer into its activations a = g(z).
enum class Activation { identity, logistic, relu, softmax };

/// What a layer makes of its input, kept for the way back.
template <class Data>
struct Pass {
  Data z;  ///< weighted sums; left empty where g is the identity
  Data a;  ///< activations
};

/// The right answers of a batch, one a sample.
using Labels = arma::Col<std::uint8_t>;

/// max(z, 0), of a matrix or a cube. NaN stays NaN, so that a run gone wrong shows.
template <class Array>
Array relu(Array z) {
  z.transform([](double v) { return v < 0 ? 0 : v; });
  return z;
}

/// g'(z) of relu: 1 where z > 0, else 0.
template <class Array>
Array reluSlope(Array z) {
  z.transform([](double v) { return v > 0 ? 1.0 : 0.0; });
  return z;
}

/// 1 / (1 + e^-z).
template <class Array>
Array logistic(const Array& z) {
  return 1 / (1 + arma::exp(-z));
}

/// g'(z) of logistic: a (1 - a).
template <class Array>
Array logisticSlope(const Array& z) {
  const Array a = logistic(z);
  return a % (1 - a);
}

/// Each column as probabilities. Taking the largest entry off changes nothing, since it
/// cancels in the fraction, and e^1000 never happens.
inline arma::mat softmax(arma::mat z) {
  z.each_row() -= arma::max(z, 0);
  z = arma::exp(z);
  z.each_row() /= arma::sum(z, 0);
  return z;
}

/// The same, slice by slice.
inline arma::cube softmax(arma::cube z) {
  z.each_slice([](arma::mat& slice) { slice = softmax(slice); });
  return z;
}

/// From the weighted sums to the activations.
template <class Data>
Pass<Data> activate(Data z, Activation g) {
  if (g == Activation::identity) return {.z = {}, .a = std::move(z)};
  Data a = g == Activation::relu       ? relu(z)
           : g == Activation::logistic ? logistic(z)
                                       : softmax(z);
  return {.z = std::move(z), .a = std::move(a)};
}

/// From dJ/da to dJ/dz: each entry times g'(z). Softmax has its slope in outputError.
template <class Data>
void multiplyBySlope(Data& error, const Data& z, Activation g) {
  if (g == Activation::relu) error %= reluSlope(z);
  if (g == Activation::logistic) error %= logisticSlope(z);
}

/// One label a column, and each the number of a row.
/// @throws std::invalid_argument otherwise
inline void requireLabels(const arma::mat& z, const Labels& labels) {
  require(labels.n_elem == z.n_cols, "cross-entropy: {} samples but {} labels",
          z.n_cols, labels.n_elem);
  for (const unsigned label : labels)
    require(label < z.n_rows,
            "cross-entropy: a sample has label {}, the network "
            "tells classes 0 to {} apart",
            label, z.n_rows - 1);
}

/// Cross-entropies of the columns of z (before the softmax), summed, and how many
/// columns have their largest entry at the label. log softmax(z)_y = z_y - log sum e^z:
/// the logarithm is never taken of a probability, which may have been rounded to 0.
inline Score crossEntropy(const arma::mat& z, const Labels& labels) {
  requireLabels(z, labels);
  Score score{.samples = z.n_cols};
  for (arma::uword n = 0; n < z.n_cols; ++n) {
    const double largest = z.col(n).max();
    const double logSum = largest + std::log(arma::accu(arma::exp(z.col(n) - largest)));
    score.costSum += logSum - z(labels(n), n);
    score.correct += z.col(n).index_max() == labels(n);
  }
  return score;
}

/// delta = dJ/dz of the last layer: softmax and cross-entropy together leave p - y.
inline arma::mat outputError(arma::mat p, const Labels& labels) {
  requireLabels(p, labels);
  for (arma::uword n = 0; n < p.n_cols; ++n) p(labels(n), n) -= 1;
  return p;
}

}  // namespace cnn
