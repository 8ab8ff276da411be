// SPDX-License-Identifier: MIT
#include "05_cnn_serial/conv.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::serial;

static void filtersOf(learner::Sheet& sheet, const mat& w, uword f, uword channels) {
  sheet.given("w", w);
  sheet.answer("filters", [&] { return toFilters(w, f, channels); });
  sheet.suspect(
      "each row read column by column, as memory is: unflatten reads by rows", [&] {
        Filters filters;
        for (uword k = 0; k < w.n_rows; ++k)
          filters.push_back(Image(vec(w.row(k).t()).memptr(), f, f, channels));
        return filters;
      });
  sheet.suspect("the first channel alone: a filter has as many as the image", [&] {
    Filters filters;
    for (const Image& filter : toFilters(w, f, channels))
      filters.push_back(filter.slices(0, 0));
    return filters;
  });
  sheet.suspect("the first filter again and again: row k belongs to filter k",
                [&] { return Filters(w.n_rows, toFilters(w, f, channels)[0]); });
  sheet.suspect("filter 0 is passed over: rows count from 0", [&] {
    Filters filters = toFilters(w, f, channels);
    filters.erase(filters.begin());
    return filters;
  });
  sheet.suspect("the first filter alone",
                [&] { return Filters{toFilters(w, f, channels)[0]}; });
  sheet.suspect(
      "the numbers of w as they lie in memory, down its columns: a row of w is "
      "a filter",
      [&] {
        const mat mixed(w.memptr(), w.n_cols, w.n_rows);
        return toFilters(mixed.t(), f, channels);
      });
}

EXERCISE(5, 5) {
  sheet.begin("two filters of 2 x 2 x 1");
  filtersOf(sheet, {{1, 2, 3, 4}, {5, 6, 7, 8}}, 2, 1);
  for (const auto& [n, f, channels] :
       {std::array<uword, 3>{1, 2, 2}, {3, 1, 2}, {2, 3, 1}, {4, 2, 3}}) {
    sheet.begin(fmt::format("w of {} x {}, filters of {} x {} x {}", n,
                            f * f * channels, f, f, channels));
    filtersOf(sheet, sheet.whole(n, f * f * channels, 1, 9).slice(0), f, channels);
  }
}
