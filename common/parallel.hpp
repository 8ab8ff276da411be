// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A loop whose rounds are shared among threads.

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace cnn {

/// Calls work(0), ..., work(count - 1), each once, in no fixed order, on `threads`
/// threads; work(i, t), if it takes that, hears which thread t < `threads` calls. The
/// first exception that a round throws is thrown here once all threads
/// have stopped.
template <class Work>
void parallelFor(std::size_t count, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex guard;
  const auto worker = [&](std::size_t thread) {
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
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t t = 1; t < threads && t < count; ++t)
      helpers.emplace_back(worker, t);
    worker(0);  // the caller works too; the helpers join at the brace
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cnn
