// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "learner/06_cnn_batched/paper.hpp"

#include <fmt/format.h>

#include <stdexcept>

using namespace cnn;
using namespace cnn::batched;

/// Every visit as a row: window, cell, pixel, count.
static mat visits(const Windows& windows, uword m) {
  std::vector<WindowRow> all;
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    if (all.size() == 10000)
      throw std::runtime_error("more than 10000 rows were visited: does a loop end?");
    if (row.count == 0 || row.count > windows.f)
      throw std::runtime_error(
          fmt::format("a row of {} pixels was visited; a window that lies beside the "
                      "image has none on it, and is passed over",
                      static_cast<arma::sword>(row.count)));
    all.push_back(row);
  });
  mat table(all.size(), 4);
  for (uword k = 0; k < table.n_rows; ++k)
    table.row(k) = arma::conv_to<arma::rowvec>::from(
        arma::urowvec{all[k].window, all[k].cell, all[k].pixel, all[k].count});
  return table;
}

static mat columnByColumn(const Windows& windows, uword m) {
  const mat right = visits(windows, m);
  mat other(0, 4);
  double window = 0;
  for (uword n = 0; n < m; ++n)
    for (uword j = 0; j < windows.columns; ++j)
      for (uword i = 0; i < windows.rows; ++i, ++window) {
        const double place =
            static_cast<double>((n * windows.rows + i) * windows.columns + j);
        mat rows = right.rows(arma::find(right.col(0) == place));
        rows.col(0).fill(window);
        other = arma::join_cols(other, rows);
      }
  return other;
}

static void walk(learner::Sheet& sheet, const Windows& windows, uword m) {
  learner::giveWindows(sheet, windows, m);
  sheet.answer("visits", [&] { return visits(windows, m); });

  const double count = static_cast<double>(windows.count());
  const double pixels = static_cast<double>(windows.image.pixels());
  const auto changed = [&](auto&& change) {
    mat table = visits(windows, m);
    table.each_row([&](arma::rowvec& row) { change(row); });
    return table;
  };
  sheet.suspect("nothing is visited", [] { return mat(0, 4); });
  sheet.suspect("every sample sees the first image: the pixel lacks sample . H W", [&] {
    return changed([&](auto& row) { row(2) -= std::floor(row(0) / count) * pixels; });
  });
  sheet.suspect(
      "each sample begins one pixel too early: an image has H W of them", [&] {
        return changed([&](auto& row) { row(2) -= std::floor(row(0) / count); });
      });
  sheet.suspect(
      "the cell of a row that hangs over on the left begins at 0: it is "
      "(y - top) f + first - left",
      [&] {
        const double f = static_cast<double>(windows.f);
        return changed([&](auto& row) { row(1) = std::floor(row(1) / f) * f; });
      });
  sheet.suspect("the stride is ignored: a window begins at i s - p, j s - p", [&] {
    Windows other = windows;
    other.slide.stride = 1;
    return visits(other, m);
  });
  sheet.suspect("the padding is ignored: a window begins at i s - p, j s - p", [&] {
    Windows other = windows;
    other.slide.padding = 0;
    return visits(other, m);
  });
  sheet.suspect("the windows column by column; they come row by row",
                [&] { return columnByColumn(windows, m); });
  if (m == 1)
    sheet.suspect("the last row of the image is never read", [&] {
      Windows other = windows;
      --other.image.rows;
      return visits(other, m);
    });
}

EXERCISE(6, 2) {
  sheet.begin("one window, the whole image of 2 x 2");
  walk(sheet, Windows({2, 2, 1}, 2, {}), 1);
  sheet.begin("the pencil's walk: padding 1");
  walk(sheet, Windows({2, 2, 1}, 3, {.stride = 1, .padding = 1}), 1);
  sheet.begin("one window a sample, two samples");
  walk(sheet, Windows({2, 2, 1}, 2, {}), 2);
  sheet.begin("one row of pixels, stride 2");
  walk(sheet, Windows({1, 5, 3}, 1, {.stride = 2}), 2);
  sheet.begin("X, one wider");
  walk(sheet, Windows({3, 4, 1}, 2, {}), 2);
  sheet.begin("higher than wide, stride 2, padding 1");
  walk(sheet, Windows({5, 3, 2}, 3, {.stride = 2, .padding = 1}), 3);
  sheet.begin("windows that lie beside the image");
  walk(sheet, Windows({2, 3, 1}, 2, {.stride = 1, .padding = 2}), 2);
}
