// SPDX-License-Identifier: MIT
#include "06_cnn_batched/conv.hpp"
#include "learner/06_cnn_batched/paper.hpp"

using namespace cnn;
using namespace cnn::batched;

static ConvSizes sizesOf(const Windows& windows, uword filters) {
  return {.filters = static_cast<int>(filters),
          .size = static_cast<int>(windows.f),
          .stride = windows.slide.stride,
          .padding = windows.slide.padding,
          .activation = Activation::identity};
}

/// `shown` is how dx is shown: as it is, or as on paper.
template <class Shown>
static void errorBelow(learner::Sheet& sheet, const Windows& windows, const mat& w,
                       const Batch& delta, const Shown& shown) {
  const Shape& image = windows.image;
  const auto run = [&](const mat& weights, const Batch& error) {
    auto layer = learner::connected<ConvLayer>(sizesOf(windows, w.n_rows), image);
    layer.parameters.w = weights;
    return layer.backPropError(error, {});
  };
  sheet.answer("dx", [&] { return shown(run(w, delta)); });

  const uword m = delta.n_cols / windows.count();
  sheet.suspect("the shares themselves: col2im takes them home",
                [&] { return mat(w.t() * delta); });
  sheet.suspect("delta as it came", [&] { return delta; });
  sheet.suspect("zero everywhere: no share came home",
                [&] { return shown(run(0 * w, delta)); });
  sheet.suspect("every sample gets the error of the first", [&] {
    return shown(run(w, arma::repmat(delta.head_cols(windows.count()), 1, m)));
  });
  sheet.suspect("the first filter alone; every filter saw the pixel", [&] {
    mat first = 0 * w;
    first.row(0) = w.row(0);
    return shown(run(first, delta));
  });
  sheet.suspect(
      "the kernel is turned by 180 degrees: here nobody turns anything, the "
      "turn hides in the adding",
      [&] {
        mat turned = w;
        const uword c = image.channels, cells = w.n_cols / c;
        for (uword k = 0; k < cells; ++k)
          turned.cols((cells - 1 - k) * c, (cells - k) * c - 1) =
              w.cols(k * c, (k + 1) * c - 1);
        return shown(run(turned, delta));
      });
  sheet.suspect("divided by the number of samples; a layer leaves sums",
                [&] { return shown(mat(run(w, delta) / static_cast<double>(m))); });
}

static void random(learner::Sheet& sheet, const Windows& windows, uword filters,
                   uword m, bool whole = true) {
  const Shape& image = windows.image;
  const auto matrix = [&](uword rows, uword columns) -> mat {
    return whole ? sheet.whole(rows, columns, 1, 3).slice(0)
                 : sheet.normal(rows, columns).slice(0);
  };
  const mat w = matrix(filters, windows.f * windows.f * image.channels);
  const Batch delta = matrix(filters, windows.count() * m);
  learner::giveWindows(sheet, windows, m);
  sheet.given("w", w);
  sheet.given("delta", delta);
  errorBelow(sheet, windows, w, delta, [](const mat& dx) { return dx; });

  mat x = matrix(image.channels, image.pixels() * m);
  sheet.slope("dx", x, [&] {
    auto layer = learner::connected<ConvLayer>(sizesOf(windows, filters), image);
    layer.parameters.w = w;
    return arma::accu(delta % layer.forward(x).a);
  });
}

EXERCISE(6, 6) {
  sheet.begin("K and the chapter's six errors");
  const Windows windows({3, 4, 1}, 2, {});
  const mat k{{1, 2, 3, 4}}, delta{{1, -1, 0, 2, 0, 1}};
  sheet.given("w", k);
  sheet.given("delta", delta);
  errorBelow(sheet, windows, k, delta,
             [&](const mat& dx) { return learner::onPaper(dx, windows.image); });

  sheet.begin("two filters of one pixel");
  random(sheet, Windows({1, 3, 2}, 1, {}), 2, 1);
  sheet.begin("two samples");
  random(sheet, Windows({1, 2, 2}, 1, {}), 2, 2);
  sheet.begin("two channels, a window of 2 x 2");
  random(sheet, Windows({2, 3, 2}, 2, {}), 2, 1);
  sheet.begin("three samples, stride 2, padding 1");
  random(sheet, Windows({5, 4, 2}, 3, {.stride = 2, .padding = 1}), 3, 3, false);
}
