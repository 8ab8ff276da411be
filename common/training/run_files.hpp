// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The files that a run reads and writes, looked at while there is nothing to lose.

#include <filesystem>
#include <string>
#include <vector>

namespace cnn {

/// A file and what it is to the run.
struct RunFile {
  std::string role;  ///< the option that names it, or words in its place
  std::filesystem::path path;
  bool written = false;
};

/// Refuses two roles of one file (whatever its names) when the run would write it, and
/// what cannot be written. Two pairs are meant to be one: what --resume reads may be
/// --checkpoint's, and what --load reads --save's. Makes missing folders.
/// @throws InputError naming role, path and reason
void checkRunFiles(const std::vector<RunFile>& files);

/// The images and labels of a data set, a folder or a CSV file, as far as names tell.
std::vector<std::filesystem::path> dataFiles(const std::filesystem::path& data);

}  // namespace cnn
