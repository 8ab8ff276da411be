// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures to and from PNG files.

#include <armadillo>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace cnn {

/// A PNG of any kind (grey, colour, palette) as grey values, rows x columns,
/// 0 black to 1 white; colours by their luminance.
/// What is transparent lies on white; on black when all that is drawn is light,
/// or a white digit would be lost.
/// `name` is the file's, for the message.
/// @throws InputError: corrupt, or of too many pixels
arma::mat decodePng(std::span<const std::uint8_t> bytes, const std::string& name);

/// Writes grey values, rows x columns, 0 black to 1 white; values outside are cut off,
/// NaN becomes mid grey. The file appears whole or not at all.
/// @throws std::runtime_error naming the path
void writePng(const std::filesystem::path& path, const arma::mat& grey);

/// Writes a colour picture, rows x columns x (red, green, blue), each 0 to 1.
void writePng(const std::filesystem::path& path, const arma::cube& rgb);

}  // namespace cnn
