// SPDX-License-Identifier: MIT
#include "06_cnn_batched/pool.hpp"
#include "learner/06_cnn_batched/paper.hpp"

#include <cmath>

using namespace cnn;
using namespace cnn::batched;
using learner::Parts;

static Parts parts(const mat& a, const arma::umat& winners) {
  return {{"a", learner::numbers(a)}, {"winners", learner::numbers(winners)}};
}

/// Max pooling where `better` says whether a number takes the lead from another.
template <class Better>
static Parts pooled(const Windows& windows, uword m, const Batch& x,
                    const Better& better) {
  const uword c = x.n_rows;
  mat a(c, windows.count() * m);
  arma::umat winners(arma::size(a));
  std::vector<bool> begun(a.n_cols);
  eachWindowRow(windows, m, [&](const WindowRow& row) {
    for (uword pixel = row.pixel; pixel < row.pixel + row.count; ++pixel) {
      for (uword k = 0; k < c; ++k)
        if (!begun[row.window] || better(x(k, pixel), a(k, row.window))) {
          a(k, row.window) = x(k, pixel);
          winners(k, row.window) = pixel * c + k;
        }
      begun[row.window] = true;
    }
  });
  return parts(a, winners);
}

static void pool(learner::Sheet& sheet, const Batch& x, const Shape& image,
                 const PoolSizes& sizes) {
  const auto run = [&](const Batch& input) {
    PoolLayer layer(sizes);
    layer.connect(image);
    learner::soilMemory(input.n_elem);
    const auto trace = layer.forward(input);
    return parts(trace.a, trace.memory.winners);
  };
  sheet.answer("pooled", [&] { return run(x); });

  const uword c = image.channels, m = x.n_cols / image.pixels();
  const Windows windows(image, static_cast<uword>(sizes.size),
                        {sizes.stride ? sizes.stride : sizes.size, sizes.padding});
  const auto by = [&](auto better) { return pooled(windows, m, x, better); };
  /// The right answer with other winners: change(place).
  const auto winners = [&](auto&& change) {
    Parts all = run(x);
    all[1].numbers.transform(change);
    return all;
  };
  sheet.suspect("the maximum begins at 0: a window of negative numbers has one, too",
                [&] {
                  Parts all = run(x);
                  all[1].numbers.elem(arma::find(all[0].numbers <= 0)).zeros();
                  all[0].numbers.transform([](double v) { return v <= 0 ? 0 : v; });
                  return all;
                });
  sheet.suspect("of equals the last wins; the first keeps the lead",
                [&] { return by([](double v, double best) { return !(v < best); }); });
  sheet.suspect("a NaN is passed over: no comparison with it is true, so ask beats()",
                [&] { return by([](double v, double best) { return v > best; }); });
  sheet.suspect("the smallest number of each window", [&] {
    return by([](double v, double best) { return beats(best, v); });
  });
  sheet.suspect("the first pixel of each window: nobody takes the lead from it",
                [&] { return by([](double, double) { return false; }); });
  sheet.suspect("the last pixel of each window: everybody takes the lead",
                [&] { return by([](double, double) { return true; }); });
  sheet.suspect(
      "channel 0 decides for all channels; each has a winner of its own", [&] {
        Parts all = run(x);
        mat &a = all[0].numbers.slice(0), &places = all[1].numbers.slice(0);
        for (uword n = 0; n < a.n_cols; ++n) {
          const uword pixel = static_cast<uword>(places(0, n)) / c;
          for (uword k = 0; k < c; ++k)
            a(k, n) = x(k, pixel), places(k, n) = static_cast<double>(pixel * c + k);
        }
        return all;
      });
  sheet.suspect(
      "the winners are pixels; they should be places in memory, "
      "pixel . C + channel",
      [&] {
        return winners(
            [&](double v) { return std::floor(v / static_cast<double>(c)); });
      });
  sheet.suspect(
      "the winners are places in the order of files; here the channels of a "
      "pixel lie side by side: pixel . C + channel",
      [&] {
        return winners([&](double v) {
          const auto place = static_cast<uword>(v);
          return static_cast<double>(place % c * image.pixels() + place / c);
        });
      });
  sheet.suspect(
      "the winners of every sample are counted from its own first pixel; count "
      "from the first of the batch",
      [&] {
        return winners(
            [&](double v) { return std::fmod(v, static_cast<double>(image.size())); });
      });
}

static void random(learner::Sheet& sheet, const Shape& image, const PoolSizes& sizes,
                   uword m, double less = 0) {
  const Batch x = sheet.whole(image.channels, image.pixels() * m, 1, 4).slice(0) - less;
  learner::giveWindows(
      sheet,
      Windows(image, static_cast<uword>(sizes.size),
              {sizes.stride ? sizes.stride : sizes.size, sizes.padding}),
      m);
  sheet.given("x", x);
  pool(sheet, x, image, sizes);
}

EXERCISE(6, 8) {
  sheet.begin("the pencil's sample 0 and a window of 2 x 2");
  const Batch x{{1, 2, 3, 4}, {5, 6, 7, 8}};
  sheet.given("x", x);
  pool(sheet, x, {2, 2, 2}, {});

  sheet.begin("numbers below 0");
  random(sheet, {1, 4, 2}, {.size = 1}, 1, 5);
  sheet.begin("equal numbers");
  const Batch flat{{3, 3, 1, 3}, {0, 2, 2, 2}};
  sheet.given("x", flat);
  pool(sheet, flat, {2, 2, 2}, {});
  sheet.begin("a picture with a NaN");
  const Batch broken{{1, arma::datum::nan, 3, 2}, {4, 2, 1, arma::datum::nan}};
  sheet.given("x", broken);
  pool(sheet, broken, {2, 2, 2}, {});
  sheet.begin("channels that do not agree");
  const Batch apart{{1, 9, 3, 4}, {5, 6, 8, 7}};
  sheet.given("x", apart);
  pool(sheet, apart, {2, 2, 2}, {});
  sheet.begin("two samples");
  random(sheet, {1, 2, 2}, {.size = 1}, 2);
  sheet.begin("three samples, windows that overlap, numbers below 0");
  random(sheet, {5, 4, 3}, {.size = 3, .stride = 1}, 3, 6);
  sheet.begin("two samples, stride 2, padding 1");
  random(sheet, {5, 6, 2}, {.size = 3, .stride = 2, .padding = 1}, 2, 4);
}
