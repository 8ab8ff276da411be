// SPDX-License-Identifier: MIT
#include "06_cnn_batched/pool.hpp"
#include "learner/06_cnn_batched/paper.hpp"

#include <algorithm>

using namespace cnn;
using namespace cnn::batched;

static PoolLayer poolOf(const Windows& windows, Pooling pooling) {
  PoolLayer layer({.size = static_cast<int>(windows.f),
                   .stride = windows.slide.stride,
                   .padding = windows.slide.padding,
                   .pooling = pooling});
  layer.connect(windows.image);
  return layer;
}

/// dx where each cell of a window takes `share` of its error; added, or the last stays.
static mat spread(const Windows& windows, const mat& delta, double share, bool add) {
  const uword m = delta.n_cols / windows.count();
  mat dx(delta.n_rows, windows.image.pixels() * m, arma::fill::zeros);
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    for (uword pixel = row.pixel; pixel < row.pixel + row.count; ++pixel)
      dx.col(pixel) = (add ? 1 : 0) * dx.col(pixel) + share * delta.col(row.window);
  });
  return dx;
}

template <class Shown>
static void errorBelow(learner::Sheet& sheet, const Windows& windows,
                       const arma::umat& winners, const mat& delta,
                       const Shown& shown) {
  const bool max = !winners.is_empty();
  const auto run = [&](const mat& error) -> mat {
    Trace<Batch> trace;
    trace.memory.winners = winners;
    const auto layer = poolOf(windows, max ? Pooling::max : Pooling::mean);
    return layer.backPropError(error, trace);
  };
  sheet.answer("dx", [&] { return shown(run(delta)); });

  const double f = static_cast<double>(windows.f);
  sheet.suspect("delta as it came", [&] { return delta; });
  if (max) {
    sheet.suspect("zero everywhere: no error came home",
                  [&] { return shown(run(0 * delta)); });
    sheet.suspect(
        "a pixel that won several windows is paid for one: = stands where += "
        "belongs",
        [&] {
          mat dx = 0 * run(delta);
          for (uword i = 0; i < delta.n_elem; ++i) dx(winners(i)) = delta(i);
          return shown(dx);
        });
    sheet.suspect("the mean's way back where the maximum was taken",
                  [&] { return shown(spread(windows, delta, 1 / (f * f), true)); });
    return;
  }
  sheet.suspect(
      "zero everywhere: no share came home (1 / (size_ * size_) is 0, for whole "
      "numbers divide to one; 1.0 / (size_ * size_) is not)",
      [&] { return shown(run(0 * delta)); });
  sheet.suspect(
      "where windows overlap, the last one's share alone: = stands where += "
      "belongs",
      [&] { return shown(spread(windows, delta, 1 / (f * f), false)); });
  sheet.suspect("the first channel alone", [&] {
    mat first = delta;
    if (first.n_rows > 1) first.tail_rows(first.n_rows - 1).zeros();
    return shown(run(first));
  });
  sheet.suspect("the whole error for every pixel of a mean; its share is 1/size_²",
                [&] { return shown(mat(f * f * run(delta))); });
  sheet.suspect("divided by size, not by its square: so many pixels has a window",
                [&] { return shown(mat(f * run(delta))); });
}

/// The place of each window's largest pixel; every window has one.
static arma::umat largest(const Windows& windows, const mat& x) {
  const Shape& image = windows.image;
  const auto height = static_cast<int>(image.rows),
             width = static_cast<int>(image.columns), f = static_cast<int>(windows.f);
  const auto [s, p] = windows.slide;
  const uword m = x.n_cols / image.pixels(), c = image.channels;
  arma::umat winners(c, windows.count() * m);
  for (uword k = 0; k < c; ++k)
    for (uword n = 0; n < winners.n_cols; ++n) {
      const uword sample = n / windows.count(), window = n % windows.count();
      const int top = static_cast<int>(window / windows.columns) * s - p,
                left = static_cast<int>(window % windows.columns) * s - p;
      double best = -arma::datum::inf;
      for (int y = std::max(top, 0); y < std::min(top + f, height); ++y)
        for (int z = std::max(left, 0); z < std::min(left + f, width); ++z) {
          const uword pixel =
              sample * image.pixels() + static_cast<uword>(y * width + z);
          if (x(k, pixel) > best) best = x(k, pixel), winners(k, n) = pixel * c + k;
        }
    }
  return winners;
}

static void random(learner::Sheet& sheet, const Windows& windows, uword m, bool max) {
  const uword c = windows.image.channels;
  mat x = sheet.normal(c, windows.image.pixels() * m).slice(0);
  const mat delta = sheet.whole(c, windows.count() * m, 1, 8).slice(0);
  const arma::umat winners = max ? largest(windows, x) : arma::umat();
  learner::giveWindows(sheet, windows, m);
  if (max) sheet.given("winners", winners);
  sheet.given("delta", delta);
  errorBelow(sheet, windows, winners, delta, [](const mat& dx) { return dx; });
  sheet.slope("dx", x, [&] {
    const auto layer = poolOf(windows, max ? Pooling::max : Pooling::mean);
    return arma::accu(delta % layer.forward(x).a);
  });
}

EXERCISE(6, 9) {
  sheet.begin("the maximum, the same pixel in four windows");
  const Windows windows({3, 3, 1}, 2, {});
  const mat image{{1, 2, 1}, {3, 9, 4}, {5, 6, 7}}, delta{{1, 2, 3, 4}};
  const arma::umat winners{{4, 4, 4, 4}};
  const auto onPaper = [&](const mat& dx) {
    return learner::onPaper(dx, windows.image);
  };
  sheet.given("x, on paper", image);
  sheet.given("winners", winners);
  sheet.given("delta", delta);
  errorBelow(sheet, windows, winners, delta, onPaper);

  sheet.begin("the mean of the same four windows");
  sheet.given("delta", mat(4 * delta));
  errorBelow(sheet, windows, {}, 4 * delta, onPaper);

  for (const bool max : {true, false}) {
    sheet.begin(max ? "the maximum, two channels" : "the mean, two channels");
    random(sheet, Windows({2, 2, 2}, 2, {.stride = 1}), 1, max);
    sheet.begin(max ? "the maximum, three samples" : "the mean, three samples");
    random(sheet, Windows({5, 4, 2}, 3, {.stride = 1}), 3, max);
    sheet.begin(max ? "the maximum, stride 2, padding 1"
                    : "the mean, stride 2, padding 1");
    random(sheet, Windows({5, 6, 3}, 3, {.stride = 2, .padding = 1}), 2, max);
  }
}
