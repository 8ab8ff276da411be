// SPDX-License-Identifier: MIT
#include "common/program/blas.hpp"

#include <fmt/core.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

// From OpenBLAS's cblas.h, which Armadillo's own declarations do not bring.
// NOLINTBEGIN(readability-identifier-naming): OpenBLAS's names
extern "C" {
void openblas_set_num_threads(int threads);
char* openblas_get_corename(void);
}
// NOLINTEND(readability-identifier-naming)

namespace cnn {

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
