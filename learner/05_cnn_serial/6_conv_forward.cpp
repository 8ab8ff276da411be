// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;
using serial::ConvLayer;

static void forward(Sheet& sheet, const Image& x, const ConvSizes& sizes,
                    const Parameters& p) {
  sheet.given("x", x);
  sheet.given("w", p.w);
  sheet.given("b", p.b);
  const auto made = [&](const ConvSizes& s, const Parameters& parameters) {
    return withParameters(ConvLayer(s), shapeOf(x), parameters).forward(x);
  };
  const auto layer = withParameters(ConvLayer(sizes), shapeOf(x), p);
  sheet.answer("", [&] { return zAndA(layer.forward(x)); });
  sheet.suspect("stride and padding are left out: the brick has them in slide_", [&] {
    ConvSizes plain = sizes;
    plain.stride = 1, plain.padding = 0;
    return zAndA(made(plain, p));
  });
  sheet.suspect("the biases are left out", [&] {
    return zAndA(made(sizes, {p.w, arma::zeros(p.b.n_elem)}));
  });
  sheet.suspect("relu, whatever the brick's activation is", [&] {
    ConvSizes other = sizes;
    other.activation = Activation::relu;
    return zAndA(made(other, p));
  });
  sheet.suspect("the first channel alone: the windows go through all", [&] {
    Image first = x;
    if (x.n_slices > 1) first.slices(1, x.n_slices - 1).zeros();
    return zAndA(withParameters(ConvLayer(sizes), shapeOf(x), p).forward(first));
  });
  ConvSizes none = sizes;
  none.activation = Activation::identity;
  const auto sums = [&] { return made(none, p).a; };
  sheet.suspect("no activation: a is g(z)", [&] {
    return Parts{{"z", {}}, {"a", sums()}};
  });
  sheet.suspect("no activation: a is g(z)", [&] {
    return Parts{{"z", sums()}, {"a", sums()}};
  });
  sheet.suspect("z was not kept: the way back takes the slope there", [&] {
    return Parts{{"z", {}}, {"a", made(sizes, p).a}};
  });
  sheet.suspect("z is what came out of g: it is the sum before that", [&] {
    const Image a = made(sizes, p).a;
    return Parts{{"z", a}, {"a", a}};
  });
}

EXERCISE(5, 6) {
  sheet.begin("the pencil example of the chapter, relu");
  forward(sheet, pencilImage(), {.size = 2}, pencilFilter());
  sheet.begin("another bias, no activation (z is left empty then)");
  forward(sheet, pencilImage(), {.size = 2, .activation = Activation::identity},
          {pencilFilter().w, {3}});
  sheet.begin("stride 2, padding 1, relu");
  forward(sheet, sheet.whole(4, 5), {.size = 2, .stride = 2, .padding = 1},
          wholeParameters(sheet, 1, 4));
  sheet.begin("2 channels, 3 filters, logistic");
  forward(sheet, sheet.whole(3, 4, 2),
          {.filters = 3, .size = 2, .activation = Activation::logistic},
          wholeParameters(sheet, 3, 8));
  sheet.begin("2 channels, 2 filters of 3 x 3, stride 2, padding 2, relu");
  forward(sheet, sheet.whole(5, 4, 2),
          {.filters = 2, .size = 3, .stride = 2, .padding = 2},
          wholeParameters(sheet, 2, 18));
}
