// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures to and from PNG files.

#include <armadillo>

#include <filesystem>

namespace cnn {

/// A PNG of any kind (grey, colour, palette, alpha on white) as grey values,
/// rows x columns, 0 black to 1 white; colours by their luminance.
/// @throws InputError: not a PNG, corrupt, or larger than 4096 x 4096
arma::mat readPng(const std::filesystem::path& path);

/// Writes grey values, rows x columns, 0 black to 1 white; values outside are cut off,
/// NaN becomes mid grey. The file appears whole or not at all.
/// @throws std::runtime_error naming the path
void writePng(const std::filesystem::path& path, const arma::mat& grey);

/// Writes a colour picture, rows x columns x (red, green, blue), each 0 to 1.
void writePng(const std::filesystem::path& path, const arma::cube& rgb);

}  // namespace cnn
