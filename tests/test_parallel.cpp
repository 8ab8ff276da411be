// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "common/core/parallel.hpp"

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using cnn::parallelFor;
using cnn::runTogether;

TEST_CASE("every round of a parallel loop runs once", "[common]") {
  for (const std::size_t threads : {1, 2, 3, 8})
    for (const std::size_t count : {0, 1, 2, 7, 100}) {
      std::vector<std::atomic<int>> runs(count);
      std::atomic<bool> inRange = true;
      parallelFor(count, threads, [&](std::size_t i, std::size_t thread) {
        ++runs[i];
        if (thread >= threads) inRange = false;
      });
      for (const auto& run : runs) CHECK(run == 1);
      CHECK(inRange);
    }
}

TEST_CASE("a round's exception comes out of the parallel loop", "[common]") {
  for (int time = 0; time < 20; ++time)  // and the threads are fit for the next loop
    CHECK_THROWS_AS(parallelFor(50, 4,
                                [](std::size_t i) {
                                  if (i == 30) throw std::out_of_range("thirty");
                                }),
                    std::out_of_range);
}

TEST_CASE("parallel loops within and beside each other come to an end", "[common]") {
  std::atomic<int> runs = 0;
  const auto nested = [&] {
    parallelFor(4, 3,
                [&](std::size_t) { parallelFor(5, 2, [&](std::size_t) { ++runs; }); });
  };
  { std::jthread one(nested), other(nested); }
  CHECK(runs == 2 * 4 * 5);
}

TEST_CASE("as many threads work as are asked for, whatever was asked before",
          "[common]") {
  for (const std::size_t threads : {8, 2, 1, 3, 8, 1, 2}) {
    std::vector<std::atomic<int>> runs(8);
    std::vector<std::thread::id> who(8);
    runTogether(threads, [&](std::size_t thread) {
      ++runs.at(thread);
      who[thread] = std::this_thread::get_id();
    });
    INFO(threads << " threads");
    for (std::size_t t = 0; t < 8; ++t) CHECK(runs[t] == (t < threads ? 1 : 0));
    CHECK(who[0] == std::this_thread::get_id());
    who.resize(threads);
    CHECK(std::set(who.begin(), who.end()).size() == threads);
  }
}

TEST_CASE("a call within a parallel task or beside another does its work alone",
          "[common]") {
  std::atomic<int> runs = 0, elsewhere = 0;
  runTogether(3, [&](std::size_t) {
    const auto here = std::this_thread::get_id();
    runTogether(2, [&](std::size_t) {
      ++runs;
      if (std::this_thread::get_id() != here) ++elsewhere;
    });
  });
  CHECK(runs == 3 * 2);
  CHECK(elsewhere == 0);
}
