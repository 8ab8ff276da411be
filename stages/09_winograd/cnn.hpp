// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 09: the network of stage 08 with Winograd's trick in its second convolution.

#include "08_cnn_fast/cnn.hpp"
#include "09_winograd/winograd_conv.hpp"

namespace cnn::fast {

using WinogradNetwork = MnistNetwork<WinogradConv<16>>;

}  // namespace cnn::fast
