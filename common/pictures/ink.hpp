// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Where in a picture a single digit is.

#include <armadillo>

namespace cnn {

/// The ink of the one digit in a picture, dark on light or light on dark: 0 to 1, as
/// large as the picture, 0 wherever something else lies; empty when there is no digit
/// or more than one.
/// @param picture 0 black to 1 white
arma::mat inkOf(const arma::mat& picture);

}  // namespace cnn
