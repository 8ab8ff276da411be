// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A reader's own digit, made to look like one of MNIST's.

#include <armadillo>

namespace cnn {

/// Ink as MNIST's makers would have stored it: its longer side scaled to 20 pixels, its
/// centre of mass in the middle of size x size pixels (28; for other sizes the 20 grows
/// in proportion), the darkest ink 1.
/// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
/// @param ink any size, 0 nothing to 1 ink; not all of it 0
/// @param size rows and columns of the result
arma::mat centredInk(const arma::mat& ink, arma::uword size = 28);

/// A picture of one handwritten digit as MNIST's makers would have stored it: white ink
/// on black, centred as by centredInk, values 0..1.
/// What is not the digit is left out: the light's fall, a table, a frame, ruled lines,
/// dust. A picture that is like that already stays as it is; on white it is inverted.
/// @param grey any picture, 0 black to 1 white, dark on light or light on dark
/// @param size rows and columns of the result
/// @throws InputError when no digit is to be seen in the picture, or several
arma::mat toMnistDigit(const arma::mat& grey, arma::uword size = 28);

}  // namespace cnn
