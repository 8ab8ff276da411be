// SPDX-License-Identifier: MIT
#include "01_convolution/convolution.hpp"

#include "chart.hpp"
#include "figures.hpp"

namespace cnn::figures {

namespace {

bool within(uword i, uword j, uword row, uword column, uword f) {
  return row <= i && i < row + f && column <= j && j < column + f;
}

// A kernel over a window of x: where it lies, each cell is a product.
Cells underKernel(Drawing& d, Point corner, const mat& x, const mat& w, uword row,
                  uword column, const Looks& looks, double size = 52) {
  const auto lit = [=](uword i, uword j) {
    return within(i, j, row, column, w.n_rows);
  };
  const Cells cells = d.cells(
      corner, x.n_rows, x.n_cols, looks,
      [&](uword i, uword j) -> Runs {
        const std::string pixel = numeral(x(i, j));
        if (!lit(i, j)) return {{pixel, "muted"}};
        return {{pixel, "blue strong"},
                {"·", "muted"},
                {numeral(w(i - row, j - column)), "orange strong"}};
      },
      size);
  d.window(cells, double(row), double(column), double(w.n_rows), double(w.n_cols),
           "orange");
  return cells;
}

Drawing window() {
  Drawing d(640, 570, "A window walks over a picture",
            "The kernel K lies on the picture X at its four places. At each, every "
            "pixel meets a weight, and the sum of the products is one number of the "
            "output.");
  const mat z = convolveWindows(X, K);
  d.text({120, 24}, "the picture X", "blue strong");
  d.cells({48, 46}, X, all(soft("blue")));
  d.text({352, 24}, "the kernel K", "orange strong");
  d.cells({304, 70}, K, all(soft("orange")));
  d.text({556, 24}, "the output", "green strong");
  d.cells({508, 70}, z, all(soft("green")));
  for (uword i = 0; i < 2; ++i)
    for (uword j = 0; j < 2; ++j) {
      const Point corner{16.0 + 328.0 * double(j), 232.0 + 176.0 * double(i)};
      const Cells x = underKernel(
          d, corner, X, K, i, j,
          [=](uword a, uword b) {
            return within(a, b, i, j, 2) ? soft("blue") : plain();
          },
          50);
      const auto lit = [=](uword a, uword b) { return a == i && b == j; };
      const Cells out = d.cells(
          corner + Point{188, 29}, 2, 2,
          [=](uword a, uword b) { return lit(a, b) ? full("green") : plain(); },
          [&](uword a, uword b) {
            return lit(a, b) ? Runs{{numeral(z(a, b))}} : Runs{};
          },
          46);
      d.arrow(x, out, 8);
    }
  return d;
}

Drawing paddingStride() {
  Drawing d(
      640, 620, "Padding and stride",
      "A frame of zeros around X gives sixteen windows. With stride 2 every second "
      "row and column of the answer is left.");
  const mat z = convolveWindows(X, K, {.padding = 1}), padded = pad(X, 1);
  const Looks looks = [](uword i, uword j) {
    return within(i, j, 1, 1, 3) ? soft("blue") : frame();
  };
  d.text({48, 24}, {{"padding 1: ", "strong"}, {"a frame of zeros", "muted"}}, "start");
  const Cells first = underKernel(d, {48, 50}, padded, K, 0, 0, looks, 48);
  const Cells wide = d.cells({400, 74}, z, [](uword i, uword j) {
    return i + j == 0 ? full("green") : soft("green");
  });
  d.arrow(first, wide);

  d.text({48, 344}, {{"and stride 2: ", "strong"}, {"steps of two", "muted"}}, "start");
  const Cells second = d.cells({48, 370}, padded, looks);
  const mat kept = convolveWindows(X, K, {.stride = 2, .padding = 1});
  for (uword i = 0; i < kept.n_rows; ++i)
    for (uword j = 0; j < kept.n_cols; ++j)
      d.window(second, 2.0 * double(i), 2.0 * double(j), 2, 2, "orange", -2);
  const Cells narrow = d.cells({400, 370}, z, [](uword i, uword j) {
    return i % 2 + j % 2 == 0 ? full("green") : faint();
  });
  d.arrow(second, narrow);
  d.text(second.centre(4, 5) + Point{-12, 0}, "never read", "start muted");
  return d;
}

Drawing channels() {
  Drawing d(640, 620, "Two channels, one map",
            "Each channel meets its own slice of the kernel; the two answers and the "
            "bias add up to one map.");
  const std::vector<mat> x = {X, {{1, 0, 1}, {0, 1, 0}, {1, 0, 1}}},
                         w = {K, {{0, 1}, {1, 0}}};
  mat sum(2, 2, arma::fill::zeros);
  d.text({108, 24}, "channels", "blue strong");
  d.text({320, 24}, "slices", "orange strong");
  d.text({532, 24}, "answers", "muted strong");
  for (uword c = 0; c < 2; ++c) {
    const double y = 46 + 176 * double(c);
    const Cells in = d.cells({36, y}, x[c], all(soft("blue")));
    const Cells slice = d.cells({272, y + 24}, w[c], all(soft("orange")));
    const mat z = convolveWindows(x[c], w[c]);
    const Cells out = d.cells({484, y + 24}, z, all(plain()));
    d.line({in.right() + Point{16, 0}, slice.left() + Point{-16, 0}}, "rule-line");
    d.arrow(slice, out);
    sum += z;
  }
  const double bias = -50;
  d.text({532, 206}, "+", "large strong");
  d.text({532, 382}, "+", "large strong");
  d.box({494, 408}, 76, 44, "orange-soft orange-line thin");
  d.text({532, 430}, numeral(bias));
  d.text({478, 430}, "bias", "end orange strong");
  d.arrow({{532, 462}, {532, 498}});
  const Cells map = d.cells({476, 504}, sum + bias, all(full("green")), 56);
  d.text(map.left() + Point{-16, 0}, "one map", "end green strong");
  return d;
}

Drawing fftWrap() {
  Drawing d(640, 336, "The FFT's picture has no rim",
            "To the FFT the right rim of a picture is the neighbour of the left one. A "
            "window that hangs over the rim is filled up from the other side; these "
            "answers are thrown away.");
  // X once more to the right and below; fft2 as in convolveFft, before it cuts.
  const mat tiled = arma::repmat(X, 2, 2).eval().submat(0, 0, 3, 3);
  const mat z =
      arma::real(arma::ifft2(arma::fft2(X) % arma::conj(arma::fft2(K, 3, 3))));
  d.text({122, 24}, "the picture X", "blue strong");
  d.text({224, 52}, "begins again", "muted");
  const Cells in = underKernel(d, {44, 76}, tiled, K, 0, 2, [](uword i, uword j) {
    return within(i, j, 0, 0, 3) ? soft("blue") : frame();
  });
  const Cells out = d.cells(
      {420, 102}, arma::round(z),
      [](uword i, uword j) {
        return i < 2 && j < 2 ? full("green") : i == 0 ? full("red") : soft("red");
      },
      52);
  d.text({472, 78}, "kept", "green strong");
  d.text({516, 282}, "wrapped round", "red strong");
  d.arrow(in, out);
  return d;
}

Drawing crossover() {
  Drawing d(640, 480, "Three ways to convolve, over the size of the kernel",
            "Time as a multiple of the FFT's. Windows and shifted pictures climb with "
            "the number of weights, the FFT is level, and somewhere they cross.");
  std::vector<Point> windows, shifted;
  for (const auto& row : readLog("docs/logs/crossover.csv")) {  // f and the two
    windows.push_back({std::stod(row.at(0)), std::stod(row.at(1))});
    shifted.push_back({std::stod(row.at(0)), std::stod(row.at(2))});
  }
  const double last = windows.back().x;
  const Chart chart{d, {60, 60}, 460, 340, {1, last}, logarithmic(0.01, 10)};
  chart.ticks({1, 11, 21, last}, {0.01, 0.1, 1, 10}, numeral);
  d.text({20, 24}, "time as a multiple of the FFT's", "start muted");
  d.text({290, 462}, "size f of the kernel", "muted");
  chart.curve({{1, 1}, {last, 1}}, "green-line thick");
  chart.curve(windows, "blue-line thick");
  chart.curve(shifted, "orange-line thick");
  const auto name = [&](const std::string& way, double up, const std::string& look) {
    d.text(chart.at(last, up) + Point{12, 0}, way, "start strong " + look);
  };
  name("windows", windows.back().y * 1.2, "blue");
  name("shifted", shifted.back().y * 1.2, "orange");
  name("FFT", 0.8, "green");
  return d;
}

}  // namespace

Drawings convolution() {
  return {{"window", window()},
          {"padding_stride", paddingStride()},
          {"channels", channels()},
          {"fft_wrap", fftWrap()},
          {"crossover", crossover()}};
}

}  // namespace cnn::figures
