// SPDX-License-Identifier: MIT
#include "learner/02_pooling/pools.hpp"

using namespace cnn;
using arma::span;
using learner::Pool;

/// Window by window: `pay(dx, its rows, its columns, its error)`.
template <class Pay>
static mat paid(const mat& delta, const Pool& pool, Slide slide, const Pay& pay) {
  mat dx(arma::size(pool.x), arma::fill::zeros);
  for (uword j = 0; j < delta.n_cols; ++j)
    for (uword i = 0; i < delta.n_rows; ++i)
      pay(dx, window(i, dx.n_rows, pool.size, slide),
          window(j, dx.n_cols, pool.size, slide), delta(i, j));
  return dx;
}

static void suspects(learner::Sheet& sheet, const mat& delta, const Pool& pool) {
  const auto f = static_cast<double>(pool.size);
  const auto right = [&] {
    return meanUnpool(delta, pool.size, pool.slide, pool.x.n_rows, pool.x.n_cols);
  };
  sheet.suspect("the whole error for every pixel: divide by f^2",
                [&] { return mat(right() * f * f); });
  sheet.suspect("divided by f, not by f^2: a window has f x f pixels",
                [&] { return mat(right() * f); });
  sheet.suspect("nothing is paid: zero everywhere",
                [&] { return mat(arma::size(pool.x), arma::fill::zeros); });
  sheet.suspect("the stride is left out", [&] {
    const Slide slide{1, pool.slide.padding};
    return paid(delta, pool, slide, [&](mat& dx, span r, span c, double error) {
      dx(r, c) += error / (f * f);
    });
  });
  sheet.suspect("the shares are taken off, not added", [&] { return mat(-right()); });
  sheet.suspect("the share of the last window only: = where += belongs", [&] {
    return paid(delta, pool, pool.slide, [&](mat& dx, span r, span c, double error) {
      dx(r, c).fill(error / (f * f));
    });
  });
  sheet.suspect(
      "divided by the pixels on the picture: what falls on the frame is lost", [&] {
        return paid(delta, pool, pool.slide, [](mat& dx, span r, span c, double error) {
          dx(r, c) += error / static_cast<double>(dx(r, c).n_elem);
        });
      });
  sheet.suspect("only the first pixel of each window is paid", [&] {
    return paid(delta, pool, pool.slide, [&](mat& dx, span r, span c, double error) {
      dx(r.a, c.a) += error / (f * f);
    });
  });
}

static void unpool(learner::Sheet& sheet, Pool pool) {
  mat& x = pool.x;
  const mat delta = learner::errorFor(sheet, pool);
  sheet.begin(pool.title);
  sheet.given("delta", delta);
  show(sheet, pool);
  sheet.given("rows", x.n_rows);
  sheet.given("columns", x.n_cols);
  sheet.answer("dx", [&] {
    return meanUnpool(delta, pool.size, pool.slide, x.n_rows, x.n_cols);
  });
  suspects(sheet, delta, pool);
  sheet.slope("dx", x,
              [&] { return arma::accu(delta % meanPool(x, pool.size, pool.slide)); });
}

EXERCISE(2, 6) {
  for (const Pool& pool : learner::pools(sheet, true)) unpool(sheet, pool);
}
