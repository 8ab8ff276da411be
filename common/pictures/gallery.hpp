// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a trained network leaves behind to look at:
/// its mistakes, its filters, what they see.

#include "common/core/tensor.hpp"
#include "common/data/dataset.hpp"

#include <armadillo>

#include <vector>

namespace cnn {

/// How often which digit was taken for which:
///   classes x classes, row: truth, column: answer
/// @throws std::invalid_argument: two lengths, or a label or an answer that is no class
arma::umat confusionMatrix(const arma::Col<std::uint8_t>& labels,
                           const arma::uvec& answers, arma::uword classes = 10);

/// The mistakes of which the network was most certain, worst first: their samples.
/// @param data images with their true labels
/// @param probabilities classes x samples: the network's answers for data's samples
/// @param count how many at most
/// @throws std::invalid_argument: as many columns as samples are needed
arma::uvec worstMistakes(const Dataset& data, const arma::mat& probabilities,
                         arma::uword count);

/// These mistakes row by row:
/// each image enlarged over a caption such as "4 not 9"
/// (it is a 4, not the 9 that was answered).
/// @param data images with their true labels
/// @param probabilities classes x samples: the network's answers for data's samples
/// @param count how many to show at most
/// @returns grey values; without pixels when there was no mistake
/// @throws std::invalid_argument: as many columns as samples are needed
arma::mat mistakesPicture(const Dataset& data, const arma::mat& probabilities,
                          arma::uword count = 30);

/// Filters of one size, `columns` a row, in signed colours on one common scale (so that
/// a filter that died looks white), each weight a square of `factor` pixels.
arma::cube filtersPicture(const std::vector<arma::mat>& filters,
                          arma::uword columns = 5, arma::uword factor = 32);

/// The maps (slices) of one layer's output, `columns` a row,
/// each value a square of `factor` pixels.
/// Each map runs from black, its smallest value, to white, its largest; one that is the
/// same everywhere, as a dead one is, is black.
/// @throws std::invalid_argument when there are no activations
arma::mat featureMapsPicture(const arma::cube& activations, arma::uword columns = 5,
                             arma::uword factor = 6);

/// The filters of a convolution on one channel, from its weights filters x 1 x f x f.
std::vector<arma::mat> filtersOf(const Tensor& weights);

/// What such a convolution, with its biases and ReLU, makes of an image:
/// a slice a filter.
arma::cube mapsOf(const std::vector<arma::mat>& filters, const Tensor& biases,
                  const arma::mat& image);

}  // namespace cnn
