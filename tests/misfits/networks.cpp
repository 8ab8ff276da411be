// SPDX-License-Identifier: MIT
/// @file
/// Networks of stage 08 that must not compile. ctest hands this file to the compiler with
/// one of these names as MISFIT and reads its message; with `fits` it compiles.

#include "08_cnn_fast/cnn.hpp"

namespace cnn::fast {

template <class... Bricks>
using Small = Network<float, 4, Size{1, 12, 12}, Bricks..., Softmax<10>>;

using fits = Small<Conv<3, 5>, MaxPool<2>, FC<20>>;
using kernelTooLarge = Small<Conv<3, 5>, Conv<3, 9>>;
using windowOutside = Small<MaxPool<2, 2, 2>>;
using outputNotOfThrees = Small<WinogradConv<4>>;
using fusedNotFirst = Small<Conv<3, 5>, ConvPool<3, 3, 2>>;
using convBehindFc = Small<FC<20>, Conv<3, 1>>;

template class Workspace<Pack<float, 4>, Size{1, 12, 12}, MISFIT::Layers>;

}  // namespace cnn::fast
