// SPDX-License-Identifier: MIT
#include "common/program/machine.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <sched.h>
#endif

// From OpenBLAS's cblas.h, which Armadillo's own declarations do not bring.
// NOLINTBEGIN(readability-identifier-naming): OpenBLAS's names
extern "C" {
void openblas_set_num_threads(int threads);
char* openblas_get_corename(void);
}
// NOLINTEND(readability-identifier-naming)

namespace cnn {

namespace {

namespace fs = std::filesystem;

std::string firstLine(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

unsigned boundTo() {
#ifdef __linux__
  cpu_set_t processors;
  if (sched_getaffinity(0, sizeof processors, &processors) == 0)
    return static_cast<unsigned>(CPU_COUNT(&processors));
#endif
  return std::thread::hardware_concurrency();
}

/// The tightest quota of the control groups around this process; 0 for none.
unsigned quota() {
  unsigned least = 0;
  const auto heed = [&](const std::string& text) {
    const unsigned processors = processorsOfQuota(text);
    if (processors > 0) least = least > 0 ? std::min(least, processors) : processors;
  };
  const fs::path root = "/sys/fs/cgroup", old = root / "cpu";
  heed(firstLine(old / "cpu.cfs_quota_us") + " " +
       firstLine(old / "cpu.cfs_period_us"));
  std::string group = firstLine("/proc/self/cgroup");  // "0::/user.slice/shell"
  group = group.starts_with("0::/") ? group.substr(4) : "";
  for (fs::path inner = group; !inner.empty(); inner = inner.parent_path())
    heed(firstLine(root / inner / "cpu.max"));
  heed(firstLine(root / "cpu.max"));
  return least;
}

}  // namespace

unsigned availableProcessors() {
  const unsigned bound = std::max(1U, boundTo()), most = quota();
  return most > 0 ? std::min(bound, most) : bound;
}

unsigned processorsOfQuota(const std::string& quota) {
  std::istringstream numbers(quota);
  double time = 0, period = 0;
  if (!(numbers >> time >> period) || time <= 0 || period <= 0) return 0;
  return static_cast<unsigned>(std::min(1e6, std::ceil(time / period)));
}

void prepareMachine() {
  openblas_set_num_threads(1);
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

std::string machineDescription() {
  std::string text = fmt::format("OpenBLAS for {}", openblas_get_corename());
#ifndef NDEBUG
  text += ", a DEBUG build: many times slower than ./learn's";
#endif
  return text;
}

}  // namespace cnn
