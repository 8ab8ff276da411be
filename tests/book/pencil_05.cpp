// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 05.

#include "pencil.hpp"

namespace {

using namespace cnn;
using namespace cnn::pencil;

}  // namespace
