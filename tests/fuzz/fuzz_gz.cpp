// SPDX-License-Identifier: MIT
// A gzipped (or raw) file, of which at most a megabyte is wanted.

#include "common/data/file.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  constexpr std::size_t limit = 1 << 20;
  if (cnn::readFile(input.file(), limit).size() > limit) __builtin_trap();
}
