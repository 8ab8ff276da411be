// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::ConvLayer;

/// Each filter changed in its place, as parameters.
static mat changed(const mat& w, uword f, uword channels, mat (*change)(const mat&)) {
  Filters filters = serial::toFilters(w, f, channels);
  for (Image& filter : filters)
    filter.each_slice([&](mat& kernel) { kernel = change(kernel); });
  return serial::toRows(filters);
}

static void back(Sheet& sheet, const Shape& input, const ConvSizes& sizes,
                 const mat& w) {
  const auto layer = [&](const mat& weights) {
    return withParameters(ConvLayer(sizes), input, {weights, arma::zeros(w.n_rows)});
  };
  const auto brick = layer(w);
  ConvLayer sized(sizes);
  const Shape output = sized.connect(input);
  const Image delta =
      input.rows == 3 && input.columns == 3
          ? numbers(mat{{-1.5, 0}, {0, 0}})
          : sheet.whole(output.rows, output.columns, output.channels, 3);
  sheet.given("delta", delta);
  sheet.given("w", w);
  sheet.answer("dx", [&] { return brick.backPropError(delta, {}); });
  const uword f = static_cast<uword>(sizes.size), channels = input.channels;
  sheet.suspect("the kernels not turned: convInputGradient turns them already", [&] {
    return layer(changed(w, f, channels, [](const mat& k) { return turn180(k); }))
        .backPropError(delta, {});
  });
  sheet.suspect("the kernels transposed: filters() has them as they are", [&] {
    return layer(changed(w, f, channels, [](const mat& k) { return mat(k.t()); }))
        .backPropError(delta, {});
  });
  sheet.suspect("the first filter alone: x has a say in the maps of all", [&] {
    mat first(arma::size(w), arma::fill::zeros);
    first.row(0) = w.row(0);
    return layer(first).backPropError(delta, {});
  });
  ConvSizes whole = sizes;
  whole.stride = 1, whole.padding = 0;
  ConvLayer other(whole);
  if (other.connect(input).text() == output.text())
    sheet.suspect("stride and padding are left out: the brick has them in slide_", [&] {
      return convInputGradient(delta, serial::toFilters(w, f, channels), input.rows,
                               input.columns);
    });
  Image x = sheet.normal(input.rows, input.columns, input.channels);
  ConvSizes plain = sizes;
  plain.activation = Activation::identity;
  const auto sums = withParameters(ConvLayer(plain), input, {w, arma::zeros(w.n_rows)});
  sheet.slope("dx", x, [&] { return arma::accu(sums.forward(x).a % delta); });
}

EXERCISE(5, 7) {
  sheet.begin("the pencil example of the chapter");
  back(sheet, {3, 3, 1}, {.size = 2}, pencilFilter().w);
  sheet.begin("an image of 3 x 4");
  back(sheet, {3, 4, 1}, {.size = 2}, wholeParameters(sheet, 1, 4).w);
  sheet.begin("an image of 4 x 3, 2 filters");
  back(sheet, {4, 3, 1}, {.filters = 2, .size = 2}, wholeParameters(sheet, 2, 4).w);
  sheet.begin("an image of 4 x 5, stride 2, padding 1");
  back(sheet, {4, 5, 1}, {.size = 3, .stride = 2, .padding = 1},
       wholeParameters(sheet, 1, 9).w);
  sheet.begin("an image of 5 x 6 x 2, 3 filters, stride 2, padding 2");
  back(sheet, {5, 6, 2}, {.filters = 3, .size = 3, .stride = 2, .padding = 2},
       wholeParameters(sheet, 3, 18).w);
}
