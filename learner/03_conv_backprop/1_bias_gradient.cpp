// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"
#include "learner/03_conv_backprop/layer.hpp"

using namespace cnn;

static void sums(learner::Sheet& sheet, learner::Layer layer) {
  const cube& delta = layer.delta;
  sheet.given("delta", delta);
  sheet.answer("db", [&] { return convBiasGradient(delta); });
  vec b(delta.n_slices);
  sheet.slope("db", b, [&] {
    return arma::accu(delta % convolve(layer.x, layer.w, b, layer.slide));
  });
  const vec db = [&] {
    vec sum(delta.n_slices);
    for (uword k = 0; k < delta.n_slices; ++k) sum(k) = arma::accu(delta.slice(k));
    return sum;
  }();
  sheet.suspect("one sum over all maps, for every bias",
                [&] { return vec(db.n_elem, arma::fill::value(arma::accu(delta))); });
  sheet.suspect("the mean of each map, where its sum belongs",
                [&] { return vec(db / double(delta.n_elem_slice)); });
  sheet.suspect("the last map left out: a loop ends too early", [&] {
    vec others = db;
    others(db.n_elem - 1) = 0;
    return others;
  });
  sheet.suspect("the first column of each map alone", [&] {
    const mat sum = arma::sum(
        cube(delta.subcube(0, 0, 0, delta.n_rows - 1, 0, delta.n_slices - 1)), 0);
    return vec(arma::vectorise(sum));
  });
  sheet.suspect("one sum for each row of delta, where each map has one", [&] {
    vec sum(delta.n_rows);
    for (uword i = 0; i < delta.n_rows; ++i) sum(i) = arma::accu(delta.row(i));
    return sum;
  });
}

EXERCISE(3, 1) {
  sheet.begin("the error of the chapter");
  sums(sheet, learner::oldFriends());
  sheet.begin("two maps");
  sums(sheet, learner::randomLayer(sheet, {3, 2, 1, 2, 1}));
  sheet.begin("three maps of one output each");
  sums(sheet, learner::randomLayer(sheet, {2, 2, 1, 3, 2}));
  sheet.begin("three maps");
  sums(sheet, learner::randomLayer(sheet, {5, 3, 2, 3, 2}));
}
