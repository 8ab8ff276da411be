// SPDX-License-Identifier: MIT
#include "02_pooling/pooling.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::span;

/// The window's last pixel that `leads`, for which it is asked beside the leader.
template <class Leads>
static uword leader(const mat& x, span rows, span columns, const Leads& leads,
                    bool byColumns = false) {
  uword winner = rows.a + columns.a * x.n_rows;
  const span outer = byColumns ? columns : rows, inner = byColumns ? rows : columns;
  for (uword a = outer.a; a <= outer.b; ++a)
    for (uword b = inner.a; b <= inner.b; ++b) {
      const uword pixel = byColumns ? b + a * x.n_rows : a + b * x.n_rows;
      if (leads(x(pixel), x(winner))) winner = pixel;
    }
  return winner;
}

static void winner(learner::Sheet& sheet, const char* title, const mat& x, span rows,
                   span columns) {
  const uword H = x.n_rows, W = x.n_cols;
  sheet.begin(title);
  sheet.given("x", x);
  sheet.given("rows.a", rows.a);
  sheet.given("rows.b", rows.b);
  sheet.given("columns.a", columns.a);
  sheet.given("columns.b", columns.b);
  sheet.answer("the winner's number", [&] { return strongest(x, rows, columns); });
  sheet.suspect("counted row by row, row W + column: Armadillo counts row + column H",
                [&] {
                  const uword pixel = strongest(x, rows, columns);
                  return pixel % H * W + pixel / H;
                });
  sheet.suspect("counted within the window: the number is that of a pixel of x", [&] {
    const uword pixel = strongest(x, rows, columns), height = rows.b - rows.a + 1;
    return pixel % H - rows.a + (pixel / H - columns.a) * height;
  });
  sheet.suspect("counted within the window: that is what index_max() of a part counts",
                [&] { return mat(x(rows, columns)).index_max(); });
  sheet.suspect("of equals the last wins, and the first should", [&] {
    return leader(x, rows, columns, [](double a, double b) { return !beats(b, a); });
  });
  sheet.suspect("read column by column: of equals the first, row by row, wins",
                [&] { return leader(x, rows, columns, beats, true); });
  sheet.suspect("the weakest pixel wins",
                [&] { return leader(x, rows, columns, std::less<double>()); });
  sheet.suspect("NaN does not win: beats() asks for it, a plain > does not",
                [&] { return leader(x, rows, columns, std::greater<double>()); });
  sheet.suspect("0 takes part: begin with the window's own first pixel", [&] {
    const uword pixel = strongest(x, rows, columns);
    return x(pixel) <= 0 ? rows.a + columns.a * H : pixel;
  });
  sheet.suspect("0 takes part: begin with the window's own first pixel", [&] {
    const uword pixel = strongest(x, rows, columns);
    return x(pixel) <= 0 ? 0 : pixel;
  });
  sheet.suspect("pixel 0 of the picture takes part: begin with the window's own", [&] {
    const uword pixel = strongest(x, rows, columns);
    return beats(x(pixel), x(0)) || pixel == 0 ? pixel : 0;
  });
  sheet.suspect(
      "the window's last row and column are left out: a span holds both ends", [&] {
        if (rows.a == rows.b || columns.a == columns.b) return rows.a + columns.a * H;
        return strongest(x, span(rows.a, rows.b - 1), span(columns.a, columns.b - 1));
      });
  sheet.suspect("the first pixel of the window, whoever is stronger",
                [&] { return rows.a + columns.a * H; });
  sheet.suspect("the strongest of the whole picture",
                [&] { return strongest(x, span(0, H - 1), span(0, W - 1)); });
}

EXERCISE(2, 2) {
  const mat P = {{1, 3, 2, 0}, {5, 4, 1, 1}, {0, 2, 6, 6}, {1, 0, 3, 2}};
  winner(sheet, "the first window of P", P, span(0, 1), span(0, 1));
  winner(sheet, "the window of P at the top right", P, span(0, 1), span(2, 3));
  winner(sheet, "the last window of P, two 6s", P, span(2, 3), span(2, 3));
  winner(sheet, "equals on the other diagonal", {{0, 7, 1}, {7, 0, 2}}, span(0, 1),
         span(0, 1));
  winner(sheet, "negative numbers", {{9, 0, 0}, {0, -3, -2}, {0, -1, -4}}, span(1, 2),
         span(1, 2));
  winner(sheet, "the first pixel of the window is the strongest",
         {{4, 8, 8}, {8, 7, 1}, {8, 2, 3}}, span(1, 2), span(1, 2));
  winner(sheet, "a window low at the left, a 9 above it",
         {{9, 0, 0}, {9, 0, 0}, {1, 4, 0}, {2, 3, 0}}, span(2, 3), span(0, 1));
  winner(sheet, "a window high at the right, a 9 before it",
         {{9, 9, 1, 4}, {9, 9, 2, 3}}, span(0, 1), span(2, 3));
  winner(sheet, "a NaN in the window", {{1, 2}, {arma::datum::nan, 3}}, span(0, 1),
         span(0, 1));
  winner(sheet, "one pixel", {{1, 2, 3}}, span(0, 0), span(1, 1));
  for (int k = 0; k < 6; ++k) {
    const uword H = 3 + below(3, sheet.random), W = 3 + below(3, sheet.random);
    const uword row = below(H, sheet.random), column = below(W, sheet.random);
    const mat x = sheet.whole(H, W, 1, 3).slice(0);
    winner(sheet, "random numbers", x, span(row, row + below(H - row, sheet.random)),
           span(column, column + below(W - column, sheet.random)));
  }
}
