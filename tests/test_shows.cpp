// SPDX-License-Identifier: MIT
/// @file
/// What the stages' programs show is what their lessons compute: every number and every
/// pixel of stages 01 to 03, the tables of the others, and in all of them the defaults
/// and the limits that the chapters name.

#include "02_pooling/pooling.hpp"
#include "03_conv_backprop/trial.hpp"
#include "common/pictures/picture.hpp"
#include "common/pictures/png.hpp"
#include "common/pictures/read_picture.hpp"
#include "desk.hpp"
#include "same.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <regex>
#include <sstream>

using namespace cnn;

namespace {

/// A desk where charts are as putGnuplot has them.
class Easel : public Desk {
 public:
  Easel() { putGnuplot(); }

  /// What the program prints; only what it drew in this run is in its folder.
  std::string shown(const std::string& program, const Words& words,
                    const std::string& path = "bin") const {
    fs::remove_all(*this / "out");
    return good(
        "",
        Words{"/usr/bin/env", "PATH=" + path, CNN_PROGRAMS_DIR "/" + program} + words);
  }

  std::set<std::string> drawn() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(*this / "out"))
      names.insert(entry.path().filename());
    return names;
  }

  /// The picture holds these greys, as well as eight bits can.
  void checkDrawn(const std::string& name, const mat& expected) const {
    INFO(name);
    CHECK(same(readPicture(*this / ("out/" + name)), arma::clamp(expected, 0.0, 1.0),
               0.5 / 255 + 1e-9));
  }

  /// A picture in which no two lines or columns are alike, in steps of 1/255.
  mat put(const std::string& name, uword rows, uword columns) const {
    mat x(rows, columns);
    for (uword n = 0; n < x.n_elem; ++n)
      x(n) = static_cast<double>(n * n * 7 % 256) / 255;
    writePng(*this / name, x);
    return x;
  }
};

mat digit(uword n) { return loadMnist(mnistFolder()).train.image(n); }

/// Pictures as stages 01 and 02 draw them: on the pixels of the first, each enlarged.
mat hung(std::vector<mat> pictures, uword factor, uword columns) {
  const uword rows = factor * pictures[0].n_rows, across = factor * pictures[0].n_cols;
  for (mat& picture : pictures) picture = resize(picture, rows, across);
  return grid(pictures, columns, 8);
}

std::string sizes(const mat& x, const mat& z) {
  return fmt::format("{} x {} -> {} x {}", x.n_rows, x.n_cols, z.n_rows, z.n_cols);
}

/// The numbers of a table whose columns have these names.
mat tableOf(const fs::path& file, const std::string& names) {
  Words lines = linesOf(contentOf(file));
  REQUIRE(lines.size() > 1);
  CHECK(lines[0] == names);
  mat table;
  for (std::size_t i = 1; i < lines.size(); ++i)
    table = arma::join_cols(table, arma::rowvec(lines[i]));
  return table;
}

}  // namespace

// ---- stage 01 -----------------------------------------------------------------------

TEST_CASE("stage 01 prints and draws what its kernels make of a picture", "[shows]") {
  const Easel easel;
  const mat around{{0, 1, 0}, {1, 0, 1}, {0, 1, 0}},
      itself{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}},
      across = vec{1, 2, 1} * arma::rowvec{-1, 0, 1};
  const std::map<std::string, mat> kernels = {
      {"sobel-x", across},
      {"sobel-y", across.t()},
      {"laplace", around - 4 * itself},
      {"blur", mat(3, 3, arma::fill::ones) / 9},
      {"sharpen", 5 * itself - around},
      {"left", {{0, 0, 0}, {0, 0, 1}, {0, 0, 0}}}};
  const Slide slide{.stride = 2, .padding = 3};
  // So tall that it is not enlarged, and shrunk to be seen in the terminal.
  const mat five = digit(0), tall = easel.put("tall.png", 131, 90);
  const auto shown = [&](const std::string& kernel, const auto& pictures) {
    const std::string text = easel.shown(
        "01_convolution", {"--image", "tall.png", "--kernel", kernel, "--stride", "2",
                           "--padding", "3", "--largest", "0"});
    const std::vector<mat> ofDigit = pictures(five), ofPicture = pictures(tall);
    const mat a = ofDigit.back(), b = ofPicture.back();
    CHECK(text == fmt::format("digit, {}\n{}\npicture, {}\n{}\n"
                              "drawn: out/digit_{}.png\ndrawn: out/picture_{}.png\n",
                              sizes(five, a), inTerminal(a, false, 64), sizes(tall, b),
                              inTerminal(b, false, 64), kernel, kernel));
    easel.checkDrawn("digit_" + kernel + ".png", hung(ofDigit, 9, 2));
    easel.checkDrawn("picture_" + kernel + ".png", hung(ofPicture, 1, 2));
  };
  for (const auto& [name, kernel] : kernels)
    shown(name, [&](const mat& x) {
      return std::vector<mat>{x, convolveShifted(x, kernel, slide)};
    });
  shown("sobel", [&](const mat& x) {
    const mat gx = convolveShifted(x, kernels.at("sobel-x"), slide),
              gy = convolveShifted(x, kernels.at("sobel-y"), slide);
    const mat strength = arma::sqrt(arma::square(gx) + arma::square(gy));
    const double scale = 1.5 / strength.max();
    return std::vector<mat>{x, scale * arma::abs(gx), scale * arma::abs(gy),
                            scale * strength};
  });
}

TEST_CASE("stage 01 finds no edge in an even grey, and enlarges one pixel to 256",
          "[shows]") {
  const Easel easel;
  const mat grey(28, 28, arma::fill::value(0.4)), black(26, 26, arma::fill::zeros);
  writePng(easel / "grey.png", grey);
  easel.shown("01_convolution", {"--image", "grey.png", "--largest", "0"});
  easel.checkDrawn("picture_sobel.png", hung({grey, black, black, black}, 9, 2));

  const mat pixel(1, 1, arma::fill::ones);
  writePng(easel / "pixel.png", pixel);
  easel.shown("01_convolution", {"--image", "pixel.png", "--largest", "0", "--padding",
                                 "1", "--kernel", "blur"});
  easel.checkDrawn("picture_blur.png", hung({pixel, pixel / 9}, 256, 2));
}

TEST_CASE("stages 01 and 02 shrink a picture to 1024 pixels at most", "[shows]") {
  const Easel easel;
  easel.put("long.png", 2, 2048);
  const Words words = {"--image", "long.png", "--padding", "1"};
  checkSays(easel.shown("01_convolution", words + Words{"--largest", "0"}),
            "\npicture, 1 x 1024 -> 1 x 1024\n");
  checkSays(easel.shown("02_pooling", words + Words{"--size", "2"}),
            ": 1 x 1024 -> 1 x 513\n");
}

TEST_CASE("stage 01 names the kernel from which on its table lets the FFT win",
          "[shows]") {
  const Easel easel;
  easel.put("small.png", 4, 4);
  // In small pictures the FFT wins on the way and loses again:
  // large kernels fit in few places.
  for (const auto& [pixels, largest] : {std::pair(64, 63), {128, 33}, {5, 9}, {9, 4}}) {
    const Words lines = linesOf(easel.shown(
        "01_convolution",
        {"--image", "small.png", "--padding", "1", "--pixels", std::to_string(pixels),
         "--largest", std::to_string(largest), "--repeats", "3"}));
    const std::string what = fmt::format("{0} x {0} pixels, kernel f x f", pixels);
    auto line = std::find(lines.begin(), lines.end(),
                          what + ": time as a multiple of the FFT's");
    REQUIRE(lines.end() - line > 2);
    CHECK(*++line == "   f   windows   shifted");

    const mat table = tableOf(easel / "out/crossover.csv", "f,windows,shifted,FFT");
    REQUIRE(table.n_cols == 4);
    std::string answer = "the FFT has not won for good";
    bool won = false;
    uword row = 0;
    for (int f = 1; f <= std::min(pixels, largest); f += 2, ++row) {
      REQUIRE(row < table.n_rows);
      const double windows = table(row, 1), shifted = table(row, 2);
      CHECK(table(row, 0) == f);
      CHECK(windows > 0);
      CHECK(shifted > 0);
      CHECK(table(row, 3) == 1);
      CHECK(*++line == fmt::format("{:4}  {:8.2f}  {:8.2f}", f, windows, shifted));
      const bool wins = std::min(windows, shifted) >= 1;
      if (wins && !won) answer = fmt::format("from f = {} on the FFT wins", f);
      if (!wins) answer = "the FFT has not won for good";
      won = wins;
    }
    CHECK(table.n_rows == row);
    CHECK(*++line == answer);
    CHECK(lines.back() == "drawn: out/crossover.png");
    const std::string script = contentOf(easel / "out/crossover.png");
    CHECK(script.starts_with("kind = 'png'\n" + what + "\n"));
    for (const char* part : {"set xlabel \"f\"", "FFT's\"", "set logscale y",
                             "set title ARG2", "set key autotitle columnhead"})
      checkSays(script, part);
    CHECK(script.find("set logscale x") == std::string::npos);
  }
  const std::string text = easel.shown(
      "01_convolution",
      {"--image", "small.png", "--padding", "1", "--pixels", "5", "--largest", "1"},
      "/nowhere");
  CHECK(linesOf(text).back() == "drawn: out/picture_sobel.png");
}

// ---- stage 02 -----------------------------------------------------------------------

TEST_CASE("stage 02 prints and draws what its windows keep and send back", "[shows]") {
  const Easel easel;
  struct Case {
    uword rows, columns, factor;
    int size;
    Slide slide;
  };
  for (const auto& [rows, columns, factor, size, slide] :
       {Case{9, 15, 14, 2, {.stride = 2}}, Case{15, 9, 14, 3, {.stride = 2}},
        Case{8, 11, 20, 2, {.stride = 3}},
        Case{7, 9, 24, 3, {.stride = 1, .padding = 2}},
        Case{130, 60, 1, 5, {.stride = 4, .padding = 1}}}) {
    const mat x = easel.put("x.png", rows, columns);
    const auto part = [&, size = size, slide = slide](const std::string& kind,
                                                      const mat& z, const mat& back,
                                                      uword heard) {
      return fmt::format(
          "{} pooling, size {}, stride {}, padding {}: {}\n  {} values for {} pixels, "
          "of which {} had a say\n  gradient sent back: sum {:.3f} in, {:.3f} "
          "out\n\n{}\n",
          kind, size, slide.stride, slide.padding, sizes(x, z), z.n_elem, x.n_elem,
          heard, arma::accu(z), arma::accu(back),
          sideBySide({x, toGrey(z), toGrey(back)}, {"original", "pooled", "unpooled"},
                     false));
    };
    const auto [largest, winners] = maxPool(x, size, slide);
    const mat mean = meanPool(x, size, slide), ones(arma::size(mean), arma::fill::ones),
              won = maxUnpool(largest, winners, rows, columns),
              shared = meanUnpool(mean, size, slide, rows, columns);
    // Who has a say is who gets something back of a gradient of ones.
    const uword winnersHeard = arma::accu(maxUnpool(ones, winners, rows, columns) > 0),
                heard = arma::accu(meanUnpool(ones, size, slide, rows, columns) > 0);
    const std::string ofMax = part("max", largest, won, winnersHeard),
                      ofMean = part("mean", mean, shared, heard);
    const std::vector<mat> maxima = {x, toGrey(largest), toGrey(won)},
                           means = {x, toGrey(mean), toGrey(shared)};
    std::vector<mat> both = maxima;
    both.insert(both.end(), means.begin(), means.end());
    const std::string file =
        fmt::format("size{}_stride{}_padding{}.png", size, slide.stride, slide.padding);
    for (const auto& [kind, text, pictures] : {std::tuple("both", ofMax + ofMean, both),
                                               {"max", ofMax, maxima},
                                               {"mean", ofMean, means}}) {
      CHECK(easel.shown("02_pooling",
                        {"--image", "x.png", "--kind", kind, "--size",
                         std::to_string(size), "--stride", std::to_string(slide.stride),
                         "--padding", std::to_string(slide.padding)}) ==
            text + "drawn: out/" + file + "\n");
      CHECK(easel.drawn() == std::set<std::string>{file});
      easel.checkDrawn(file, hung(pictures, factor, 3));
    }
  }
}

TEST_CASE("stage 02 counts the pixels that had a say as one does by hand", "[shows]") {
  const Easel easel;
  mat x(5, 5, arma::fill::value(0.2));
  x(2, 2) = 1;
  writePng(easel / "x.png", x);
  const auto says = [&](const std::string& kind, const std::string& size,
                        const std::string& stride) {
    return easel.shown("02_pooling", {"--image", "x.png", "--kind", kind, "--size",
                                      size, "--stride", stride});
  };
  // The middle lies in all four windows, and wins them; the mean is 2.6 / 9.
  checkSays(says("max", "3", "2"),
            "4 values for 25 pixels, of which 1 had a say\n"
            "  gradient sent back: sum 4.000 in, 4.000 out\n");
  checkSays(says("mean", "3", "2"),
            "4 values for 25 pixels, of which 25 had a say\n"
            "  gradient sent back: sum 1.156 in, 1.156 out\n");
  // Between windows that keep apart lies a cross that nobody asks: 9 pixels.
  checkSays(says("mean", "2", "3"), "4 values for 25 pixels, of which 16 had a say\n");
}

TEST_CASE("stage 02 shows two windows where none was asked for", "[shows]") {
  const Easel easel;
  easel.put("x.png", 12, 12);
  const Words words = {"--image", "x.png"};
  const std::string usual = "size2_stride2_padding0.png";
  const std::string text = easel.shown("02_pooling", words);
  CHECK(easel.drawn() == std::set<std::string>{usual, "size3_stride2_padding0.png"});
  CHECK(text == easel.shown("02_pooling", words + Words{"--size", "2"}) +
                    easel.shown("02_pooling", words + Words{"--size", "3"}));
  for (const Words& named :
       {Words{"--size", "2"}, {"--stride", "2"}, {"--padding", "0"}}) {
    easel.shown("02_pooling", words + named);
    CHECK(easel.drawn() == std::set<std::string>{usual});
  }
}

// ---- stage 03 -----------------------------------------------------------------------

namespace {

const TrialShape trials[] = {{3, 3, 1, 2, 1},
                             {4, 4, 1, 2, 1, {.stride = 2}},
                             {5, 5, 1, 2, 1, {.stride = 2}},
                             {6, 6, 3, 3, 2, {.padding = 1}},
                             {7, 5, 2, 3, 4, {.stride = 2, .padding = 1}},
                             {9, 4, 5, 4, 3, {.stride = 3, .padding = 2}}};

/// What stage 03 learns, by index in place of its convolutions,
/// from the same random numbers.
struct Lesson {
  std::string kernel;
  double rate, noise;
  std::uint64_t seed;
  int images;

  mat hidden{{1, 0, -1}, {2, 0, -2}, {1, 0, -1}};
  std::vector<double> costs = {};  ///< before image 0, 1, 2, ...
  std::vector<mat> kernels = {};   ///< likewise

  Words words() const {
    return {"--kernel",     kernel,
            "--rate",       fmt::format("{}", rate),
            "--noise",      fmt::format("{}", noise),
            "--seed",       std::to_string(seed),
            "--iterations", std::to_string(images)};
  }

  void learn() {
    Random random(seed);
    for (const TrialShape& shape : trials) trialLayer(shape, random);
    trialLayer({6, 6, 3, 3, 2, {.padding = 1}}, random);  // for the steps h
    trialLayer({13, 13, 10, 5, 16}, random);              // to be timed
    if (kernel == "random") hidden = normal(3, 3, 1, random);
    cube target(3, 3, 1);
    target.slice(0) = hidden;
    cube w(3, 3, 1);
    vec b(1);
    for (int image = 0; image <= images; ++image) {
      const cube x = normalCube(16, 16, 1, random);
      const cube noises = noise * normalCube(14, 14, 1, random);
      const cube miss = convolve(x, {w}, b) - convolve(x, {target}, vec(1)) - noises;
      costs.push_back(arma::accu(arma::square(miss)) / (2 * 14 * 14));
      kernels.push_back(w.slice(0));
      w -= rate / (14 * 14) * scatterWeightGradient(miss, x, 3)[0];
      b -= rate / (14 * 14) * arma::accu(miss);
    }
  }
};

/// The numbers in a line, up to what is none.
std::vector<double> numbersIn(const std::string& line) {
  std::istringstream stream(line);
  return {std::istream_iterator<double>(stream), {}};
}

/// The lines behind one that holds this text.
Words behind(const std::string& output, const std::string& text) {
  const Words lines = linesOf(output);
  const auto at = std::find_if(
      lines.begin(), lines.end(),
      [&](const std::string& line) { return line.find(text) != std::string::npos; });
  REQUIRE(at != lines.end());
  return {at + 1, lines.end()};
}

/// Printed with two decimals.
void checkWeights(const std::vector<double>& printed, const mat& kernel) {
  REQUIRE(printed.size() == 9);
  CHECK(same(mat(printed.data(), 3, 3).t(), kernel, 0.005 + 1e-9));
}

}  // namespace

TEST_CASE("stage 03 checks six layers, and no gradient of theirs is wrong", "[shows]") {
  const Easel easel;
  const Words lines =
      behind(easel.shown("03_conv_backprop", {"--iterations", "1"}), "filters ");
  for (std::size_t i = 0; i < 6; ++i) {
    const auto& [rows, columns, channels, f, filters, slide] = trials[i];
    const std::string shape =
        fmt::format("{:>5} x {} x {} {:>3} {:>3} {:>3} {:>8}  ", rows, columns,
                    channels, f, slide.stride, slide.padding, filters);
    INFO(lines.at(i));
    REQUIRE(lines[i].starts_with(shape));
    CHECK(lines[i].ends_with("  ok"));
    const std::vector<double> errors = numbersIn(lines[i].substr(shape.size()));
    REQUIRE(errors.size() == 3);
    for (const double error : errors) {
      CHECK(error > 0);
      CHECK(error < 1e-6);
    }
  }
  CHECK(lines.at(6).empty());
}

TEST_CASE("a layer passes when none of its three gradients is wrong", "[shows]") {
  Random random(1);
  TrialLayer layer = trialLayer(trials[0], random);
  const TrialReports good = checkLayer(layer);
  CHECK(good.passed());
  for (GradientReport TrialReports::*which :
       {&TrialReports::dw, &TrialReports::db, &TrialReports::dx}) {
    TrialReports spoiled = good;
    (spoiled.*which).passed = false;
    CHECK_FALSE(spoiled.passed());
  }
}

TEST_CASE("of a layer's filters the worst is reported", "[shows]") {
  Random random(2);
  for (const std::size_t worst : {0, 1, 2}) {
    TrialLayer layer = trialLayer({5, 5, 2, 2, 3}, random);
    const auto cost = [&] { return layer.cost(); };
    layer.r.slice(worst) *= 1e6;  // and with it that filter's part in the cost
    const Filters dw = convWeightGradient(layer.delta(), layer.x, 2);
    double largest = 0;
    for (std::size_t k = 0; k < 3; ++k)
      largest = std::max(largest, checkGradient(cost, layer.w[k], dw[k]).error);
    CHECK(checkLayer(layer).dw.error == largest);
  }
}

TEST_CASE("stage 03 shows a difference's error fall with its step and rise again",
          "[shows]") {
  const Easel easel;
  const std::string output = easel.shown("03_conv_backprop", {"--iterations", "1"});
  const Words lines = behind(output, "the error of dx with other steps h");
  std::vector<double> printed;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<double> four = numbersIn(lines.at(i));
    REQUIRE(four.size() == 8);
    printed.insert(printed.end(), four.begin(), four.end());
  }
  CHECK(lines.at(3).empty());

  Random random(1);
  for (const TrialShape& shape : trials) trialLayer(shape, random);
  TrialLayer layer = trialLayer({6, 6, 3, 3, 2, {.padding = 1}}, random);
  const cube dx = scatterInputGradient(layer.delta(), layer.w, 6, 6, {.padding = 1});
  const double largest =
      checkGradient([&] { return layer.cost(); }, layer.x, dx, {.step = 0.1}).error;
  const mat table = tableOf(easel / "out/steps.csv", "h,error");
  REQUIRE(arma::size(table) == arma::size(12, 2));
  for (uword i = 0; i < 12; ++i) {
    CHECK(printed[2 * i] == Approx(std::pow(10, -1 - static_cast<double>(i))));
    CHECK(table(i, 0) == Approx(printed[2 * i]));
    CHECK(table(i, 1) == Approx(printed[2 * i + 1]).epsilon(0.051));
    // The rest of Taylor's series is one of h squared, until the rounding shows.
    if (i < 3)
      CHECK(table(i, 1) ==
            Approx(largest * std::pow(100, -static_cast<double>(i))).epsilon(0.01));
  }
  for (const char* part :
       {"set logscale xy", "\"step h\"", "\"relative error\"", "\"dx, 6 x 6 x 3\""})
    checkSays(contentOf(easel / "out/steps.png"), part);
}

TEST_CASE("stage 03 times five ways and each takes some time", "[shows]") {
  const Easel easel;
  const std::string output = easel.shown("03_conv_backprop", {"--iterations", "1"});
  std::smatch times;
  REQUIRE(std::regex_search(
      output, times,
      std::regex("\n\none image of 13 x 13 x 10 under 16 filters of 5 x 5, in "
                 "microseconds\n  forward +(\\d+)\n  dw +(\\d+) by index +(\\d+) as "
                 "convolutions\n  dx +(\\d+) by index +(\\d+) as convolutions\n\n")));
  // Some 324,000 multiplications: no machine does them in half a microsecond.
  for (std::size_t i = 1; i <= 5; ++i) CHECK(std::stod(times[i]) > 0);
}

TEST_CASE("stage 03 learns a kernel as one does by index, and shows how", "[shows]") {
  const Easel easel;
  for (Lesson lesson :
       {Lesson{"sobel", 0.25, 0, 1, 20}, Lesson{"random", 0.1, 0.5, 7, 8},
        Lesson{"sobel", 0.25, 0, 3, 1}}) {
    lesson.learn();
    const std::string output = easel.shown("03_conv_backprop", lesson.words());
    CHECK(output.find("-0.00") == std::string::npos);
    checkSays(output,
              "\n\nlearning a kernel from what it does to images\n"
              "images      cost  kernel, row by row\n");
    const Words lines = behind(output, "kernel, row by row");
    std::vector<mat> looks;
    const auto look = [&](const mat& kernel) {
      mat framed(88, 88, arma::fill::ones);
      for (uword i = 0; i < 72; ++i)
        for (uword j = 0; j < 72; ++j)
          framed(8 + i, 8 + j) = 0.5 + kernel(i / 24, j / 24) / 5;
      looks.push_back(framed);
    };
    std::size_t row = 0;
    for (const int image : {0, 1, 2, 4, 8, 16, 20}) {
      if (image > lesson.images) break;
      std::vector<double> printed = numbersIn(lines.at(row++));
      REQUIRE(printed.size() == 2 + 9);
      CHECK(printed[0] == image);
      CHECK(printed[1] == Approx(lesson.costs.at(image)).epsilon(0.051));
      checkWeights({printed.begin() + 2, printed.end()}, lesson.kernels.at(image));
      look(lesson.kernels[image]);
    }
    const std::string hidden = "          hidden ";
    REQUIRE(lines.at(row).starts_with(hidden));
    checkWeights(numbersIn(lines[row].substr(hidden.size())), lesson.hidden);
    look(lesson.hidden);
    CHECK(lines.at(row + 1) == "drawn: out/steps.png, kernels.png and cost.png");
    CHECK(lines.size() == row + 2);

    mat inARow;
    for (const mat& framed : looks) inARow = arma::join_rows(inARow, framed);
    easel.checkDrawn("kernels.png", inARow);
    const mat table = tableOf(easel / "out/cost.csv", "images,cost");
    REQUIRE(arma::size(table) == arma::size(lesson.costs.size(), 2));
    for (uword image = 0; image < table.n_rows; ++image) {
      CHECK(table(image, 0) == static_cast<double>(image));
      CHECK(table(image, 1) == Approx(lesson.costs[image]).epsilon(1e-6));
    }
    const std::string script = contentOf(easel / "out/cost.png");
    checkSays(script, "set logscale y");
    CHECK(script.find("set logscale x") == std::string::npos);
    for (const char* part : {"\"images seen\"", "title \"cost\""})
      checkSays(script, part);
  }
}

TEST_CASE("stage 03 stops when the cost is a thousand times the first", "[shows]") {
  const Desk desk;
  // Beyond 2 each step is too long; a little beyond, the cost climbs slowly.
  for (const double rate : {2.3, 9.0}) {
    Lesson lesson{"sobel", rate, 0, 1, 100};
    lesson.learn();
    const auto over =
        std::find_if(lesson.costs.begin(), lesson.costs.end(),
                     [&](double cost) { return cost > 1000 * lesson.costs[0]; });
    REQUIRE(over != lesson.costs.end());
    const Ended ended = desk.run("03_conv_backprop", lesson.words());
    CHECK(ended.status == 2);
    CHECK(ended.err ==
          fmt::format("error: the cost has grown to {:.1e} after {} images: try a "
                      "smaller --rate\n",
                      *over, over - lesson.costs.begin()));
  }
}

namespace {

/// What a mistake makes of a layer's gradient, by index, before the check.
GradientReport mistaken(const std::string& mistake, TrialLayer& layer) {
  const auto cost = [&] { return layer.cost(); };
  const cube delta = layer.delta(), padded = pad(layer.x, layer.slide.padding);
  const Slide unpadded{.stride = layer.slide.stride};
  const auto turn = [](mat& kernel) { std::reverse(kernel.begin(), kernel.end()); };
  if (mistake == "bias") {
    const vec db(layer.b.n_elem, arma::fill::value(arma::accu(delta)));
    return checkGradient(cost, layer.b, db);
  }
  if (mistake == "dw") {
    cube dw = scatterWeightGradient(delta, padded, 3, unpadded)[0];
    return checkGradient(cost, layer.w[0], dw.each_slice(turn));
  }
  Filters w = layer.w;
  for (cube& filter : w) {
    if (mistake == "transpose")
      filter.each_slice([](mat& kernel) { arma::inplace_trans(kernel); });
    if (mistake == "transpose" || mistake == "flip") filter.each_slice(turn);
  }
  if (mistake == "stride")
    return checkGradient(cost, layer.x, scatterInputGradient(delta, w, 5, 5));
  const cube dx = scatterInputGradient(delta, w, 7, 7, unpadded);
  const uword cut = mistake == "padding" ? 0 : 1;
  return checkGradient(cost, layer.x, dx.subcube(cut, cut, 0, arma::size(layer.x)));
}

}  // namespace

TEST_CASE("stage 03 shows a mistake's check and nothing else", "[shows]") {
  const std::map<std::string, std::string> guesses = {
      {"flip", "equals the one with the kernel not turned: missing flip"},
      {"transpose", "equals the one with the kernel transposed, not turned"},
      {"stride", "equals the one with the error not dilated: the stride forgotten"},
      {"padding",
       "equals the numeric shifted by (1, 1): an index off by one, or padding cut off "
       "at the wrong corner"},
      {"dw",
       "equals the numeric turned by 180 degrees: a flip missing or one too many"},
      {"bias",
       "one scalar for all, the sum or mean of the numeric: a bias summed over the "
       "wrong axis"}};
  const Easel easel;
  for (const auto& [mistake, guess] : guesses) {
    Random random(5);
    TrialLayer layer = trialLayer({5, 5, 2, 3, 3, {.stride = 2, .padding = 1}}, random);
    const std::string expected = mistaken(mistake, layer).text,
                      text = easel.shown("03_conv_backprop",
                                         {"--seed", "5", "--break", mistake});
    INFO(text);
    CHECK(text.starts_with("gradient check FAILED: error "));
    // Which of two equal errors is the worst, as the first line says, rounding decides.
    const auto view = [](const std::string& of) {
      return of.substr(of.find('\n'), of.find("\nguess: ") - of.find('\n'));
    };
    CHECK(view(text) == view(expected));
    CHECK(text.substr(text.find("\nguess: ")) == "\nguess: " + guess + "\n");
    CHECK_FALSE(fs::exists(easel / "out"));
  }
}

// ---- stages 04 to 09 ----------------------------------------------------------------

TEST_CASE("stages 04 to 09 begin with their layers, their units and their weights",
          "[shows]") {
  const Easel easel;
  const Words none = data(easel, smallMnist(10, 10)) + Words{"--epochs", "0"};
  const auto firstLines = [&](const std::string& program, const Words& more = {}) {
    const std::string text = easel.shown(program, none + more);
    return text.substr(text.find('\n') + 1);  // behind the images and the threads
  };
  // A unit has a weight for each input, and a bias.
  CHECK(firstLines("04_mlp").starts_with(
      "layer         weights   parameters\n"
      "fc1         200 x 784       157000\n"  // 200 x 785
      "fc2         100 x 200        20100\n"  // 100 x 201
      "fc3          50 x 100         5050\n"  //  50 x 101
      "fc4           10 x 50          510\n"  //  10 x  51
      "total                       182660\n"
      "train accuracy "));
  CHECK(firstLines("04_mlp", {"--hidden", "3"})
            .starts_with("layer         weights   parameters\n"
                         "fc1           3 x 784         2355\n"
                         "fc2            10 x 3           40\n"
                         "total                         2395\n"
                         "train accuracy "));
  const std::string cnn =
      "layer              output   parameters\n"
      "input         28 x 28 x 1\n"
      "conv1        26 x 26 x 10          100\n"  // 10 x (3 x 3 + 1)
      "max pool     13 x 13 x 10            0\n"
      "conv2          9 x 9 x 16         4016\n"  // 16 x (10 x 5 x 5 + 1)
      "flatten              1296            0\n"
      "fc1                   100       129700\n"  // 100 x 1297
      "fc2                    10         1010\n"  // 10 x 101
      "total                           134826\n";
  CHECK(firstLines("05_cnn_serial").starts_with(cnn + "\nwhere the time goes"));
  CHECK(firstLines("06_cnn_batched").starts_with(cnn + "train accuracy "));
  CHECK(std::regex_search(
      firstLines("07_cnn_simd"),
      std::regex("^" + cnn + "(4|8|16) samples a pack\ntrain accuracy ")));
  for (const std::string program : {"08_cnn_fast", "09_winograd"})
    CHECK(std::regex_search(firstLines(program),
                            std::regex("^134826 parameters, (4|8|16) samples a pack\n"
                                       "train accuracy ")));
  for (const std::string program : {"04_mlp", "05_cnn_serial", "07_cnn_simd"})
    checkSays(easel.shown(program, none), ", 1 threads\n");
}

TEST_CASE("stage 05's shares of the time add up to all of it", "[shows]") {
  const Easel easel;
  // More images than it times, and fewer.
  for (const uword images : {101, 3}) {
    const std::string output = easel.shown(
        "05_cnn_serial", data(easel, smallMnist(images, 1)) + Words{"--epochs", "0"});
    const std::regex title(R"(\nwhere the time goes, in % of (\d+\.\d\d) ms an image\n)"
                           "layer       forward  error back   gradient\n");
    std::smatch each;
    REQUIRE(std::regex_search(output, each, title));
    CHECK(std::stod(each[1]) > 0);
    const Words lines = behind(output, "layer       forward  error back   gradient");
    const Words layers = {"conv1", "max pool", "conv2", "flatten", "fc1", "fc2"};
    double sum = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const std::string name = fmt::format("{:<10} ", layers[l]);
      INFO(lines.at(l));
      REQUIRE(lines[l].starts_with(name));
      const std::vector<double> shares = numbersIn(lines[l].substr(name.size()));
      REQUIRE(shares.size() == 3);  // forward, error back, gradient
      for (const double share : shares) CHECK(share >= 0);
      if (l == 0) CHECK(shares[1] == 0);  // there is nobody below
      if (layers[l] == "conv2")
        for (const double share : shares) CHECK(share > 1);
      for (const double share : shares) sum += share;
    }
    CHECK(sum == Approx(100).margin(18 * 0.05));
    CHECK(lines.at(layers.size()).empty());
  }
}

// ---- options ------------------------------------------------------------------------

namespace {

/// What --help says an option is where it is not given. CLI11's versions write it as
/// "--size INT:1 to 2048=2" or "--size INT:1 to 2048 [2]".
std::string defaultOf(const std::string& help, const std::string& option) {
  std::smatch found;
  const std::regex entry("\n +" + option + " [^\n=\\[]*(?:=|\\[)\\[?([^\\]\\s]+)");
  return std::regex_search(help, found, entry) ? found[1].str() : "nothing";
}

}  // namespace

TEST_CASE("the defaults of every stage are those of its chapter", "[shows]") {
  const Easel easel;
  using Defaults = std::map<std::string, std::string>;
  const std::string results = CNN_SOURCE_DIR "/results/";
  const Defaults cnn = {{"--batch", "128"},    {"--rate", "0.5"},
                        {"--lambda", "0.004"}, {"--clip", "0.01"},
                        {"--shift", "1"},      {"--seed", "1"},
                        {"--limit", "0"},      {"--validate", "0"},
                        {"--test-limit", "0"}, {"--schedule", "linear"}};
  const auto with = [](Defaults some, const Defaults& more) {
    some.insert(more.begin(), more.end());
    return some;
  };
  const std::map<std::string, Defaults> stages = {
      {"01_convolution",
       {{"--digit", "0"},
        {"--image", CNN_SOURCE_DIR "/data/pictures/ascent.png"},
        {"--kernel", "sobel"},
        {"--stride", "1"},
        {"--padding", "0"},
        {"--pixels", "256"},
        {"--largest", "31"},
        {"--repeats", "5"},
        {"--out", results + "01_convolution"}}},
      {"02_pooling",
       {{"--size", "2"},
        {"--stride", "2"},
        {"--padding", "0"},
        {"--kind", "both"},
        {"--digit", "0"},
        {"--out", results + "02_pooling"}}},
      {"03_conv_backprop",
       {{"--kernel", "sobel"},
        {"--rate", "0.25"},
        {"--iterations", "64"},
        {"--noise", "0"},
        {"--seed", "1"},
        {"--out", results + "03_conv_backprop"}}},
      {"04_mlp",
       {{"--mode", "minibatch"},
        {"--start", "xavier"},
        {"--units", "logistic"},
        {"--hidden", "200,100,50"},
        {"--anneal", "0.9"},
        {"--epochs", "20"},
        {"--batch", "64"},
        {"--rate", "1"},
        {"--lambda", "0.002"},
        {"--clip", "0.003"},
        {"--schedule", "anneal"},
        {"--shift", "0"},
        {"--seed", "1"},
        {"--limit", "0"},
        {"--validate", "0"},
        {"--test-limit", "0"}}},
      {"05_cnn_serial",
       {{"--epochs", "3"},
        {"--batch", "32"},
        {"--rate", "0.1"},
        {"--lambda", "0.01"},
        {"--clip", "0.5"},
        {"--schedule", "constant"},
        {"--shift", "0"},
        {"--seed", "1"},
        {"--limit", "2000"},
        {"--validate", "0"},
        {"--test-limit", "1000"}}},
      {"06_cnn_batched",
       with(cnn, {{"--epochs", "5"}, {"--chunk", "4"}, {"--threads", "0"}})},
      {"07_cnn_simd", with(cnn, {{"--epochs", "5"}})},
      {"08_cnn_fast", with(cnn, {{"--epochs", "14"}, {"--threads", "0"}})},
      {"09_winograd", with(cnn, {{"--epochs", "14"}, {"--threads", "0"}})}};
  for (const auto& [program, defaults] : stages) {
    const std::string help = easel.good(program, {"--help"});
    for (const auto& [option, value] : defaults) {
      INFO(program << " " << option);
      CHECK(defaultOf(help, option) == value);
    }
  }
  for (const char* line :
       {"stochastic --batch 1 --epochs 5 --limit 10000 --rate 0.05 --lambda 3e-05 "
        "--clip 0.5",
        "minibatch --batch 64 --epochs 20 --limit 0 --rate 1 --lambda 0.002 "
        "--clip 0.003",
        "full --batch all --epochs 300 --limit 2000 --rate 2 --lambda 0.002 --clip "
        "0.5"})
    checkSays(inOneLine(easel.good("04_mlp", {"--help"})), line);
}

TEST_CASE("a number is taken up to its limits and refused beyond", "[shows]") {
  const Easel easel;
  easel.put("x.png", 8, 8);
  struct Range {
    std::string option;
    int least, most;
  };
  const int any = -1;
  const auto check = [&](const std::string& program, const Words& quick,
                         const std::vector<Range>& ranges) {
    for (const auto& [option, least, most] : ranges) {
      const auto said = [&](int value) {
        return easel.run(program, quick + Words{option, std::to_string(value)}).err;
      };
      const std::string refusal = "error: " + option + ": '";
      INFO(program << " " << option);
      checkSays(said(least - 1),
                fmt::format("{}{}' is not a whole number of at least {};", refusal,
                            least - 1, least));
      CHECK(said(least).find(refusal) == std::string::npos);
      if (most == any) continue;
      checkSays(said(most + 1),
                fmt::format("{}{}' is more than {};", refusal, most + 1, most));
      CHECK(said(most).find(refusal) == std::string::npos);
    }
  };
  check("01_convolution", {"--image", "nowhere.png"},
        {{"--digit", 0, 59999},
         {"--stride", 1, 2048},
         {"--padding", 0, 256},
         {"--pixels", 1, 2048},
         {"--largest", 0, 127},
         {"--repeats", 1, 10000}});
  check("02_pooling", {"--image", "nowhere.png"},
        {{"--digit", 0, 59999},
         {"--size", 1, 2048},
         {"--stride", 1, 2048},
         {"--padding", 0, 2048}});
  check("03_conv_backprop", {"--break", "bias"},
        {{"--iterations", 1, 1'000'000}, {"--seed", 0, any}});
  for (const std::string& program : trainers)
    check(program, {"--data", "nowhere"},
          {{"--epochs", 0, any},
           {"--batch", 1, any},
           {"--shift", 0, 10},
           {"--seed", 0, any},
           {"--limit", 0, any},
           {"--test-limit", 0, any},
           {"--validate", 0, any}});
  check("04_mlp", {"--data", "nowhere"}, {{"--hidden", 1, any}});
  check("06_cnn_batched", {"--data", "nowhere"},
        {{"--chunk", 1, any}, {"--threads", 0, 1024}});

  // The smallest of a kind that must be above 0, and 0 itself.
  const auto checkNumber = [&](const std::string& program, const Words& quick,
                               const std::string& option, bool zero) {
    INFO(program << " " << option);
    const std::string refusal = "error: " + option + ": '";
    const auto refused = [&](const std::string& value) {
      return easel.run(program, quick + Words{option, value}).err.find(refusal) == 0;
    };
    CHECK(refused("-1e-300"));
    CHECK(refused("0") == !zero);
    CHECK_FALSE(refused("1e-300"));
  };
  checkNumber("03_conv_backprop", {"--break", "bias"}, "--rate", false);
  checkNumber("03_conv_backprop", {"--break", "bias"}, "--noise", true);
  for (const std::string& program : trainers) {
    checkNumber(program, {"--data", "nowhere"}, "--rate", false);
    checkNumber(program, {"--data", "nowhere"}, "--lambda", true);
    checkNumber(program, {"--data", "nowhere"}, "--clip", false);
  }
  checkNumber("04_mlp", {"--data", "nowhere"}, "--anneal", false);
}
