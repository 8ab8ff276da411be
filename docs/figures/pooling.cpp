// SPDX-License-Identifier: MIT
#include "02_pooling/pooling.hpp"

#include "figures.hpp"

#include <algorithm>

namespace cnn::figures {

namespace {

const mat P = {{1, 3, 2, 0}, {5, 4, 1, 1}, {0, 2, 6, 6}, {1, 0, 3, 2}};

Drawing winners() {
  Drawing d(
      640, 600, "Max pooling there and back",
      "Each 2 x 2 window of P keeps its largest number. On the way back the error "
      "goes to the pixel that won, and to no other.");
  const MaxPooled2D z = maxPool(P, 2, {.stride = 2});
  const mat delta = {{10, 20}, {30, 40}};
  const mat back = maxUnpool(delta, z.winners, 4, 4);
  const auto won = [&](uword i, uword j) {
    return z.winners(i / 2, j / 2) == i + j * P.n_rows;
  };
  const auto windows = [&](const Cells& cells) {
    for (uword i = 0; i < 4; i += 2)
      for (uword j = 0; j < 4; j += 2)
        d.window(cells, double(i), double(j), 2, 2, "rule", -1);
  };
  d.text({148, 24}, "the picture P", "blue strong");
  d.text({524, 24}, "the strongest", "green strong");
  const Cells there = d.cells(
      {40, 48}, P,
      [&](uword i, uword j) { return won(i, j) ? full("purple") : soft("blue"); }, 54);
  windows(there);
  const Cells pooled = d.cells({470, 102}, z.values, all(full("green")), 54);
  d.arrow(there, pooled);

  d.text({524, 324}, "delta", "red strong");
  d.text({148, 324}, "back to the winners", "red strong");
  const Cells error = d.cells({470, 402}, delta, all(full("red")), 54);
  const Cells paid = d.cells(
      {40, 348}, back,
      [&](uword i, uword j) { return won(i, j) ? full("red") : faint(); }, 54);
  windows(paid);
  d.arrow(error, paid);
  d.text({524, 588 - 46}, {{"sum "}, {numeral(arma::accu(delta)), "red strong"}});
  d.text({148, 588}, {{"sum "}, {numeral(arma::accu(back)), "red strong"}});
  return d;
}

// How many windows cover each place of n x n pixels.
mat covers(uword n, int f, int stride) {
  const Slide slide{.stride = stride};
  const mat one(pooledSize(n, n, f, slide), arma::fill::value(double(f * f)));
  return meanUnpool(one, f, slide, n, n);
}

Drawing overlap() {
  Drawing d(640, 290, "Windows that overlap",
            "In how many windows each pixel of a 5 x 5 picture lies: with size 2 and "
            "stride 2 at most in one, with stride 1 in up to four, with size 3 and "
            "stride 2 in up to four as well.");
  int x = 16;
  for (const auto& [f, s] : {std::pair(2, 2), {2, 1}, {3, 2}}) {
    const mat count = covers(5, f, s);
    d.text({x + 95.0, 24}, "size " + std::to_string(f), "strong");
    d.text({x + 95.0, 52}, "stride " + std::to_string(s), "muted");
    const Cells cells = d.cells(
        {double(x), 78}, count,
        [&](uword i, uword j) {
          return count(i, j) == 0   ? frame()
                 : count(i, j) == 1 ? soft("blue")
                 : count(i, j) == 2 ? half("blue")
                                    : full("blue");
        },
        38);
    d.window(cells, 0, 0, f, f, "ink");
    d.window(cells, 0, s, f, f, "ink");
    x += 209;
  }
  return d;
}

}  // namespace

Drawings pooling() { return {{"winners", winners()}, {"overlap", overlap()}}; }

}  // namespace cnn::figures
