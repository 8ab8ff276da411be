// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Named arrays of any rank: how networks exchange their weights with files.

#include <armadillo>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace cnn {

/// An array in row-major order (the last index runs fastest),
/// as PyTorch and numpy store it.
struct Tensor {
  std::vector<std::size_t> shape;  ///< the extents, one an index
  std::vector<double> values;      ///< as many as the extents multiply to
};

/// Weights by PyTorch's names: "conv1.weight", "conv1.bias", ...
using Tensors = std::map<std::string, Tensor>;

/// A matrix as a tensor of the given shape; its rows are the tensor's first index.
/// @throws std::invalid_argument when the matrix does not fill the shape in this way
Tensor toTensor(const arma::mat& x, std::vector<std::size_t> shape);

/// The tensor as rows x (everything else), whatever its rank.
/// @throws std::invalid_argument when the values do not fill the shape
arma::mat toMatrix(const Tensor& tensor);

/// The product of the extents; one too large for the type counts as the type's largest
/// number, which no memory can hold.
std::size_t elementCount(const std::vector<std::size_t>& shape);

/// "10 x 1 x 3 x 3"
std::string describe(const std::vector<std::size_t>& shape);

}  // namespace cnn
