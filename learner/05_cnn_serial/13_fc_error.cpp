// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::FCLayer;

static FCLayer linear(const mat& w) {
  return withParameters(FCLayer({.outputs = static_cast<int>(w.n_rows),
                                 .activation = Activation::identity}),
                        {w.n_cols, 1, 1, true}, {w, arma::zeros(w.n_rows)});
}

static void back(Sheet& sheet, const Image& delta, const mat& w) {
  sheet.given("delta", delta);
  sheet.given("w", w);
  const FCLayer layer = linear(w);
  sheet.answer("dx", [&] { return layer.backPropError(delta, {}); });
  sheet.suspect(
      "each weight alone with its error: an input gets the sum of its column", [&] {
        return Image(linear(w.head_rows(1)).backPropError(delta.rows(0, 0), {}));
      });
  sheet.suspect("the mean over the outputs: it is the sum", [&] {
    return Image(layer.backPropError(delta, {}) / static_cast<double>(w.n_rows));
  });
  if (w.n_rows == w.n_cols)
    sheet.suspect(
        "w delta, with w not transposed: an input's weights are a column of w",
        [&] { return linear(w.t()).backPropError(delta, {}); });
  Image x = sheet.normal(w.n_cols, 1);
  sheet.slope("dx", x, [&] { return arma::accu(layer.forward(x).a % delta); });
}

EXERCISE(5, 13) {
  sheet.begin("the pencil example of the chapter");
  back(sheet, numbers(vec{-0.5, 0.5}), vec{2, -1});
  sheet.begin("two numbers, two outputs");
  back(sheet, numbers(vec{1, -2}), {{1, 2}, {3, 0}});
  for (const auto& [outputs, inputs] :
       {std::array<uword, 2>{2, 3}, {3, 3}, {4, 2}, {1, 4}}) {
    sheet.begin(fmt::format("{} numbers, {} outputs", inputs, outputs));
    back(sheet, sheet.whole(outputs, 1), wholeParameters(sheet, outputs, inputs).w);
  }
}
