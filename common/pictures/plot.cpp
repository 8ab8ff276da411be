// SPDX-License-Identifier: MIT
#include "common/pictures/plot.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"
#include "common/pictures/gnuplot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <string_view>

namespace cnn {

namespace {

namespace fs = std::filesystem;

// Okabe and Ito's colours, told apart by the colour-blind too.
constexpr std::array palette{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                             "#E69F00", "#56B4E9", "#000000"};

std::string terminalFor(const fs::path& path, int width, int height) {
  const std::string ending = path.extension().string();
  requireInput(ending == ".png" || ending == ".svg",
               "{}: a chart's name ends in .png or .svg", path.string());
  if (ending == ".svg")
    return fmt::format(
        "set terminal svg noenhanced size {},{} font 'sans-serif,13' background "
        "'#FFFFFF'\n",
        width, height);
  return fmt::format(R"(if (strstrt(GPVAL_TERMINALS, ' pngcairo ') > 0) {{
  set terminal pngcairo noenhanced size {0},{1} font 'sans,13' background '#FFFFFF'
}} else {{
  set terminal png noenhanced size {0},{1} background '#FFFFFF'
}}
)",
                     width, height);
}

bool drawTo(const fs::path& path, const std::string& script) {
  const std::string picture = gnuplot(script);
  if (!picture.empty()) writeFile(path, picture);
  return !picture.empty();
}

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.10g}", value) : "NaN";
}

void check(const Chart& chart) {
  require(!chart.curves.empty(), "plot: '{}' has no curves", chart.title);
  for (const Curve& curve : chart.curves)
    require(curve.x.size() == curve.y.size() && !curve.x.empty(),
            "plot: curve '{}' has {} x and {} y values", curve.name, curve.x.size(),
            curve.y.size());
}

std::string dataBlocks(const Chart& chart) {
  std::string script;
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const Curve& curve = chart.curves[i];
    script += fmt::format("$curve{} << END\n", i);
    for (std::size_t k = 0; k < curve.x.size(); ++k)
      script += fmt::format("{} {}\n", number(curve.x[k]), number(curve.y[k]));
    script += "END\n";
  }
  return script;
}

std::string axes(const Chart& chart) {
  std::string script = fmt::format(
      "set title {}\nset xlabel {}\nset ylabel {}\n", gnuplotQuoted(chart.title),
      gnuplotQuoted(chart.xLabel), gnuplotQuoted(chart.yLabel));
  if (chart.logX) script += "set logscale x\n";
  if (chart.logY) script += "set logscale y\n";
  const auto onTheRight = [](const Curve& curve) { return curve.secondAxis; };
  if (std::any_of(chart.curves.begin(), chart.curves.end(), onTheRight))
    script += fmt::format("set ytics nomirror\nset y2tics\nset y2label {}\n",
                          gnuplotQuoted(chart.yLabelRight));
  return script + "set autoscale xfix\n";
}

// The dumb terminal begins with a form feed and fills its whole page: this cuts that
// off, the blanks at each line's end and the empty lines at both ends.
std::string withoutBlankEnds(const std::string& page) {
  std::string text;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(" \f") + 1);
    if (!text.empty() || !line.empty()) text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

// From white (share 0) to a colour (share 1), as gnuplot's 0xRRGGBB.
unsigned tint(double share, std::array<double, 3> colour) {
  unsigned code = 0;
  for (const double channel : colour)
    code = code * 256 + static_cast<unsigned>(255.0 - share * (255.0 - channel));
  return code;
}

// A line for each cell: answer, truth, fill colour, ink colour, count.
// Right answers are hundreds of times as many as any mistake, so each kind has its own
// scale and colour; the square root lets a single mistake show.
std::string cells(const arma::umat& counts) {
  arma::umat mistakes = counts;
  mistakes.diag().zeros();
  const double right = std::max(1.0, static_cast<double>(counts.diag().max()));
  const double wrong = std::max(1.0, static_cast<double>(mistakes.max()));
  std::string script = "$cells << END\n";
  for (arma::uword truth = 0; truth < counts.n_rows; ++truth)
    for (arma::uword answer = 0; answer < counts.n_cols; ++answer) {
      const auto count = static_cast<double>(counts(truth, answer));
      const double share =
          truth == answer ? 0.9 * count / right : std::sqrt(count / wrong);
      const unsigned fill =
          truth == answer ? tint(share, {0, 114, 178}) : tint(share, {213, 94, 0});
      script += fmt::format("{} {} {} {} {}\n", answer, truth, fill,
                            share > 0.7 ? 0xFFFFFF : 0x303030,
                            count > 0 ? std::to_string(counts(truth, answer)) : "\"\"");
    }
  return script + "END\n";
}

// `style(i)` is how curve i is drawn.
template <class Style>
std::string plotStatement(const Chart& chart, const Style& style) {
  std::string script = "plot ";
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    const Curve& curve = chart.curves[i];
    const char* side = curve.secondAxis ? " (right)" : "";
    script += fmt::format(
        "{}$curve{} using 1:2 axes {} {} {}", i ? ", " : "", i,
        curve.secondAxis ? "x1y2" : "x1y1", style(i),
        curve.name.empty() ? "notitle" : "title " + gnuplotQuoted(curve.name + side));
  }
  return script + "\n";
}

}  // namespace

bool plot(const fs::path& path, const Chart& chart) {
  const std::string terminal = terminalFor(path, 900, 560);
  check(chart);
  const auto style = [&](std::size_t i) {
    return fmt::format(
        "with {} linecolor rgb '{}' linewidth 2 pointtype 7 pointsize 0.7",
        chart.curves[i].points           ? "points"
        : chart.curves[i].x.size() <= 30 ? "linespoints"
                                         : "lines",
        palette[i % palette.size()]);
  };
  return drawTo(path, terminal + dataBlocks(chart) + axes(chart) +
                          R"(set border 3 linecolor rgb '#606060'
set grid linecolor rgb '#E0E0E0' linetype 1 linewidth 1
set tics nomirror textcolor rgb '#303030' scale 0.5
set key outside bottom center horizontal Left reverse samplen 2 height 1 maxcols 4
set title font ',15'
)" + plotStatement(chart, style));
}

std::string plotInTerminal(const Chart& chart, int columns, int rows) {
  check(chart);
  const std::string terminal =
      fmt::format("set terminal dumb noenhanced size {},{}\n", columns, rows);
  // A label beside its axis would cost a tenth of the width: both stand over the frame.
  const std::string labels =
      fmt::format(R"(unset ylabel
unset y2label
set label {} at graph 0, graph 1 left offset 0,1
set label {} at graph 1, graph 1 right offset 0,1
set title offset 0,1
set tmargin 3
set key below Left reverse
)",
                  gnuplotQuoted(chart.yLabel), gnuplotQuoted(chart.yLabelRight));
  const auto style = [&](std::size_t i) {
    return fmt::format("with {} linetype {}",
                       chart.curves[i].x.size() > 1 ? "lines" : "points", i + 1);
  };
  return withoutBlankEnds(gnuplot(terminal + dataBlocks(chart) + axes(chart) + labels +
                                  plotStatement(chart, style)));
}

bool plotConfusion(const fs::path& path, const arma::umat& counts,
                   const std::string& title) {
  const std::string terminal = terminalFor(path, 820, 800);
  require(counts.n_rows == counts.n_cols && !counts.empty(),
          "plotConfusion: the counts are {} x {}, not square", counts.n_rows,
          counts.n_cols);
  return drawTo(path, terminal + cells(counts) +
                          fmt::format(R"(set title {0} font ',15'
set xlabel 'answer'
set ylabel 'true digit'
set xrange [-0.5:{1}.5]
set yrange [{1}.5:-0.5]
set size square
set tics 1 scale 0
set border 0
set style fill solid 1.0 border linecolor rgb '#D8D8D8'
plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror linecolor rgb variable notitle, \
  $cells using 1:2:5:4 with labels textcolor rgb variable notitle
)",
                                      gnuplotQuoted(title), counts.n_rows - 1));
}

}  // namespace cnn
