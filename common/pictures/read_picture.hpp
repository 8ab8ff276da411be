// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A reader's picture, whichever program or camera it came from.

#include <armadillo>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace cnn {

/// A PNG or JPEG as grey values, rows x columns, 0 black to 1 white, upright:
/// a camera's note of how it was held is honoured.
/// @throws InputError naming the file: another format (which one), damaged, too large
arma::mat readPicture(const std::filesystem::path& path);

/// A JPEG (baseline or progressive, grey or colour) as grey values, rows x columns,
/// 0 black to 1 white; colours by their luma.
/// It is turned upright as its EXIF orientation says.
/// `name` is the file's, for the message.
/// @throws InputError: cut off, corrupt, for a printing press (CMYK),
///   of too many pixels
arma::mat decodeJpeg(std::span<const std::uint8_t> bytes, const std::string& name);

/// What a picture's header promises is checked before memory is taken for it: no more
/// than the `possible` pixels that so short a file can hold. `format` ("PNG") and the
/// file's `name` are for the message.
/// @throws InputError: no pixels, more than 50 million, or more than are possible
void checkPixels(std::string_view format, std::uint64_t width, std::uint64_t height,
                 std::uint64_t possible, const std::string& name);

}  // namespace cnn
