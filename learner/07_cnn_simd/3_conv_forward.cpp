// SPDX-License-Identifier: MIT
#include "07_cnn_simd/conv.hpp"
#include "learner/07_cnn_simd/lanes.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::simd;
using arma::mat;
using arma::uword;
using learner::Parts;

template <class P, int atOnce>
static Parts run(const ConvSizes& sizes, const Shape& image, const mat& x,
                 const Parameters& p) {
  ConvLayer<P, atOnce> layer(sizes);
  layer.connect(image);
  learner::parametersOf<P>(layer) = p;
  const auto trace = layer.forward(learner::inLanes<P>(x, image));
  Parts all{{"a", learner::numbers(learner::fromLanes(trace.a))}};
  if (sizes.activation != Activation::identity)
    all.insert(all.begin(), {"z", learner::numbers(learner::fromLanes(trace.z))});
  return all;
}

/// A number of each n.f.f weights, moved: to(k, c, u, v) is the column it comes from.
template <class From>
static mat rearranged(const mat& w, uword channels, uword f, const From& from) {
  mat other(arma::size(w));
  for (uword k = 0; k < w.n_rows; ++k)
    for (uword c = 0; c < channels; ++c)
      for (uword u = 0; u < f; ++u)
        for (uword v = 0; v < f; ++v) other(k, (c * f + u) * f + v) = from(k, c, u, v);
  return other;
}

/// The answer where windows stand one pixel apart, cut to the size that is wanted.
template <class P, int atOnce>
static Parts withoutStride(ConvSizes sizes, const Shape& image, const mat& x,
                           const Parameters& p) {
  const uword f = static_cast<uword>(sizes.size);
  const Slide wanted{sizes.stride, sizes.padding}, dense{1, sizes.padding};
  const uword rows = outputSize(image.rows, f, wanted),
              columns = outputSize(image.columns, f, wanted),
              height = outputSize(image.rows, f, dense),
              width = outputSize(image.columns, f, dense);
  sizes.stride = 1;
  Parts all = run<P, atOnce>(sizes, image, x, p);
  for (learner::Part& part : all) {
    const mat& from = part.numbers.slice(0);
    mat to(p.w.n_rows * rows * columns, from.n_cols);
    for (uword k = 0; k < p.w.n_rows; ++k)
      for (uword i = 0; i < rows; ++i)
        for (uword j = 0; j < columns; ++j)
          to.row((k * rows + i) * columns + j) = from.row((k * height + i) * width + j);
    part.numbers = learner::numbers(to);
  }
  return all;
}

template <class P, int atOnce = 4>
static void convolveLanes(learner::Sheet& sheet, const ConvSizes& sizes,
                          const Shape& image, const mat& x, const Parameters& p,
                          double tolerance = 1e-9) {
  sheet.answer(
      "z", [&] { return run<P, atOnce>(sizes, image, x, p); }, tolerance);

  const uword n = p.w.n_rows, c = image.channels, f = static_cast<uword>(sizes.size),
              lanes = static_cast<uword>(lanesOf<P>);
  const auto with = [&](const mat& w, const arma::vec& b) {
    return run<P, atOnce>(sizes, image, x, {w, b});
  };
  /// Filters that fill a group; k's group begins with filter leader(k).
  const uword grouped = n / atOnce * atOnce;
  const auto leader = [&](uword k) { return k < grouped ? k / atOnce * atOnce : k; };
  const auto at = [&](uword channel, uword u, uword v) {
    return (channel * f + u) * f + v;
  };
  sheet.suspect("the bias is missing", [&] { return with(p.w, 0 * p.b); });
  sheet.suspect("the bias alone: no product is added",
                [&] { return with(0 * p.w, p.b); });
  sheet.suspect("every filter of a group has the bias of the first: b[k + q]", [&] {
    arma::vec b = p.b;
    for (uword k = 0; k < n; ++k) b(k) = p.b(leader(k));
    return with(p.w, b);
  });
  sheet.suspect(
      "every filter of a group has the weights of the first: those of filter "
      "k + q begin q * fanIn_ further",
      [&] {
        mat w = p.w;
        for (uword k = 0; k < n; ++k) w.row(k) = p.w.row(leader(k));
        return with(w, p.b);
      });
  sheet.suspect("the stride is ignored: window (i, j) begins at i s_, j s_",
                [&] { return withoutStride<P, atOnce>(sizes, image, x, p); });
  sheet.suspect(
      "every channel meets the weights of channel 0: those of c begin c f f "
      "further",
      [&] {
        return with(rearranged(p.w, c, f,
                               [&](uword k, uword, uword u, uword v) {
                                 return p.w(k, at(0, u, v));
                               }),
                    p.b);
      });
  sheet.suspect("channel 0 alone", [&] {
    return with(rearranged(p.w, c, f,
                           [&](uword k, uword channel, uword u, uword v) {
                             return channel == 0 ? p.w(k, at(0, u, v)) : 0;
                           }),
                p.b);
  });
  sheet.suspect("the kernel transposed: u goes down, v across", [&] {
    return with(rearranged(p.w, c, f,
                           [&](uword k, uword channel, uword u, uword v) {
                             return p.w(k, at(channel, v, u));
                           }),
                p.b);
  });
  sheet.suspect(
      "the kernel turned by 180 degrees; on the way forward nobody turns it", [&] {
        return with(rearranged(p.w, c, f,
                               [&](uword k, uword channel, uword u, uword v) {
                                 return p.w(k, at(channel, f - 1 - u, f - 1 - v));
                               }),
                    p.b);
      });
  sheet.suspect("the last product of each window alone: = stands where += belongs",
                [&] {
                  mat w = p.w;
                  w.head_cols(w.n_cols - 1).zeros();
                  return with(w, 0 * p.b);
                });
  sheet.suspect("every pack shows the first; x.at(pack, ...) finds the others", [&] {
    return run<P, atOnce>(
        sizes, image,
        arma::repmat(x.head_cols(lanes), 1, (x.n_cols + lanes - 1) / lanes), p);
  });
  sheet.suspect("the filters that fill no group are left out", [&] {
    Parts all = run<P, atOnce>(sizes, image, x, p);
    for (learner::Part& part : all) {
      const uword rows = part.numbers.n_rows, first = grouped * rows / n;
      if (first < rows) part.numbers.slice(0).rows(first, rows - 1).zeros();
    }
    return all;
  });
  if (sizes.activation != Activation::identity)
    sheet.suspect("the activation was left out: return {activate(z, activation)}", [&] {
      ConvSizes linear = sizes;
      linear.activation = Activation::identity;
      return Parts{{"z", learner::numbers(mat())},
                   run<P, atOnce>(linear, image, x, p)[0]};
    });
}

template <class P, int atOnce = 4>
static void random(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                   uword samples, double tolerance = 1e-9) {
  const uword n = static_cast<uword>(sizes.filters), f = static_cast<uword>(sizes.size);
  const mat x = sheet.whole(image.size(), samples).slice(0);
  const Parameters p{sheet.whole(n, f * f * image.channels, 1, 3).slice(0),
                     sheet.whole(n, 1, 1, 9).slice(0).col(0)};
  sheet.given("filters", n);
  sheet.given("H", image.rows);
  sheet.given("W", image.columns);
  sheet.given("C", image.channels);
  sheet.given("f", f);
  sheet.given("stride", sizes.stride);
  sheet.given("padding", sizes.padding);
  sheet.given("x", x);
  sheet.given("w", p.w);
  sheet.given("b'", mat(p.b.t()));
  convolveLanes<P, atOnce>(sheet, sizes, image, x, p, tolerance);
}

EXERCISE(7, 3) {
  const auto identity = Activation::identity;
  sheet.begin("X in one lane, X turned in the other, and K");
  const mat pair{{1, 9}, {2, 8}, {3, 7}, {4, 6}, {5, 5},
                 {6, 4}, {7, 3}, {8, 2}, {9, 1}};
  const Parameters k{mat{{1, 2, 3, 4}}, arma::vec{0}};
  sheet.given("lane 0", mat(arma::reshape(pair.col(0), 3, 3).t()));
  sheet.given("lane 1", mat(arma::reshape(pair.col(1), 3, 3).t()));
  sheet.given("K", mat(arma::reshape(k.w, 2, 2).t()));
  convolveLanes<Pack<double, 2>>(
      sheet, {.filters = 1, .size = 2, .activation = identity}, {3, 3, 1}, pair, k);

  using P = Pack<double, 2>;
  sheet.begin("two filters of one pixel");
  random<P>(sheet, {.filters = 2, .size = 1, .activation = identity}, {1, 2, 1}, 2);
  sheet.begin("three filters, two at once, and a ReLU");
  random<P, 2>(sheet, {.filters = 3, .size = 1}, {1, 1, 2}, 2);
  sheet.begin("one pixel, four samples in two packs");
  random<P>(sheet, {.filters = 2, .size = 1, .activation = identity}, {1, 1, 2}, 4);
  sheet.begin("stride 2 in a row");
  random<P>(sheet, {.filters = 2, .size = 1, .stride = 2, .activation = identity},
            {1, 5, 1}, 2);
  sheet.begin("six filters, stride 2, padding 1");
  random<P>(
      sheet,
      {.filters = 6, .size = 3, .stride = 2, .padding = 1, .activation = identity},
      {5, 4, 2}, 3);
  sheet.begin("single precision, lanes without a sample");
  random<Pack<float, 4>>(sheet, {.filters = 7, .size = 2, .activation = identity},
                         {3, 5, 3}, 6, 1e-5);
}
