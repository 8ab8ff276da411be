// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::FCLayer;

static void forward(Sheet& sheet, const Image& x, const Parameters& p, Activation g) {
  sheet.given("x", x);
  sheet.given("w", p.w);
  sheet.given("b", p.b);
  const auto made = [&](const Parameters& parameters, Activation activation) {
    return withParameters(FCLayer({.outputs = static_cast<int>(p.b.n_elem),
                                   .activation = activation}),
                          shapeOf(x, true), parameters)
        .forward(x);
  };
  const auto layer = withParameters(
      FCLayer({.outputs = static_cast<int>(p.b.n_elem), .activation = g}),
      shapeOf(x, true), p);
  sheet.answer("", [&] { return zAndA(layer.forward(x)); });
  sheet.suspect("the biases are left out", [&] {
    return zAndA(made({p.w, arma::zeros(p.b.n_elem)}, g));
  });
  sheet.suspect("the biases are taken off: z = w x + b", [&] {
    return zAndA(made({p.w, -p.b}, g));
  });
  sheet.suspect("relu, whatever the brick's activation is",
                [&] { return zAndA(made(p, Activation::relu)); });
  const auto sums = [&] { return made(p, Activation::identity).a; };
  sheet.suspect("no activation: a is g(z)", [&] {
    return Parts{{"z", {}}, {"a", sums()}};
  });
  sheet.suspect("no activation: a is g(z)", [&] {
    return Parts{{"z", sums()}, {"a", sums()}};
  });
  sheet.suspect("z was not kept: the way back takes the slope there", [&] {
    return Parts{{"z", {}}, {"a", made(p, g).a}};
  });
  sheet.suspect("z is what came out of g: it is the sum before that", [&] {
    const Image a = made(p, g).a;
    return Parts{{"z", a}, {"a", a}};
  });
}

EXERCISE(5, 12) {
  sheet.begin("the pencil example of the chapter, softmax");
  forward(sheet, numbers(vec{2}), {vec{2, -1}, vec{0, 6}}, Activation::softmax);
  sheet.begin("three numbers, two outputs, relu");
  forward(sheet, numbers(vec{1, 2, -1}), {mat{{1, 2, 3}, {0, -2, 1}}, vec{1, 3}},
          Activation::relu);
  sheet.begin("three numbers, three outputs, no activation (z is left empty then)");
  forward(sheet, sheet.whole(3, 1), wholeParameters(sheet, 3, 3), Activation::identity);
  sheet.begin("five numbers, two outputs, logistic");
  forward(sheet, sheet.whole(5, 1, 1, 2), wholeParameters(sheet, 2, 5, 1),
          Activation::logistic);
  sheet.begin("one number, one output, relu");
  forward(sheet, sheet.whole(1, 1), wholeParameters(sheet, 1, 1), Activation::relu);
}
