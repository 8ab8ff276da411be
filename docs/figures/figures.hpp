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
Drawings cnnSerial();     ///< stage 05
Drawings cnnBatched();    ///< stage 06
Drawings cnnSimd();       ///< stage 07
Drawings cnnFast();       ///< stage 08
Drawings winograd();      ///< stage 09
Drawings museum();        ///< the bug museum
Drawings trained();       ///< what ./learn train has left; none before it has run

}  // namespace cnn::figures
