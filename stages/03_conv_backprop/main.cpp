// SPDX-License-Identifier: MIT
/// @file
/// Stage 03: gradients checked, one spoiled on request,
/// and a kernel learned from what it does to images.

#include "03_conv_backprop/trial.hpp"
#include "common/pictures/picture.hpp"
#include "common/pictures/plot.hpp"
#include "common/pictures/png.hpp"
#include "common/program/paths.hpp"
#include "common/program/run_main.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

using namespace cnn;

namespace {

struct Options {
  std::uint64_t seed = 1;
  double rate = 0.25, noise = 0;
  int iterations = 64;
  std::string kernel = "sobel", mistake;
  std::filesystem::path out = resultsFolder("03_conv_backprop");
};

Options readOptions(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Stage 03: checks the gradients of a convolution and learns a kernel.",
               "03_conv_backprop");
  app.add_option("--break", options.mistake, "spoil a gradient, see the check object")
      ->check(CLI::IsMember({"flip", "transpose", "padding", "stride", "dw", "bias"}));
  app.add_option("--kernel", options.kernel, "the unknown kernel to learn")
      ->check(CLI::IsMember({"sobel", "random"}));
  app.add_option("--rate", options.rate, "learning rate")->check(notNegative(false));
  app.add_option("--iterations", options.iterations, "images to learn from")
      ->transform(between(1, 1'000'000));
  app.add_option("--noise", options.noise, "deviation of the noise on what is seen")
      ->check(notNegative());
  app.add_option("--seed", options.seed, "where the random numbers start")
      ->transform(atLeast(0));
  app.add_option("--out", options.out, "folder for the pictures")->check(fileName());
  app.get_formatter()->column_width(28);
  for (CLI::Option* option : app.get_options()) option->capture_default_str();
  parseOptions(app, argc, argv);
  return options;
}

void checkLayers(Random& random) {
  fmt::print(
      "relative error of the gradients, each entry against a central difference\n"
      "{:>13} {:>3} {:>3} {:>3} {:>8}  {:>8} {:>8} {:>8}\n",
      "image", "f", "s", "p", "filters", "dw", "db", "dx");
  const TrialShape shapes[] = {
      {3, 3, 1, 2, 1},
      {4, 4, 1, 2, 1, {.stride = 2}},
      {5, 5, 1, 2, 1, {.stride = 2}},
      {6, 6, 3, 3, 2, {.padding = 1}},
      {7, 5, 2, 3, 4, {.stride = 2, .padding = 1}},
      {9, 4, 5, 4, 3, {.stride = 3, .padding = 2}},
  };
  for (const TrialShape& shape : shapes) {
    TrialLayer layer = trialLayer(shape, random);
    const TrialReports found = checkLayer(layer);
    fmt::print("{:>5} x {} x {} {:>3} {:>3} {:>3} {:>8}  {:8.1e} {:8.1e} {:8.1e}  {}\n",
               shape.rows, shape.columns, shape.channels, shape.f, shape.slide.stride,
               shape.slide.padding, shape.filters, found.dw.error, found.db.error,
               found.dx.error, found.passed() ? "ok" : "WRONG");
  }
}

void tryStepSizes(const Options& options, Random& random) {
  TrialLayer layer = trialLayer({6, 6, 3, 3, 2, {.padding = 1}}, random);
  const cube dx = layer.inputGradient();
  std::string table = "h,error\n";
  fmt::print("\nthe error of dx with other steps h\n");
  for (int digits = 1; digits <= 12; ++digits) {
    const double h = std::pow(10.0, -digits);
    const auto cost = [&] { return layer.cost(); };
    const double error = checkGradient(cost, layer.x, dx, {.step = h}).error;
    fmt::print("  1e-{:02} {:.1e}{}", digits, error, digits % 4 ? "  " : "\n");
    table += fmt::format("{},{}\n", h, error);
  }
  plotTable(options.out / "steps.png", "stages/03_conv_backprop/steps.gp", table);
}

/// The filters with every kernel changed.
Filters eachKernel(Filters w, const std::function<void(mat&)>& change) {
  for (cube& filter : w) filter.each_slice(change);
  return w;
}

/// What the first three mistakes below make of dx, by index: the convolutions on trial
/// have no part in it. A kernel that is turned here is one not turned there.
std::vector<Suspect> lineUp(const TrialLayer& layer) {
  const cube delta = layer.delta();
  const uword f = layer.w[0].n_rows;
  const auto dx = [&](const Filters& w) {
    return scatterInputGradient(delta, w, layer.x.n_rows, layer.x.n_cols, layer.slide);
  };
  const auto turn = [](mat& kernel) { kernel = turn180(kernel); };
  const auto transpose = [](mat& kernel) { kernel = turn180(kernel.t()); };
  return {{"the kernel not turned: missing flip", dx(eachKernel(layer.w, turn))},
          {"the kernel transposed, not turned", dx(eachKernel(layer.w, transpose))},
          {"the error not dilated: the stride forgotten",
           scatterInputGradient(delta, layer.w, delta.n_rows + f - 1,
                                delta.n_cols + f - 1)}};
}

/// What the check says to a layer with one of the classic mistakes in it.
///   flip       the kernel slides back as it slid forward
///   transpose  rows and columns of the kernel swapped where it should be turned
///   stride     the error not dilated
///   padding    the frame cut off below and at the right only
///   dw         the gradient of the kernel turned as well
///   bias       one sum over all maps
GradientReport tryMistake(const std::string& mistake, TrialLayer& layer) {
  const auto cost = [&] { return layer.cost(); };
  const cube delta = layer.delta();
  if (mistake == "bias") {
    const vec db(layer.b.n_elem, arma::fill::value(arma::accu(delta)));
    return checkGradient(cost, layer.b, db);
  }
  if (mistake == "dw") {
    cube dw = convWeightGradient(delta, layer.x, layer.w[0].n_rows, layer.slide)[0];
    dw.each_slice([](mat& kernel) { kernel = turn180(kernel); });
    return checkGradient(cost, layer.w[0], dw);
  }
  if (mistake == "padding") {
    const cube framed = pad(layer.x, layer.slide.padding);
    const cube dx = convInputGradient(delta, layer.w, framed.n_rows, framed.n_cols,
                                      {.stride = layer.slide.stride});
    return checkGradient(cost, layer.x, dx.subcube(0, 0, 0, arma::size(layer.x)));
  }
  const uword which = mistake == "flip" ? 0 : mistake == "transpose" ? 1 : 2;
  const std::vector<Suspect> suspects = lineUp(layer);
  return checkGradient(cost, layer.x, suspects[which].gradient, {.suspects = suspects});
}

/// The shortest of some runs, in microseconds.
double microseconds(const std::function<void()>& work) {
  double best = arma::datum::inf;
  for (int run = 0; run < 20; ++run) {
    arma::wall_clock clock;
    clock.tic();
    work();
    best = std::min(best, 1e6 * clock.toc());
  }
  return best;
}

void raceTheTwoWays(Random& random) {
  const TrialLayer layer = trialLayer({13, 13, 10, 5, 16}, random);
  const cube &x = layer.x, &delta = layer.r;
  fmt::print(
      "\none image of 13 x 13 x 10 under 16 filters of 5 x 5, in microseconds\n"
      "  forward {:5.0f}\n"
      "  dw      {:5.0f} by index {:5.0f} as convolutions\n"
      "  dx      {:5.0f} by index {:5.0f} as convolutions\n",
      microseconds([&] { layer.z(); }),
      microseconds([&] { scatterWeightGradient(delta, x, 5); }),
      microseconds([&] { convWeightGradient(delta, x, 5); }),
      microseconds([&] { scatterInputGradient(delta, layer.w, 13, 13); }),
      microseconds([&] { convInputGradient(delta, layer.w, 13, 13); }));
}

std::string inALine(const mat& kernel) {
  std::string text;
  for (const double weight : arma::vectorise(kernel, 1).eval())
    text += fmt::format("{:7.2f}", std::round(100 * weight) / 100 + 0.0);  // not -0.00
  return text;
}

/// Finds the kernel behind y = kernel over x + noise, one random image after another.
void learn(const Options& options, Random& random) {
  const mat sobel{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};
  cube hidden(3, 3, 1);
  hidden.slice(0) = options.kernel == "sobel" ? sobel : normal(3, 3, 1, random);
  Filters w{cube(3, 3, 1)};
  vec b(1);
  std::string table = "images,cost\n";
  double first = 0;
  std::vector<mat> looks;
  const auto look = [&](const cube& kernel) {
    mat framed(88, 88, arma::fill::ones);
    framed.submat(8, 8, arma::size(72, 72)) =
        enlarge(0.5 + kernel.slice(0) / 5, 24);  // mid-grey is zero
    looks.push_back(framed);
    return inALine(kernel.slice(0));
  };
  fmt::print(
      "\nlearning a kernel from what it does to images\n"
      "{:>6} {:>9}  kernel, row by row\n",
      "images", "cost");
  for (int seen = 0; seen <= options.iterations; ++seen) {
    const cube x = normalCube(16, 16, 1, random);
    const cube y =
        convolve(x, {hidden}, vec(1)) + options.noise * normalCube(14, 14, 1, random);
    const cube miss = convolve(x, w, b) - y;
    const double outputs = static_cast<double>(miss.n_elem);
    const double cost = arma::accu(miss % miss) / 2 / outputs;
    table += fmt::format("{},{}\n", seen, cost);
    if (seen == 0) first = cost;
    requireInput(cost <= 1e3 * first,
                 "the cost has grown to {:.1e} after {} images: try a smaller --rate",
                 cost, seen);
    if ((seen & (seen - 1)) == 0 || seen == options.iterations)  // 0, 1, 2, 4, 8, ...
      fmt::print("{:>6} {:9.1e} {}\n", seen, cost, look(w[0]));
    w[0] -= options.rate * convWeightGradient(miss / outputs, x, 3)[0];
    b -= options.rate * convBiasGradient(miss / outputs);
  }
  fmt::print("{:>16} {}\n", "hidden", look(hidden));
  writePng(options.out / "kernels.png", grid(looks, looks.size(), 0));
  plotTable(options.out / "cost.png", "stages/03_conv_backprop/cost.gp", table);
  fmt::print("drawn: {}/steps.png, kernels.png and cost.png\n", options.out.string());
}

}  // namespace

int main(int argc, char** argv) {
  return runMain([&] {
    const Options options = readOptions(argc, argv);
    Random random(options.seed);
    if (!options.mistake.empty()) {
      TrialLayer layer =
          trialLayer({5, 5, 2, 3, 3, {.stride = 2, .padding = 1}}, random);
      fmt::print("{}\n", tryMistake(options.mistake, layer).text);
      return;
    }
    checkLayers(random);
    tryStepSizes(options, random);
    raceTheTwoWays(random);
    learn(options, random);
  });
}
