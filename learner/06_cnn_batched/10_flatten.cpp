// SPDX-License-Identifier: MIT
#include "06_cnn_batched/fc.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::batched;

static void flatten(learner::Sheet& sheet, const Batch& x, const Shape& image) {
  sheet.given("x", x);
  sheet.answer("a", [&] {
    FlattenLayer layer;
    layer.connect(image);
    return layer.forward(x).a;
  });
  const uword m = x.n_elem / image.size();
  sheet.suspect("a row for each sample; it is to be a column",
                [&] { return mat(arma::reshape(x, m, image.size())); });
  sheet.suspect("one column for all samples", [&] { return mat(arma::vectorise(x)); });
  sheet.suspect("channel 0 of all samples comes first: nothing needs to change places",
                [&] { return mat(arma::reshape(x.t(), image.size(), m)); });
  sheet.suspect(
      "channel by channel, the order of files; the numbers stay where they are", [&] {
        mat a(image.size(), m);
        for (uword n = 0; n < m; ++n)
          a.col(n) = arma::vectorise(
              x.cols(n * image.pixels(), (n + 1) * image.pixels() - 1).t());
        return a;
      });
}

EXERCISE(6, 10) {
  sheet.begin("two pixels of the pencil's two samples");
  flatten(sheet, {{1, 2, 10, 20}, {5, 6, 50, 60}}, {1, 2, 2});
  sheet.begin("three channels");
  flatten(sheet, sheet.whole(3, 4).slice(0), {2, 1, 3});
  sheet.begin("three samples");
  flatten(sheet, sheet.whole(2, 18).slice(0), {2, 3, 2});
  sheet.begin("one channel, five samples");
  flatten(sheet, sheet.whole(1, 30).slice(0), {3, 2, 1});
}
