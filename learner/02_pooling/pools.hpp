// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Pictures to be pooled, and what stage 02 should make of them, found anew: the winners
/// are an input of unpooling, and inputs are made without the reader's functions.

#include "02_pooling/pooling.hpp"
#include "learner/exercise.hpp"

namespace cnn::learner {

/// A picture and how it is pooled.
struct Pool {
  std::string title;
  mat x;
  int size;
  Slide slide;
};

/// The chapter's pictures, then random ones. With `ties`, random pictures hold equals;
/// without, no two numbers of them are nearer than 1.
inline std::vector<Pool> pools(Sheet& sheet, bool ties) {
  const mat P = {{1, 3, 2, 0}, {5, 4, 1, 1}, {0, 2, 6, 6}, {1, 0, 3, 2}};
  const mat Q = {{1, 2, 3}, {4, 9, 5}, {6, 7, 8}};
  const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  const auto random = [&](uword rows, uword columns) {
    if (ties) return mat(sheet.whole(rows, columns, 1, 2).slice(0));
    arma::uvec order = arma::regspace<arma::uvec>(0, rows * columns - 1);
    shuffle(order, sheet.random);
    const vec values = arma::conv_to<vec>::from(order);
    return mat(arma::reshape(values - 3, rows, columns));
  };
  return {{"P of the chapter", P, 2, {.stride = 2}},
          {"Q of the chapter", Q, 2, {.stride = 1}},
          {"X in its frame", X, 2, {.stride = 2, .padding = 1}},
          {"-X in its frame", -X, 2, {.stride = 2, .padding = 1}},
          {"a lying picture", random(2, 5), 2, {.stride = 1}},
          {"a pixel that no window reads", random(4, 3), 2, {.stride = 3}},
          {"windows that overlap, in a frame", random(4, 5), 3, {2, 1}},
          {"windows of one pixel", random(2, 3), 1, {.stride = 1}},
          {"one pixel in a frame", random(1, 1), 2, {.stride = 1, .padding = 1}},
          {"a wide frame", random(5, 3), 3, {.stride = 1, .padding = 2}}};
}

/// Says what is to be pooled.
inline void show(Sheet& sheet, const Pool& pool) {
  sheet.given("size", pool.size);
  sheet.given("stride", pool.slide.stride);
  sheet.given("padding", pool.slide.padding);
}

/// Windows along a side of n pixels.
inline uword windows(uword n, const Pool& pool) {
  const auto [s, p] = pool.slide;
  return (n + static_cast<uword>(2 * p - pool.size)) / static_cast<uword>(s) + 1;
}

/// The pixels of a window, as window() should find them.
inline arma::span pixels(uword i, uword n, int size, Slide slide) {
  const int first = static_cast<int>(i) * slide.stride - slide.padding;
  const int last = std::min(first + size, static_cast<int>(n)) - 1;
  return arma::span(static_cast<uword>(std::max(first, 0)), static_cast<uword>(last));
}

/// For each window the pixel with the largest number, of equals the first row by row.
inline arma::umat winnersOf(const Pool& pool) {
  const mat& x = pool.x;
  arma::umat winners(windows(x.n_rows, pool), windows(x.n_cols, pool));
  for (uword j = 0; j < winners.n_cols; ++j)
    for (uword i = 0; i < winners.n_rows; ++i) {
      const arma::span rows = pixels(i, x.n_rows, pool.size, pool.slide);
      const arma::span columns = pixels(j, x.n_cols, pool.size, pool.slide);
      double best = -arma::datum::inf;
      for (uword row = rows.a; row <= rows.b; ++row)
        for (uword column = columns.a; column <= columns.b; ++column) {
          if (x(row, column) <= best) continue;
          best = x(row, column);
          winners(i, j) = row + column * x.n_rows;
        }
    }
  return winners;
}

/// An error for each window of the pool: that of the chapter, else whole numbers.
inline mat errorFor(Sheet& sheet, const Pool& pool) {
  if (pool.title[0] == 'P') return {{10, 20}, {30, 40}};
  if (pool.title[0] == 'Q') return {{1, 2}, {3, 4}};
  if (pool.title[0] == 'X') return {{4, 8}, {12, 16}};
  return sheet.whole(windows(pool.x.n_rows, pool), windows(pool.x.n_cols, pool))
      .slice(0);
}

}  // namespace cnn::learner
