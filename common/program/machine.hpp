// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The machine that this runs on: how many of its processors this process may use, and
/// which matrix kernels run underneath Armadillo.

#include <string>

namespace cnn {

/// The processors it is bound to (by taskset, say), and no more than the quota of its
/// container gives time for; at least 1.
unsigned availableProcessors();

/// How many processors' time a quota gives, rounded up:
/// of "150000 100000", microseconds in each period as in Linux's cpu.max, 2.
/// 0 when the text holds no quota: "max 100000", "-1 100000".
unsigned processorsOfQuota(const std::string& quota);

/// Prepares the process for a training run: OpenBLAS on one thread (the stages share
/// their work out themselves), and freed matrices kept for the next batch instead of
/// handed back to the system page by page.
void prepareMachine();

/// "OpenBLAS for Cooperlake", with a warning behind it in a debug build.
std::string machineDescription();

}  // namespace cnn
