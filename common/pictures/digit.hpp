// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A reader's own digit, from a file.

#include "common/pictures/mnist_digit.hpp"

#include <filesystem>

namespace cnn {

/// Reads a PNG or JPEG and makes it an MNIST digit.
/// @throws InputError naming the file and what is wrong with it
arma::mat readDigit(const std::filesystem::path& path, arma::uword size = 28);

}  // namespace cnn
