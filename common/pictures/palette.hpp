// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The colours of the book's pictures.

#include <array>
#include <string_view>

namespace cnn {

/// What it is called, and as 0xRRGGBB on a light page and on a dark one.
struct Colour {
  std::string_view name;
  unsigned light, dark;
};

inline constexpr std::array palette = {
    Colour{"ink", 0x1f2933, 0xe4e7eb},    Colour{"muted", 0x52606d, 0x9aa5b1},
    Colour{"paper", 0xffffff, 0x16191d},  Colour{"panel", 0xf5f7fa, 0x1f242b},
    Colour{"rule", 0xcbd2d9, 0x3b444d},   Colour{"blue", 0x1f6feb, 0x6cb0ff},
    Colour{"orange", 0xc2570c, 0xffa657}, Colour{"green", 0x1a7f37, 0x56d364},
    Colour{"red", 0xc62828, 0xff7b72},    Colour{"purple", 0x7a3ea3, 0xd2a8ff}};

}  // namespace cnn
