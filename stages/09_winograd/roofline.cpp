// SPDX-License-Identifier: MIT
// How far is each kernel from what this machine can do? Measures the peak of one core
// (multiply and add in registers) and how fast memory delivers, then each kernel of
// stages 08 and 09 and the matrix products of stage 06, and draws them under the roof.
//
// The operations of the Winograd kernels are counted as those of the convolution they
// replace: they may stand above the roof, and that is their point.

#include "09_winograd/cnn.hpp"
#include "common/core/parallel.hpp"
#include "common/core/random.hpp"
#include "common/pictures/plot.hpp"
#include "common/program/machine.hpp"
#include "common/program/paths.hpp"
#include "common/program/run_main.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <vector>

using namespace cnn;
using namespace cnn::fast;

namespace {

using L = Pack<float, fullWidth<float>>;

/// The shortest of many runs of `work`, in seconds.
double seconds(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9, spent = 0;
  while (spent < 0.3) {
    const auto start = Clock::now();
    work();
    const double taken = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::min(best, taken);
    spent += taken;
  }
  return best;
}

/// Multiply-adds on registers that wait for nobody: GFLOPS of one core.
double peak() {
  constexpr int sums = sumsAtOnce, rounds = 100000;
  volatile float seed = 1;  // the compiler must not know the numbers,
  const double taken = seconds([&] {
    L sum[sums];
    for (L& pack : sum) pack = all<L>(seed);
    const L factor = all<L>(seed * 0.999F), term = all<L>(seed * 0.001F);
    for (int i = 0; i < rounds; ++i) {
      UNROLL_FOR (int k = 0; k < sums; ++k) sum[k] = sum[k] * factor + term;
    }
    L total{};
    for (const L& pack : sum) total += pack;
    seed = sumOverLanes(total) > 0 ? 1.0F : 0.5F;  // nor find that nobody wants them
  });
  return 2.0 * lanesOf<L> * sums * rounds / taken * 1e-9;
}

/// Adding two long arrays into a third: gigabytes a second from and to memory.
double bandwidth() {
  constexpr std::size_t size = 32 << 20;
  std::vector<float> a(size, 1), b(size, 2), c(size);
  const double taken = seconds([&] {
    for (std::size_t i = 0; i < size; ++i) c[i] = a[i] + 2 * b[i];
  });
  return 3.0 * sizeof(float) * size / taken * 1e-9;
}

struct Kernel {
  std::string name;
  double flop, bytes, seconds;  ///< for one chunk
};

template <class Layer, Size in>
struct Bench {
  std::vector<L> x = std::vector<L>(packsPerChunk * in.count());
  std::vector<L> a = std::vector<L>(packsPerChunk * Layer::out.count());
  std::vector<L> delta = std::vector<L>(a.size());
  Learned<L, Layer> learned;
  std::vector<float> sums = std::vector<float>(Learned<L, Layer>::sums);
  std::unique_ptr<typename Layer::Scratch> scratch =
      std::make_unique<typename Layer::Scratch>();
  std::vector<typename Layer::Memory> memory =
      std::vector<typename Layer::Memory>(packsPerChunk);

  Bench() {
    Random random(1);
    learned.init(random);
    learned.prepare();
    std::normal_distribution<float> draw;
    for (auto* packs : {&x, &delta})
      for (L& pack : *packs)
        for (int k = 0; k < lanesOf<L>; ++k) pack[k] = draw(random);
  }

  /// A kernel reads and writes what lies between the layers, and the weights, once.
  /// After a pool the gradient takes only 1 of `window` multiplications, the winner's.
  void run(const std::string& name, double multiplications, std::vector<Kernel>& to,
           int window = 1) {
    const double flop = 2 * multiplications * packsPerChunk * lanesOf<L>;
    const auto bytes = [](auto... arrays) {
      return static_cast<double>(((arrays.size() * sizeof(arrays[0])) + ...));
    };
    const auto each = [&](const auto& work) {
      return seconds([&] {
        for (int k = 0; k < packsPerChunk; ++k) work(k);
      });
    };
    const auto w = [&]() -> decltype(auto) { return learned.forLoops(); };
    if constexpr (Layer::facts.wholeChunk) {
      to.push_back({name + " forward", flop, bytes(x, a, learned.w), seconds([&] {
                      Layer::template forward<packsPerChunk>(w(), x.data(), a.data());
                    })});
      to.push_back({name + " error", flop, bytes(x, x, delta, learned.w), seconds([&] {
                      Layer::template backPropError<packsPerChunk>(w(), delta.data(),
                                                                   x.data());
                    })});
      constexpr int batch = 512, chunks = batch / (packsPerChunk * lanesOf<L>);
      typename Layer::Section section;
      section.resize(batch);
      for (int k = 0; k < chunks; ++k) section.keep(k, x.data(), delta.data());
      const double taken = seconds([&] {
        for (int strip = 0; strip < Layer::strips; ++strip)
          Layer::computeGradients(section, strip, learned.gradient.data());
      });
      to.push_back({name + " gradient", flop,
                    bytes(x, delta) + bytes(learned.w) / chunks, taken / chunks});
    } else {
      const int in1 = in.count(), out1 = Layer::out.count();
      to.push_back({name + " forward", flop, bytes(x, a, learned.w), each([&](int k) {
                      Layer::forward(w(), &x[k * in1], &a[k * out1], memory[k],
                                     *scratch);
                    })});
      to.push_back({name + " gradient", flop / window, bytes(x, delta, learned.w),
                    each([&](int k) {
                      Layer::computeGradients(&x[k * in1], &delta[k * out1], memory[k],
                                              *scratch, sums.data());
                    })});
      if (in.channels > 1)
        to.push_back(
            {name + " error", flop, bytes(x, x, delta, learned.w), each([&](int k) {
               Layer::backPropError(w(), &delta[k * out1], memory[k], *scratch,
                                    &x[k * in1]);
             })});
    }
  }
};

/// Stage 06's products for the second convolution of one sample, in double.
void batchedProducts(std::vector<Kernel>& to) {
  const arma::mat w(16, 250, arma::fill::randn), wt = w.t();
  const arma::mat columns(250, 81, arma::fill::randn), delta(16, 81, arma::fill::randn);
  arma::mat result;
  const double flop = 2.0 * 16 * 250 * 81;
  const auto bytes = 8 * static_cast<double>(w.n_elem + columns.n_elem + delta.n_elem);
  to.push_back({"06: w columns", flop, bytes, seconds([&] { result = w * columns; })});
  to.push_back({"06: w' delta", flop, bytes, seconds([&] { result = wt * delta; })});
  to.push_back({"06: delta columns'", flop, bytes,
                seconds([&] { result = delta * columns.t(); })});
}

/// The activations of the second convolution, a pack of random images, by a brick in
/// some precision; weights and images are the same for all, in single precision.
template <class Brick, class P>
std::vector<P> secondConvolution() {
  constexpr Size in{10, 13, 13};
  using Layer = typename Brick::template Layer<P, in, false>;
  Random random(1);
  Parameters p = heStart(16, 250, random);
  for (double& weight : p.w) weight = static_cast<float>(weight);
  Learned<P, Layer> learned;
  learned.set(p);
  learned.prepare();
  std::vector<P> x(in.count()), a(Layer::out.count());
  std::uniform_real_distribution<float> draw;
  for (P& pack : x)
    for (int k = 0; k < lanesOf<P>; ++k) pack[k] = draw(random);
  const auto memory = std::make_unique<typename Layer::Memory>();
  const auto scratch = std::make_unique<typename Layer::Scratch>();
  Layer::forward(learned.forLoops(), x.data(), a.data(), *memory, *scratch);
  return a;
}

/// What the last rung costs in digits: the largest error, as a share of the largest
/// activation, against the direct kernel in double.
template <class Brick>
double roundingError() {
  const auto truth = secondConvolution<Conv<16, 5>, Pack<double, lanesOf<L>>>();
  const auto rounded = secondConvolution<Brick, L>();
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    for (int k = 0; k < lanesOf<L>; ++k) {
      error = std::max(error, std::abs(truth[i][k] - rounded[i][k]));
      largest = std::max(largest, truth[i][k]);
    }
  return error / largest;
}

}  // namespace

int main(int argc, char** argv) {
  return runMain([&] {
    CLI::App app(
        "Measures the peak and the memory of this machine, and each kernel of stages "
        "06\n"
        "and 08 against them, on one core.\n");
    parseOptions(app, argc, argv);
    prepareMachine();

    const double top = peak(), memory = bandwidth();
    fmt::print(
        "one core: {:.0f} GFLOPS in single precision, half that in double; memory "
        "{:.1f} GB/s\n\n",
        top, memory);
    std::vector<Kernel> kernels;
    constexpr Size image{1, 28, 28}, pooled{10, 13, 13}, flat{16, 9, 9, true},
        hidden{100, 1, 1, true};
    auto conv1 =
        std::make_unique<Bench<ConvPool<10, 3, 2>::Layer<L, image, true>, image>>();
    conv1->run("conv1 + pool", 60840, kernels, 4);
    auto conv2 =
        std::make_unique<Bench<Conv<16, 5>::Layer<L, pooled, false>, pooled>>();
    conv2->run("conv2", 324000, kernels);
    auto trick =
        std::make_unique<Bench<WinogradConv<16>::Layer<L, pooled, false>, pooled>>();
    trick->run("conv2 Winograd", 324000, kernels);
    auto fc1 = std::make_unique<Bench<FC<100>::Layer<L, flat, false>, flat>>();
    fc1->run("fc1", 129600, kernels);
    auto fc2 = std::make_unique<Bench<Softmax<10>::Layer<L, hidden, false>, hidden>>();
    fc2->run("fc2", 1000, kernels);
    const std::size_t single = kernels.size();
    batchedProducts(kernels);

    fmt::print("{:<24}{:>10}{:>12}{:>12}\n", "kernel", "GFLOPS", "% of peak",
               "flop/byte");
    std::string table = "kernel,stage,operations a byte,GFLOPS\n";
    for (std::size_t i = 0; i < kernels.size(); ++i) {
      const Kernel& k = kernels[i];
      const double speed = k.flop / k.seconds * 1e-9, intensity = k.flop / k.bytes;
      fmt::print("{:<24}{:>10.1f}{:>12.0f}{:>12.1f}\n", k.name, speed,
                 100 * speed / (i < single ? top : top / 2), intensity);
      table += fmt::format("{},{},{},{}\n", k.name, i < single ? "08" : "06", intensity,
                           speed);
    }
    fmt::print(
        "\nlargest rounding error of conv2 forward: direct {:.1e}, Winograd {:.1e}\n",
        roundingError<Conv<16, 5>>(), roundingError<WinogradConv<16>>());
    const auto path = resultsFolder("09_winograd") / "roofline.png";
    if (plotTable(path, "stages/09_winograd/roofline.gp", table,
                  {std::to_string(top), std::to_string(memory)}))
      fmt::print("\nwrote {}: the kernels under the roof\n", path.string());
  });
}
