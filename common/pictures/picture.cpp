// SPDX-License-Identifier: MIT
#include "common/pictures/picture.hpp"

#include "common/core/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace cnn {

namespace {

constexpr arma::uword terminalWidth = 78, gapBetween = 2;

// NaN is drawn as mid grey, everything else is cut to 0..1.
double visible(double value) {
  return std::isnan(value) ? 0.5 : std::clamp(value, 0.0, 1.0);
}

// The share of each old pixel (column) in each new one (row); every row sums to 1.
// Sparse, for a new pixel is made of few old ones:
// of 4,000 x 3,000, dense ones would take minutes.
arma::sp_mat shares(arma::uword wanted, arma::uword given) {
  arma::sp_mat result(wanted, given);
  const auto end = static_cast<double>(given);
  const double length = end / static_cast<double>(wanted);
  for (arma::uword i = 0; i < wanted; ++i) {
    const double first = static_cast<double>(i) * length, last = first + length;
    for (double j = std::floor(first); j < std::min(last, end); ++j)
      result(i, static_cast<arma::uword>(j)) =
          (std::min(last, j + 1.0) - std::max(first, j)) / length;
  }
  return result;
}

// The 24 greys of the 256-colour palette, which every terminal has,
// and its black and white.
int greyIndex(double value) {
  const int level = static_cast<int>(std::lround(25.0 * visible(value)));
  return level == 0 ? 16 : level == 25 ? 231 : 231 + level;
}

// A pixel and the one below it in one cell of the terminal.
std::string halfBlock(const arma::mat& grey, arma::uword row, arma::uword column) {
  std::string cell = fmt::format("\x1b[38;5;{}m", greyIndex(grey(row, column)));
  if (row + 1 < grey.n_rows)
    cell += fmt::format("\x1b[48;5;{}m", greyIndex(grey(row + 1, column)));
  return cell + "\u2580";  // the upper half block
}

// A pixel in two cells.
std::string shade(double value) {
  constexpr std::string_view ramp = " .:-=+*#%@";
  const auto level = static_cast<std::size_t>(10.0 * visible(value));
  return std::string(2, ramp[std::min(level, ramp.size() - 1)]);
}

// How many cells wide a picture is.
arma::uword cells(const arma::mat& grey, bool colour) {
  return colour ? grey.n_cols : 2 * grey.n_cols;
}

std::vector<std::string> draw(const arma::mat& grey, bool colour) {
  std::vector<std::string> lines;
  for (arma::uword row = 0; row < grey.n_rows; row += colour ? 2 : 1) {
    std::string line;
    for (arma::uword column = 0; column < grey.n_cols; ++column)
      line += colour ? halfBlock(grey, row, column) : shade(grey(row, column));
    lines.push_back(colour ? line + "\x1b[0m" : line);
  }
  return lines;
}

arma::mat shrink(const arma::mat& picture, double factor) {
  if (factor >= 1.0) return picture;
  const auto scaled = [&](arma::uword n) {
    return std::max<arma::uword>(
        1, static_cast<arma::uword>(static_cast<double>(n) * factor + 1e-9));
  };
  return resize(picture, scaled(picture.n_rows), scaled(picture.n_cols));
}

// The lines as a text, without the spaces at their ends.
std::string joined(std::vector<std::string> lines) {
  std::string text;
  for (std::string& line : lines)
    text += line.erase(line.find_last_not_of(' ') + 1) + "\n";
  return text;
}

}  // namespace

arma::mat toGrey(const arma::mat& x) {
  const arma::vec known = x.elem(arma::find_finite(x));
  if (known.empty() || known.min() == known.max()) return arma::zeros(arma::size(x));
  return (x - known.min()) / (known.max() - known.min());
}

arma::mat enlarge(const arma::mat& picture, arma::uword factor) {
  return arma::kron(picture, arma::ones(factor, factor));
}

arma::mat resize(const arma::mat& picture, arma::uword rows, arma::uword columns) {
  require(!picture.empty() && rows > 0 && columns > 0,
          "resize: from {} x {} to {} x {} pixels; all must be at least 1",
          picture.n_rows, picture.n_cols, rows, columns);
  return shares(rows, picture.n_rows) * picture * shares(columns, picture.n_cols).t();
}

arma::mat shrinkTo(const arma::mat& picture, arma::uword longest) {
  return shrink(picture,
                static_cast<double>(longest) /
                    static_cast<double>(std::max(picture.n_rows, picture.n_cols)));
}

arma::mat grid(const std::vector<arma::mat>& pictures, arma::uword columns,
               arma::uword gap, double between) {
  require(!pictures.empty() && columns > 0, "grid: {} pictures in {} columns",
          pictures.size(), columns);
  const arma::uword height = pictures[0].n_rows, width = pictures[0].n_cols;
  const arma::uword across = std::min<arma::uword>(columns, pictures.size());
  const arma::uword down = (pictures.size() + across - 1) / across;
  arma::mat result(down * (height + gap) - gap, across * (width + gap) - gap);
  result.fill(between);
  for (arma::uword i = 0; i < pictures.size(); ++i) {
    require(arma::size(pictures[i]) == arma::size(pictures[0]),
            "grid: picture {} is {} x {}, the first is {} x {}", i, pictures[i].n_rows,
            pictures[i].n_cols, height, width);
    result.submat((i / across) * (height + gap), (i % across) * (width + gap),
                  arma::size(height, width)) = pictures[i];
  }
  return result;
}

arma::cube signedColours(const arma::mat& x, double largest) {
  const arma::vec red{0.80, 0.07, 0.12}, blue{0.10, 0.32, 0.75};
  arma::mat share = arma::abs(x);
  if (largest <= 0.0 && !x.empty()) largest = share.max();
  if (largest > 0.0) share = arma::clamp(share / largest, 0.0, 1.0);
  const arma::mat negative = arma::conv_to<arma::mat>::from(x < 0.0);
  arma::cube result(x.n_rows, x.n_cols, 3);
  for (arma::uword channel = 0; channel < 3; ++channel)
    result.slice(channel) =
        1.0 - share % (1.0 - red(channel) + negative * (red(channel) - blue(channel)));
  return result;
}

std::string inTerminal(const arma::mat& grey, bool colour, arma::uword maxColumns) {
  const double factor =
      static_cast<double>(maxColumns) / static_cast<double>(cells(grey, colour));
  return joined(draw(shrink(grey, factor), colour));
}

std::string sideBySide(const std::vector<arma::mat>& pictures,
                       const std::vector<std::string>& titles, bool colour) {
  require(pictures.size() == titles.size(), "sideBySide: {} pictures and {} titles",
          pictures.size(), titles.size());
  arma::uword wanted = 0;
  for (const arma::mat& picture : pictures) wanted += cells(picture, colour);
  const double room = static_cast<double>(terminalWidth + gapBetween) -
                      static_cast<double>(gapBetween * pictures.size());

  std::vector<std::string> rows;
  std::size_t filled = 0;  // cells of each row so far
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const arma::mat picture = shrink(pictures[i], room / static_cast<double>(wanted));
    const arma::uword width = cells(picture, colour);
    std::vector<std::string> lines = draw(picture, colour);
    lines.insert(lines.begin(), fmt::format("{:<{}.{}}", titles[i], width, width));
    rows.resize(std::max(rows.size(), lines.size()), std::string(filled, ' '));
    lines.resize(rows.size(), std::string(width, ' '));
    for (std::size_t row = 0; row < rows.size(); ++row)
      rows[row] += lines[row] + std::string(gapBetween, ' ');
    filled += width + gapBetween;
  }
  return joined(std::move(rows));
}

bool terminalShowsColour() {
  const char* terminal = std::getenv("TERM");
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && terminal && std::string_view(terminal) != "dumb" &&
         !(refused && *refused);
}

}  // namespace cnn
