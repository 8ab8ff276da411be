// SPDX-License-Identifier: MIT
#include "06_cnn_batched/im2col.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

Drawing columns() {
  Drawing d(640, 400, "Windows as columns",
            "Each window of the picture is written down as a column, row by row. The "
            "kernel, written as a row, times this matrix is the convolution.");
  const mat x = arma::reshape(arma::regspace(1, 12), 4, 3).t();
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
  Drawing d(640, 664, "One memory, two views",
            "Twelve numbers lie in a line: two samples of three pixels with two "
            "channels. Seen as 2 x 6, a column is a pixel with its channels; seen as "
            "6 x 2, a column is a sample.");
  constexpr uword channels = 2, pixels = 3, samples = 2, all12 = 12;
  mat memory = arma::regspace<arma::rowvec>(0, all12 - 1);
  const mat byPixel(memory.memptr(), channels, pixels * samples, false);
  const mat bySample(memory.memptr(), channels * pixels, samples, false);
  const auto look = [](double place) {
    const std::string colour = place < 6 ? "blue" : "purple";
    return int(place) / 2 % 2 == 0 ? half(colour) : soft(colour);
  };
  constexpr double size = 50, left = 20;
  d.text({left, 24},
         {{"2 x 6: ", "strong"}, {"a column is a pixel with its channels", "muted"}},
         "start");
  for (uword k = 0; k < 6; ++k) {
    const mat pixel = byPixel.col(k);
    const double x = left + 100 * double(k);
    const Cells column = d.cells(
        {x + 25, 50}, pixel, [&](uword i, uword) { return look(pixel(i)); }, size);
    d.window(column, 0, 0, 2, 1, k < 3 ? "blue" : "purple", -1);
    d.line({{x + 6, 190}, {x + 6, 180}, {x + 94, 180}, {x + 94, 190}}, "rule-line");
    d.line({{x + 50, 180}, {x + 50, 158}}, "rule-line");
  }
  d.cells(
      {left, 198}, memory, [&](uword, uword j) { return look(memory(j)); }, size);
  d.text({left, 280}, {{"the memory: ", "strong"}, {"one line of numbers", "muted"}},
         "start");
  for (uword n = 0; n < 2; ++n) {
    const mat sample = bySample.col(n);
    const double x = left + 300 * double(n);
    d.line({{x + 6, 310}, {x + 6, 320}, {x + 294, 320}, {x + 294, 310}}, "rule-line");
    d.line({{x + 150, 320}, {x + 150, 334}}, "rule-line");
    const Cells column = d.cells(
        {x + 127, 338}, sample, [&](uword i, uword) { return look(sample(i)); }, 46);
    d.window(column, 0, 0, 6, 1, n == 0 ? "blue" : "purple", -1);
  }
  d.text(
      {left, 644},
      {{"6 x 2: ", "strong"}, {"a column is a sample, as flatten wants it", "muted"}},
      "start");
  return d;
}

}  // namespace

Drawings cnnBatched() { return {{"columns", columns()}, {"two_views", twoViews()}}; }

}  // namespace cnn::figures
