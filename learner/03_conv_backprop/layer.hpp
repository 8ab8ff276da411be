// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A convolution with an error to send back: those of the chapter, and random ones. Only
/// their cost, which the book's program alone asks for, calls a function of a lesson.

#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

#include <fmt/format.h>

namespace cnn::learner {

/// x : H x W x channels    w[k] : f x f x channels    delta : H' x W' x n
struct Layer {
  cube x;
  Filters w;
  cube delta;
  Slide slide;

  uword f() const { return w[0].n_rows; }
  /// J = <z, delta>, of which dJ/dz is delta.
  double cost() const {
    return arma::accu(delta % convolve(x, w, vec(w.size()), slide));
  }
};

/// 1, 2, 3 ... row by row.
inline cube counted(uword rows, uword columns) {
  cube x(rows, columns, 1);
  for (uword i = 0; i < rows; ++i)
    for (uword j = 0; j < columns; ++j) x(i, j, 0) = double(i * columns + j + 1);
  return x;
}

/// The old friends: X is 3 x 3, K = [1 2; 3 4].
inline Layer oldFriends() {
  return {counted(3, 3), {counted(2, 2)}, numbers(mat{{1, -1}, {2, 0}}), {}};
}

/// The chapter's stride 2, for an image of 4 x 4, or of 5 x 5 with pixels left over.
inline Layer strideTwo(uword size) {
  return {counted(size, size),
          {counted(2, 2)},
          numbers(mat{{1, -1}, {2, 0}}),
          {.stride = 2}};
}

/// The chapter's frame of zeros around [1 2; 3 4].
inline Layer paddingOne() {
  return {counted(2, 2),
          {counted(2, 2)},
          numbers(mat{{1, 0, -1}, {0, 2, 0}, {1, 0, 1}}),
          {.padding = 1}};
}

struct LayerSizes {
  uword rows, columns, channels, filters, f;
  Slide slide = {};
};

/// Small whole numbers in a layer of these sizes.
inline Layer randomLayer(Sheet& sheet, const LayerSizes& sizes) {
  const auto [rows, columns, channels, filters, f, slide] = sizes;
  const uword s = uword(slide.stride), p = uword(slide.padding);
  Layer layer{sheet.whole(rows, columns, channels), {}, {}, slide};
  for (uword k = 0; k < filters; ++k) layer.w.push_back(sheet.whole(f, f, channels));
  layer.delta = sheet.whole((rows + 2 * p - f) / s + 1, (columns + 2 * p - f) / s + 1,
                            filters, 3);
  return layer;
}

/// Filter by filter: "w[0]", "w[1]"; one alone is "w".
inline Parts named(const std::string& name, const Filters& w) {
  Parts parts;
  for (std::size_t k = 0; k < w.size(); ++k)
    parts.push_back({w.size() == 1 ? name : fmt::format("{}[{}]", name, k), w[k]});
  return parts;
}

inline void showSlide(Sheet& sheet, Slide slide) {
  sheet.given("stride", slide.stride);
  sheet.given("padding", slide.padding);
}

// ---- slips -------------------------------------------------------------------------

/// The same layer with another error, input or kernel, for suspects.
inline Layer with(Layer layer, const std::function<void(Layer&)>& change) {
  change(layer);
  return layer;
}

/// Every kernel changed.
inline Filters eachKernel(Filters w, const std::function<void(mat&)>& change) {
  for (cube& filter : w) filter.each_slice(change);
  return w;
}

inline void halfTurn(mat& kernel) { std::reverse(kernel.begin(), kernel.end()); }

/// Where the window of output (i, j) begins, in the frame.
using Corner = std::function<std::pair<uword, uword>(uword i, uword j)>;

/// Whether an output adds to what is there, or takes its place.
enum class Keep { sum, last };

/// dw by index, with windows where they may not be.
inline Filters slippedWeights(const Layer& layer, const Corner& corner,
                              Keep keep = Keep::sum) {
  const cube padded = pad(layer.x, layer.slide.padding);
  Filters dw(layer.w.size(), cube(arma::size(layer.w[0])));
  for (uword k = 0; k < dw.size(); ++k)
    for (uword j = 0; j < layer.delta.n_cols; ++j)
      for (uword i = 0; i < layer.delta.n_rows; ++i) {
        const auto [row, column] = corner(i, j);
        const cube share =
            layer.delta(i, j, k) * padded.subcube(row, column, 0, arma::size(dw[k]));
        dw[k] = keep == Keep::sum ? cube(dw[k] + share) : share;
      }
  return dw;
}

/// dx by index, in its frame, with windows where they may not be.
inline cube slippedFrame(const Layer& layer, const Corner& corner,
                         Keep keep = Keep::sum) {
  cube dx = pad(cube(arma::size(layer.x)), layer.slide.padding);
  for (uword k = 0; k < layer.w.size(); ++k)
    for (uword j = 0; j < layer.delta.n_cols; ++j)
      for (uword i = 0; i < layer.delta.n_rows; ++i) {
        const auto [row, column] = corner(i, j);
        const cube share = layer.delta(i, j, k) * layer.w[k];
        auto window = dx.subcube(row, column, 0, arma::size(share));
        keep == Keep::sum ? window += share : window = share;
      }
  return dx;
}

/// The frame off, p from each side, or all of it below and at the right.
inline cube cutOut(const cube& framed, const Layer& layer, bool firstCorner = false) {
  const uword p = firstCorner ? 0 : uword(layer.slide.padding);
  return framed.subcube(p, p, 0, arma::size(layer.x));
}

/// Where the windows begin: as they should, and with the stride forgotten.
inline Corner stepping(Slide slide) {
  const uword s = uword(slide.stride);
  return [s](uword i, uword j) { return std::pair(i * s, j * s); };
}
inline Corner onePixelApart() {
  return [](uword i, uword j) { return std::pair(i, j); };
}

/// Every layer of the exercises, by its title: the chapter's, then random ones.
template <class Use>
void eachLayer(Sheet& sheet, const char* chapters, const Use& use) {
  const auto random = [&](const char* title, const LayerSizes& sizes) {
    use(title, randomLayer(sheet, sizes));
  };
  use(chapters, oldFriends());
  use("the chapter's stride 2", strideTwo(4));
  use("the chapter's stride 2 and pixels left over", strideTwo(5));
  use("the chapter's padding 1", paddingOne());
  random("an image that is not square", {3, 4, 1, 1, 2});
  random("two channels", {3, 3, 2, 1, 2});
  random("two filters", {3, 3, 1, 2, 2});
  random("one pixel, one weight", {1, 1, 1, 1, 1});
  random("one row", {1, 5, 1, 1, 1, {.stride = 2}});
  random("all at once", {7, 6, 2, 3, 3, {.stride = 2, .padding = 1}});
  random("stride 3, padding 2", {5, 9, 3, 2, 2, {.stride = 3, .padding = 2}});
}

}  // namespace cnn::learner
