// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What every fuzz target does: hand any bytes to a reader. It may take them or refuse them
/// with InputError; anything else (a crash, another exception, memory without bound) is a
/// bug.

#include "common/core/require.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <unistd.h>

/// The fuzzer's numbers, and its own file for the readers that want a path.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size) : bytes(data, size) {}

  /// The same bytes as a file.
  std::filesystem::path file() const {
    static const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                              ("cnn-fuzz-" + std::to_string(getpid()));
    std::ofstream stream(path, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    return path;
  }

  std::span<const std::uint8_t> bytes;
};

/// Defines the entry that libFuzzer calls: FUZZ(input) { readIt(input.bytes); }
// NOLINTBEGIN(bugprone-macro-parentheses): a parameter takes no parentheses
#define FUZZ(input)                                                                   \
  static void readAnything(const FuzzInput& input);                                   \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    try {                                                                             \
      readAnything(FuzzInput(data, size));                                            \
    } catch (const cnn::InputError&) {                                                \
    }                                                                                 \
    return 0;                                                                         \
  }                                                                                   \
  static void readAnything(const FuzzInput& input)
// NOLINTEND(bugprone-macro-parentheses)
