// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::ConvLayer;

static Parameters gradient(const ConvLayer& layer, const Image& delta, const Image& x) {
  Parameters sum = zerosLike(layer.parameters);
  layer.computeGradients(delta, x, {}, sum);
  return sum;
}

/// The gradient with each row's kernels turned into something else.
static mat changed(const mat& dw, uword f, uword channels, mat (*change)(const mat&)) {
  Filters filters = serial::toFilters(dw, f, channels);
  for (Image& filter : filters)
    filter.each_slice([&](mat& kernel) { kernel = change(kernel); });
  return serial::toRows(filters);
}

static const char* const byColumns =
    "the rows of w filled column by column: toRows goes along the rows of a kernel";

static void oneImage(Sheet& sheet, Image x, const Image& delta,
                     const ConvSizes& sizes) {
  sheet.given("x", x);
  sheet.given("delta", delta);
  const uword f = static_cast<uword>(sizes.size), channels = x.n_slices;
  auto layer = withParameters(ConvLayer(sizes), shapeOf(x),
                              wholeParameters(sheet, delta.n_slices, f * f * channels));
  sheet.answer("", [&] { return dwAndDb(gradient(layer, delta, x)); });
  sheet.suspect(byColumns, [&] {
    Parameters sum = gradient(layer, delta, x);
    sum.w = changed(sum.w, f, channels, [](const mat& k) { return mat(k.t()); });
    return dwAndDb(sum);
  });
  if (outputSize(x.n_rows, f) == delta.n_rows &&
      outputSize(x.n_cols, f) == delta.n_cols)
    sheet.suspect("stride and padding are left out: the brick has them in slide_", [&] {
      return dwAndDb(
          {serial::toRows(convWeightGradient(delta, x, f)), convBiasGradient(delta)});
    });
  sheet.suspect("the biases: db is the sum of the errors of a map", [&] {
    Parameters sum = gradient(layer, delta, x);
    sum.b.zeros();
    return dwAndDb(sum);
  });
  sheet.suspect("one number for all biases: each filter has the sum of its own map",
                [&] {
                  Parameters sum = gradient(layer, delta, x);
                  sum.b.fill(arma::accu(sum.b));
                  return dwAndDb(sum);
                });
  sheet.suspect("the mean of a map's errors for its bias: it is their sum", [&] {
    Parameters sum = gradient(layer, delta, x);
    sum.b /= static_cast<double>(delta.n_rows * delta.n_cols);
    return dwAndDb(sum);
  });
  ConvSizes plain = sizes;
  plain.activation = Activation::identity;
  auto sums = withParameters(ConvLayer(plain), shapeOf(x), layer.parameters);
  const auto cost = [&] { return arma::accu(sums.forward(x).a % delta); };
  sheet.slope("dw", sums.parameters.w, cost);
}

/// What came before stays: the gradients add up.
static void twoImages(Sheet& sheet, const Image& x1, const Image& x2,
                      const Image& delta) {
  sheet.given("x 1", x1);
  sheet.given("x 2", x2);
  sheet.given("delta of both", delta);
  const auto layer =
      withParameters(ConvLayer({.size = 2}), shapeOf(x1), wholeParameters(sheet, 1, 4));
  sheet.answer("", [&] {
    Parameters sum = zerosLike(layer.parameters);
    layer.computeGradients(delta, x1, {}, sum);
    layer.computeGradients(delta, x2, {}, sum);
    return dwAndDb(sum);
  });
  sheet.suspect(byColumns, [&] {
    Parameters sum = gradient(layer, delta, x1);
    layer.computeGradients(delta, x2, {}, sum);
    sum.w = changed(sum.w, 2, 1, [](const mat& k) { return mat(k.t()); });
    return dwAndDb(sum);
  });
  sheet.suspect("the last image alone: = where += belongs",
                [&] { return dwAndDb(gradient(layer, delta, x2)); });
  sheet.suspect("the biases of the last image alone: = where += belongs", [&] {
    Parameters sum = gradient(layer, delta, x2);
    sum.w += gradient(layer, delta, x1).w;
    return dwAndDb(sum);
  });
  sheet.suspect("the weights of the last image alone: = where += belongs", [&] {
    Parameters sum = gradient(layer, delta, x2);
    sum.b += gradient(layer, delta, x1).b;
    return dwAndDb(sum);
  });
}

EXERCISE(5, 8) {
  sheet.begin("the pencil example of the chapter");
  oneImage(sheet, pencilImage(), numbers(mat{{-1.5, 0}, {0, 0}}), {.size = 2});
  sheet.begin("two images, one after the other into the same sum");
  twoImages(sheet, sheet.whole(3, 3), sheet.whole(3, 3), sheet.whole(2, 2, 1, 2));
  sheet.begin("an image of 4 x 3, 2 filters");
  oneImage(sheet, sheet.whole(4, 3), sheet.whole(3, 2, 2), {.filters = 2, .size = 2});
  sheet.begin("an image of 4 x 5, stride 2, padding 1");
  oneImage(sheet, sheet.whole(4, 5), sheet.whole(2, 3),
           {.size = 3, .stride = 2, .padding = 1});
  sheet.begin("an image of 5 x 6 x 2, 3 filters, stride 2, padding 2");
  oneImage(sheet, sheet.whole(5, 6, 2), sheet.whole(4, 4, 3),
           {.filters = 3, .size = 3, .stride = 2, .padding = 2});
}
