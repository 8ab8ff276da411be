// SPDX-License-Identifier: MIT
#include "02_pooling/pooling.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::sword;

/// First and last pixel of each window, a row for each: i s - p to i s - p + f - 1.
static mat uncut(uword windows, int size, int stride, int padding) {
  mat ends(windows, 2);
  for (uword i = 0; i < windows; ++i) {
    ends(i, 0) = static_cast<double>(i) * stride - padding;
    ends(i, 1) = ends(i, 0) + size - 1;
  }
  return ends;
}

/// The same, none beginning before `low` and none ending after `high`.
static mat cut(mat ends, double low, double high) {
  ends.col(0) = arma::clamp(ends.col(0), low, 1e6);
  ends.col(1) = arma::clamp(ends.col(1), -1e6, high);
  return ends;
}

static void suspects(learner::Sheet& sheet, uword windows, uword n, int size,
                     Slide slide) {
  const int s = slide.stride, p = slide.padding;
  const double last = static_cast<double>(n) - 1, far = 1e6;
  const mat whole = uncut(windows, size, s, p);
  const char *padding = "the padding is left out: window i begins at i s - p",
             *end = "the last pixel is one too far: a span holds both of its ends";
  sheet.suspect(
      "the frame is not cut away: no pixel comes before 0, and none after "
      "n - 1",
      [=] { return whole; });
  sheet.suspect("not cut at the near end: no pixel comes before 0",
                [=] { return cut(whole, -far, last); });
  sheet.suspect("not cut at the far end: pixel n - 1 is the last",
                [=] { return cut(whole, 0, far); });
  sheet.suspect(padding, [=] { return cut(uncut(windows, size, s, 0), 0, last); });
  sheet.suspect("the padding is added: window i begins p pixels before i s, not after",
                [=] { return cut(uncut(windows, size, s, -p), 0, last); });
  sheet.suspect("the stride is left out: window i begins at i s - p",
                [=] { return cut(uncut(windows, size, 1, p), 0, last); });
  sheet.suspect("steps of the window's size: windows stand `stride` apart",
                [=] { return cut(uncut(windows, size, size, p), 0, last); });
  sheet.suspect("always window 0: window i begins at i s - p",
                [=] { return cut(uncut(windows, size, 0, 0), 0, far); });
  sheet.suspect("always window 0: window i begins at i s - p",
                [=] { return cut(uncut(windows, size, 0, p), 0, last); });
  sheet.suspect(end, [=] { return cut(uncut(windows, size + 1, s, p), 0, last + 1); });
  sheet.suspect(end, [=] { return cut(uncut(windows, size + 1, s, p), 0, last); });
  sheet.suspect("the window is not cut but moved: it keeps its size", [=] {
    mat ends = cut(whole, 0, far);
    ends.col(1) = arma::clamp(ends.col(0) + size - 1, 0, last);
    return ends;
  });
}

static void along(learner::Sheet& sheet, const char* title, uword n, int size,
                  Slide slide) {
  const auto [s, p] = slide;
  const uword windows =
      (n + static_cast<uword>(2 * p - size)) / static_cast<uword>(s) + 1;
  sheet.begin(title);
  sheet.given("n", n);
  sheet.given("size", size);
  sheet.given("stride", slide.stride);
  sheet.given("padding", slide.padding);
  sheet.answer("first and last", [&] {
    mat ends(windows, 2);
    for (uword i = 0; i < windows; ++i) {
      const arma::span pixels = window(i, n, size, slide);
      ends(i, 0) = static_cast<double>(static_cast<sword>(pixels.a));
      ends(i, 1) = static_cast<double>(static_cast<sword>(pixels.b));
    }
    return ends;
  });
  suspects(sheet, windows, n, size, slide);
}

EXERCISE(2, 1) {
  along(sheet, "a row of P, in steps of 2", 4, 2, {2, 0});
  along(sheet, "a row of Q, where windows overlap", 3, 2, {1, 0});
  along(sheet, "a row of X in its frame", 3, 2, {2, 1});
  along(sheet, "a frame at both ends", 4, 3, {1, 2});
  along(sheet, "a pixel that no window reads", 6, 3, {2, 0});
  along(sheet, "one pixel in a frame", 1, 2, {1, 1});
  for (int k = 0; k < 5; ++k) {
    const int size = 1 + static_cast<int>(below(4, sheet.random));
    const auto f = static_cast<uword>(size);
    const int stride = 1 + static_cast<int>(below(4, sheet.random));
    const auto padding = static_cast<int>(below(f, sheet.random));
    along(sheet, "random sizes", f + below(6, sheet.random), size, {stride, padding});
  }
}
