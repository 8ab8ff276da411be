// SPDX-License-Identifier: MIT
#include "common/program/run_main.hpp"

#include "common/core/require.hpp"

#include <fmt/core.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace cnn {

namespace {

/// Whoever read our output is gone: says so and ends as the signal would have.
/// Files are written whole or not at all, so there is nothing to put in order.
void outputClosed(int signal) {
  constexpr std::string_view line =
      "error: the output was closed by the program that read it; run this one without "
      "'| head' or the like\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

volatile std::sig_atomic_t pressed = 0;

void remember(int signal) {
  pressed = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

int runMain(const std::function<void()>& program) {
  std::signal(SIGPIPE, outputClosed);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on files is an error like a full disk
  const auto fail = [](int status, const std::string& message) {
    printError(fmt::format("error: {}\n", message));
    return status;
  };
  try {
    int status = 0;
    try {
      program();
    } catch (const EndProgram& end) {
      status = end.status;
    }
    flushOutput();
    return status;
  } catch (const InputError& e) {
    return fail(2, e.what());
  } catch (const std::invalid_argument& e) {
    return fail(2, e.what());
  } catch (const std::bad_alloc&) {
    return fail(1, "out of memory: try a smaller --batch or --limit");
  } catch (const std::exception& e) {
    return fail(1, e.what());
  }
}

void printError(const std::string& text) {
  std::fputs(text.c_str(), stderr);  // fmt::print would throw
}

void flushOutput() {
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    throw std::runtime_error("the output could not be written");
}

void catchInterrupts() { std::signal(SIGINT, remember); }

bool interrupted() { return pressed != 0; }

void parseOptions(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    throw EndProgram{};
  } catch (const CLI::ParseError& e) {
    throw InputError(fmt::format("{}; --help lists the options", e.what()));
  }
}

namespace {

/// A finite number in decimal notation: std::stod alone takes blanks in front,
/// hexadecimal digits and "nan" as well.
std::optional<double> readNumber(const std::string& text) {
  if (text.find_first_not_of("0123456789.eE+-") != std::string::npos) return {};
  try {
    std::size_t used = 0;
    const double number = std::stod(text, &used);
    if (used == text.size() && std::isfinite(number)) return number;
  } catch (const std::exception&) {
  }
  return {};
}

/// In plain digits, as CLI11 reads them: to it 010 is eight, and 1e3 no whole number.
CLI::Validator wholeNumber(double least, double most, const std::string& range) {
  return CLI::Validator(
      [=](std::string& text) -> std::string {
        const std::optional<double> number = readNumber(text);
        if (!number || std::floor(*number) != *number || *number < least)
          return fmt::format("'{}' is not a whole number of at least {}", text, least);
        if (*number > most) return fmt::format("'{}' is more than {:.0f}", text, most);
        text = fmt::format("{:.0f}", *number);
        return {};
      },
      range);
}

}  // namespace

CLI::Validator atLeast(int least) {
  constexpr double most = 1e15;  // up to 9e15 a double tells each from the next
  return wholeNumber(least, most, fmt::format("at least {}", least));
}

CLI::Validator between(int least, int most) {
  return wholeNumber(least, most, fmt::format("{} to {}", least, most));
}

CLI::Validator fileName() {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        if (text.empty()) return "'' names nothing";
        // CLI11 takes for a value whatever follows.
        if (text.starts_with("--"))
          return fmt::format("'{0}' is an option; a file of that name is ./{0}", text);
        return {};
      },
      "");
}

CLI::Validator notNegative(bool zeroAllowed) {
  const std::string range = zeroAllowed ? "at least 0" : "above 0";
  return CLI::Validator(
      [zeroAllowed, range](std::string& text) {
        const double number = readNumber(text).value_or(-1);
        return number > 0 || (zeroAllowed && number == 0)
                   ? std::string()
                   : fmt::format("'{}' is not a number {}", text, range);
      },
      range);
}

}  // namespace cnn
