// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Putting pictures together, and drawing them in the terminal.

#include <armadillo>
#include <string>
#include <vector>

namespace cnn {

/// Stretches the values to 0..1: for a picture of anything.
arma::mat toGrey(const arma::mat& x);

/// Each pixel becomes factor x factor pixels.
arma::mat enlarge(const arma::mat& picture, arma::uword factor);

/// Pictures of one size in a grid, `columns` a row, with a gap of `gap` mid-grey pixels.
arma::mat grid(const std::vector<arma::mat>& pictures, arma::uword columns,
               arma::uword gap = 1);

/// Negative values blue, zero white, positive red, the largest magnitude at full colour:
/// for filters and gradients. rows x columns -> rows x columns x 3.
arma::cube signedColours(const arma::mat& x);

/// A grey picture as text: on a terminal that shows colour, two pixels a character cell with
/// half blocks; elsewhere shades " .:-=+*#%@", two characters a pixel so that squares stay
/// square. Pictures wider than `maxColumns` cells are shrunk by averaging.
std::string inTerminal(const arma::mat& grey, bool colour, arma::uword maxColumns = 78);

/// Several pictures side by side with a title over each (at most as wide as the picture).
std::string sideBySide(const std::vector<arma::mat>& pictures,
                       const std::vector<std::string>& titles, bool colour);

/// True when standard output is a terminal that is not "dumb" (and NO_COLOR is not set).
bool terminalShowsColour();

}  // namespace cnn
