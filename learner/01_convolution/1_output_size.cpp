// SPDX-License-Identifier: MIT
#include "01_convolution/convolution.hpp"
#include "learner/exercise.hpp"

using namespace cnn;

static void windowsAlong(learner::Sheet& sheet, const char* title, uword n, uword f,
                         Slide slide) {
  const uword s = static_cast<uword>(slide.stride);
  const uword padded = n + 2 * static_cast<uword>(slide.padding);
  sheet.begin(title);
  sheet.given("n", n);
  sheet.given("f", f);
  sheet.given("stride", slide.stride);
  sheet.given("padding", slide.padding);
  sheet.answer("windows", [&] { return outputSize(n, f, slide); });
  sheet.suspect(
      "the 1 is missing: (n + 2p - f) / s counts steps, and the first window "
      "needs none",
      [&] { return (padded - f) / s; });
  sheet.suspect("rounded up: a window was started that hangs over the end",
                [&] { return (padded - f + s - 1) / s + 1; });
  sheet.suspect("the 1 was added before dividing",
                [&] { return (padded - f + 1) / s; });
  sheet.suspect("the stride is left out", [&] { return padded - f + 1; });
  sheet.suspect("the window's size is left out", [&] { return padded / s; });
  sheet.suspect("the window's size is left out", [&] { return padded / s + 1; });
  if (n >= f) sheet.suspect("the padding is left out", [&] { return (n - f) / s + 1; });
  sheet.suspect("the padding counts once, and it lies on both sides",
                [&] { return (padded - f - (padded - n) / 2) / s + 1; });
}

EXERCISE(1, 1) {
  windowsAlong(sheet, "X and K of the chapter", 3, 2, {});
  windowsAlong(sheet, "X and K, stride 2", 3, 2, {2, 0});
  windowsAlong(sheet, "X and K, padding 1", 3, 2, {1, 1});
  windowsAlong(sheet, "X and K, stride 2 and padding 1", 3, 2, {2, 1});
  windowsAlong(sheet, "a digit and a kernel of 3", 28, 3, {});
  windowsAlong(sheet, "a window as large as the picture", 7, 7, {3, 0});
  windowsAlong(sheet, "one pixel", 1, 1, {});
  for (int k = 0; k < 6; ++k) {
    const uword f = 1 + below(5, sheet.random), n = f + below(9, sheet.random);
    const int s = 1 + static_cast<int>(below(4, sheet.random));
    windowsAlong(sheet, "random sizes", n, f,
                 {s, static_cast<int>(below(3, sheet.random))});
  }
}
