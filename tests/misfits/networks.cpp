// SPDX-License-Identifier: MIT
/// @file
/// Networks of stages 08 and 09 that must not compile. ctest hands this file to the compiler with
/// one of these names as MISFIT and reads its message; with `fits` it compiles.

#include "09_winograd/cnn.hpp"

namespace cnn::fast {

template <class... Bricks>
using Small = Network<float, 4, Size{1, 12, 12}, Bricks..., Softmax<10>>;

using fits = Small<ConvPool<3, 3, 2>, Conv<3, 2>, FC<20>>;
using kernelTooLarge = Small<Conv<3, 5>, Conv<3, 9>>;
using windowTooLarge = Small<ConvPool<3, 5, 9>>;
using outputNotOfThrees = Small<WinogradConv<4>>;
using fusedNotFirst = Small<Conv<3, 5>, ConvPool<3, 3, 2>>;
using convBehindFc = Small<FC<20>, Conv<3, 1>>;

template class Workspace<Pack<float, 4>, Size{1, 12, 12}, MISFIT::Layers>;

}  // namespace cnn::fast
