// SPDX-License-Identifier: MIT
/// @file
/// Stage 01: edges in a digit and in a photograph; three ways to convolve, timed.

#include "01_convolution/convolution.hpp"
#include "common/data/mnist.hpp"
#include "common/pictures/picture.hpp"
#include "common/pictures/plot.hpp"
#include "common/pictures/png.hpp"
#include "common/pictures/read_picture.hpp"
#include "common/program/paths.hpp"
#include "common/program/run_main.hpp"

#include <armadillo>
#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace fs = std::filesystem;
using arma::mat;
using arma::uword;

const std::map<std::string, mat> kernels = {
    {"sobel-x", {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}}},
    {"sobel-y", {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}}},
    {"laplace", {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}}},
    {"blur", mat(3, 3, arma::fill::value(1.0 / 9.0))},
    {"sharpen", {{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}}},
    {"left", {{0, 0, 0}, {0, 0, 1}, {0, 0, 0}}}};

struct Options {
  uword digit = 0, pixels = 256, largest = 31, repeats = 5;
  std::string kernel = "sobel";
  cnn::Slide slide;
  fs::path image = cnn::picturesFolder() / "ascent.png";
  fs::path out = cnn::resultsFolder("01_convolution");
};

Options readOptions(int argc, const char* const* argv) {
  Options o;
  std::vector<std::string> names = {"sobel"};
  for (const auto& [name, w] : kernels) names.push_back(name);
  CLI::App app(
      "Stage 01: filters a digit and a photograph; times three ways to do it.");
  app.add_option("--digit", o.digit, "which training image of MNIST, from 0")
      ->transform(cnn::between(0, 59999));
  app.add_option("--image", o.image, "a PNG or JPEG in place of the photograph")
      ->check(cnn::fileName());
  app.add_option("--kernel", o.kernel, "sobel: x and y, and the strength of both")
      ->check(CLI::IsMember(names));
  app.add_option("--stride", o.slide.stride, "pixels from one window to the next")
      ->transform(cnn::between(1, 2048));
  app.add_option("--padding", o.slide.padding, "zeros around the image")
      ->transform(cnn::between(0, 256));
  app.add_option("--pixels", o.pixels, "height and width of the image to time")
      ->transform(cnn::between(1, 2048));
  app.add_option("--largest", o.largest, "the largest kernel to time; 0: none")
      ->transform(cnn::between(0, 127));
  app.add_option("--repeats", o.repeats, "the fastest of this many runs counts")
      ->transform(cnn::between(1, 10000));
  app.add_option("--out", o.out, "folder for the pictures and the chart")
      ->check(cnn::fileName());
  app.get_formatter()->column_width(28);
  for (CLI::Option* option : app.get_options()) option->capture_default_str();
  cnn::parseOptions(app, argc, argv);
  return o;
}

/// The image and what the kernel makes of it; below 0 is drawn black, above 1 white.
std::vector<mat> filtered(const mat& x, const Options& o) {
  const auto with = [&](const std::string& kernel) {
    return cnn::convolveShifted(x, kernels.at(kernel), o.slide);
  };
  if (o.kernel != "sobel") return {x, with(o.kernel)};
  const mat across = with("sobel-x"), down = with("sobel-y");
  const mat strength = arma::sqrt(arma::square(across) + arma::square(down));
  const double scale = 1.5 / std::max(strength.max(), 1e-9);  // faint edges show too
  return {x, scale * arma::abs(across), scale * arma::abs(down), scale * strength};
}

fs::path show(const std::string& name, const mat& x, const Options& o) {
  std::vector<mat> pictures = filtered(x, o);
  const mat z = pictures.back();
  fmt::print("{}, {} x {} -> {} x {}\n{}\n", name, x.n_rows, x.n_cols, z.n_rows,
             z.n_cols, cnn::inTerminal(z, cnn::terminalShowsColour(), 64));
  const uword factor = std::max<uword>(1, 256 / std::max(x.n_rows, x.n_cols));
  for (mat& picture : pictures)
    picture = cnn::resize(picture, factor * x.n_rows, factor * x.n_cols);
  fs::path file = o.out / fmt::format("{}_{}.png", name, o.kernel);
  cnn::writePng(file, cnn::grid(pictures, 2, 8));
  return file;
}

/// Processor time: what other programs take from the machine meanwhile does not count.
/// A virtual machine's may stand still for a moment: then the work is done once more.
double seconds(const std::function<mat()>& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  double taken = 0;
  while (taken <= 0) {
    const double start = now();
    const mat z = work();
    taken = now() - start;
  }
  return taken;
}

/// Draws the race and prints its table; true when it could be drawn.
bool race(const Options& o, const fs::path& chart) {
  const mat x(o.pixels, o.pixels, arma::fill::randu);
  const std::string what = fmt::format("{0} x {0} pixels, kernel f x f", o.pixels);
  std::string table = "f,windows,shifted,FFT\n";
  uword crossover = 0;  // from here on the FFT wins; 0: not yet
  fmt::print("{}: time as a multiple of the FFT's\n   f   windows   shifted\n", what);
  for (uword f = 1; f <= std::min(o.largest, o.pixels); f += 2) {
    const mat w(f, f, arma::fill::randu);
    arma::vec best(3, arma::fill::value(arma::datum::inf));
    // In turn, so that a busy moment of the machine meets all three.
    for (uword repeat = 0; repeat < o.repeats; ++repeat)
      best =
          arma::min(best, arma::vec{seconds([&] { return cnn::convolveWindows(x, w); }),
                                    seconds([&] { return cnn::convolveShifted(x, w); }),
                                    seconds([&] { return cnn::convolveFft(x, w); })});
    best /= best(2);
    fmt::print("{:4}  {:8.2f}  {:8.2f}\n", f, best(0), best(1));
    table += fmt::format("{},{},{},{}\n", f, best(0), best(1), best(2));
    if (best.min() < 1.0)
      crossover = 0;
    else if (crossover == 0)
      crossover = f;
  }
  fmt::print("{}\n", crossover > 0
                         ? fmt::format("from f = {} on the FFT wins", crossover)
                         : "the FFT has not won for good");
  return cnn::plotTable(chart, "stages/01_convolution/crossover.gp", table, {what});
}

}  // namespace

int main(int argc, char** argv) {
  return cnn::runMain([&] {
    const Options o = readOptions(argc, argv);
    const mat picture = cnn::shrinkTo(cnn::readPicture(o.image), 1024);
    const mat digit = cnn::loadMnist(cnn::mnistFolder()).train.image(o.digit);
    std::vector<fs::path> files = {show("digit", digit, o),
                                   show("picture", picture, o)};
    const fs::path chart = o.out / "crossover.png";
    if (o.largest > 0 && race(o, chart)) files.push_back(chart);
    for (const fs::path& file : files) fmt::print("drawn: {}\n", file.string());
  });
}
