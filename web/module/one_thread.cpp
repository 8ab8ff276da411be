// SPDX-License-Identifier: MIT
// The loops of the book that are shared among threads, on the one that a page has.

#include "common/core/parallel.hpp"

namespace cnn {

void runTogether(std::size_t threads, const std::function<void(std::size_t)>& task) {
  for (std::size_t t = 0; t < threads; ++t) task(t);
}

}  // namespace cnn
