// SPDX-License-Identifier: MIT
#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

/// The answer of channel c alone.
static mat answerOf(const cube& x, const cube& w, Slide slide, uword channel,
                    uword slice) {
  return convolveShifted(x.slice(channel), w.slice(slice), slide);
}

static void channels(learner::Sheet& sheet, const char* title, const cube& x,
                     const cube& w, Slide slide) {
  const uword C = x.n_slices;
  sheet.begin(title);
  sheet.given("x", x);
  sheet.given("w", w);
  sheet.given("stride", slide.stride);
  sheet.given("padding", slide.padding);
  sheet.answer("z", [&] { return convolve(x, w, slide); });
  sheet.suspect("only the last channel counts: = where += belongs",
                [&] { return answerOf(x, w, slide, C - 1, C - 1); });
  sheet.suspect("only channel 0 counts", [&] { return answerOf(x, w, slide, 0, 0); });
  sheet.suspect("the last channel is passed over: a loop ends too early", [&] {
    return mat(convolve(x, w, slide) - answerOf(x, w, slide, C - 1, C - 1));
  });
  sheet.suspect("channel 0 is passed over: a loop begins at 1", [&] {
    return mat(convolve(x, w, slide) - answerOf(x, w, slide, 0, 0));
  });
  sheet.suspect("only channels 0 and 1 count, however many x has", [&] {
    mat z = answerOf(x, w, slide, 0, 0);
    if (C > 1) z += answerOf(x, w, slide, 1, 1);
    return z;
  });
  sheet.suspect("every channel meets slice 0 of the kernel: channel c meets slice c",
                [&] { return convolveShifted(arma::sum(x, 2), w.slice(0), slide); });
  sheet.suspect("every slice of the kernel meets channel 0: slice c meets channel c",
                [&] { return convolveShifted(x.slice(0), arma::sum(w, 2), slide); });
  sheet.suspect("the mean of the channels: they add up",
                [&] { return mat(convolve(x, w, slide) / static_cast<double>(C)); });
  sheet.suspect("the kernel is turned by 180 degrees", [&] {
    cube turned = w;
    turned.each_slice([](mat& slice) { slice = arma::fliplr(arma::flipud(slice)); });
    return convolve(x, turned, slide);
  });
}

EXERCISE(1, 5) {
  cube x(3, 3, 2), w(2, 2, 2);
  x.slice(0) = mat{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
  x.slice(1) = mat{{1, 0, 1}, {0, 1, 0}, {1, 0, 1}};
  w.slice(0) = mat{{1, 2}, {3, 4}};
  w.slice(1) = mat{{0, 1}, {1, 0}};
  channels(sheet, "the two channels of the chapter", x, w, {});
  channels(sheet, "the same, stride 2", x, w, {2, 0});
  channels(sheet, "one channel", sheet.whole(3, 4), sheet.whole(2, 2), {});
  channels(sheet, "three channels, one pixel", sheet.whole(1, 1, 3),
           sheet.whole(1, 1, 3), {});
  channels(sheet, "three channels, padding 1", sheet.whole(2, 4, 3),
           sheet.whole(3, 2, 3), {1, 1});
  channels(sheet, "four channels, stride 2, padding 1", sheet.whole(5, 4, 4),
           sheet.whole(2, 3, 4), {2, 1});
}
