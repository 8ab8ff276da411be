// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// How every program here begins and ends:
/// options in, one helpful line out when it fails.

#include <CLI/CLI.hpp>

#include <functional>
#include <string>

namespace cnn {

/// Runs the program and turns how it ended into an exit status:
///     0  done
///     1  failed at work
///     2  wrong options or bad input (InputError, std::invalid_argument)
///   130  stopped by Ctrl-C
///   141  the reader of its output has gone
/// A failure prints one line, `error: what, where, what to do`, on the error stream.
/// Where that stream is closed or full the line is lost and the status says it alone.
int runMain(const std::function<void()>& program);

/// Prints on the error stream, or nowhere when that is closed or full.
void printError(const std::string& text);

/// Sends what was printed on its way.
/// @throws std::runtime_error when the output is closed or full
void flushOutput();

/// Parses the command line.
/// `--help` prints the options and ends the program with status 0.
/// @throws InputError for an unknown or malformed option
void parseOptions(CLI::App& app, int argc, const char* const* argv);

/// Thrown to end the program early with this status and nothing more to say.
struct EndProgram {
  int status = 0;
};

/// From here on Ctrl-C does not end the program but makes interrupted() true, which
/// long work asks between two batches; a second Ctrl-C ends it at once.
void catchInterrupts();

/// True once Ctrl-C was pressed.
bool interrupted();

/// For CLI11's transform: a whole number of at least `least`.
/// 010 is ten, 1e3 a thousand.
CLI::Validator atLeast(int least);

/// For CLI11's transform: a whole number from `least` to `most`.
CLI::Validator between(int least, int most);

/// CLI11 check: the name of a file or folder, not empty and not the next option.
CLI::Validator fileName();

/// CLI11 check: a finite number of at least 0, or above 0 when `zeroAllowed` is false.
CLI::Validator notNegative(bool zeroAllowed = true);

}  // namespace cnn
