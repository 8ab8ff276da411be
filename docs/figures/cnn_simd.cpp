// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "07_cnn_simd/pack.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

using Four = simd::Pack<float, 4>;

mat row(Four pack) {
  mat numbers(1, 4);
  for (uword lane = 0; lane < 4; ++lane) numbers(lane) = pack[lane];
  return numbers;
}

Drawing pack() {
  Drawing d(640, 760, "A pack beside im2col",
            "im2col copies the 5 of one picture into four columns. A pack copies "
            "nothing: the same pixel of four pictures lies side by side, and one "
            "operation serves all four.");
  const batched::Windows windows({.rows = 3, .columns = 3, .channels = 1}, 2, {});
  const mat laidOut = batched::im2col(arma::vectorise(X, 1), windows);
  const auto five = [](const mat& x) {
    return [&](uword i, uword j) { return x(i, j) == 5 ? full("blue") : soft("blue"); };
  };
  d.text({24, 24}, {{"im2col: ", "strong"}, {"windows of one picture", "muted"}},
         "start");
  const Cells picture = d.cells({90, 76}, X, five(X));
  const Cells columns = d.cells({370, 52}, laidOut, five(laidOut));
  d.arrow(picture, columns);

  d.text({24, 310}, {{"a pack: ", "strong"}, {"one pixel of four pictures", "muted"}},
         "start");
  const Four x = {1, 2, 3, 4}, product = x * 2, sum = product + 1;
  constexpr double step = 156, cell = 38;
  for (uword n = 0; n < 4; ++n) {
    const double left = 24 + step * double(n);
    const Cells image = d.cells(
        {left, 340}, 3, 3,
        [](uword i, uword j) { return i == 1 && j == 1 ? full("blue") : soft("blue"); },
        [&](uword i, uword j) {
          return i == 1 && j == 1 ? Runs{{numeral(x[n])}} : Runs{};
        },
        cell);
    d.arrow({image.below() + Point{0, 12}, {204 + 56 * (double(n) + 0.5), 512}});
  }
  double y = 518;
  for (const auto& [numbers, colour, said] :
       {std::tuple(x, "blue", ""), {product, "green", "· 2"}, {sum, "green", "+ 1"}}) {
    const Cells lanes = d.cells({204, y}, row(numbers), all(full(colour)), 56);
    d.window(lanes, 0, 0, 1, 4, "ink", 3);
    d.text({176, y + 28}, said, "end orange strong large");
    y += 80;
  }
  d.text({458, 546}, "four lanes", "start muted");
  d.text({458, 626}, "one operation", "start muted");
  d.text({458, 706}, "and one more", "start muted");
  return d;
}

}  // namespace

Drawings cnnSimd() { return {{"pack", pack()}}; }

}  // namespace cnn::figures
