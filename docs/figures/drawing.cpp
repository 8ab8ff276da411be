// SPDX-License-Identifier: MIT
#include "drawing.hpp"

#include "common/pictures/palette.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace cnn::figures {

namespace {

// Classes that are no colours.
constexpr std::array<std::array<std::string_view, 2>, 9> shapes = {
    {{"strong", "font-weight:650"},
     {"large", "font-size:24px"},
     {"code", "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"},
     {"start", "text-anchor:start"},
     {"end", "text-anchor:end"},
     {"thin", "stroke-width:1.5"},
     {"thick", "stroke-width:3.5"},
     {"dashed", "stroke-dasharray:5 5"},
     {"pale", "opacity:.45"}}};

// The classes that stand in a drawing, and no others.
std::string style(const std::string& body) {
  const auto used = [&](const std::string& name) {
    for (const char before : {'"', ' '})
      for (const char after : {'"', ' '})
        if (body.find(before + name + after) != body.npos) return true;
    return false;
  };
  std::string light, dark;
  for (const auto& [name, bright, dim] : palette)
    for (const auto& [ending, rule] : {std::pair("", "fill:#{:06x}"),
                                       {"-soft", "fill:#{:06x};fill-opacity:.16"},
                                       {"-half", "fill:#{:06x};fill-opacity:.45"},
                                       {"-line", "stroke:#{:06x}"}}) {
      const std::string full = fmt::format("{}{}", name, ending);
      if (!used(full)) continue;
      light +=
          fmt::format(".{}{{{}}}\n", full, fmt::format(fmt::runtime(rule), bright));
      dark += fmt::format(".{}{{{}}}\n", full, fmt::format(fmt::runtime(rule), dim));
    }
  for (const auto& [name, rule] : shapes)
    if (used(std::string(name))) light += fmt::format(".{}{{{}}}\n", name, rule);
  return fmt::format(
      "<style>\n{}@media (prefers-color-scheme:dark){{\n{}}}\n</style>\n", light, dark);
}

std::string number(double value) {
  const std::string digits = fmt::format("{:.1f}", std::abs(value) < 0.05 ? 0 : value);
  return digits.ends_with(".0") ? digits.substr(0, digits.size() - 2) : digits;
}

std::string escaped(const std::string& words) {
  std::string safe;
  for (const char letter : words)
    safe += letter == '&'   ? "&amp;"
            : letter == '<' ? "&lt;"
            : letter == '>' ? "&gt;"
                            : std::string(1, letter);
  return safe;
}

}  // namespace

Look plain() { return {"panel rule-line thin", "ink"}; }
Look faint() { return {"panel", "muted"}; }
Look frame() { return {"rule-line thin dashed", "muted"}; }
Look soft(const std::string& colour) {
  return {fmt::format("{0}-soft {0}-line thin", colour), "ink"};
}
Look half(const std::string& colour) {
  return {fmt::format("{0}-half {0}-line thin", colour), "ink"};
}
Look full(const std::string& colour) {
  return {fmt::format("{0} {0}-line thin", colour), "paper strong"};
}
Looks all(const Look& look) {
  return [=](uword, uword) { return look; };
}

std::string numeral(double value) {
  std::string digits = fmt::format("{:.6g}", std::abs(value));
  return value < 0 ? "−" + digits : digits;
}

Drawing::Drawing(double width, double height, const std::string& title,
                 const std::string& description)
    : width_(width),
      height_(height),
      head_(fmt::format("<title>{}</title>\n<desc>{}</desc>\n", escaped(title),
                        escaped(description))) {}

void Drawing::box(Point corner, double width, double height, const std::string& look,
                  double round) {
  body_ += fmt::format(
      "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" class=\"{}\"/>\n",
      number(corner.x), number(corner.y), number(width), number(height), number(round),
      look);
}

void Drawing::circle(Point centre, double radius, const std::string& look) {
  body_ += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"/>\n",
                       number(centre.x), number(centre.y), number(radius), look);
}

void Drawing::path(const std::string& commands, const std::string& look) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>\n", commands, look);
}

void Drawing::line(const std::vector<Point>& points, const std::string& look) {
  std::string commands;
  for (const auto& [x, y] : points)
    commands +=
        fmt::format("{}{} {}", commands.empty() ? "M" : " L", number(x), number(y));
  path(commands, look);
}

void Drawing::arrow(const std::vector<Point>& points, const std::string& colour) {
  const Point from = points[points.size() - 2], tip = points.back();
  const double length = std::hypot(tip.x - from.x, tip.y - from.y);
  const Point along = {(tip.x - from.x) / length, (tip.y - from.y) / length};
  const auto beside = [&](double back, double aside) {
    return Point{tip.x - back * along.x - aside * along.y,
                 tip.y - back * along.y + aside * along.x};
  };
  std::vector<Point> shaft = points;
  shaft.back() = beside(9, 0);
  line(shaft, colour + "-line");
  line({beside(13, 6.5), tip, beside(13, -6.5), beside(10, 0), beside(13, 6.5)},
       colour);
}

void Drawing::arrow(const Cells& from, const Cells& to, double margin) {
  const bool forward = to.corner.x > from.corner.x;
  const Point start = forward ? from.right() + Point{margin, 0} : from.left();
  const Point end = forward ? to.left() : to.right() + Point{margin, 0};
  arrow({{start.x - (forward ? 0 : margin), end.y},
         {end.x - (forward ? margin : 0), end.y}});
}

void Drawing::text(Point middle, const Runs& runs, const std::string& look) {
  std::string words;
  for (const auto& [text, runLook] : runs)
    words += runs.size() == 1 ? escaped(text)
                              : fmt::format("<tspan class=\"{}\">{}</tspan>", runLook,
                                            escaped(text));
  const std::string whole =
      "ink " + (runs.size() == 1 ? runs[0].look + " " : "") + look;
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\"{}>{}</text>\n",
                       number(middle.x), number(middle.y + 7),
                       whole.substr(0, whole.find_last_not_of(' ') + 1),
                       runs.size() > 1 ? " xml:space=\"preserve\"" : "", words);
}

void Drawing::text(Point middle, const std::string& words, const std::string& look) {
  text(middle, Runs{{words, look}});
}

Cells Drawing::cells(Point corner, const mat& values, const Looks& looks, double size) {
  return cells(
      corner, values.n_rows, values.n_cols, looks,
      [&](uword i, uword j) {
        return Runs{{numeral(values(i, j)), ""}};
      },
      size);
}

Cells Drawing::cells(Point corner, uword rows, uword columns, const Looks& looks,
                     const std::function<Runs(uword, uword)>& words, double size) {
  const Cells grid{corner, size, rows, columns};
  for (uword i = 0; i < rows; ++i)
    for (uword j = 0; j < columns; ++j) {
      const double row = static_cast<double>(i), column = static_cast<double>(j);
      const Look look = looks(i, j);
      box(grid.at(row, column) + Point{2, 2}, size - 4, size - 4, look.box);
      Runs runs = words(i, j);
      for (Run& run : runs)
        if (run.look.empty()) run.look = look.number;
      if (!runs.empty()) text(grid.centre(row, column), runs);
    }
  return grid;
}

void Drawing::shades(Point corner, const mat& shares, double size,
                     const std::string& colour) {
  constexpr int levels = 6;
  for (int level = 1; level <= levels; ++level) {
    std::string squares;  // those of a row that touch are one
    for (uword i = 0; i < shares.n_rows; ++i)
      for (uword j = 0; j < shares.n_cols; ++j) {
        const uword first = j;
        while (j < shares.n_cols && std::lround(levels * shares(i, j)) == level) ++j;
        if (j == first) continue;
        const std::string width = number(size * double(j - first));
        squares += fmt::format(
            "M{} {}h{}v{}h-{}z", number(corner.x + size * double(first)),
            number(corner.y + size * double(i)), width, number(size), width);
      }
    if (!squares.empty())
      body_ += fmt::format("<path d=\"{}\" fill-opacity=\"{:.2f}\" class=\"{}\"/>\n",
                           squares, double(level) / levels, colour);
  }
}

void Drawing::window(const Cells& cells, double row, double column, double rows,
                     double columns, const std::string& colour, double margin) {
  box(cells.at(row, column) + Point{-margin, -margin},
      cells.size * columns + 2 * margin, cells.size * rows + 2 * margin,
      colour + "-line thick", 8);
}

std::string Drawing::svg() const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\"\n fill=\"none\" stroke-width=\"2\" "
      "stroke-linejoin=\"round\" stroke-linecap=\"round\" text-anchor=\"middle\"\n "
      "font-size=\"20\" font-family=\"system-ui,-apple-system,Segoe UI,Roboto,"
      "Helvetica,Arial,sans-serif\">\n{2}{3}{4}</svg>\n",
      number(width_), number(height_), head_, style(body_), body_);
}

}  // namespace cnn::figures
