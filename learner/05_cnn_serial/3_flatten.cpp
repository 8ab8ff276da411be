// SPDX-License-Identifier: MIT
#include "05_cnn_serial/image.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::serial;

/// All channels of a pixel, then of the next one: the order of many pictures.
static vec pixelByPixel(const Image& x) {
  vec line(x.n_elem);
  uword i = 0;
  for (uword row = 0; row < x.n_rows; ++row)
    for (uword column = 0; column < x.n_cols; ++column)
      for (uword c = 0; c < x.n_slices; ++c) line(i++) = x(row, column, c);
  return line;
}

static void inALine(learner::Sheet& sheet, const Image& x) {
  sheet.given("x", x);
  // shown as a row, since a column would not fit the screen
  sheet.answer("line", [&] { return mat(flatten(x).t()); });
  sheet.suspect("the order of memory, column by column; rows come first here",
                [&] { return mat(asColumn(x).t()); });
  sheet.suspect(
      "all channels of a pixel together: a channel is finished before the next",
      [&] { return mat(pixelByPixel(x).t()); });
  sheet.suspect("the first channel alone", [&] {
    vec line(x.n_elem, arma::fill::zeros);
    line.head(x.n_rows * x.n_cols) = flatten(x.slices(0, 0));
    return mat(line.t());
  });
  const auto cut = [&](uword rows, uword columns) {
    vec line(x.n_elem, arma::fill::zeros);
    const vec some = flatten(x.subcube(0, 0, 0, arma::size(rows, columns, x.n_slices)));
    line.head(some.n_elem) = some;
    return mat(line.t());
  };
  sheet.suspect("the last row of every channel is left out: rows count from 0 to H - 1",
                [&] { return cut(x.n_rows - 1, x.n_cols); });
  sheet.suspect("the last column is left out: columns count from 0 to W - 1",
                [&] { return cut(x.n_rows, x.n_cols - 1); });
  const auto from = [&](uword row, uword column, uword channel) {
    mat line(1, x.n_elem, arma::fill::zeros);
    if (row < x.n_rows && column < x.n_cols && channel < x.n_slices) {
      const vec rest = flatten(x.tube(row, column, x.n_rows - 1, x.n_cols - 1)
                                   .eval()
                                   .slices(channel, x.n_slices - 1));
      line.head_cols(rest.n_elem) = rest.t();
    }
    return line;
  };
  sheet.suspect("row 0 is passed over: rows count from 0",
                [&] { return from(1, 0, 0); });
  sheet.suspect("column 0 is passed over: columns count from 0",
                [&] { return from(0, 1, 0); });
  sheet.suspect("channel 0 is passed over: channels count from 0",
                [&] { return from(0, 0, 1); });
  sheet.suspect("every channel begins the line anew: the counter goes on", [&] {
    mat line(1, x.n_elem, arma::fill::zeros);
    line.head_cols(x.n_rows * x.n_cols) =
        flatten(x.slices(x.n_slices - 1, x.n_slices - 1)).t();
    return line;
  });
  sheet.suspect("one channel alone, in a line that is too short",
                [&] { return mat(flatten(x.slices(0, 0)).t()); });
  sheet.suspect("the channels in the opposite order", [&] {
    Image other = x;
    for (uword c = 0; c < x.n_slices; ++c) other.slice(c) = x.slice(x.n_slices - 1 - c);
    return mat(flatten(other).t());
  });
}

EXERCISE(5, 3) {
  sheet.begin("the small image of the chapter");
  Image x(2, 3, 2);
  x.slice(0) = {{1, 2, 3}, {4, 5, 6}};
  x.slice(1) = {{7, 8, 9}, {10, 11, 12}};
  inALine(sheet, x);
  for (const auto& [rows, columns, channels] :
       {std::array<uword, 3>{2, 2, 1}, {3, 2, 2}, {1, 4, 3}, {4, 1, 2}, {3, 3, 4}}) {
    sheet.begin(fmt::format("an image of {} x {} x {}", rows, columns, channels));
    inALine(sheet, sheet.whole(rows, columns, channels, 9));
  }
}
