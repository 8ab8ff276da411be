// SPDX-License-Identifier: MIT
#include "07_cnn_simd/images.hpp"
#include "learner/07_cnn_simd/lanes.hpp"
#include "learner/exercise.hpp"

#include <cmath>

using namespace cnn;
using namespace cnn::simd;

/// A row is a pack, if there is one: numbers x samples.
template <class P>
static void rectify(learner::Sheet& sheet, const arma::mat& z, const Shape& image) {
  using learner::fromLanes;
  sheet.given("z", z);
  sheet.answer("a", [&] { return fromLanes(relu(learner::inLanes<P>(z, image))); });

  const auto changed = [&](auto&& change) {
    arma::mat a = fromLanes(learner::inLanes<P>(z, image));
    a.transform(change);
    return a;
  };
  const auto lanes = static_cast<arma::uword>(lanesOf<P>);
  sheet.suspect("a NaN becomes 0: every comparison with it is false",
                [&] { return changed([](double v) { return v > 0 ? v : 0; }); });
  sheet.suspect("what is above 0 becomes 0: the comparison is turned round",
                [&] { return changed([](double v) { return v > 0 ? 0 : v; }); });
  sheet.suspect("the absolute value",
                [&] { return changed([](double v) { return v < 0 ? -v : v; }); });
  sheet.suspect("the slope of ReLU, 1 and 0, in the place of ReLU",
                [&] { return changed([](double v) { return v > 0 ? 1 : 0; }); });
  sheet.suspect("the first lane decides for all lanes of its pack", [&] {
    arma::mat a = fromLanes(learner::inLanes<P>(z, image));
    for (arma::uword n = 0; n < a.n_cols; ++n)
      for (arma::uword k = 0; k < a.n_rows; ++k)
        if (z(k, n - n % lanes) < 0) a(k, n) = 0;
    return a;
  });
  sheet.suspect("the first pack alone: z.values holds those of all samples", [&] {
    arma::mat a = fromLanes(relu(learner::inLanes<P>(z, image)));
    if (a.n_cols > lanes) a.tail_cols(a.n_cols - lanes) = z.tail_cols(a.n_cols - lanes);
    return a;
  });
}

EXERCISE(7, 2) {
  sheet.begin("the pencil's four lanes, less 6");
  rectify<Pack<double, 4>>(sheet, {{-3, -1, 1, 3}}, {1, 1, 1});
  sheet.begin("a first lane that is above 0, and a NaN");
  rectify<Pack<double, 4>>(sheet, {{2, -1, arma::datum::nan, -0.5}}, {1, 1, 1});
  sheet.begin("two pixels in two packs");
  rectify<Pack<double, 2>>(sheet, sheet.whole(2, 4).slice(0), {1, 2, 1});
  sheet.begin("two channels of 2 x 3 pixels, two packs in single precision");
  rectify<Pack<float, 8>>(sheet, sheet.whole(12, 16).slice(0), {2, 3, 2});
}
