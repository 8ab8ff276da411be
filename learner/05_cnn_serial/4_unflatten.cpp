// SPDX-License-Identifier: MIT
#include "05_cnn_serial/image.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::serial;

static void backAgain(learner::Sheet& sheet, const vec& line, const Shape& shape) {
  sheet.given("line", mat(line.t()));
  const uword rows = shape.rows, columns = shape.columns, channels = shape.channels;
  sheet.answer("image", [&] { return unflatten(line, shape); });
  sheet.suspect("the line read column by column, as memory is; rows come first here",
                [&] { return Image(line.memptr(), rows, columns, channels); });
  sheet.suspect(
      "all channels of a pixel together: a channel is finished before the next", [&] {
        Image x(rows, columns, channels);
        uword i = 0;
        for (uword row = 0; row < rows; ++row)
          for (uword column = 0; column < columns; ++column)
            for (uword c = 0; c < channels; ++c) x(row, column, c) = line(i++);
        return x;
      });
  const auto from = [&](uword row0, uword column0, uword channel0) {
    Image x(rows, columns, channels, arma::fill::zeros);
    uword i = 0;
    for (uword c = channel0; c < channels; ++c)
      for (uword row = row0; row < rows; ++row)
        for (uword column = column0; column < columns; ++column)
          x(row, column, c) = line(i++);
    return x;
  };
  sheet.suspect("row 0 is passed over: rows count from 0",
                [&] { return from(1, 0, 0); });
  sheet.suspect("column 0 is passed over: columns count from 0",
                [&] { return from(0, 1, 0); });
  sheet.suspect("channel 0 is passed over: channels count from 0",
                [&] { return from(0, 0, 1); });
  sheet.suspect("rows and columns are swapped", [&] {
    return unflatten(line, {columns, rows, channels});
  });
  sheet.suspect(
      "the same numbers in every channel: the place in the line goes on", [&] {
        Image x = unflatten(line, shape);
        x.each_slice([first = mat(x.slice(0))](mat& slice) { slice = first; });
        return x;
      });
}

EXERCISE(5, 4) {
  sheet.begin("the line 1, 2, ... 12 of the chapter, as an image of 2 x 3 x 2");
  backAgain(sheet, arma::regspace<vec>(1, 12), {2, 3, 2});
  for (const auto& [rows, columns, channels] :
       {std::array<uword, 3>{2, 2, 1}, {3, 2, 2}, {1, 4, 3}, {4, 1, 2}, {3, 3, 4}}) {
    sheet.begin(fmt::format("a shape of {} x {} x {}", rows, columns, channels));
    backAgain(sheet, sheet.whole(rows * columns * channels, 1, 1, 9).slice(0),
              {rows, columns, channels});
  }
}
