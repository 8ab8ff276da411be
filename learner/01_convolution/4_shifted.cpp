// SPDX-License-Identifier: MIT
#include "learner/01_convolution/questions.hpp"

using namespace cnn;

/// Every weight meets the pixels that w(0, 0) meets.
static mat unshifted(const learner::Question& q) {
  mat corner(arma::size(q.w), arma::fill::zeros);
  corner(0, 0) = arma::accu(q.w);
  return convolveShifted(q.x, corner, q.slide);
}

EXERCISE(1, 4) {
  for (const learner::Question& q : learner::questions(sheet)) {
    ask(sheet, q);
    sheet.answer("z", [&] { return convolveShifted(q.x, q.w, q.slide); });
    suspectAll(sheet, q);
    sheet.suspect("nothing is shifted: weight (u, v) meets the pixels from (u, v) on",
                  [&] { return unshifted(q); });
    sheet.suspect("nothing is added where the stride is not 1", [&] {
      const mat z = convolveShifted(q.x, q.w, q.slide);
      return mat(z * (q.slide.stride == 1 ? 1 : 0));
    });
    sheet.suspect(
        "with a stride nothing is shifted: the rows and columns of weight "
        "(u, v) begin at (u, v)",
        [&] {
          return q.slide.stride == 1 ? convolveShifted(q.x, q.w, q.slide)
                                     : unshifted(q);
        });
  }
}
