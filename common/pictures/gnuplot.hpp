// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Runs gnuplot, which draws the charts.

#include <string>

namespace cnn {

/// What gnuplot prints for the script, "" when it fails or has no folder for temporary
/// files, which is then said on the standard error.
/// A picture comes back through a pipe,
/// so no name of a user's file ever reaches gnuplot or the shell.
std::string gnuplot(const std::string& script);

/// A string for gnuplot: within single quotes only the quote itself is special, and it
/// is doubled. A line break, which would end the statement, becomes a space.
std::string gnuplotQuoted(const std::string& text);

}  // namespace cnn
