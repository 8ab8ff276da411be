// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 08: the network of this book as a type. Bricks that do not fit do not compile.

#include "08_cnn_fast/conv.hpp"
#include "08_cnn_fast/conv_pool.hpp"
#include "08_cnn_fast/fc.hpp"
#include "08_cnn_fast/network.hpp"

namespace cnn::fast {

/// 28 x 28 x 1 -> 10 classes, 134,826 parameters.
/// `SecondConv` is Conv<16, 5> or what computes the same.
template <class SecondConv, class T = float, int width = fullWidth<T>>
using MnistNetwork = Network<T, width, Size{1, 28, 28},  //
                             ConvPool<10, 3, 2>,         // 10 x 13 x 13
                             SecondConv,                 // 16 x 9 x 9
                             FC<100>,                    //
                             Softmax<10>>;

using DirectNetwork = MnistNetwork<Conv<16, 5>>;

}  // namespace cnn::fast
