// SPDX-License-Identifier: MIT
#include "common/pictures/picture.hpp"

#include "common/core/require.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

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
  const double length = static_cast<double>(given) / static_cast<double>(wanted);
  for (arma::uword i = 0; i < wanted; ++i) {
    const double first = static_cast<double>(i) * length, last = first + length;
    for (auto j = static_cast<arma::uword>(first); j < given; ++j) {
      const double from = std::max(first, static_cast<double>(j));
      const double to = std::min(last, static_cast<double>(j + 1));
      if (to <= from) break;
      result(i, j) = (to - from) / length;
    }
  }
  return result;
}

// The 24 greys of the 256-colour palette, which every terminal has,
// and its black and white.
int greyIndex(double value) {
  const int level = static_cast<int>(std::lround(25.0 * visible(value)));
  return level == 0 ? 16 : level == 25 ? 231 : 231 + level;
}

// A picture as lines of `width` cells each (escape sequences take no cell).
struct Block {
  std::vector<std::string> lines;
  arma::uword width;
};

Block halfBlocks(const arma::mat& grey) {
  Block block{{}, grey.n_cols};
  for (arma::uword row = 0; row < grey.n_rows; row += 2) {
    std::string line;
    for (arma::uword column = 0; column < grey.n_cols; ++column) {
      line += fmt::format("\x1b[38;5;{}m", greyIndex(grey(row, column)));
      if (row + 1 < grey.n_rows)
        line += fmt::format("\x1b[48;5;{}m", greyIndex(grey(row + 1, column)));
      line += "\u2580";  // the upper half block
    }
    block.lines.push_back(line + "\x1b[0m");
  }
  return block;
}

Block shades(const arma::mat& grey) {
  constexpr std::string_view ramp = " .:-=+*#%@";
  Block block{{}, 2 * grey.n_cols};
  for (arma::uword row = 0; row < grey.n_rows; ++row) {
    std::string line;
    for (arma::uword column = 0; column < grey.n_cols; ++column) {
      const auto level = static_cast<std::size_t>(10.0 * visible(grey(row, column)));
      line.append(2, ramp[std::min(level, ramp.size() - 1)]);
    }
    block.lines.push_back(line);
  }
  return block;
}

Block draw(const arma::mat& grey, bool colour) {
  return colour ? halfBlocks(grey) : shades(grey);
}

arma::mat shrink(const arma::mat& picture, double factor) {
  if (factor >= 1.0) return picture;
  const auto scaled = [&](arma::uword n) {
    return std::max<arma::uword>(
        1, static_cast<arma::uword>(static_cast<double>(n) * factor + 1e-9));
  };
  return resize(picture, scaled(picture.n_rows), scaled(picture.n_cols));
}

std::string withoutTrailingSpace(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// The text in exactly `width` cells.
// A UTF-8 character's later bytes begin with bits 10.
std::string fitted(const std::string& text, arma::uword width) {
  std::string result;
  arma::uword used = 0;
  for (const char c : text) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts && used++ == width) return result;
    result += c;
  }
  return result.append(width - used, ' ');
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
               arma::uword gap) {
  require(!pictures.empty() && columns > 0, "grid: {} pictures in {} columns",
          pictures.size(), columns);
  const arma::uword height = pictures[0].n_rows, width = pictures[0].n_cols;
  const arma::uword across = std::min<arma::uword>(columns, pictures.size());
  const arma::uword down = (pictures.size() + across - 1) / across;
  arma::mat result(down * (height + gap) - gap, across * (width + gap) - gap);
  result.fill(0.5);
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
  if (largest <= 0.0 && !x.empty()) largest = arma::abs(x).max();
  arma::cube result(x.n_rows, x.n_cols, 3);
  for (arma::uword channel = 0; channel < 3; ++channel)
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const double end = x(i) < 0.0 ? blue(channel) : red(channel);
      const double share =
          largest > 0.0 ? std::min(std::abs(x(i)) / largest, 1.0) : 0.0;
      result.slice(channel)(i) = 1.0 - share * (1.0 - end);
    }
  return result;
}

std::string inTerminal(const arma::mat& grey, bool colour, arma::uword maxColumns) {
  const double cells = static_cast<double>(grey.n_cols) * (colour ? 1.0 : 2.0);
  std::string text;
  for (const std::string& line :
       draw(shrink(grey, static_cast<double>(maxColumns) / cells), colour).lines)
    text += withoutTrailingSpace(line) + "\n";
  return text;
}

std::string sideBySide(const std::vector<arma::mat>& pictures,
                       const std::vector<std::string>& titles, bool colour) {
  require(pictures.size() == titles.size(), "sideBySide: {} pictures and {} titles",
          pictures.size(), titles.size());
  if (pictures.empty()) return "";
  double cells = 0.0;
  for (const arma::mat& picture : pictures)
    cells += static_cast<double>(picture.n_cols) * (colour ? 1.0 : 2.0);
  const auto room =
      static_cast<double>(terminalWidth) -
      static_cast<double>(gapBetween) * static_cast<double>(pictures.size() - 1);

  std::vector<Block> blocks;
  std::size_t height = 0;
  for (const arma::mat& picture : pictures) {
    blocks.push_back(draw(shrink(picture, room / cells), colour));
    height = std::max(height, blocks.back().lines.size());
  }
  const std::string gap(gapBetween, ' ');
  std::string text, line;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    line += (i ? gap : "") + fitted(titles[i], blocks[i].width);
  text = withoutTrailingSpace(line) + "\n";
  for (std::size_t row = 0; row < height; ++row) {
    line.clear();
    for (std::size_t i = 0; i < blocks.size(); ++i)
      line += (i ? gap : "") + (row < blocks[i].lines.size()
                                    ? blocks[i].lines[row]
                                    : std::string(blocks[i].width, ' '));
    text += withoutTrailingSpace(line) + "\n";
  }
  return text;
}

bool terminalShowsColour() {
  const char* terminal = std::getenv("TERM");
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && terminal && std::string_view(terminal) != "dumb" &&
         !(refused && *refused);
}

}  // namespace cnn
