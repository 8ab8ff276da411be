// SPDX-License-Identifier: MIT
#include "learner/02_pooling/pools.hpp"

using namespace cnn;
using learner::numbers;
using learner::Parts;
using learner::Pool;

/// Values and winners, by their names.
static Parts both(const mat& values, const arma::umat& winners) {
  return {{"values", numbers(values)}, {"winners", numbers(winners)}};
}

static Parts both(const MaxPooled2D& z) { return both(z.values, z.winners); }

/// Names the pool of other windows, where these lie on the picture.
template <class Rows, class Columns>
static void suspectWindows(learner::Sheet& sheet, const char* mistake, const Pool& pool,
                           const Rows& rows, const Columns& columns) {
  const mat& x = pool.x;
  const uword H = learner::windows(x.n_rows, pool),
              W = learner::windows(x.n_cols, pool);
  for (uword i = 0; i < H; ++i)
    if (rows(i).a >= x.n_rows || rows(i).b >= x.n_rows) return;
  for (uword j = 0; j < W; ++j)
    if (columns(j).a >= x.n_cols || columns(j).b >= x.n_cols) return;
  sheet.suspect(mistake, [&] {
    MaxPooled2D z{mat(H, W), arma::umat(H, W)};
    for (uword j = 0; j < W; ++j)
      for (uword i = 0; i < H; ++i) {
        z.winners(i, j) = strongest(x, rows(i), columns(j));
        z.values(i, j) = x(z.winners(i, j));
      }
    return both(z);
  });
}

/// Windows that walk in another way.
static void suspectSlide(learner::Sheet& sheet, const char* mistake, const Pool& pool,
                         Slide slide) {
  suspectWindows(
      sheet, mistake, pool,
      [&](uword i) { return learner::pixels(i, pool.x.n_rows, pool.size, slide); },
      [&](uword j) { return learner::pixels(j, pool.x.n_cols, pool.size, slide); });
}

static void suspects(learner::Sheet& sheet, const Pool& pool) {
  const auto z = [&] { return maxPool(pool.x, pool.size, pool.slide); };
  sheet.suspect("0 takes part in the maximum: neither 0 nor the frame may win",
                [&] { return both(arma::clamp(z().values, 0, 1e9), z().winners); });
  sheet.suspect("the winners are not kept, only the values",
                [&] { return both(z().values, 0 * z().winners); });
  sheet.suspect("the values are not kept, only the winners",
                [&] { return both(0 * z().values, z().winners); });
  sheet.suspect("the winner's number stands where its value belongs", [&] {
    return both(arma::conv_to<mat>::from(z().winners), z().winners);
  });
  sheet.suspect("the winners are counted row by row, row W + column", [&] {
    const uword H = pool.x.n_rows, W = pool.x.n_cols;
    MaxPooled2D other = z();
    other.winners.transform([&](uword n) { return n % H * W + n / H; });
    return both(other);
  });
  const int size = pool.size, padding = pool.slide.padding;
  suspectSlide(sheet, "the stride is left out", pool, {1, padding});
  suspectSlide(sheet, "steps of the window's size: windows stand `stride` apart", pool,
               {size, padding});
  suspectWindows(
      sheet, "the sides are swapped: rows end at x.n_rows, columns at x.n_cols", pool,
      [&](uword i) { return learner::pixels(i, pool.x.n_cols, size, pool.slide); },
      [&](uword j) { return learner::pixels(j, pool.x.n_rows, size, pool.slide); });
  sheet.suspect("the weakest pixel of each window", [&] {
    const MaxPooled2D other = maxPool(-pool.x, pool.size, pool.slide);
    return both(-other.values, other.winners);
  });
}

EXERCISE(2, 3) {
  for (const Pool& pool : learner::pools(sheet, true)) {
    sheet.begin(pool.title);
    sheet.given("x", pool.x);
    show(sheet, pool);
    sheet.answer("", [&] { return both(maxPool(pool.x, pool.size, pool.slide)); });
    suspects(sheet, pool);
  }
}
