// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// MNIST as text: a line an image, its label and its 784 pixels, row by row.

#include "common/data/dataset.hpp"

#include <string>
#include <string_view>

namespace cnn {

/// The images of 28 x 28 pixels in the lines of `text`. Where the first line names the
/// columns, the label is that called `label`, `class`, `target`, `y` or `digit`, and
/// one that counts the lines (`id`, `index`, `Unnamed: 0` or without a name) is passed
/// over; else the label comes first. Commas, semicolons, tabs or spaces separate the
/// cells, which may be quoted; lines may end as on Unix, Windows or an old Mac.
/// @throws InputError naming the file (as `name`), the line and what is wrong with it,
///   also where the label may well be in the last column
Dataset parseCsv(std::string_view text, const std::string& name);

}  // namespace cnn
