// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 04: samples in chunks. A chunk goes through a network together; costs and
/// gradients add up from chunk to chunk, so that memory stays bounded however large a
/// batch or a data set is.

#include "common/data/dataset.hpp"

#include <armadillo>

#include <algorithm>
#include <numeric>
#include <vector>

namespace cnn {

/// The numbers of all samples: 0, 1, 2, ...
inline arma::uvec everySample(const Dataset& data) {
  arma::uvec samples(data.size());
  std::iota(samples.begin(), samples.end(), arma::uword{0});
  return samples;
}

/// The samples in their order, `size` a chunk; the last may be shorter.
inline std::vector<arma::uvec> chunksOf(const arma::uvec& samples, arma::uword size) {
  std::vector<arma::uvec> chunks;
  for (arma::uword first = 0; first < samples.n_elem; first += size)
    chunks.push_back(samples.subvec(first, std::min(first + size, samples.n_elem) - 1));
  return chunks;
}

}  // namespace cnn
