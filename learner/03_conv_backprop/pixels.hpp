// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The cases of dJ/dx, which the chapter finds twice: by index and as a convolution.

#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/layer.hpp"

namespace cnn::learner {

/// What the mistakes would give that both ways can make.
/// @param flip what is said of a kernel that is turned where it should not be, or not
///        where it should
inline void pixelSuspects(Sheet& sheet, const Layer& layer, const char* flip) {
  const auto dx = [](const Layer& l) {
    return scatterInputGradient(l.delta, l.w, l.x.n_rows, l.x.n_cols, l.slide);
  };
  const auto kernels = [&](const std::function<void(mat&)>& change) {
    return dx(with(layer, [&](Layer& l) { l.w = eachKernel(l.w, change); }));
  };
  const uword s = uword(layer.slide.stride);
  sheet.suspect(flip, [&] { return kernels(halfTurn); });
  sheet.suspect("the kernel transposed, not turned", [&] {
    return kernels([](mat& kernel) {
      arma::inplace_trans(kernel);
      halfTurn(kernel);
    });
  });
  for (const bool rows : {true, false})
    sheet.suspect(fmt::format("the kernel flipped in one direction only, its {} not",
                              rows ? "rows" : "columns"),
                  [&] {
                    return kernels([rows](mat& kernel) {
                      kernel =
                          rows ? mat(arma::flipud(kernel)) : mat(arma::fliplr(kernel));
                    });
                  });
  sheet.suspect("the frame cut off below and at the right only", [&] {
    return cutOut(slippedFrame(layer, stepping(layer.slide)), layer, true);
  });
  sheet.suspect("the frame is still there: unpad takes it off",
                [&] { return slippedFrame(layer, stepping(layer.slide)); });
  sheet.suspect("overlapping windows overwrite each other: = where += belongs", [&] {
    return cutOut(slippedFrame(layer, stepping(layer.slide), Keep::last), layer);
  });
  sheet.suspect(
      "the windows one pixel apart: the stride is forgotten, delta not dilated",
      [&] { return cutOut(slippedFrame(layer, onePixelApart()), layer); });
  for (const bool down : {true, false})
    sheet.suspect(fmt::format("the stride in one direction only, in the {}",
                              down ? "rows" : "columns"),
                  [&] {
                    const Corner corner = [&](uword i, uword j) {
                      return std::pair(down ? i * s : i, down ? j : j * s);
                    };
                    return cutOut(slippedFrame(layer, corner), layer);
                  });
  sheet.suspect(
      "the shares at the last corner, not the first, where pixels are left over", [&] {
        const auto leftOver = [&](uword n) {
          return (n + 2 * uword(layer.slide.padding) - layer.f()) % s;
        };
        const Corner corner = [&](uword i, uword j) {
          return std::pair(i * s + leftOver(layer.x.n_rows),
                           j * s + leftOver(layer.x.n_cols));
        };
        return cutOut(slippedFrame(layer, corner), layer);
      });
  if (layer.x.n_rows == layer.x.n_cols)
    sheet.suspect("the window at (j s, i s): rows and columns swapped", [&] {
      const Corner corner = [s](uword i, uword j) { return std::pair(j * s, i * s); };
      return cutOut(slippedFrame(layer, corner), layer);
    });
  sheet.suspect("the last filter's share alone: = where += belongs", [&] {
    return dx(with(layer, [](Layer& l) {
      for (uword k = 0; k + 1 < l.w.size(); ++k) l.w[k].zeros();
    }));
  });
  sheet.suspect("the first filter's share alone: every filter sends its error back",
                [&] {
                  return dx(with(layer, [](Layer& l) {
                    for (uword k = 1; k < l.w.size(); ++k) l.w[k].zeros();
                  }));
                });
  sheet.suspect("the errors of map 0 for every filter", [&] {
    return dx(with(layer, [](Layer& l) {
      for (uword k = 1; k < l.delta.n_slices; ++k) l.delta.slice(k) = l.delta.slice(0);
    }));
  });
  sheet.suspect("the weights of filter 0 for every map", [&] {
    return dx(with(layer, [](Layer& l) {
      for (cube& filter : l.w) filter = cube(l.w[0]);
    }));
  });
  sheet.suspect("channel 0 alone: the others got nothing", [&] {
    return dx(with(layer, [](Layer& l) {
      for (cube& filter : l.w)
        for (uword c = 1; c < filter.n_slices; ++c) filter.slice(c).zeros();
    }));
  });
  sheet.suspect("every channel with the weights of channel 0", [&] {
    return dx(with(layer, [](Layer& l) {
      for (cube& filter : l.w)
        for (uword c = 1; c < filter.n_slices; ++c) filter.slice(c) = filter.slice(0);
    }));
  });
  sheet.suspect("the weights as they are, not times the errors",
                [&] { return dx(with(layer, [](Layer& l) { l.delta.ones(); })); });
}

inline void pixelCase(Sheet& sheet, Layer layer, cube (*dx)(const Layer&),
                      const char* flip) {
  sheet.given("rows", layer.x.n_rows);
  sheet.given("columns", layer.x.n_cols);
  showSlide(sheet, layer.slide);
  for (const auto& [name, w] : named("w", layer.w)) sheet.given(name, w);
  sheet.given("delta", layer.delta);
  sheet.answer("dx", [&] { return dx(layer); });
  pixelSuspects(sheet, layer, flip);
  sheet.slope("dx", layer.x, [&] { return layer.cost(); });
}

/// @param dx the way that is the exercise
inline void pixelCases(Sheet& sheet, cube (*dx)(const Layer&), const char* flip) {
  eachLayer(sheet, "the chapter's K and delta", [&](const char* title, Layer layer) {
    sheet.begin(title);
    pixelCase(sheet, std::move(layer), dx, flip);
  });
}

}  // namespace cnn::learner
