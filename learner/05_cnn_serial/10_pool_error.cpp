// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::PoolLayer;

/// Of the two kinds of pooling, what the function of one would make.
static void back(Sheet& sheet, const Image& x, const Image& delta,
                 const PoolSizes& sizes) {
  PoolLayer layer(sizes);
  layer.connect(shapeOf(x));
  const bool max = sizes.pooling == Pooling::max;
  const Slide slide{sizes.stride == 0 ? sizes.size : sizes.stride, sizes.padding};
  const MaxPooled pooled = maxPool(x, sizes.size, slide);
  Trace<Image> trace{{.z = {}, .a = pooled.values}};
  if (max) trace.memory.winners = pooled.winners;
  sheet.given("delta", delta);
  if (max) sheet.given("winners", pooled.winners);
  sheet.answer("dx", [&] { return layer.backPropError(delta, trace); });
  const auto toAll = [&](int stride) {
    return meanUnpool(delta, sizes.size, {stride, sizes.padding}, x.n_rows, x.n_cols);
  };
  sheet.suspect("equal parts for all, also where pooling_ is Pooling::max",
                [&] { return toAll(slide.stride); });
  sheet.suspect("all of the error to each pixel of a window: of a mean each has a part",
                [&] {
                  const double area = max ? 1 : sizes.size * sizes.size;
                  return Image(area * layer.backPropError(delta, trace));
                });
  sheet.suspect("the last window alone pays a shared winner: the errors add up", [&] {
    if (!max) return toAll(slide.stride);
    Image dx(arma::size(x), arma::fill::zeros);
    for (uword c = 0; c < x.n_slices; ++c)
      for (uword n = 0; n < delta.slice(c).n_elem; ++n)
        dx.slice(c)(pooled.winners.slice(c)(n)) = delta.slice(c)(n);
    return dx;
  });
  if (max) {
    sheet.suspect("rows and columns are swapped",
                  [&] { return maxUnpool(delta, pooled.winners, x.n_cols, x.n_rows); });
    const uword rows = delta.n_rows * static_cast<uword>(slide.stride);
    const uword columns = delta.n_cols * static_cast<uword>(slide.stride);
    if (pooled.winners.max() < rows * columns)
      sheet.suspect(
          "the sides of x made out of those of delta: pixels may be left over",
          [&] { return maxUnpool(delta, pooled.winners, rows, columns); });
  }
  Image start = x;
  const auto cost = [&] { return arma::accu(layer.forward(start).a % delta); };
  sheet.slope("dx", start, cost);
}

/// Numbers of which no two are equal, so that no winner is in doubt.
static Image distinct(Sheet& sheet, uword rows, uword columns, uword channels = 1) {
  return sheet.normal(rows, columns, channels);
}

EXERCISE(5, 10) {
  sheet.begin("a max pool of 2 x 2 on 2 x 4 pixels");
  back(sheet, numbers(mat{{2, -1, 0, 3}, {0, 1, 4, 1}}), numbers(mat{{-1.5, 2}}),
       {.size = 2});
  sheet.begin("a mean pool of 2 x 2 on 2 x 4 pixels");
  back(sheet, numbers(mat{{2, -1, 0, 3}, {0, 1, 4, 1}}), numbers(mat{{-4, 2}}),
       {.size = 2, .pooling = Pooling::mean});
  sheet.begin("a max pool of 2 x 2 on 3 x 5 pixels: a row and a column are left over");
  back(sheet, distinct(sheet, 3, 5), sheet.whole(1, 2), {.size = 2});
  sheet.begin("a mean pool of 2 x 2 on 5 x 3 pixels: a row and a column are left over");
  back(sheet, distinct(sheet, 5, 3), sheet.whole(2, 1),
       {.size = 2, .pooling = Pooling::mean});
  sheet.begin("max, windows of 2 x 2, stride 1, on 3 x 4 x 2 pixels: they overlap");
  back(sheet, distinct(sheet, 3, 4, 2), sheet.whole(2, 3, 2), {.size = 2, .stride = 1});
  sheet.begin("mean, windows of 3 x 3, stride 2, padding 1, on 5 x 4 x 2 pixels");
  back(sheet, distinct(sheet, 5, 4, 2), sheet.whole(3, 2, 2),
       {.size = 3, .stride = 2, .padding = 1, .pooling = Pooling::mean});
}
