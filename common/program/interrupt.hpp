// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Ctrl-C as a question that long work asks between two batches.

namespace cnn {

/// From here on Ctrl-C does not end the program but makes interrupted() true; a second
/// Ctrl-C ends it at once.
void catchInterrupts();

/// True once Ctrl-C was pressed.
bool interrupted();

}  // namespace cnn
