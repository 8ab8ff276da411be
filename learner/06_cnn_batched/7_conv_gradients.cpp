// SPDX-License-Identifier: MIT
#include "06_cnn_batched/conv.hpp"
#include "learner/06_cnn_batched/paper.hpp"

using namespace cnn;
using namespace cnn::batched;

static learner::Parts parts(const mat& dw, const vec& db) {
  return {{"sum.w", learner::numbers(dw)}, {"sum.b", learner::numbers(db)}};
}

static void gradients(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                      const Batch& x, const Batch& columns, const Batch& delta,
                      const Parameters& before) {
  sheet.given("columns", columns);
  sheet.given("delta", delta);
  if (!before.w.is_zero()) {
    sheet.given("sum.w before", before.w);
    sheet.given("sum.b before", before.b);
  }
  sheet.answer("sum", [&] {
    const auto layer = learner::connected<ConvLayer>(sizes, image);
    Trace<Batch> trace;
    trace.memory.columns = columns;
    Parameters sum = before;
    layer.computeGradients(delta, x, trace, sum);
    return parts(sum.w, sum.b);
  });

  const double m = static_cast<double>(x.n_cols / image.pixels());
  const uword count = delta.n_cols / static_cast<uword>(m);
  const mat dw = delta * columns.t();
  const vec db = arma::sum(delta, 1);
  sheet.suspect("nothing was added", [&] { return parts(before.w, before.b); });
  sheet.suspect("what stood in sum is gone: = stands where += belongs",
                [&] { return parts(dw, db); });
  sheet.suspect("what stood in sum.b is gone: = stands where += belongs",
                [&] { return parts(before.w + dw, db); });
  sheet.suspect("the last sample alone: = stands where += belongs", [&] {
    return parts(delta.tail_cols(count) * columns.tail_cols(count).t(), before.b + db);
  });
  sheet.suspect("every error meets the windows of the first sample", [&] {
    const mat first = arma::repmat(columns.head_cols(count), 1, uword(m));
    return parts(before.w + delta * first.t(), before.b + db);
  });
  sheet.suspect("nothing was added to sum.b",
                [&] { return parts(before.w + dw, before.b); });
  sheet.suspect("divided by the number of samples; a layer leaves sums",
                [&] { return parts(before.w + dw / m, before.b + db / m); });
  sheet.suspect("the mean of delta in sum.b; a layer leaves sums",
                [&] { return parts(before.w + dw, before.b + arma::mean(delta, 1)); });
  sheet.suspect("one number for every bias: delta is summed over all its rows",
                [&] { return parts(before.w + dw, before.b + arma::accu(delta)); });
}

static void random(learner::Sheet& sheet, const ConvSizes& sizes, const Shape& image,
                   uword m, bool started) {
  const Windows windows(image, static_cast<uword>(sizes.size),
                        {sizes.stride, sizes.padding});
  const uword n = static_cast<uword>(sizes.filters),
              cells = windows.f * windows.f * image.channels;
  const Batch x = sheet.whole(image.channels, image.pixels() * m).slice(0);
  // Any columns do: to a product of matrices they need not be windows.
  const Batch columns = sheet.whole(cells, windows.count() * m, 1, 3).slice(0);
  const Batch delta = sheet.whole(n, windows.count() * m, 1, 3).slice(0);
  const double on = started ? 1 : 0;
  const Parameters before{on * sheet.whole(n, cells, 1, 9).slice(0),
                          on * sheet.whole(n, 1, 1, 9).slice(0).col(0)};
  gradients(sheet, sizes, image, x, columns, delta, before);
  if (started) return;
  mat w = sheet.whole(n, cells, 1, 3).slice(0), b(n, 1, arma::fill::zeros);
  const auto cost = [&] {
    return arma::accu(delta % (w * columns + arma::repmat(b, 1, delta.n_cols)));
  };
  sheet.slope("sum.w", w, cost);
  sheet.slope("sum.b", b, cost);
}

EXERCISE(6, 7) {
  sheet.begin("X, one wider, and the chapter's six errors");
  const mat columns{
      {1, 2, 3, 4, 5, 6}, {2, 3, 1, 5, 6, 0}, {4, 5, 6, 7, 8, 9}, {5, 6, 0, 8, 9, 2}};
  gradients(sheet, {.filters = 1, .size = 2}, {3, 4, 1},
            {{1, 2, 3, 1, 4, 5, 6, 0, 7, 8, 9, 2}}, columns, {{1, -1, 0, 2, 0, 1}},
            {mat(1, 4, arma::fill::zeros), vec(1, arma::fill::zeros)});
  sheet.begin("two filters");
  random(sheet, {.filters = 2, .size = 1}, {1, 3, 2}, 1, false);
  sheet.begin("two samples");
  random(sheet, {.filters = 2, .size = 1}, {1, 2, 2}, 2, false);
  sheet.begin("a sum that others have begun");
  random(sheet, {.filters = 2, .size = 1}, {1, 3, 2}, 1, true);
  sheet.begin("three samples, stride 2, padding 1");
  random(sheet, {.filters = 3, .size = 3, .stride = 2, .padding = 1}, {5, 4, 2}, 3,
         false);
  sheet.begin("three samples and a sum that others have begun");
  random(sheet, {.filters = 3, .size = 2}, {3, 4, 2}, 3, true);
}
