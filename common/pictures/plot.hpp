// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Charts: gnuplot runs a small script, one for each kind of chart, over a CSV file.
/// How to do that by hand stands in common/pictures/style.gp.
/// Without gnuplot nothing is drawn, a line on the error stream says so, and the
/// program goes on.

#include <filesystem>
#include <string>
#include <vector>

namespace cnn {

/// What gnuplot draws; "" when it fails or has no folder for temporary files, which is
/// then said on the standard error.
/// No shell is in between, and what a user named reaches gnuplot as a string, which is
/// never run as a command.
/// @param kind "png", "svg", or "dumb": characters for the terminal
/// @param script its path in this repository
/// @param table a CSV file; values that are no finite number are left out
/// @param words what the script wants to be told besides
std::string chart(const std::string& kind, const std::string& script,
                  const std::filesystem::path& table,
                  const std::vector<std::string>& words = {});

/// Draws that to a .png or .svg file; true when it was written
/// (whole: an older one stays as it is when drawing fails).
/// @throws InputError when the name ends neither in .png nor in .svg
/// @throws std::runtime_error naming the path when it cannot be written
bool plot(const std::filesystem::path& path, const std::string& script,
          const std::filesystem::path& table,
          const std::vector<std::string>& words = {});

/// Writes the table beside the picture, under its name with .csv, and draws it.
bool plotTable(const std::filesystem::path& path, const std::string& script,
               const std::string& table, const std::vector<std::string>& words = {});

}  // namespace cnn
