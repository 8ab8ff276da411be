// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "learner/06_cnn_batched/paper.hpp"

using namespace cnn;
using namespace cnn::batched;

/// x, when each row of a window goes home by `take`(row, from, to).
template <class Take>
static mat home(const mat& columns, const Windows& windows, uword m, const Take& take) {
  mat x(arma::size(col2im(columns, windows)), arma::fill::zeros);
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    take(row, columns.colptr(row.window), x.colptr(row.pixel));
  });
  return x;
}

/// `shown` is how x is shown: as it is, or as on paper.
template <class Shown>
static void goHome(learner::Sheet& sheet, const mat& columns, const Windows& windows,
                   uword m, const Shown& shown) {
  const uword c = windows.image.channels;
  sheet.answer("x", [&] {
    learner::soilMemory(c * windows.image.pixels() * m);
    return shown(col2im(columns, windows));
  });
  sheet.suspect("columns as they came", [&] { return columns; });
  sheet.suspect("the shares of overlapping windows overwritten, not added", [&] {
    return shown(home(columns, windows, m, [&](auto& row, const double* from, auto to) {
      for (uword i = 0; i < row.count * c; ++i) to[i] = from[row.cell * c + i];
    }));
  });
  sheet.suspect("as many numbers as pixels are added; each pixel has C", [&] {
    return shown(home(columns, windows, m, [&](auto& row, const double* from, auto to) {
      for (uword i = 0; i < row.count; ++i) to[i] += from[row.cell * c + i];
    }));
  });
  sheet.suspect(
      "every row of a window takes the top of its column: row.cell says where "
      "it lies",
      [&] {
        return shown(
            home(columns, windows, m, [&](auto& row, const double* from, auto to) {
              for (uword i = 0; i < row.count * c; ++i) to[i] += from[i];
            }));
      });
  sheet.suspect("the mean of the shares; a pixel gets their sum", [&] {
    const mat ones(arma::size(columns), arma::fill::ones);
    const mat count = arma::clamp(col2im(ones, windows), 1, arma::datum::inf);
    return shown(mat(col2im(columns, windows) / count));
  });
  sheet.suspect("added up in single precision: seven digits are right", [&] {
    return shown(home(columns, windows, m, [&](auto& row, const double* from, auto to) {
      for (uword i = 0; i < row.count * c; ++i)
        to[i] = static_cast<float>(to[i]) + static_cast<float>(from[row.cell * c + i]);
    }));
  });
}

static void batch(learner::Sheet& sheet, const Shape& image, uword f, Slide slide,
                  uword m, bool whole = true) {
  const Windows windows(image, f, slide);
  const uword cells = f * f * image.channels, count = windows.count() * m;
  const mat columns =
      whole ? sheet.whole(cells, count).slice(0) : sheet.normal(cells, count).slice(0);
  learner::giveWindows(sheet, windows, m);
  sheet.given("columns", columns);
  goHome(sheet, columns, windows, m, [](const mat& x) { return x; });
}

EXERCISE(6, 4) {
  sheet.begin("the shares of six windows");
  const mat shares = arma::vec{1, 2, 3, 4} * arma::rowvec{1, -1, 0, 2, 0, 1};
  const Windows windows({3, 4, 1}, 2, {});
  sheet.given("columns", shares);
  goHome(sheet, shares, windows, 1,
         [&](const mat& x) { return learner::onPaper(x, windows.image); });

  sheet.begin("two channels");
  batch(sheet, {1, 4, 2}, 1, {}, 1);
  sheet.begin("windows of two pixels beside each other, padding 1");
  batch(sheet, {2, 2, 1}, 2, {.stride = 2, .padding = 1}, 1);
  sheet.begin("two samples of one row, stride 2");
  batch(sheet, {1, 3, 2}, 1, {.stride = 2}, 2);
  sheet.begin("three samples, padding 1");
  batch(sheet, {4, 3, 2}, 3, {.stride = 1, .padding = 1}, 3);
  sheet.begin("numbers with many digits");
  batch(sheet, {5, 4, 3}, 3, {.stride = 2, .padding = 2}, 2, false);
}
