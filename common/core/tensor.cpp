// SPDX-License-Identifier: MIT
#include "common/core/tensor.hpp"

#include "common/core/require.hpp"

#include <fmt/ranges.h>

#include <limits>

namespace cnn {

Tensor toTensor(const arma::mat& x, std::vector<std::size_t> shape) {
  const std::size_t first = shape.empty() ? 1 : shape.front();
  require(x.n_rows == first && x.n_elem == elementCount(shape),
          "toTensor: a matrix of {} x {} does not fill a tensor of {}", x.n_rows,
          x.n_cols, describe(shape));
  const arma::mat rowMajor = x.t();
  return {std::move(shape), {rowMajor.begin(), rowMajor.end()}};
}

arma::mat toMatrix(const Tensor& tensor) {
  require(tensor.values.size() == elementCount(tensor.shape),
          "toMatrix: {} values do not fill a tensor of {}", tensor.values.size(),
          describe(tensor.shape));
  const std::size_t rows = tensor.shape.empty() ? 1 : tensor.shape.front();
  const std::size_t columns = rows == 0 ? 0 : tensor.values.size() / rows;
  return arma::mat(tensor.values.data(), columns, rows).t();
}

std::size_t elementCount(const std::vector<std::size_t>& shape) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t count = 1;
  for (const std::size_t extent : shape)
    count = extent != 0 && count > most / extent ? most : count * extent;
  return count;
}

std::string describe(const std::vector<std::size_t>& shape) {
  return shape.empty() ? "a single value" : fmt::format("{}", fmt::join(shape, " x "));
}

}  // namespace cnn
