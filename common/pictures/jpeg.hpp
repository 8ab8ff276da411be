// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures from JPEG files, as telephones and cameras make them.

#include <armadillo>

#include <cstdint>
#include <span>
#include <string>

namespace cnn {

/// A JPEG (baseline or progressive, grey or colour) as grey values, rows x columns,
/// 0 black to 1 white; colours by their luma.
/// It is turned upright as its EXIF orientation says.
/// `name` is the file's, for the message.
/// @throws InputError: cut off, corrupt, for a printing press (CMYK),
///   of too many pixels
arma::mat decodeJpeg(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace cnn
