// SPDX-License-Identifier: MIT
#include "03_conv_backprop/conv_backprop.hpp"

#include "chart.hpp"
#include "figures.hpp"

#include <algorithm>

namespace cnn::figures {

namespace {

const mat error = {{1, -1}, {2, 0}};

cube asCube(const mat& x) { return cube(x.memptr(), x.n_rows, x.n_cols, 1); }

// 1·4 − 1·3 + ...: numbers and the weights that they meet.
Runs products(const std::vector<std::pair<double, double>>& terms, double sum) {
  Runs runs;
  for (const auto& [value, weight] : terms) {
    if (!runs.empty()) runs.push_back({value < 0 ? " − " : " + ", "muted"});
    const double shown = runs.empty() ? value : std::abs(value);
    runs.push_back({numeral(shown), "red strong"});
    runs.push_back({"·", "muted"});
    runs.push_back({numeral(weight), "orange strong"});
  }
  runs.push_back({" = ", "muted"});
  runs.push_back({numeral(sum), "red strong"});
  return runs;
}

Drawing fourWindows() {
  Drawing d(
      640, 560, "Which outputs did the 5 touch?",
      "The 5 in the middle of X lies in all four windows, each time under another "
      "weight: 4, 3, 2, 1, the kernel read backwards.");
  const mat dx = convInputGradient(asCube(error), {asCube(K)}, 3, 3).slice(0);
  std::vector<std::pair<double, double>> terms;
  for (uword n = 0; n < 4; ++n) {
    const uword i = n / 2, j = n % 2;
    const Point corner{16.0 + 159.0 * double(n), 16};
    const auto under = [=](uword a, uword b) {
      return i <= a && a < i + 2 && j <= b && b < j + 2;
    };
    const Cells x = d.cells(
        corner, 3, 3,
        [=](uword a, uword b) {
          return a == 1 && b == 1 ? full("orange")
                 : under(a, b)    ? soft("orange")
                                  : faint();
        },
        [=](uword a, uword b) {
          const std::string pixel = numeral(X(a, b));
          if (!under(a, b)) return Runs{{pixel}};
          const std::string weight = numeral(K(a - i, b - j));
          if (a != 1 || b != 1) return Runs{{weight}};
          return Runs{{pixel}, {"·"}, {weight}};
        },
        44);
    d.window(x, double(i), double(j), 2, 2, "orange");
    d.arrow({x.below() + Point{0, 10}, x.below() + Point{0, 44}});
    d.cells(
        x.below() + Point{-44, 52}, error,
        [=](uword a, uword b) { return a == i && b == j ? full("red") : faint(); }, 44);
    terms.push_back({error(i, j), K(1 - i, 1 - j)});
  }
  d.text({320, 334}, products(terms, dx(1, 1)), "large");
  d.text({182, 394}, "the kernel K", "orange strong");
  d.text({458, 394}, "as the 5 meets it", "orange strong");
  const Cells kernel = d.cells({134, 420}, K, all(soft("orange")));
  const Cells turned = d.cells({410, 420}, turn180(K), all(full("orange")));
  d.arrow(kernel, turned);
  return d;
}

Drawing dilated() {
  Drawing d(640, 610, "Stride 2: the error is dilated",
            "Zeros between the errors bring them as far apart as the windows began. "
            "The dilated error fits at nine places of a 5 x 5 picture; the first four "
            "are the weights', the other five are nobody's.");
  const mat x = arma::reshape(arma::regspace(1, 25), 5, 5).t();
  const mat spread = dilate(error, 2), everywhere = convolveWindows(x, spread);
  const auto between = [](uword i, uword j) { return i % 2 + j % 2 > 0; };
  d.text({172, 24}, "delta", "red strong");
  d.text({440, 24}, "delta dilated", "red strong");
  const Cells delta = d.cells({124, 70}, error, all(full("red")));
  const Cells wide = d.cells({368, 46}, spread, [=](uword i, uword j) {
    return between(i, j) ? frame() : full("red");
  });
  d.arrow(delta, wide);

  d.text({156, 250}, "slides over X", "blue strong");
  d.text({508, 250}, "dw", "orange strong");
  const Cells picture = d.cells(
      {26, 276}, x,
      [=](uword i, uword j) {
        return i < 3 && j < 3 && !between(i, j) ? full("red")
               : i < 4 && j < 4                 ? soft("blue")
                                                : faint();
      },
      52);
  d.window(picture, 0, 0, 3, 3, "red");
  const Cells places = d.cells(
      {430, 302}, everywhere,
      [](uword i, uword j) {
        return i < 2 && j < 2 ? (i + j == 0 ? full("orange") : soft("orange"))
                              : frame();
      },
      52);
  d.arrow(picture, places);
  d.text({156, 566}, "no window reached", "muted");
  d.text({156, 590}, "the last row and column", "muted");
  d.text({508, 484}, "the first 2 x 2;", "muted");
  d.text({508, 508}, "the rest is nobody's", "muted");
  return d;
}

Drawing turnedKernel() {
  Drawing d(640, 690, "The turned kernel hangs over the rim",
            "The kernel, turned by 180 degrees, slides over the error. At a corner "
            "one weight meets it, at an edge two, in the middle four. What meets "
            "nothing counts nothing.");
  const mat turned = turn180(K), dx = convolveFull(error, turned),
            around = pad(error, 1);
  d.text({112, 24},
         {{"error", "red strong"}, {" under "}, {"turned K", "orange strong"}});
  d.text({560, 24}, "dx", "red strong");
  const auto there = [](uword i, uword j) { return i % 3 > 0 && j % 3 > 0; };
  double y = 54;
  for (const auto& [row, column] : {std::pair<uword, uword>(0, 0), {2, 1}, {1, 1}}) {
    const auto under = [row = row, column = column](uword i, uword j) {
      return row <= i && i < row + 2 && column <= j && j < column + 2;
    };
    std::vector<std::pair<double, double>> terms;
    const Cells delta = d.cells(
        {8, y}, 4, 4,
        [=](uword i, uword j) {
          return !there(i, j) ? frame() : under(i, j) ? full("red") : soft("red");
        },
        [&, row = row, column = column](uword i, uword j) -> Runs {
          const std::string value = numeral(around(i, j));
          if (!under(i, j)) return there(i, j) ? Runs{{value}} : Runs{};
          const double weight = turned(i - row, j - column);
          if (!there(i, j)) return {{numeral(weight), "orange strong"}};
          terms.push_back({around(i, j), weight});
          return {{value, "paper"}, {"·", "paper"}, {numeral(weight), "paper"}};
        });
    d.window(delta, double(row), double(column), 2, 2, "orange");
    const Cells gradient =
        d.cells({488, y + 24}, dx, [row = row, column = column](uword i, uword j) {
          return i == row && j == column ? full("red") : plain();
        });
    d.text({344, y + 72}, products(terms, dx(row, column)));
    d.arrow(delta, gradient);
    y += 214;
  }
  return d;
}

Drawing steps() {
  Drawing d(640, 480, "The error of a central difference over its step",
            "From the right, each tenth of the step h divides the error by a hundred; "
            "from 1e-5 on it rises again, tenfold for each tenth.");
  std::vector<Point> errors;
  for (const auto& row : readLog("docs/logs/steps.csv"))  // h and the error
    errors.push_back({std::stod(row.at(0)), std::stod(row.at(1))});
  const Chart chart{
      d, {74, 60}, 530, 340, logarithmic(1e-12, 1e-1), logarithmic(1e-11, 1e-3)};
  chart.ticks({1e-12, 1e-9, 1e-5, 1e-1}, {1e-11, 1e-9, 1e-7, 1e-5, 1e-3}, power);
  d.text({20, 24}, "relative error of a right gradient", "start muted");
  d.text({339, 462}, "step h", "muted");
  chart.curve(errors, "blue-line thick");
  chart.marks(errors, "blue", 6);
  const auto best = std::min_element(errors.begin(), errors.end(),
                                     [](Point a, Point b) { return a.y < b.y; });
  chart.marks({*best}, "green", 9);
  d.text(chart.at(1e-10, 3e-9), "rounding", "muted");
  d.text(chart.at(2e-3, 3e-9), "the bend", "start muted");
  return d;
}

}  // namespace

Drawings convBackprop() {
  return {{"four_windows", fourWindows()},
          {"dilated", dilated()},
          {"turned_kernel", turnedKernel()},
          {"steps", steps()}};
}

}  // namespace cnn::figures
