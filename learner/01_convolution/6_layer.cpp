// SPDX-License-Identifier: MIT
#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void layer(learner::Sheet& sheet, const char* title, const cube& x,
                  const Filters& w, const vec& b, Slide slide) {
  sheet.begin(title);
  sheet.given("x", x);
  for (uword k = 0; k < w.size(); ++k)
    sheet.given("w[" + std::to_string(k) + "]", w[k]);
  sheet.given("b", b);
  sheet.given("stride", slide.stride);
  sheet.given("padding", slide.padding);
  sheet.answer("z", [&] { return convolve(x, w, b, slide); });
  const vec first(b.n_elem, arma::fill::value(b(0)));
  const auto channels = static_cast<double>(x.n_slices);
  sheet.suspect("the biases are left out",
                [&] { return convolve(x, w, 0 * b, slide); });
  sheet.suspect("every map gets the bias of filter 0",
                [&] { return convolve(x, w, first, slide); });
  sheet.suspect("the bias is added once for each channel, not once for the map",
                [&] { return convolve(x, w, channels * b, slide); });
  sheet.suspect("the bias is taken off, not added",
                [&] { return convolve(x, w, -b, slide); });
  sheet.suspect("the bias is multiplied, not added", [&] {
    cube z = convolve(x, w, 0 * b, slide);
    for (uword k = 0; k < w.size(); ++k) z.slice(k) *= b(k);
    return z;
  });
  sheet.suspect("every map is made by filter 0",
                [&] { return convolve(x, Filters(w.size(), w[0]), b, slide); });
  sheet.suspect("only map 0 was made", [&] {
    cube z = convolve(x, w, b, slide);
    for (uword k = 1; k < w.size(); ++k) z.slice(k).zeros();
    return z;
  });
  sheet.suspect("the last map was not made: a loop ends too early", [&] {
    cube z = convolve(x, w, b, slide);
    z.slice(w.size() - 1).zeros();
    return z;
  });
  sheet.suspect("every filter goes into map 0: filter k makes map k", [&] {
    cube z = convolve(x, w, b, slide);
    z.slice(0) = mat(z.slice(w.size() - 1));
    for (uword k = 1; k < w.size(); ++k) z.slice(k).zeros();
    return z;
  });
}

EXERCISE(1, 6) {
  const auto filters = [&](uword n, uword rows, uword columns, uword channels) {
    Filters w(n);
    for (cube& filter : w) filter = sheet.whole(rows, columns, channels, 3);
    return w;
  };
  const auto biases = [&](uword n) {
    vec b(n);
    for (uword k = 0; k < n; ++k) b(k) = 10.0 * static_cast<double>(k + 1);
    return b;
  };
  cube x(3, 3, 2), w(2, 2, 2);
  x.slice(0) = mat{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  x.slice(1) = mat{{1, 0, 1}, {0, 1, 0}, {1, 0, 1}};
  w.slice(0) = mat{{1, 2}, {3, 4}};
  w.slice(1) = mat{{0, 1}, {1, 0}};
  layer(sheet, "the filter of the chapter, bias -50", x, {w}, {-50}, {});
  layer(sheet, "two filters", sheet.whole(3, 3), filters(2, 2, 2, 1), biases(2), {});
  layer(sheet, "two filters, stride 2", sheet.whole(3, 4), filters(2, 2, 2, 1),
        biases(2), {2, 0});
  layer(sheet, "filters that are no squares", sheet.whole(4, 4), filters(2, 3, 2, 1),
        biases(2), {});
  layer(sheet, "one pixel, five filters", sheet.whole(1, 1), filters(5, 1, 1, 1),
        biases(5), {});
  layer(sheet, "three channels, four filters, stride 2, padding 1",
        sheet.whole(5, 4, 3), filters(4, 3, 2, 3), biases(4), {2, 1});
}
