// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What all three ways of stage 01 are asked, and what likely mistakes would answer.

#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

namespace cnn::learner {

/// A picture, a kernel, and how the window walks.
struct Question {
  std::string title;
  mat x, w;
  Slide slide;
};

/// The chapter's picture and kernel, then random ones.
inline std::vector<Question> questions(Sheet& sheet) {
  const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, K = {{1, 2}, {3, 4}};
  const auto whole = [&](uword rows, uword columns) {
    return mat(sheet.whole(rows, columns).slice(0));
  };
  return {{"X and K of the chapter", X, K, {}},
          {"X and K, stride 2", X, K, {.stride = 2, .padding = 0}},
          {"X and K, padding 1", X, K, {.stride = 1, .padding = 1}},
          {"X and K, stride 2 and padding 1", X, K, {.stride = 2, .padding = 1}},
          {"a lying picture and kernel", whole(3, 5), whole(2, 3), {}},
          {"random numbers, stride 2", whole(5, 5), whole(2, 2), {2, 0}},
          {"random numbers, stride 2, padding 1", whole(5, 4), whole(3, 2), {2, 1}},
          {"a kernel of one weight, stride 3", whole(5, 4), whole(1, 1), {3, 0}},
          {"a kernel as large as the picture", whole(3, 4), whole(3, 4), {}},
          {"one pixel in a wide frame", whole(1, 1), whole(2, 2), {1, 2}},
          {"a picture of one row", whole(1, 5), whole(1, 3), {}},
          {"a picture of one column", whole(5, 1), whole(2, 1), {.stride = 2}}};
}

/// Says what is asked.
inline void ask(Sheet& sheet, const Question& question) {
  sheet.begin(question.title);
  sheet.given("x", question.x);
  sheet.given("w", question.w);
  sheet.given("stride", question.slide.stride);
  sheet.given("padding", question.slide.padding);
}

/// The mistakes that each of the three ways can make.
inline void suspectAll(Sheet& sheet, const Question& question) {
  const mat &x = question.x, &w = question.w;
  const Slide slide = question.slide;
  sheet.suspect("the stride is left out: window (i, j) begins at pixel (i s, j s)",
                [&] {
                  const auto shape = arma::size(convolveWindows(x, w, slide));
                  const mat all = convolveWindows(x, w, {1, slide.padding});
                  return mat(all.submat(0, 0, shape));
                });
  sheet.suspect(
      "the kernel is turned by 180 degrees: that is the mathematician's convolution",
      [&] { return convolveWindows(x, arma::fliplr(arma::flipud(w)), slide); });
  if (w.is_square())
    sheet.suspect("rows and columns of the kernel are swapped",
                  [&] { return convolveWindows(x, w.t(), slide); });
  sheet.suspect("only the last product counts: = where += belongs", [&] {
    mat last(arma::size(w), arma::fill::zeros);
    last(last.n_elem - 1) = w(w.n_elem - 1);
    return convolveWindows(x, last, slide);
  });
  sheet.suspect(
      "the kernel is left out: the pixels of the window alone are added",
      [&] { return convolveWindows(x, mat(arma::size(w), arma::fill::ones), slide); });
  sheet.suspect("the last row of the kernel is left out: a loop ends too early", [&] {
    mat shorter = w;
    shorter.tail_rows(1).zeros();
    return convolveWindows(x, shorter, slide);
  });
}

}  // namespace cnn::learner
