// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Putting pictures together, and drawing them in the terminal.

#include <armadillo>

#include <string>
#include <vector>

namespace cnn {

/// Stretches the values to 0..1: for a picture of anything. If all are equal, zeros.
arma::mat toGrey(const arma::mat& x);

/// Each pixel becomes factor x factor pixels.
arma::mat enlarge(const arma::mat& picture, arma::uword factor);

/// The picture in rows x columns pixels: each is the mean of the area that it covers.
arma::mat resize(const arma::mat& picture, arma::uword rows, arma::uword columns);

/// The picture with its longer side shrunk to `longest` pixels; a smaller one as it is.
arma::mat shrinkTo(const arma::mat& picture, arma::uword longest);

/// Pictures of one size in a grid, `columns` a row, `gap` pixels between them, mid-grey
/// or as `between` says.
/// @throws std::invalid_argument: no picture, no column, or pictures of two sizes
arma::mat grid(const std::vector<arma::mat>& pictures, arma::uword columns,
               arma::uword gap = 1, double between = 0.5);

/// Negative values blue, zero white, positive red: for filters and gradients.
///   rows x columns -> rows x columns x 3
/// Magnitudes of `largest` and more (0: of the largest in x) are at full colour.
/// NaN stays NaN.
arma::cube signedColours(const arma::mat& x, double largest = 0.0);

/// A grey picture as text: on a terminal that shows colour, two pixels a character cell
/// with half blocks; elsewhere shades " .:-=+*#%@", two characters a pixel so that
/// squares stay square. Pictures wider than `maxColumns` cells are shrunk by averaging.
std::string inTerminal(const arma::mat& grey, bool colour, arma::uword maxColumns = 78);

/// Several pictures side by side with a title over each (cut at the picture's width).
/// If they are wider than 78 cells together, all shrink by the same factor.
std::string sideBySide(const std::vector<arma::mat>& pictures,
                       const std::vector<std::string>& titles, bool colour);

/// True when standard output is a terminal that is not "dumb", and NO_COLOR is not set.
bool terminalShowsColour();

}  // namespace cnn
