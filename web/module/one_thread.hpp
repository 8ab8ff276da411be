// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a C++ library without threads leaves out, for a module of one thread. The
/// compiler includes it before everything else.

#include <version>

#if defined(_LIBCPP_VERSION) &&         \
    (defined(_LIBCPP_HAS_NO_THREADS) || \
     (defined(_LIBCPP_HAS_THREADS) && !_LIBCPP_HAS_THREADS))
namespace std {

/// Nobody else is there to be kept out.
struct mutex {
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
};

#if _LIBCPP_VERSION < 15000
template <class Mutex>
struct lock_guard {
  explicit lock_guard(Mutex&) {}
};
#endif

}  // namespace std
#endif
