// SPDX-License-Identifier: MIT
#include "learner/02_pooling/pools.hpp"

using namespace cnn;
using learner::Pool;

static void suspects(learner::Sheet& sheet, const Pool& pool) {
  const auto mean = [&] { return meanPool(pool.x, pool.size, pool.slide); };
  const auto f = static_cast<double>(pool.size);
  sheet.suspect("the sum of each window: divide by f^2",
                [&] { return mat(mean() * f * f); });
  sheet.suspect("divided by f, not by f^2: a window has f x f pixels",
                [&] { return mat(mean() * f); });
  sheet.suspect("divided by the pixels on the picture: the frame counts as zeros", [&] {
    const mat ones(arma::size(pool.x), arma::fill::ones);
    return mat(mean() / meanPool(ones, pool.size, pool.slide));
  });
  sheet.suspect("divided by 4, whatever the window's size: divide by f^2",
                [&] { return mat(mean() * f * f / 4); });
  sheet.suspect("cut to whole numbers: one of the two must be a double, not an int",
                [&] { return mat(arma::trunc(mean())); });
  sheet.suspect("the largest pixel of each window: that is max pooling",
                [&] { return maxPool(pool.x, pool.size, pool.slide).values; });
  sheet.suspect("the stride is left out", [&] {
    const mat all = meanPool(pool.x, pool.size, {1, pool.slide.padding});
    return mat(all.submat(0, 0, arma::size(mean())));
  });
  sheet.suspect("divided by the pixels of the whole picture", [&] {
    return mat(mean() * f * f / static_cast<double>(pool.x.n_elem));
  });
}

EXERCISE(2, 5) {
  for (const Pool& pool : learner::pools(sheet, true)) {
    sheet.begin(pool.title);
    sheet.given("x", pool.x);
    show(sheet, pool);
    sheet.answer("z", [&] { return meanPool(pool.x, pool.size, pool.slide); });
    suspects(sheet, pool);
  }
}
