// SPDX-License-Identifier: MIT
#include "learner/05_cnn_serial/bricks.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::learner;

static void back(Sheet& sheet, uword rows, uword columns, uword channels) {
  const uword n = rows * columns * channels;
  serial::FlattenLayer layer;
  layer.connect({rows, columns, channels});
  Image delta = sheet.whole(n, 1, 1, 9);
  if (n == 12) delta = numbers(arma::regspace<vec>(1, 12));
  sheet.given("delta, as a row", mat(delta.slice(0).t()));
  sheet.answer("dx", [&] { return layer.backPropError(delta, {}); });
  sheet.suspect("flatten undone by columns: forward went along the rows",
                [&] { return Image(delta.memptr(), rows, columns, channels); });
  sheet.suspect("still one line: what came in was rows x columns x channels",
                [&] { return delta; });
  sheet.suspect("rows and columns are swapped", [&] {
    return serial::unflatten(serial::asColumn(delta), {columns, rows, channels});
  });
  Image x = sheet.normal(rows, columns, channels);
  sheet.slope("dx", x, [&] { return arma::accu(layer.forward(x).a % delta); });
}

EXERCISE(5, 11) {
  sheet.begin("the errors 1, 2, ... 12 of an image that was 2 x 3 x 2");
  back(sheet, 2, 3, 2);
  for (const auto& [rows, columns, channels] :
       {std::array<uword, 3>{2, 2, 1}, {3, 3, 2}, {1, 4, 2}, {5, 2, 3}}) {
    sheet.begin(fmt::format("an image that was {} x {} x {}", rows, columns, channels));
    back(sheet, rows, columns, channels);
  }
}
