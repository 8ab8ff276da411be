// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The cases of dJ/dw, which the chapter finds twice: by index and as a convolution.

#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/layer.hpp"

namespace cnn::learner {

/// What the mistakes would give that both ways can make.
inline void weightSuspects(Sheet& sheet, const Layer& layer) {
  const auto dwOf = [](const Layer& changed) {
    return named("dw", scatterWeightGradient(changed.delta, changed.x, changed.f(),
                                             changed.slide));
  };
  const uword s = uword(layer.slide.stride);
  const auto slipped = [&](const Corner& corner, Keep keep = Keep::sum) {
    return named("dw", slippedWeights(layer, corner, keep));
  };
  sheet.suspect("dw turned by 180 degrees: dx needs a flip, dw needs none", [&] {
    return named("dw", eachKernel(scatterWeightGradient(layer.delta, layer.x, layer.f(),
                                                        layer.slide),
                                  halfTurn));
  });
  sheet.suspect("the last output alone: = where += belongs",
                [&] { return slipped(stepping(layer.slide), Keep::last); });
  sheet.suspect(
      "the windows one pixel apart: the stride is forgotten, delta not dilated",
      [&] { return slipped(onePixelApart()); });
  for (const bool down : {true, false})
    sheet.suspect(fmt::format("the stride in one direction only, in the {}",
                              down ? "rows" : "columns"),
                  [&] {
                    return slipped([&](uword i, uword j) {
                      return std::pair(down ? i * s : i, down ? j : j * s);
                    });
                  });
  if (layer.x.n_rows == layer.x.n_cols)
    sheet.suspect("the window at (j s, i s): rows and columns swapped", [&] {
      return slipped([s](uword i, uword j) { return std::pair(j * s, i * s); });
    });
  sheet.suspect("the errors of map 0 for every filter", [&] {
    return dwOf(with(layer, [](Layer& l) {
      for (uword k = 1; k < l.delta.n_slices; ++k) l.delta.slice(k) = l.delta.slice(0);
    }));
  });
  sheet.suspect("channel 0 alone: the others got nothing", [&] {
    return dwOf(with(layer, [](Layer& l) {
      for (uword c = 1; c < l.x.n_slices; ++c) l.x.slice(c).zeros();
    }));
  });
  sheet.suspect("every channel of dw from channel 0 of x", [&] {
    return dwOf(with(layer, [](Layer& l) {
      for (uword c = 1; c < l.x.n_slices; ++c) l.x.slice(c) = l.x.slice(0);
    }));
  });
  sheet.suspect("the last row of outputs left out: a loop ends too early", [&] {
    return dwOf(with(layer, [](Layer& l) { l.delta.row(l.delta.n_rows - 1).zeros(); }));
  });
  sheet.suspect("the windows as they are, not times their errors",
                [&] { return dwOf(with(layer, [](Layer& l) { l.delta.ones(); })); });
  sheet.suspect(
      "the last f x f places of dw, not the first, where pixels are left over", [&] {
        const Slide slide = layer.slide;
        const uword size = 2 * uword(slide.padding), f = layer.f();
        const uword down = (layer.x.n_rows + size - f) % s;
        const uword right = (layer.x.n_cols + size - f) % s;
        return slipped(
            [&](uword i, uword j) { return std::pair(i * s + down, j * s + right); });
      });
}

inline void weightCase(Sheet& sheet, Layer layer, Parts (*dw)(const Layer&)) {
  sheet.given("f", layer.f());
  showSlide(sheet, layer.slide);
  sheet.given("x", layer.x);
  sheet.given("delta", layer.delta);
  sheet.answer("dw", [&] { return dw(layer); });
  weightSuspects(sheet, layer);
  for (std::size_t k = 0; k < layer.w.size(); ++k)
    sheet.slope(named("dw", layer.w)[k].name, layer.w[k], [&] { return layer.cost(); });
}

/// @param dw the way that is the exercise
inline void weightCases(Sheet& sheet, Parts (*dw)(const Layer&)) {
  eachLayer(sheet, "the chapter's X and delta", [&](const char* title, Layer layer) {
    sheet.begin(title);
    weightCase(sheet, std::move(layer), dw);
  });
}

}  // namespace cnn::learner
