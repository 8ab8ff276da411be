// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

Drawing columns() {
  Drawing d(640, 400, "Windows as columns",
            "Each window of the picture is written down as a column, row by row; the 5 "
            "in the middle stands in four of them. The kernel, written as a row, times "
            "this matrix is the convolution.");
  const mat x = {{1, 2, 3, 1}, {4, 5, 6, 0}, {7, 8, 9, 2}};
  const batched::Windows windows({.rows = 3, .columns = 4, .channels = 1}, 2, {});
  const mat laidOut = batched::im2col(arma::vectorise(x, 1), windows);
  const mat kernel = arma::vectorise(K, 1);
  const auto five = [](const mat& values) {
    return [&](uword i, uword j) {
      return values(i, j) == 5 ? full("blue") : soft("blue");
    };
  };
  d.text({120, 24}, "the picture", "blue strong");
  const Cells picture = d.cells({28, 74}, x, five(x), 46);
  d.text({474, 24}, "its windows as columns", "blue strong");
  const Cells matrix = d.cells({324, 48}, laidOut, five(laidOut), 50);
  d.arrow({picture.right() + Point{16, 0}, {308, picture.right().y}});
  // The first window and the last one, and their columns.
  d.window(picture, 0, 0, 2, 2, "purple");
  d.window(matrix, 0, 0, 4, 1, "purple");
  d.window(picture, 1, 2, 2, 2, "ink");
  d.window(matrix, 0, 5, 4, 1, "ink");
  d.text({120, 268}, "the kernel as a row", "orange strong");
  d.cells({28, 292}, kernel, all(soft("orange")), 46);
  d.text({268, 315}, "=", "large muted");
  const Cells z = d.cells({324, 290}, kernel * laidOut, all(full("green")), 50);
  d.text(z.below() + Point{0, 28}, "the answer as a row", "green strong");
  return d;
}

Drawing twoViews() {
  Drawing d(640, 690, "One memory, two views",
            "Sixteen numbers lie in a line: two samples of four pixels with two "
            "channels. Seen as 2 x 8, a column is a pixel with its channels; seen as "
            "8 x 2, a column is a sample.");
  constexpr uword channels = 2, pixels = 4, samples = 2;
  mat memory = {1, 5, 2, 6, 3, 7, 4, 8, 10, 50, 20, 60, 30, 70, 40, 80};
  const mat byPixel(memory.memptr(), channels, pixels * samples, false);
  const mat bySample(memory.memptr(), channels * pixels, samples, false);
  constexpr double size = 38, left = 16;
  const auto colour = [](double value) { return value < 10 ? "blue" : "purple"; };
  const auto looks = [&](const mat& values) {  // the second channel is darker
    return [&](uword i, uword j) {
      const double value = values(i, j), one = value < 10 ? value : value / 10;
      return one > 4 ? half(colour(value)) : soft(colour(value));
    };
  };
  // From a piece of the line to the column that it is, above or below.
  const auto bracket = [&](double from, double to, double y, double towards) {
    d.line({{from + 5, y}, {from + 5, y + towards}, {to - 5, y + towards}, {to - 5, y}},
           "rule-line");
    d.line({{(from + to) / 2, y + towards}, {(from + to) / 2, y + 2 * towards}},
           "rule-line");
  };
  d.text({left, 24},
         {{"2 x 8: ", "strong"}, {"a column is a pixel with its channels", "muted"}},
         "start");
  for (uword k = 0; k < byPixel.n_cols; ++k) {
    const mat pixel = byPixel.col(k);
    const double from = left + 2 * size * double(k);
    const Cells column = d.cells({from + size / 2, 50}, pixel, looks(pixel), size);
    d.window(column, 0, 0, 2, 1, colour(pixel(0)), -1);
    bracket(from, from + 2 * size, 158, -12);
  }
  d.cells({left, 166}, memory, looks(memory), size);
  d.text({left, 232}, {{"in memory: ", "strong"}, {"one line of numbers", "muted"}},
         "start");
  for (uword n = 0; n < samples; ++n) {
    const mat sample = bySample.col(n);
    const double from = left + 8 * size * double(n);
    bracket(from, from + 8 * size, 262, 14);
    const Cells column =
        d.cells({from + 3.5 * size, 296}, sample, looks(sample), size + 4);
    d.window(column, 0, 0, 8, 1, colour(sample(0)), -1);
  }
  d.text(
      {left, 668},
      {{"8 x 2: ", "strong"}, {"a column is a sample, as flatten wants it", "muted"}},
      "start");
  return d;
}

}  // namespace

Drawings cnnBatched() { return {{"columns", columns()}, {"two_views", twoViews()}}; }

}  // namespace cnn::figures
