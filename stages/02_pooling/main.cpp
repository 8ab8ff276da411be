// SPDX-License-Identifier: MIT
/// @file
/// Stage 02: a digit pooled and unpooled, side by side.

#include "02_pooling/pooling.hpp"
#include "common/data/mnist.hpp"
#include "common/pictures/picture.hpp"
#include "common/pictures/png.hpp"
#include "common/pictures/read_picture.hpp"
#include "common/program/paths.hpp"
#include "common/program/run_main.hpp"

#include <armadillo>
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using arma::mat;

struct Options {
  int size = 2;
  arma::uword digit = 0;
  cnn::Slide slide{.stride = 2};
  std::string kind = "both", image;
  std::filesystem::path out = cnn::resultsFolder("02_pooling");
  bool compare = true;  ///< no window was asked for: show an overlapping one as well
};

Options readOptions(int argc, const char* const* argv) {
  Options options;
  CLI::App app("Stage 02: pools and unpools a digit.", "02_pooling");
  auto* size = app.add_option("--size", options.size, "rows and columns of the window")
                   ->transform(cnn::between(1, 2048));
  auto* stride = app.add_option("--stride", options.slide.stride, "pixels a step")
                     ->transform(cnn::between(1, 2048));
  auto* padding =
      app.add_option("--padding", options.slide.padding, "frame, below the size")
          ->transform(cnn::between(0, 2048));
  app.add_option("--kind", options.kind, "what a window keeps")
      ->check(CLI::IsMember({"max", "mean", "both"}));
  app.add_option("--digit", options.digit, "which training image of MNIST, from 0")
      ->transform(cnn::between(0, 59999));
  app.add_option("--image", options.image, "a PNG or JPEG in place of the digit")
      ->check(cnn::fileName());
  app.add_option("--out", options.out, "folder for the pictures")
      ->check(cnn::fileName());
  app.get_formatter()->column_width(28);
  for (CLI::Option* option : app.get_options()) option->capture_default_str();
  cnn::parseOptions(app, argc, argv);
  options.compare = size->empty() && stride->empty() && padding->empty();
  return options;
}

mat picture(const Options& options) {
  if (!options.image.empty())
    return cnn::shrinkTo(cnn::readPicture(options.image), 1024);
  return cnn::loadMnist(cnn::mnistFolder()).train.image(options.digit);
}

/// The picture pooled; the pooled picture sent back as if it were the gradient;
/// and how many pixels of the picture had a say.
struct Shown {
  mat pooled, unpooled;
  arma::uword heard;
};

Shown poolAndBack(const std::string& kind, const mat& x, int size, cnn::Slide slide) {
  if (kind == "max") {
    const auto [values, winners] = cnn::maxPool(x, size, slide);
    const arma::umat different = arma::unique(winners);
    return {values, cnn::maxUnpool(values, winners, x.n_rows, x.n_cols),
            different.n_elem};
  }
  const mat z = cnn::meanPool(x, size, slide);
  const mat ones(arma::size(z), arma::fill::ones);
  const mat share = cnn::meanUnpool(ones, size, slide, x.n_rows, x.n_cols);
  return {z, cnn::meanUnpool(z, size, slide, x.n_rows, x.n_cols),
          arma::accu(share > 0)};
}

void show(const Options& options, const mat& x, int size, cnn::Slide slide) {
  const auto longSide = std::max(x.n_rows, x.n_cols);
  const auto factor = std::max<arma::uword>(1, 224 / longSide);
  std::vector<mat> drawn;
  for (const std::string kind : {"max", "mean"}) {
    if (options.kind != "both" && options.kind != kind) continue;
    const auto [pooled, unpooled, heard] = poolAndBack(kind, x, size, slide);
    fmt::print("{} pooling, size {}, stride {}, padding {}: {} x {} -> {} x {}\n", kind,
               size, slide.stride, slide.padding, x.n_rows, x.n_cols, pooled.n_rows,
               pooled.n_cols);
    fmt::print("  {} values for {} pixels, of which {} had a say\n", pooled.n_elem,
               x.n_elem, heard);
    fmt::print("  gradient sent back: sum {:.3f} in, {:.3f} out\n\n",
               arma::accu(pooled), arma::accu(unpooled));
    const std::vector<mat> three = {x, cnn::toGrey(pooled), cnn::toGrey(unpooled)};
    fmt::print("{}\n", cnn::sideBySide(three, {"original", "pooled", "unpooled"},
                                       cnn::terminalShowsColour()));
    for (const mat& one : three)
      drawn.push_back(cnn::resize(one, factor * x.n_rows, factor * x.n_cols));
  }
  const auto path = options.out / fmt::format("size{}_stride{}_padding{}.png", size,
                                              slide.stride, slide.padding);
  cnn::writePng(path, cnn::grid(drawn, 3, 8));
  fmt::print("drawn: {}\n", path.string());
}

}  // namespace

int main(int argc, char** argv) {
  return cnn::runMain([&] {
    const Options options = readOptions(argc, argv);
    const mat x = picture(options);
    show(options, x, options.size, options.slide);
    if (options.compare) show(options, x, 3, {.stride = 2});
  });
}
