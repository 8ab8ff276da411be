// SPDX-License-Identifier: MIT
// A reader's picture of a digit.

#include "common/pictures/digit.hpp"
#include "fuzz.hpp"

FUZZ(input) {
  const arma::mat digit = cnn::readDigit(input.file());
  if (!digit.is_finite() || digit.min() < 0 || digit.max() > 1) __builtin_trap();
}
