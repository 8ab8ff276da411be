// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A loop whose rounds are shared among threads.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <type_traits>
#include <vector>

namespace cnn {

/// Calls task(0), ..., task(threads - 1) side by side, task(0) on the caller's thread,
/// and returns when all are done. The other threads are started once and then wait for
/// the next call: starting one takes as long as a small batch. A call from within a
/// task, or beside another call, does all of its work on its own thread.
void runTogether(std::size_t threads, const std::function<void(std::size_t)>& task);

/// Calls work(0), ..., work(count - 1), each once, in no fixed order, on `threads`
/// threads; work(i, t), if it takes that, hears which thread t < `threads` calls.
/// A thread begins with the same rounds in every call, and so finds in its cache what
/// it has left there; then it helps the others.
/// The first exception of a round is thrown here once all threads have stopped.
template <class Work>
void parallelFor(std::size_t count, std::size_t threads, const Work& work) {
  struct alignas(64) Rounds {  // a cache line each: no thread waits for another's
    std::atomic<std::size_t> next;
    std::size_t end;
  };
  threads = std::min(threads, count);
  std::vector<Rounds> rounds(threads);
  for (std::size_t t = 0; t < threads; ++t) {
    rounds[t].next = t * count / threads;
    rounds[t].end = (t + 1) * count / threads;
  }
  std::exception_ptr failure;
  std::mutex guard;
  runTogether(threads, [&](std::size_t thread) {
    try {
      for (std::size_t t = 0; t < threads; ++t) {
        Rounds& some = rounds[(thread + t) % threads];
        for (std::size_t i = some.next++; i < some.end; i = some.next++)
          if constexpr (std::is_invocable_v<Work, std::size_t, std::size_t>)
            work(i, thread);
          else
            work(i);
      }
    } catch (...) {
      const std::lock_guard lock(guard);
      if (!failure) failure = std::current_exception();
      for (Rounds& some : rounds) some.next = count;  // the others stop at their next
    }
  });
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cnn
