// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Saying no in the reader's words: what is wrong, where, and what to do.

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace cnn {

/// Bad input from outside (a file, an option): the program ends with status 2
/// and this line.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws std::invalid_argument with the formatted message unless `holds`.
/// For shapes and arguments: `require(p >= 0, "convolution: padding is {}, ...", p)`.
template <class... Args>
void require(bool holds, fmt::format_string<Args...> message, Args&&... args) {
  if (!holds)
    throw std::invalid_argument(fmt::format(message, std::forward<Args>(args)...));
}

/// The same for what comes from outside the program: throws InputError.
template <class... Args>
void requireInput(bool holds, fmt::format_string<Args...> message, Args&&... args) {
  if (!holds) throw InputError(fmt::format(message, std::forward<Args>(args)...));
}

}  // namespace cnn
