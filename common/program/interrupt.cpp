// SPDX-License-Identifier: MIT
#include "common/program/interrupt.hpp"

#include <csignal>

namespace cnn {

namespace {
volatile std::sig_atomic_t pressed = 0;

void remember(int) {
  pressed = 1;
  std::signal(SIGINT, SIG_DFL);
}
}  // namespace

void catchInterrupts() { std::signal(SIGINT, remember); }

bool interrupted() { return pressed != 0; }

}  // namespace cnn
