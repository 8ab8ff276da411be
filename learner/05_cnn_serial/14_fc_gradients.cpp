// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::FCLayer;

static FCLayer linear(Sheet& sheet, uword outputs, uword inputs) {
  return withParameters(FCLayer({.outputs = static_cast<int>(outputs),
                                 .activation = Activation::identity}),
                        {inputs, 1, 1, true}, wholeParameters(sheet, outputs, inputs));
}

static Parameters gradient(const FCLayer& layer, const Image& delta, const Image& x) {
  Parameters sum = zerosLike(layer.parameters);
  layer.computeGradients(delta, x, {}, sum);
  return sum;
}

static void oneImage(Sheet& sheet, const Image& x, const Image& delta) {
  sheet.given("x", x);
  sheet.given("delta", delta);
  FCLayer layer = linear(sheet, delta.n_rows, x.n_rows);
  sheet.answer("", [&] { return dwAndDb(gradient(layer, delta, x)); });
  const auto with = [&](auto&& change) {
    Parameters sum = gradient(layer, delta, x);
    change(sum);
    return dwAndDb(sum);
  };
  sheet.suspect("one sum for all biases: each output has its own error", [&] {
    return with([](Parameters& sum) { sum.b.fill(arma::accu(sum.b)); });
  });
  sheet.suspect("the biases: db is delta",
                [&] { return with([](Parameters& sum) { sum.b.zeros(); }); });
  sheet.suspect("the x of one input in the whole row: each weight met its own x", [&] {
    return with([&](Parameters& sum) { sum.w.each_col() = sum.w.col(0); });
  });
  sheet.suspect("the error of one output in all rows: each row has its own", [&] {
    return with([&](Parameters& sum) { sum.w.each_row() = sum.w.row(0); });
  });
  sheet.suspect(
      "delta alone, without x: a weight's gradient is its error times its x", [&] {
        return with([&](Parameters& sum) { sum.w.each_col() = delta.slice(0); });
      });
  Image input = x;
  sheet.slope("dw", layer.parameters.w,
              [&] { return arma::accu(layer.forward(input).a % delta); });
}

/// What came before stays: the gradients add up.
static void twoImages(Sheet& sheet, const Image& x1, const Image& x2,
                      const Image& delta) {
  sheet.given("x 1", x1);
  sheet.given("x 2", x2);
  sheet.given("delta of both", delta);
  const FCLayer layer = linear(sheet, delta.n_rows, x1.n_rows);
  sheet.answer("", [&] {
    Parameters sum = zerosLike(layer.parameters);
    layer.computeGradients(delta, x1, {}, sum);
    layer.computeGradients(delta, x2, {}, sum);
    return dwAndDb(sum);
  });
  const Parameters both = [&] {
    Parameters sum = zerosLike(layer.parameters);
    sum.w = delta.slice(0) * (x1.slice(0) + x2.slice(0)).t();
    sum.b = 2 * delta.slice(0);
    return sum;
  }();
  const Parameters last{delta.slice(0) * x2.slice(0).t(), delta.slice(0)};
  sheet.suspect("the last image alone: = where += belongs",
                [&] { return dwAndDb(last); });
  sheet.suspect("the biases of the last image alone: = where += belongs", [&] {
    return dwAndDb({both.w, last.b});
  });
  sheet.suspect("the weights of the last image alone: = where += belongs", [&] {
    return dwAndDb({last.w, both.b});
  });
}

EXERCISE(5, 14) {
  sheet.begin("the pencil example of the chapter");
  oneImage(sheet, numbers(vec{2}), numbers(vec{-0.5, 0.5}));
  sheet.begin("three numbers, two outputs");
  oneImage(sheet, numbers(vec{1, 2, 3}), numbers(vec{10, -1}));
  sheet.begin("two images, one after the other into the same sum");
  twoImages(sheet, sheet.whole(2, 1), sheet.whole(2, 1), numbers(vec{2, -1}));
  for (const auto& [outputs, inputs] : {std::array<uword, 2>{3, 3}, {4, 2}, {1, 5}}) {
    sheet.begin(fmt::format("{} numbers, {} outputs", inputs, outputs));
    oneImage(sheet, sheet.whole(inputs, 1), sheet.whole(outputs, 1));
  }
}
