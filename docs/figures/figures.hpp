// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The figures of each chapter, their numbers computed by the chapter's own code.

#include "drawing.hpp"

namespace cnn::figures {

Drawings convolution();   ///< stage 01
Drawings pooling();       ///< stage 02
Drawings convBackprop();  ///< stage 03
Drawings mlp();           ///< stage 04

}  // namespace cnn::figures
