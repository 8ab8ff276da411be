// SPDX-License-Identifier: MIT
#include "07_cnn_simd/conv.hpp"
#include "learner/07_cnn_simd/lanes.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::simd;
using arma::mat;
using arma::uword;
using arma::vec;

static learner::Parts parts(const Parameters& p) {
  return {{"total.w", learner::numbers(p.w)}, {"total.b", learner::numbers(p.b)}};
}

static Shape outputOf(const ConvSizes& sizes, const Shape& image) {
  const uword f = static_cast<uword>(sizes.size);
  const Slide slide{sizes.stride, sizes.padding};
  return {outputSize(image.rows, f, slide), outputSize(image.columns, f, slide),
          static_cast<uword>(sizes.filters)};
}

template <class P>
static Parameters added(const ConvSizes& sizes, const Shape& image, const mat& x,
                        const mat& delta, Parameters total) {
  ConvLayer<P> layer(sizes);
  const Shape output = layer.connect(image);
  layer.computeGradients(learner::inLanes<P>(delta, output),
                         learner::inLanes<P>(x, image), {}, total);
  return total;
}

/// The gradient where windows stand one pixel apart: the errors of places that the
/// stride leaves out are 0.
template <class P>
static Parameters withoutStride(ConvSizes sizes, const Shape& image, const mat& x,
                                const mat& delta, const Parameters& before) {
  const Shape from = outputOf(sizes, image);
  sizes.stride = 1;
  const Shape to = outputOf(sizes, image);
  mat dense(to.size(), delta.n_cols, arma::fill::zeros);
  for (uword k = 0; k < from.channels; ++k)
    for (uword i = 0; i < from.rows; ++i)
      for (uword j = 0; j < from.columns; ++j)
        dense.row((k * to.rows + i) * to.columns + j) =
            delta.row((k * from.rows + i) * from.columns + j);
  return added<P>(sizes, image, x, dense, before);
}

/// Whether the columns step by one where the rows step by the stride.
template <class P>
static Parameters columnsWithoutStride(const ConvSizes& sizes, const Shape& image,
                                       const mat& x, const mat& delta,
                                       Parameters total) {
  const Shape output = outputOf(sizes, image);
  const int f = sizes.size, s = sizes.stride, p = sizes.padding,
            height = static_cast<int>(image.rows),
            width = static_cast<int>(image.columns);
  const Parameters right = added<P>(sizes, image, x, delta, total);
  total.b = right.b;
  for (uword k = 0; k < output.channels; ++k)
    for (uword c = 0; c < image.channels; ++c)
      for (int u = 0; u < f; ++u)
        for (int v = 0; v < f; ++v)
          for (int i = 0; i < static_cast<int>(output.rows); ++i)
            for (int j = 0; j < static_cast<int>(output.columns); ++j) {
              const int row = i * s + u - p, column = j + v - p;
              if (row < 0 || row >= height || column < 0 || column >= width) continue;
              const uword place =
                              (k * output.rows + uword(i)) * output.columns + uword(j),
                          pixel = (c * image.rows + uword(row)) * image.columns +
                                  uword(column);
              total.w(k, (c * uword(f) + uword(u)) * uword(f) + uword(v)) +=
                  arma::dot(delta.row(place), x.row(pixel));
            }
  return total;
}

template <class P>
static void gradients(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                      const mat& x, const mat& delta, const Parameters& before) {
  sheet.answer("total",
               [&] { return parts(added<P>(sizes, image, x, delta, before)); });

  const uword lanes = static_cast<uword>(lanesOf<P>),
              f = static_cast<uword>(sizes.size), c = image.channels;
  const Parameters zeros{0 * before.w, 0 * before.b};
  const auto of = [&](const mat& errors) {
    return added<P>(sizes, image, x, errors, zeros);
  };
  const auto with = [&](const mat& dw, const vec& db) {
    return parts({before.w + dw, before.b + db});
  };
  sheet.suspect("nothing was added", [&] { return parts(before); });
  sheet.suspect("what stood in total is gone: = stands where += belongs",
                [&] { return parts(of(delta)); });
  sheet.suspect("what stood in total.b is gone: = stands where += belongs", [&] {
    const auto [w, b] = of(delta);
    return parts({before.w + w, b});
  });
  sheet.suspect("nothing was added to total.b",
                [&] { return with(of(delta).w, zeros.b); });
  sheet.suspect("the sample in lane 0 alone: add up the lanes, sumOverLanes(sum)", [&] {
    mat first = delta;
    for (uword n = 0; n < delta.n_cols; ++n)
      if (n % lanes != 0) first.col(n).zeros();
    return with(of(first).w, of(delta).b);
  });
  sheet.suspect("the first pack alone", [&] {
    mat first = delta;
    if (delta.n_cols > lanes) first.tail_cols(delta.n_cols - lanes).zeros();
    return with(of(first).w, of(delta).b);
  });
  sheet.suspect("divided by the number of lanes; a layer leaves sums", [&] {
    const auto [w, b] = of(delta);
    return with(w / static_cast<double>(lanes), b);
  });
  sheet.suspect("the kernel's gradient transposed: u goes down, v across", [&] {
    mat w = of(delta).w;
    for (uword k = 0; k < c; ++k)
      for (uword n = 0; n < w.n_rows; ++n) {
        const mat kernel =
            arma::reshape(w(n, arma::span(k * f * f, (k + 1) * f * f - 1)), f, f);
        w(n, arma::span(k * f * f, (k + 1) * f * f - 1)) =
            arma::vectorise(kernel.t()).t();
      }
    return with(w, of(delta).b);
  });
  sheet.suspect("the last product alone: = stands where += belongs", [&] {
    const Shape output = outputOf(sizes, image);
    mat last = 0 * delta;
    const uword from = (delta.n_cols - 1) / lanes * lanes;
    for (uword k = 1; k <= output.channels; ++k)
      for (uword n = from; n < delta.n_cols; ++n)
        last(k * output.pixels() - 1, n) = delta(k * output.pixels() - 1, n);
    return with(of(last).w, of(delta).b);
  });
  sheet.suspect("the stride is ignored: window (i, j) begins at i s_, j s_", [&] {
    return parts(withoutStride<P>(sizes, image, x, delta, before));
  });
  sheet.suspect(
      "the stride is ignored across: window (i, j) begins at i s_, j s_",
      [&] { return parts(columnsWithoutStride<P>(sizes, image, x, delta, before)); });
}

template <class P>
static void random(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                   uword samples, bool started) {
  const uword n = static_cast<uword>(sizes.filters), f = static_cast<uword>(sizes.size);
  const mat x = sheet.whole(image.size(), samples, 1, 3).slice(0);
  const mat delta = sheet.whole(outputOf(sizes, image).size(), samples, 1, 3).slice(0);
  const double on = started ? 1 : 0;
  const Parameters before{on * sheet.whole(n, f * f * image.channels, 1, 9).slice(0),
                          on * sheet.whole(n, 1, 1, 9).slice(0).col(0)};
  sheet.given("filters", n);
  sheet.given("H", image.rows);
  sheet.given("W", image.columns);
  sheet.given("C", image.channels);
  sheet.given("f", f);
  sheet.given("stride", sizes.stride);
  sheet.given("padding", sizes.padding);
  sheet.given("x", x);
  sheet.given("delta", delta);
  if (started) {
    sheet.given("total.w before", before.w);
    sheet.given("total.b before", before.b);
  }
  gradients<P>(sheet, sizes, image, x, delta, before);
  if (started) return;
  mat w = sheet.whole(n, f * f * image.channels, 1, 3).slice(0),
      b(n, 1, arma::fill::zeros);
  const auto cost = [&] {
    ConvSizes linear = sizes;
    linear.activation = Activation::identity;
    ConvLayer<P> layer(linear);
    layer.connect(image);
    learner::parametersOf<P>(layer) = {w, b.col(0)};
    const auto a = layer.forward(learner::inLanes<P>(x, image)).a;
    return arma::accu(delta % learner::fromLanes(a).head_cols(samples));
  };
  sheet.slope("total.w", w, cost);
  sheet.slope("total.b", b, cost);
}

EXERCISE(7, 4) {
  sheet.begin("X in one lane, X turned in the other, one error each");
  const mat pair{{1, 9}, {2, 8}, {3, 7}, {4, 6}, {5, 5},
                 {6, 4}, {7, 3}, {8, 2}, {9, 1}},
      delta{{1, 0}, {0, 0}, {0, 2}, {0, 0}};
  const Parameters none{mat(1, 4, arma::fill::zeros), vec(1, arma::fill::zeros)};
  sheet.given("x, lane 0", mat(arma::reshape(pair.col(0), 3, 3).t()));
  sheet.given("x, lane 1", mat(arma::reshape(pair.col(1), 3, 3).t()));
  sheet.given("delta, lane 0", mat(arma::reshape(delta.col(0), 2, 2).t()));
  sheet.given("delta, lane 1", mat(arma::reshape(delta.col(1), 2, 2).t()));
  using P = Pack<double, 2>;
  gradients<P>(sheet, {.filters = 1, .size = 2}, {3, 3, 1}, pair, delta, none);

  sheet.begin("four samples in two packs");
  random<P>(sheet, {.filters = 2, .size = 1}, {1, 2, 1}, 4, false);
  sheet.begin("a total that others have begun");
  random<P>(sheet, {.filters = 2, .size = 1}, {1, 2, 2}, 2, true);
  sheet.begin("stride 2 in a row");
  random<P>(sheet, {.filters = 1, .size = 1, .stride = 2}, {1, 5, 2}, 2, false);
  sheet.begin("six filters, stride 2, padding 1, a lane without a sample");
  random<P>(sheet, {.filters = 6, .size = 3, .stride = 2, .padding = 1}, {5, 4, 2}, 3,
            false);
}
