// SPDX-License-Identifier: MIT
#include "06_cnn_batched/batch.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using namespace cnn::batched;

static void order(learner::Sheet& sheet, uword channels, uword pixels) {
  const auto asRow = [](const arma::uvec& places) { return arma::umat(places.t()); };
  sheet.given("channels", channels);
  sheet.given("pixels", pixels);
  sheet.answer("order", [&] { return asRow(channelsFastest(channels, pixels)); });
  sheet.suspect("the order of files itself: nothing has changed places", [&] {
    return asRow(arma::regspace<arma::uvec>(0, channels * pixels - 1));
  });
  sheet.suspect("the other way round: for every place in a file, the place here",
                [&] { return asRow(channelsFastest(pixels, channels)); });
  sheet.suspect("two channels, whatever their number", [&] {
    const auto places = arma::regspace<arma::uvec>(0, channels * pixels - 1);
    return asRow(arma::vectorise(arma::reshape(places, channels * pixels / 2, 2).t()));
  });
  sheet.suspect("counted from 1: the first place is 0",
                [&] { return asRow(channelsFastest(channels, pixels) + 1); });
}

EXERCISE(6, 1) {
  sheet.begin("three pixels of the pencil's");
  order(sheet, 2, 3);
  sheet.begin("the pencil's two channels of four pixels");
  order(sheet, 2, 4);
  for (const auto& [channels, pixels] : {std::pair{3, 2}, {4, 5}, {1, 4}, {3, 1}}) {
    sheet.begin("another size");
    order(sheet, static_cast<uword>(channels), static_cast<uword>(pixels));
  }
}
