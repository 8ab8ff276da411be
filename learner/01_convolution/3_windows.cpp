// SPDX-License-Identifier: MIT
#include "learner/01_convolution/questions.hpp"

using namespace cnn;

EXERCISE(1, 3) {
  for (const learner::Question& q : learner::questions(sheet)) {
    ask(sheet, q);
    sheet.answer("z", [&] { return convolveWindows(q.x, q.w, q.slide); });
    suspectAll(sheet, q);
  }
}
