// SPDX-License-Identifier: MIT
#include "06_cnn_batched/conv.hpp"
#include "learner/06_cnn_batched/paper.hpp"

using namespace cnn;
using namespace cnn::batched;
using learner::Parts;

static Parts parts(const Trace<Batch>& trace, Activation g) {
  Parts all{{"a", learner::numbers(trace.a)},
            {"columns", learner::numbers(trace.memory.columns)}};
  if (g != Activation::identity)
    all.insert(all.begin(), {"z", learner::numbers(trace.z)});
  return all;
}

static void convolveBatch(learner::Sheet& sheet, const ConvSizes& sizes,
                          const Shape& image, const Batch& x, const Parameters& p) {
  const auto g = sizes.activation;
  const auto run = [&](const Batch& input, const Parameters& parameters) {
    auto layer = learner::connected<ConvLayer>(sizes, image);
    layer.parameters = parameters;
    return layer.forward(input);
  };
  sheet.answer("trace", [&] { return parts(run(x, p), g); });

  const uword m = x.n_cols / image.pixels();
  /// The answer with other parameters, and the columns as they should be.
  const auto with = [&](const mat& w, const vec& b) {
    return parts(run(x, {w, b}), g);
  };
  const vec none = 0 * p.b;
  sheet.suspect("the bias is missing", [&] { return with(p.w, none); });
  sheet.suspect("the bias alone: the product is missing",
                [&] { return with(0 * p.w, p.b); });
  sheet.suspect("the bias is added once for each sample; once is enough for all",
                [&] { return with(p.w, static_cast<double>(m) * p.b); });
  sheet.suspect("every filter is the first one",
                [&] { return with(arma::repmat(p.w.row(0), p.w.n_rows, 1), p.b); });
  sheet.suspect("every sample gets the answer of the first", [&] {
    auto trace = run(arma::repmat(x.head_cols(image.pixels()), 1, m), p);
    trace.memory.columns = run(x, p).memory.columns;
    return parts(trace, g);
  });
  sheet.suspect("the trace does not keep the columns: the way back needs them", [&] {
    auto trace = run(x, p);
    trace.memory.columns.reset();
    return parts(trace, g);
  });
  if (g != Activation::identity)
    sheet.suspect("the activation was left out: call activate(z, activation)", [&] {
      auto trace = run(x, p);
      trace.a = trace.z, trace.z.reset();
      return parts(trace, g);
    });
}

static void random(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                   uword m) {
  const Windows windows(image, static_cast<uword>(sizes.size),
                        {sizes.stride, sizes.padding});
  const uword n = static_cast<uword>(sizes.filters), f = windows.f;
  const Batch x = sheet.whole(image.channels, image.pixels() * m).slice(0);
  const Parameters p{sheet.whole(n, f * f * image.channels, 1, 2).slice(0),
                     sheet.whole(n, 1, 1, 9).slice(0).col(0)};
  learner::giveWindows(sheet, windows, m);
  sheet.given("x", x);
  sheet.given("w", p.w);
  sheet.given("b'", mat(p.b.t()));
  convolveBatch(sheet, sizes, image, x, p);
}

EXERCISE(6, 5) {
  const auto identity = Activation::identity;
  sheet.begin("X, one wider, and K");
  const mat image{{1, 2, 3, 1}, {4, 5, 6, 0}, {7, 8, 9, 2}};
  const Parameters k{mat{{1, 2, 3, 4}}, vec{0}};
  sheet.given("x, on paper", image);
  sheet.given("w", k.w);
  sheet.given("b", k.b);
  convolveBatch(sheet, {.filters = 1, .size = 2, .activation = identity}, {3, 4, 1},
                arma::vectorise(image, 1), k);

  sheet.begin("two filters of one pixel");
  random(sheet, {.filters = 2, .size = 1, .activation = identity}, {1, 3, 2}, 1);
  sheet.begin("two filters of one pixel and a ReLU");
  random(sheet, {.filters = 2, .size = 1}, {1, 3, 2}, 1);
  sheet.begin("two samples");
  random(sheet, {.filters = 2, .size = 1, .activation = identity}, {1, 2, 2}, 2);
  sheet.begin("three samples, stride 2, padding 1");
  random(sheet, {.filters = 3, .size = 3, .stride = 2, .padding = 1}, {5, 4, 2}, 3);
}
