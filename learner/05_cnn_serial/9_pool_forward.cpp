// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::PoolLayer;

static PoolLayer connected(const PoolSizes& sizes, const Image& x) {
  PoolLayer layer(sizes);
  layer.connect(shapeOf(x));
  return layer;
}

static Parts parts(const Trace<Image>& trace) {
  return {{"a", trace.a}, {"z", trace.z}, {"winners", numbers(trace.memory.winners)}};
}

static void forward(Sheet& sheet, const Image& x, const PoolSizes& sizes) {
  sheet.given("x", x);
  const PoolLayer layer = connected(sizes, x);
  sheet.answer("", [&] { return parts(layer.forward(x)); });
  const auto made = [&](const PoolSizes& other) {
    return connected(other, x).forward(x);
  };
  PoolSizes swapped = sizes;
  swapped.pooling = sizes.pooling == Pooling::max ? Pooling::mean : Pooling::max;
  sheet.suspect(
      "the mean where the largest belongs, or the other way round: see pooling_",
      [&] { return parts(made(swapped)); });
  sheet.suspect("always the largest: pooling_ may be Pooling::mean", [&] {
    PoolSizes other = sizes;
    other.pooling = Pooling::max;
    return parts(made(other));
  });
  sheet.suspect("always the mean: pooling_ may be Pooling::max", [&] {
    PoolSizes other = sizes;
    other.pooling = Pooling::mean;
    return parts(made(other));
  });
  sheet.suspect("the winners were not kept: the way back pays them, from the memory",
                [&] { return parts({{.z = {}, .a = made(sizes).a}}); });
  sheet.suspect("a z that a pool does not have: where g is the identity, z stays empty",
                [&] {
                  Trace<Image> trace = made(sizes);
                  trace.z = trace.a;
                  return parts(trace);
                });
  sheet.suspect("stride and padding are left out: the brick has them in slide_", [&] {
    PoolSizes other = sizes;
    other.stride = 1, other.padding = 0;
    return parts(made(other));
  });
  sheet.suspect("the padding is left out: slide_ has it beside the stride", [&] {
    PoolSizes other = sizes;
    other.padding = 0;
    return parts(made(other));
  });
}

EXERCISE(5, 9) {
  sheet.begin("a max pool of 2 x 2, its winners counted down the columns");
  forward(sheet, numbers(mat{{2, -1, 0, 3}, {0, 0, 4, 1}}), {.size = 2});
  sheet.begin("a mean pool of 2 x 2, which has no winners");
  forward(sheet, numbers(mat{{2, -1, 0, 3}, {0, 0, 4, 1}}),
          {.size = 2, .pooling = Pooling::mean});
  sheet.begin("max, windows of 2 x 2, stride 1: they overlap");
  forward(sheet, sheet.whole(3, 4, 2, 9), {.size = 2, .stride = 1});
  sheet.begin("max, windows of 3 x 3, stride 2, padding 1");
  forward(sheet, sheet.whole(5, 4, 2, 9), {.size = 3, .stride = 2, .padding = 1});
  sheet.begin("mean, windows of 3 x 3, stride 2, padding 1");
  forward(sheet, sheet.whole(5, 6, 2, 9),
          {.size = 3, .stride = 2, .padding = 1, .pooling = Pooling::mean});
}
