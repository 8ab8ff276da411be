// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A figure of the book as an SVG file: legible on a phone, in light and in dark.
/// Colours mean the same everywhere: blue what goes in, orange what is learned, green
/// what comes out, red an error, purple a winner.

#include <armadillo>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cnn::figures {

using arma::mat;
using arma::uword;

struct Point {
  double x, y;
  Point operator+(Point other) const { return {x + other.x, y + other.y}; }
};

/// A piece of a text. A look is classes of drawing.cpp: "blue strong"; ink without any.
struct Run {
  std::string text, look = "";
};
using Runs = std::vector<Run>;

/// How a cell looks: its box and its number.
struct Look {
  std::string box, number;
};
Look plain();                          ///< a number like any other
Look faint();                          ///< a number that has no part in this
Look frame();                          ///< padding: a place that is not really there
Look soft(const std::string& colour);  ///< a number with a part
Look half(const std::string& colour);  ///< one with more of a part
Look full(const std::string& colour);  ///< the number to look at
using Looks = std::function<Look(uword row, uword column)>;
Looks all(const Look& look);

/// A number as the book prints it: a true minus, no zeros behind the point.
std::string numeral(double value);

/// A grid of square cells and where it stands.
struct Cells {
  Point corner;
  double size;
  uword rows, columns;

  double width() const { return size * static_cast<double>(columns); }
  double height() const { return size * static_cast<double>(rows); }
  Point at(double row, double column) const {
    return corner + Point{size * column, size * row};
  }
  Point centre(double row, double column) const { return at(row + 0.5, column + 0.5); }
  Point left() const { return corner + Point{0, height() / 2}; }
  Point right() const { return corner + Point{width(), height() / 2}; }
  Point above() const { return corner + Point{width() / 2, 0}; }
  Point below() const { return corner + Point{width() / 2, height()}; }
};

class Drawing {
 public:
  Drawing(double width, double height, const std::string& title,
          const std::string& description);

  void box(Point corner, double width, double height, const std::string& look,
           double round = 6);
  void circle(Point centre, double radius, const std::string& look);
  void path(const std::string& commands, const std::string& look);
  void line(const std::vector<Point>& points, const std::string& look);
  /// A line with a head at its last point.
  void arrow(const std::vector<Point>& points, const std::string& colour = "muted");

  /// From one grid to the next, beside it, at its height.
  void arrow(const Cells& from, const Cells& to, double margin = 16);

  /// Text whose middle is at a point; begins or ends there with the look "start", "end".
  void text(Point middle, const Runs& runs, const std::string& look = "");
  void text(Point middle, const std::string& words, const std::string& look = "");

  Cells cells(Point corner, const mat& values, const Looks& looks, double size = 48);
  /// The same with other words than the numbers in the cells.
  Cells cells(Point corner, uword rows, uword columns, const Looks& looks,
              const std::function<Runs(uword, uword)>& words, double size = 48);
  /// Small squares of one colour, each as strong as its share, from 0 to 1.
  void shades(Point corner, const mat& shares, double size, const std::string& colour);
  /// A frame around some of the cells: a window.
  void window(const Cells& cells, double row, double column, double rows,
              double columns, const std::string& colour, double margin = 1);

  std::string svg() const;

 private:
  double width_, height_;
  std::string head_, body_;
};

/// The drawings of a stage by their names.
using Drawings = std::map<std::string, Drawing>;

/// The old friends of every chapter.
inline const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, K = {{1, 2}, {3, 4}};

}  // namespace cnn::figures
