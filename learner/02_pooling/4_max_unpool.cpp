// SPDX-License-Identifier: MIT
#include "learner/02_pooling/pools.hpp"

using namespace cnn;
using learner::Pool;

static void unpool(learner::Sheet& sheet, Pool pool) {
  mat& x = pool.x;
  const arma::umat winners = learner::winnersOf(pool);
  const mat delta = learner::errorFor(sheet, pool);
  sheet.begin(pool.title);
  sheet.given("delta", delta);
  sheet.given("winners", winners);
  sheet.given("rows", x.n_rows);
  sheet.given("columns", x.n_cols);
  sheet.answer("dx", [&] { return maxUnpool(delta, winners, x.n_rows, x.n_cols); });
  sheet.suspect("a pixel that won several windows is paid once: = where += belongs",
                [&] {
                  mat last(arma::size(x), arma::fill::zeros);
                  for (uword n = 0; n < delta.n_elem; ++n) last(winners(n)) = delta(n);
                  return last;
                });
  if (x.is_square())
    sheet.suspect("winners read row by row: their numbers count down the columns", [&] {
      return mat(maxUnpool(delta, winners, x.n_rows, x.n_cols).t());
    });
  sheet.suspect("votes: the winner gets the error of its window, not 1", [&] {
    const mat ones(arma::size(delta), arma::fill::ones);
    return maxUnpool(ones, winners, x.n_rows, x.n_cols);
  });
  sheet.suspect("nothing is paid: zero everywhere",
                [&] { return mat(arma::size(x), arma::fill::zeros); });
  if (delta.n_elem <= x.n_elem)
    sheet.suspect("error n is paid to pixel n: it belongs to pixel winners(n)", [&] {
      mat dx(arma::size(x), arma::fill::zeros);
      for (uword n = 0; n < delta.n_elem; ++n) dx(n) = delta(n);
      return dx;
    });
  sheet.suspect("the errors are taken off, not added",
                [&] { return mat(-maxUnpool(delta, winners, x.n_rows, x.n_cols)); });
  sheet.suspect("the last window is passed over", [&] {
    mat shorter = delta;
    shorter(shorter.n_elem - 1) = 0;
    return maxUnpool(shorter, winners, x.n_rows, x.n_cols);
  });
  // At a tie the slope jumps, and there is nothing to measure.
  if (arma::vec(arma::unique(arma::vectorise(x))).n_elem == x.n_elem)
    sheet.slope("dx", x, [&] {
      return arma::accu(delta % maxPool(x, pool.size, pool.slide).values);
    });
}

EXERCISE(2, 4) {
  for (const Pool& pool : learner::pools(sheet, false)) unpool(sheet, pool);
}
