// SPDX-License-Identifier: MIT
#include "common/pictures/ink.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace cnn {

namespace {

using arma::mat;
using arma::umat;
using arma::uword;

// ---- from brightness to ink ---------------------------------------------------------

// The largest value within `reach` pixels in every direction: along the columns, then
// turned, along the rows.
// Steps triple, for three windows of n side by side are one of 3 n.
mat highest(mat x, uword reach) {
  for (int direction = 0; direction < 2; ++direction) {
    reach = std::min(reach, x.n_rows - 1);
    for (uword done = 0, step = 0; done < reach; done += step) {
      step = std::min(2 * done + 1, reach - done);
      const mat before = x;
      const uword rest = x.n_rows - step;
      x.head_rows(rest) = arma::max(x.head_rows(rest), before.tail_rows(rest));
      x.tail_rows(rest) = arma::max(x.tail_rows(rest), before.head_rows(rest));
    }
    x = x.t().eval();
  }
  return x;
}

mat lowest(const mat& x, uword reach) { return -highest(-x, reach); }

// How much of the paper's light is missing, 0 to 1, whatever the light and its shadows:
// the paper is what a closing makes of the picture, which fills all that is darker and
// narrower than half of it.
// Source: the bottom-hat transform;
// Serra, "Image Analysis and Mathematical Morphology", 1982.
mat darkness(const mat& grey) {
  const uword reach = std::max<uword>(1, std::min(grey.n_rows, grey.n_cols) / 4);
  const mat paper = lowest(highest(grey, reach), reach);
  return 1.0 - grey / arma::clamp(paper, 0.05, 1.0);
}

// Splits values in two so that the classes lie farthest apart.
// Source: Otsu, "A threshold selection method from gray-level histograms", 1979.
double otsu(const arma::vec& values) {
  if (values.empty()) return 1.0;
  // There may be one class only.
  if (values.max() - values.min() < 1e-9) return values.max();
  const arma::vec levels = arma::linspace(values.min(), values.max(), 256);
  const arma::vec counts = arma::conv_to<arma::vec>::from(arma::hist(values, levels));
  const arma::vec below = arma::cumsum(counts) / arma::accu(counts);
  const arma::vec mean = arma::cumsum(counts % levels) / arma::accu(counts);
  const arma::vec apart =
      arma::square(mean.back() * below - mean) / (below % (1.0 - below) + 1e-12);
  return levels(apart.index_max()) + 0.5 * (levels(1) - levels(0));
}

// ---- from ink to things -------------------------------------------------------------

struct Part {
  arma::uvec pixels;
  uword top, bottom, left, right;

  uword height() const { return bottom - top + 1; }
  uword width() const { return right - left + 1; }
  uword size() const { return std::max(height(), width()); }
};

Part partOf(arma::uvec pixels, uword rows) {
  const arma::uvec row = pixels - (pixels / rows) * rows, column = pixels / rows;
  return {std::move(pixels), row.min(), row.max(), column.min(), column.max()};
}

// What hangs together, diagonals included.
std::vector<Part> partsOf(umat mask) {
  std::vector<Part> parts;
  std::vector<uword> found;
  for (uword start = 0; start < mask.n_elem; ++start) {
    const auto visit = [&](uword row, uword column) {
      if (!mask(row, column)) return;
      mask(row, column) = 0;
      found.push_back(row + column * mask.n_rows);
    };
    found.clear();
    visit(start % mask.n_rows, start / mask.n_rows);
    for (std::size_t next = 0; next < found.size(); ++next) {
      const uword row = found[next] % mask.n_rows, column = found[next] / mask.n_rows;
      for (uword c = column - (column > 0); c <= std::min(column + 1, mask.n_cols - 1);
           ++c)
        for (uword r = row - (row > 0); r <= std::min(row + 1, mask.n_rows - 1); ++r)
          visit(r, c);
    }
    if (!found.empty()) parts.push_back(partOf(arma::uvec(found), mask.n_rows));
  }
  return parts;
}

// Does every way from `inner`, along its row or column, meet `outer`:
// a frame, or a ring drawn around a digit?
bool encloses(const Part& outer, const Part& inner, uword rows) {
  const uword row = inner.pixels(0) % rows, column = inner.pixels(0) / rows;
  const arma::uvec c = outer.pixels / rows, r = outer.pixels - rows * c;
  const arma::uvec across = c(arma::find(r == row)), down = r(arma::find(c == column));
  return !across.empty() && across.min() < column && column < across.max() &&
         !down.empty() && down.min() < row && row < down.max();
}

// Do the boxes meet when the larger's has grown by a tenth: strokes of one digit?
bool belongTogether(const Part& large, const Part& part) {
  const uword gap = large.size() / 10;
  return part.left <= large.right + gap && large.left <= part.right + gap &&
         part.top <= large.bottom + gap && large.top <= part.bottom + gap;
}

// Without lines that cross the picture, as on ruled and squared paper:
// an opening keeps what is broader, such as the bar of a 7;
// a closing mends the strokes that a line has crossed.
umat withoutLines(const umat& mask) {
  mat dark = arma::conv_to<mat>::from(mask);
  const uword reach = 1 + std::max(dark.n_rows, dark.n_cols) / 100;
  const auto lines = [&](const arma::vec& share) {
    const mat full = arma::conv_to<mat>::from(share > 0.8);
    return arma::uvec(arma::find(full > highest(lowest(full, reach), reach)));
  };
  const arma::uvec rows = lines(arma::mean(dark, 1));
  const arma::uvec columns = lines(arma::mean(dark, 0).t());
  if (rows.empty() && columns.empty()) return mask;
  dark.rows(rows).zeros();
  dark.cols(columns).zeros();
  return lowest(highest(dark, reach), reach) > 0.5;
}

// The things in the mask, the largest first, with the strokes that belong to it; what
// is not half as large does not count, unless there is a crowd of it.
// @param mostAtEdge how much of the picture's edge a thing may touch
std::vector<Part> thingsIn(const umat& mask, double mostAtEdge) {
  const uword rows = mask.n_rows, columns = mask.n_cols;
  umat edge = mask;  // what lies on the picture's edge
  edge.submat(1, 1, rows - 2, columns - 2).zeros();
  std::vector<Part> parts = partsOf(mask);
  std::erase_if(parts, [&](const Part& part) {
    // Dust and grain are small; a frame, a table, a shadow reach the picture's edge.
    return part.size() * 20 < std::max(rows, columns) ||
           static_cast<double>(arma::accu(edge(part.pixels))) >
               mostAtEdge * 2.0 * static_cast<double>(rows + columns);
  });
  std::erase_if(parts, [&, all = parts](const Part& outer) {
    return std::any_of(all.begin(), all.end(), [&](const Part& inner) {
      return 3 * inner.size() > outer.size() && encloses(outer, inner, rows);
    });
  });
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b) { return a.size() > b.size(); });
  if (parts.empty() || parts.size() > 8) return parts;

  arma::uvec strokes;
  std::vector<Part> others;
  for (const Part& part : parts)
    if (belongTogether(parts[0], part))
      strokes = arma::join_cols(strokes, part.pixels);
    else if (2 * part.size() > parts[0].size())
      others.push_back(part);
  others.insert(others.begin(), partOf(strokes, rows));
  return others;
}

// A digit is not wide and fills its box only when it is a narrow 1:
// so are all but one in a thousand of MNIST's.
// And it has more paper than ink around it,
// or it is the hole in a 0, or a sheet of paper.
bool isDigit(const mat& grey, const Part& thing) {
  const auto height = static_cast<double>(thing.height());
  const auto width = static_cast<double>(thing.width());
  const double filled = static_cast<double>(thing.pixels.n_elem) / (height * width);
  if (width > 1.7 * height || (filled > 0.72 && width > 0.45 * height)) return false;

  const uword grow = thing.size() / 2;
  const arma::vec around = arma::vectorise(grey.submat(
      thing.top - std::min(thing.top, grow), thing.left - std::min(thing.left, grow),
      std::min(thing.bottom + grow, grey.n_rows - 1),
      std::min(thing.right + grow, grey.n_cols - 1)));
  const double between = (arma::median(grey(thing.pixels)) + around.max()) / 2.0;
  return arma::uvec(arma::find(around < between)).n_elem * 2 < around.n_elem;
}

// The digit in a picture of dark ink that is cut close to it.
std::optional<Part> cutDigit(const mat& grey, const mat& dark) {
  const umat mask = dark > otsu(arma::vectorise(dark));
  if (arma::accu(withoutLines(mask) != mask) > 0) return {};
  const auto things = thingsIn(mask, 0.3);
  const bool found = things.size() == 1 && 10 * things[0].height() > 9 * grey.n_rows &&
                     10 * things[0].width() > 9 * grey.n_cols &&
                     isDigit(grey, things[0]);
  return found ? std::optional(things[0]) : std::nullopt;
}

// The digit in a picture of dark ink that leaves it room: all that is dark, or the
// darkest of it, or what is left without lines. Of several things none is the digit.
std::optional<Part> digitWithRoom(const mat& grey, const mat& dark) {
  const double first = otsu(arma::vectorise(dark));
  const umat all = dark > first, darkest = dark > otsu(dark(arma::find(all)));
  for (const umat& mask : {all, darkest, withoutLines(all), withoutLines(darkest)}) {
    const auto things = thingsIn(mask, 0.0);
    if (things.size() > 1) return {};
    if (things.size() == 1 && isDigit(grey, things[0])) return things[0];
  }
  return {};
}

}  // namespace

mat inkOf(const mat& picture) {
  for (const auto& find : {cutDigit, digitWithRoom}) {
    mat best;
    uword bestSize = 0;
    for (const mat& grey : {picture, mat(1.0 - picture)}) {  // dark ink, light ink
      const mat dark = darkness(grey);
      const std::optional<Part> digit = find(grey, dark);
      if (!digit || digit->size() <= bestSize) continue;
      bestSize = digit->size();
      // Soft edges lie within a pixel of MNIST's around the strokes.
      mat near(arma::size(dark), arma::fill::zeros);
      near(digit->pixels).ones();
      best = dark % highest(near, std::max<uword>(1, bestSize / 20));
    }
    if (!best.empty()) return best;
  }
  return {};
}

}  // namespace cnn
