// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How far long work is: a live bar when the error stream is a terminal, else nothing.

#include <chrono>
#include <cstddef>
#include <string>

namespace cnn {

/// A bar such as
///   epoch 3/10 [=========>      ]  58 %  cost 0.1432  accuracy 95.71 %  4 s left
/// redrawn at most ten times a second on standard error and never wider than the
/// terminal; silent when that is no terminal (or a "dumb" one) or when `quiet`.
class ProgressBar {
 public:
  /// `title` stands in front of the bar; the clock starts here.
  ProgressBar(std::string title, std::size_t total, bool quiet = false);
  /// Wipes the bar, so that what is printed next starts on a clean line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// `done` of `total` are done; `remark` stands behind the percentage.
  void update(std::size_t done, const std::string& remark = "");

 private:
  std::string title_;
  std::size_t total_;
  bool live_;
  std::chrono::steady_clock::time_point start_, drawn_;
};

/// What the bar shows, within so many columns. `total` is at least 1.
/// The time left supposes that the rest goes as fast
/// as what was done in `elapsed` seconds.
std::string progressLine(const std::string& title, std::size_t done, std::size_t total,
                         double elapsed, const std::string& remark,
                         std::size_t columns);

/// "58 s", "3 min 20 s", "1 h 5 min"
std::string duration(double seconds);

}  // namespace cnn
