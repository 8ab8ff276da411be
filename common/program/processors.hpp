// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How many processors this process may use, which may be fewer than the machine has.

#include <string>

namespace cnn {

/// The processors it is bound to (by taskset, say), and no more than the quota of its
/// container gives time for; at least 1.
unsigned availableProcessors();

/// How many processors' time a quota gives, rounded up:
/// of "150000 100000", microseconds in each period as in Linux's cpu.max, 2.
/// 0 when the text holds no quota: "max 100000", "-1 100000".
unsigned processorsOfQuota(const std::string& quota);

}  // namespace cnn
