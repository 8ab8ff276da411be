// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Which matrix kernels run underneath Armadillo, and on how many threads.

#include <string>

namespace cnn {

/// Prepares the process for a training run: OpenBLAS on one thread (the stages share
/// their work out themselves), and freed matrices kept for the next batch instead of
/// handed back to the system page by page.
void prepareMachine();

/// "OpenBLAS for Cooperlake", with a warning behind it in a debug build.
std::string machineDescription();

}  // namespace cnn
