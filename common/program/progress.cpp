// SPDX-License-Identifier: MIT
#include "common/program/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace cnn {

namespace {

using std::chrono::steady_clock;

bool errorsGoToTerminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDERR_FILENO) && terminal && std::string_view(terminal) != "dumb";
}

std::size_t terminalColumns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

// "[====>    ]", `width` characters long
std::string bar(double share, std::size_t width) {
  const std::size_t inside = width - 2;
  const auto full = static_cast<std::size_t>(share * static_cast<double>(inside));
  return fmt::format("[{:<{}.{}}]", std::string(full, '=') + ">", inside, inside);
}

void wipeAndPrint(const std::string& line) {
  const std::string text = "\r" + line + "\x1b[K";
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

ProgressBar::ProgressBar(std::string title, std::size_t total, bool quiet)
    : title_(std::move(title)),
      total_(total),
      live_(!quiet && errorsGoToTerminal()),
      start_(steady_clock::now()),
      drawn_(start_ - std::chrono::hours(1)) {}

ProgressBar::~ProgressBar() {
  if (live_) wipeAndPrint("");
}

void ProgressBar::update(std::size_t done, const std::string& remark) {
  const auto now = steady_clock::now();
  if (!live_ || total_ == 0 || now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  // One column stays free: a cursor behind the last one would make some terminals wrap.
  wipeAndPrint(
      progressLine(title_, done, total_, elapsed, remark, terminalColumns() - 1));
}

std::string progressLine(const std::string& title, std::size_t done, std::size_t total,
                         double elapsed, const std::string& remark,
                         std::size_t columns) {
  const double share =
      static_cast<double>(std::min(done, total)) / static_cast<double>(total);
  std::string rest = fmt::format(" {:3.0f} %", std::floor(100.0 * share));
  if (!remark.empty()) rest += "  " + remark;
  if (done > 0 && done < total)
    rest += "  " + duration(elapsed * (1.0 - share) / share) + " left";

  const std::size_t taken = title.size() + 1 + rest.size();
  std::string line = title + " ";
  if (taken + 6 <= columns)
    line += bar(share, std::min<std::size_t>(columns - taken, 32));
  return (line + rest).substr(0, columns);
}

std::string duration(double seconds) {
  if (!(seconds >= 0.0 && seconds < 1e9)) return "?";
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  const long minutes = (whole + 30) / 60;
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

}  // namespace cnn
