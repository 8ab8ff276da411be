// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the pooling brick, out of the functions of stage 02.

#include "02_pooling/pooling.hpp"
#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/image.hpp"

#include <armadillo>

namespace cnn::serial {

/// Pooling, stage 02.
class PoolLayer : public PoolBrick<Image> {
 public:
  using PoolBrick::PoolBrick;

  Trace<Image> forward(const Image& x) const override {
    if (pooling_ == Pooling::mean) return {{.z = {}, .a = meanPool(x, size_, slide_)}};
    MaxPooled pooled = maxPool(x, size_, slide_);
    return {{.z = {}, .a = std::move(pooled.values)}, {std::move(pooled.winners)}};
  }
  Image backPropError(const Image& delta, const Trace<Image>& trace) const override {
    return pooling_ == Pooling::mean
               ? meanUnpool(delta, size_, slide_, input_.rows, input_.columns)
               : maxUnpool(delta, trace.memory.winners, input_.rows, input_.columns);
  }
};

}  // namespace cnn::serial
