// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

Drawing columns() {
  Drawing d(640, 400, "Windows as columns",
            "Each window of the picture is written down as a column, row by row. The "
            "kernel, written as a row, times this matrix is the convolution.");
  const mat x = arma::join_rows(X, arma::vec{1, 0, 2});
  const batched::Windows windows({.rows = 3, .columns = 4, .channels = 1}, 2, {});
  const mat asBatch = arma::vectorise(x, 1);  // a row: one channel, pixel by pixel
  const mat laidOut = batched::im2col(asBatch, windows), kernel = arma::vectorise(K, 1);
  // The first and the last window.
  const auto first = [](uword i, uword j) { return i < 2 && j < 2; };
  const auto last = [](uword i, uword j) { return i > 0 && j > 1; };
  d.text({120, 24}, "the picture", "blue strong");
  const Cells picture = d.cells(
      {28, 70}, x,
      [&](uword i, uword j) {
        return first(i, j) ? full("blue") : last(i, j) ? half("blue") : soft("blue");
      },
      46);
  d.window(picture, 0, 0, 2, 2, "ink");
  d.window(picture, 1, 2, 2, 2, "ink");
  d.text({474, 24}, "its windows as columns", "blue strong");
  const Cells matrix = d.cells(
      {324, 48}, laidOut,
      [](uword, uword j) {
        return j == 0 ? full("blue") : j == 5 ? half("blue") : soft("blue");
      },
      50);
  d.window(matrix, 0, 0, 4, 1, "ink");
  d.window(matrix, 0, 5, 4, 1, "ink");
  d.arrow({picture.right() + Point{16, 0}, {308, picture.right().y}});
  d.text({120, 268}, "the kernel as a row", "orange strong");
  d.cells({28, 292}, kernel, all(soft("orange")), 46);
  d.text({474, 376}, "their product: the answer", "green strong");
  d.cells(
      {324, 291}, kernel * laidOut,
      [](uword, uword j) { return j == 0 || j == 5 ? full("green") : soft("green"); },
      48);
  d.text({268, 315}, "=", "large muted");
  return d;
}

Drawing twoViews() {
  Drawing d(640, 716, "One memory, two views",
            "Sixteen numbers lie in a line: two samples of four pixels with two "
            "channels. Seen as 2 x 8, a column is a pixel with its channels; seen as "
            "8 x 2, a column is a sample.");
  constexpr uword channels = 2, pixels = 4, samples = 2;
  mat memory = {{1, 5, 2, 6, 3, 7, 4, 8, 10, 50, 20, 60, 30, 70, 40, 80}};
  const mat byPixel(memory.memptr(), channels, pixels * samples, false);
  const mat bySample(memory.memptr(), channels * pixels, samples, false);
  const auto look = [](uword place) {
    const std::string colour = place < channels * pixels ? "blue" : "purple";
    return place / channels % 2 == 0 ? half(colour) : soft(colour);
  };
  constexpr double size = 37.5, left = 20;
  const auto bracket = [&](double x, double width, double y, double tip) {
    d.line({{x + 4, y + tip}, {x + 4, y}, {x + width - 4, y}, {x + width - 4, y + tip}},
           "rule-line");
    d.line({{x + width / 2, y}, {x + width / 2, y - tip}}, "rule-line");
  };
  d.text({left, 24},
         {{"2 x 8: ", "strong"}, {"a column is a pixel with its channels", "muted"}},
         "start");
  for (uword k = 0; k < pixels * samples; ++k) {
    const mat pixel = byPixel.col(k);
    const double x = left + 2 * size * double(k);
    const Cells column = d.cells(
        {x + size / 2, 50}, pixel,
        [&](uword i, uword) { return look(channels * k + i); }, size);
    d.window(column, 0, 0, 2, 1, k < pixels ? "blue" : "purple", -1);
    bracket(x, 2 * size, 152, 10);
  }
  d.cells(
      {left, 170}, memory, [&](uword, uword j) { return look(j); }, size);
  d.text({left, 240}, {{"the memory: ", "strong"}, {"one line of numbers", "muted"}},
         "start");
  for (uword n = 0; n < samples; ++n) {
    const mat sample = bySample.col(n);
    const double x = left + 8 * size * double(n);
    bracket(x, 8 * size, 272, -10);
    const Cells column = d.cells(
        {x + 3.5 * size, 298}, sample,
        [&](uword i, uword) { return look(channels * pixels * n + i); }, 44);
    d.window(column, 0, 0, 8, 1, n == 0 ? "blue" : "purple", -1);
  }
  d.text(
      {left, 696},
      {{"8 x 2: ", "strong"}, {"a column is a sample, as flatten wants it", "muted"}},
      "start");
  return d;
}

}  // namespace

Drawings cnnBatched() { return {{"columns", columns()}, {"two_views", twoViews()}}; }

}  // namespace cnn::figures
