// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "learner/06_cnn_batched/paper.hpp"

#include <algorithm>

using namespace cnn;
using namespace cnn::batched;

/// The columns, when for each row of a window `copy` writes from x into a column.
template <class Copy>
static mat laidOut(const mat& x, const Windows& windows, uword m, const Copy& copy) {
  mat columns(arma::size(im2col(x, windows)), arma::fill::zeros);
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    copy(row, x.colptr(row.pixel), columns.colptr(row.window));
  });
  return columns;
}

static void layOut(learner::Sheet& sheet, const mat& x, const Windows& windows,
                   uword m) {
  const uword c = windows.image.channels;
  sheet.answer("columns", [&] {
    learner::soilMemory(windows.f * windows.f * c * windows.count() * m);
    return im2col(x, windows);
  });
  sheet.suspect("x as it came: nothing is laid out", [&] { return x; });
  sheet.suspect("as many numbers as pixels are copied; each pixel has C", [&] {
    return laidOut(x, windows, m, [&](auto& row, const double* from, double* to) {
      std::copy_n(from, row.count, to + row.cell * c);
    });
  });
  sheet.suspect(
      "cell u f + v begins after u f + v numbers; but a cell is C numbers long", [&] {
        return laidOut(x, windows, m, [&](auto& row, const double* from, double* to) {
          std::copy_n(from, row.count * c, to + row.cell);
        });
      });
  sheet.suspect(
      "every row of a window goes to the top of its column, over the last one", [&] {
        return laidOut(x, windows, m, [&](auto& row, const double* from, double* to) {
          std::copy_n(from, row.count * c, to);
        });
      });
  sheet.suspect("every sample shows the first image", [&] {
    const mat first = x.head_cols(windows.image.pixels());
    return im2col(arma::repmat(first, 1, m), windows);
  });
  sheet.suspect(
      "channel by channel, as files have it; here the channels of a cell lie "
      "side by side",
      [&] {
        mat other(arma::size(im2col(x, windows)));
        other.rows(channelsFastest(c, windows.f * windows.f)) = im2col(x, windows);
        return other;
      });
}

static void batch(learner::Sheet& sheet, const Shape& image, uword f, Slide slide,
                  uword m) {
  const Windows windows(image, f, slide);
  const mat x = sheet.whole(image.channels, image.pixels() * m).slice(0);
  learner::giveWindows(sheet, windows, m);
  sheet.given("x", x);
  layOut(sheet, x, windows, m);
}

EXERCISE(6, 3) {
  sheet.begin("X, one wider");
  const mat image{{1, 2, 3, 1}, {4, 5, 6, 0}, {7, 8, 9, 2}};
  sheet.given("x, on paper", image);
  layOut(sheet, arma::vectorise(image, 1), Windows({3, 4, 1}, 2, {}), 1);

  sheet.begin("two channels and a window of one pixel");
  batch(sheet, {1, 3, 2}, 1, {}, 1);
  sheet.begin("two channels");
  batch(sheet, {2, 3, 2}, 2, {}, 1);
  sheet.begin("two pixels, padding 1");
  batch(sheet, {1, 2, 1}, 2, {.stride = 1, .padding = 1}, 1);
  sheet.begin("two samples, stride 2");
  batch(sheet, {1, 3, 2}, 1, {.stride = 2}, 2);
  sheet.begin("three samples, padding 1");
  batch(sheet, {4, 3, 2}, 3, {.stride = 1, .padding = 1}, 3);
  sheet.begin("three channels, stride 2, padding 2");
  batch(sheet, {5, 4, 3}, 3, {.stride = 2, .padding = 2}, 2);
}
