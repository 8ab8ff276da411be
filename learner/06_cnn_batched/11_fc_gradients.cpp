// SPDX-License-Identifier: MIT
#include "06_cnn_batched/fc.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::batched;

static learner::Parts parts(const mat& dw, const vec& db) {
  return {{"sum.w", learner::numbers(dw)}, {"sum.b", learner::numbers(db)}};
}

static void gradients(learner::Sheet& sheet, const Batch& delta, const Batch& x,
                      const Parameters& before) {
  sheet.given("delta", delta);
  sheet.given("x", x);
  if (!before.w.is_zero()) {
    sheet.given("sum.w before", before.w);
    sheet.given("sum.b before", before.b);
  }
  sheet.answer("sum", [&] {
    Parameters sum = before;
    FCLayer(FCSizes{}).computeGradients(delta, x, {}, sum);
    return parts(sum.w, sum.b);
  });
  const double m = static_cast<double>(x.n_cols);
  const mat dw = delta * x.t();
  const vec db = arma::sum(delta, 1);
  sheet.suspect("nothing was added", [&] { return parts(before.w, before.b); });
  sheet.suspect("what stood in sum is gone: = stands where += belongs",
                [&] { return parts(dw, db); });
  sheet.suspect("the first sample alone", [&] {
    return parts(before.w + delta.col(0) * x.col(0).t(), before.b + db);
  });
  sheet.suspect("nothing was added to sum.b",
                [&] { return parts(before.w + dw, before.b); });
  sheet.suspect("divided by the number of samples; a layer leaves sums",
                [&] { return parts(before.w + dw / m, before.b + db / m); });
  sheet.suspect("the mean of delta in sum.b; a layer leaves sums",
                [&] { return parts(before.w + dw, before.b + db / m); });
  sheet.suspect("one number for every bias: delta is summed over all its rows",
                [&] { return parts(before.w + dw, before.b + arma::accu(delta)); });
}

static void random(learner::Sheet& sheet, uword outputs, uword inputs, uword m,
                   bool started) {
  const Batch delta = sheet.whole(outputs, m).slice(0),
              x = sheet.whole(inputs, m).slice(0);
  const double on = started ? 1 : 0;
  gradients(sheet, delta, x,
            {on * sheet.whole(outputs, inputs, 1, 9).slice(0),
             on * sheet.whole(outputs, 1, 1, 9).slice(0).col(0)});
  if (started) return;
  FCLayer layer(
      {.outputs = static_cast<int>(outputs), .activation = Activation::identity});
  mat w = sheet.whole(outputs, inputs).slice(0), b(outputs, 1, arma::fill::zeros);
  const auto cost = [&] {
    layer.parameters = {w, b.col(0)};
    return arma::accu(delta % layer.forward(x).a);
  };
  sheet.slope("sum.w", w, cost);
  sheet.slope("sum.b", b, cost);
}

EXERCISE(6, 11) {
  sheet.begin("two outputs, three inputs, two samples");
  gradients(sheet, {{1, 2}, {0, -1}}, {{1, 2}, {3, 4}, {5, 6}},
            {mat(2, 3, arma::fill::zeros), vec(2, arma::fill::zeros)});
  sheet.begin("one sample");
  random(sheet, 3, 2, 1, false);
  sheet.begin("a sum that others have begun");
  random(sheet, 2, 3, 3, true);
  sheet.begin("five samples");
  random(sheet, 3, 4, 5, false);
}
