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

/// The same with every window beginning where `slide` says, in the pool's shape.
static Parts walked(const Pool& pool, Slide slide) {
  const MaxPooled2D z = maxPool(pool.x, pool.size, slide);
  const auto shape = arma::size(learner::windows(pool.x.n_rows, pool),
                                learner::windows(pool.x.n_cols, pool));
  return both(z.values.submat(0, 0, shape), z.winners.submat(0, 0, shape));
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
  sheet.suspect("the stride is left out", [&] {
    return walked(pool, {1, pool.slide.padding});
  });
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
