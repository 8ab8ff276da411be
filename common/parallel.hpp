// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A loop whose rounds are shared among threads.

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <type_traits>

namespace cnn {

/// Calls task(0), ..., task(threads - 1) side by side, task(0) on the caller's thread,
/// and returns when all are done. The other threads are started once and then wait for
/// the next call: starting one takes as long as a small batch. A call from within a
/// task, or beside another call, does all of its work on its own thread.
void runTogether(std::size_t threads, const std::function<void(std::size_t)>& task);

/// Calls work(0), ..., work(count - 1), each once, in no fixed order, on `threads`
/// threads; work(i, t), if it takes that, hears which thread t < `threads` calls. The
/// first exception that a round throws is thrown here once all threads have stopped.
template <class Work>
void parallelFor(std::size_t count, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex guard;
  runTogether(threads < count ? threads : count, [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < count; i = next++)
        if constexpr (std::is_invocable_v<Work, std::size_t, std::size_t>)
          work(i, thread);
        else
          work(i);
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      next = count;  // the others stop at their next round
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cnn
