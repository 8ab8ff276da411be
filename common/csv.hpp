// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// MNIST as text: a line an image, its label first and then its 784 pixels, row by row.

#include "common/dataset.hpp"

#include <string>
#include <string_view>

namespace cnn {

/// The images of 28 x 28 pixels in the lines of `text`; a first line of column names
/// and empty lines are skipped, line ends may be those of Windows.
/// @throws InputError naming the file (as `name`), the line and what is wrong with it
Dataset parseCsv(std::string_view text, const std::string& name);

}  // namespace cnn
