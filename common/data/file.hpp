// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Whole files: read at once (and unzipped), written at once or not at all.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cnn {

/// The bytes of a file; a gzipped one is unzipped. Stops after `limit` bytes with an
/// error, so that a small file that unzips to gigabytes cannot fill the memory.
/// @throws InputError: missing, unreadable, a folder, cut or damaged gz,
///   bytes behind it, too large
std::vector<std::uint8_t> readFile(const std::filesystem::path& path,
                                   std::size_t limit = std::size_t{1} << 30);

/// Writes to a temporary file in the same folder and renames it over `path`: readers
/// see the old content or the new, never a part. Makes missing folders.
/// What is no file (a folder, a device) or read-only is left alone.
/// @throws std::runtime_error naming the path and the system's reason
void writeFile(const std::filesystem::path& path, std::string_view bytes);

/// Does all of writeFile that needs no bytes, and takes it back except for the folders:
/// what would fail after hours of work fails now.
/// @throws std::runtime_error as writeFile
void checkWritable(const std::filesystem::path& path);

}  // namespace cnn
