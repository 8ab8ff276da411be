// SPDX-License-Identifier: MIT
// The three ways to convolve, over the size of the kernel and of the image.

#include "01_convolution/convolution.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace cnn;

using Way = mat (*)(const mat&, const mat&, Slide);

/// An image of n x n under a kernel of f x f.
void convolution(benchmark::State& state, Way way, long n, long f) {
  const mat x(static_cast<uword>(n), static_cast<uword>(n), arma::fill::randu);
  const mat w(static_cast<uword>(f), static_cast<uword>(f), arma::fill::randu);
  for (auto _ : state) benchmark::DoNotOptimize(way(x, w, {}));
}

template <Way way>
void overKernel(benchmark::State& state) {
  convolution(state, way, state.range(0), state.range(1));
}
template <Way way>
void overImage(benchmark::State& state) {
  convolution(state, way, state.range(1), state.range(0));
}

template <Way way>
bool add(const char* name) {
  benchmark::RegisterBenchmark(name, overKernel<way>)
      ->ArgNames({"image", "kernel"})
      ->ArgsProduct({{128}, {1, 3, 5, 7, 11, 15, 21, 31}});
  benchmark::RegisterBenchmark(name, overImage<way>)
      ->ArgNames({"kernel", "image"})
      ->ArgsProduct({{5}, {14, 28, 64, 128, 256, 512}});
  return true;
}

[[maybe_unused]] const bool added = add<convolveWindows>("Convolution/windows") &&
                                    add<convolveShifted>("Convolution/shifted") &&
                                    add<convolveFft>("Convolution/FFT");

}  // namespace
