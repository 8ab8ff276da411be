// SPDX-License-Identifier: MIT
// IDX images and labels; the input's first two bytes say where the one ends and the other
// begins.

#include "common/data/idx.hpp"
#include "fuzz.hpp"

#include <algorithm>

FUZZ(input) {
  if (input.bytes.size() < 2) return;
  const auto both = input.bytes.subspan(2);
  const std::size_t border =
      std::min<std::size_t>(input.bytes[0] * 256U + input.bytes[1], both.size());
  const cnn::Dataset data = cnn::parseIdx({"images", both.subspan(0, border)},
                                          {"labels", both.subspan(border)});
  if (data.labels.max() > 9) __builtin_trap();
}
