// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Catch2, version 2 or 3:
/// the headers have other names, what we use of them is the same.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
/// Version 3's name for version 2's Contains(text).
inline StdString::ContainsMatcher ContainsSubstring(const std::string& part) {
  return Contains(part);
}
}  // namespace Catch::Matchers
#endif

// In version 3 Contains looks for an element, in version 2 for a text:
// whoever writes it would see it compile here and fail there, and so it compiles nowhere.
#pragma GCC poison Contains
