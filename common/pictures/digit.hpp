// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A reader's own digit, made to look like one of MNIST's.

#include <armadillo>

#include <filesystem>

namespace cnn {

/// A picture of one handwritten digit as MNIST's makers would have stored it: white ink
/// on black, its longer side scaled to 20 pixels, its centre of mass in the middle of
/// size x size pixels (28; for other sizes the 20 grows in proportion), values 0..1.
/// What is not the digit is left out: the light's fall, a table, a frame, ruled lines,
/// dust. A picture that is like that already stays as it is; on white it is inverted.
/// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
/// @param grey any picture, 0 black to 1 white, dark on light or light on dark
/// @param size rows and columns of the result
/// @throws InputError when no digit is to be seen in the picture, or several
arma::mat toMnistDigit(const arma::mat& grey, arma::uword size = 28);

/// Reads a PNG or JPEG and makes it an MNIST digit.
/// @throws InputError naming the file and what is wrong with it
arma::mat readDigit(const std::filesystem::path& path, arma::uword size = 28);

}  // namespace cnn
