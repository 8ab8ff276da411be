// SPDX-License-Identifier: MIT
#include "common/run_main.hpp"

#include "common/require.hpp"

#include <fmt/core.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <unistd.h>

namespace cnn {

namespace {

/// Whoever read our output is gone: says so and ends as the signal would have. Files are
/// written whole or not at all, so there is nothing to put in order.
void outputClosed(int signal) {
  constexpr std::string_view line =
      "error: the output was closed by the program that read it; run this one without "
      "'| head' or the like\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

int runMain(const std::function<void()>& program) {
  std::signal(SIGPIPE, outputClosed);
  const auto fail = [](int status, const char* message) {
    fmt::print(stderr, "error: {}\n", message);
    return status;
  };
  try {
    program();
    if (std::fflush(stdout) != 0) return fail(1, "the output could not be written");
    return 0;
  } catch (const EndProgram& end) {
    return end.status;
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
bool readNumber(const std::string& text, double& number) {
  try {
    std::size_t used = 0;
    number = std::stod(text, &used);
    return used == text.size() && std::isfinite(number);
  } catch (const std::exception&) {
    return false;
  }
}
}  // namespace

CLI::Validator atLeast(long long least) {
  return CLI::Validator(
      [least](std::string& text) {
        double number = 0;
        const bool fits = readNumber(text, number) && std::floor(number) == number &&
                          number >= static_cast<double>(least) && number < 1e15;
        return fits ? std::string()
                    : fmt::format("'{}' is not a whole number of at least {}", text,
                                  least);
      },
      fmt::format("at least {}", least));
}

CLI::Validator notNegative(bool zeroAllowed) {
  const std::string range = zeroAllowed ? "at least 0" : "above 0";
  return CLI::Validator(
      [zeroAllowed, range](std::string& text) {
        double number = 0;
        const bool fits =
            readNumber(text, number) && (zeroAllowed ? number >= 0 : number > 0);
        return fits ? std::string()
                    : fmt::format("'{}' is not a number {}", text, range);
      },
      range);
}

}  // namespace cnn
