// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Catch2, version 2 or 3: the headers have other names, what we use of them is the same.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
