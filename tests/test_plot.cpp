// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "common/pictures/plot.hpp"
#include "common/pictures/read_picture.hpp"
#include "common/program/progress.hpp"
#include "temporary_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <sstream>
#include <string>
#include <sys/ioctl.h>
#include <tuple>
#include <unistd.h>

using namespace cnn;

namespace {

bool gnuplotIsThere() {
  if (std::system("command -v gnuplot > /dev/null 2>&1") == 0) return true;
  WARN("gnuplot is not installed: charts are not tested");
  return false;
}

const std::string curve = "common/pictures/curve.gp",
                  confusion = "common/pictures/confusion.gp",
                  rows =
                      "epoch,cost,train_accuracy,test_accuracy,seconds\n"
                      "1,2.3,61,60,0.1\n2,0.4,96,97,0.1\n3,0.1,99,98,0.1\n";

/// Lets standard error go elsewhere as long as it lives.
class StandardErrorTo {
 public:
  explicit StandardErrorTo(int target) : before_(dup(STDERR_FILENO)) {
    dup2(target, STDERR_FILENO);
  }
  ~StandardErrorTo() {
    dup2(before_, STDERR_FILENO);
    close(before_);
  }
  StandardErrorTo(const StandardErrorTo&) = delete;
  StandardErrorTo& operator=(const StandardErrorTo&) = delete;

 private:
  int before_;
};

/// What `action` prints on standard error, which is a file meanwhile.
template <class Action>
std::string errorsOf(const Action& action) {
  const TemporaryFolder folder;
  const int file = open((folder / "errors").c_str(), O_CREAT | O_RDWR, 0600);
  REQUIRE(file >= 0);
  {
    const StandardErrorTo redirected(file);
    action();
  }
  close(file);
  return contentOf(folder / "errors");
}

/// The same when standard error is a terminal of so many columns.
template <class Action>
std::string onTerminal(unsigned columns, const Action& action) {
  const int outside = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(outside >= 0);
  REQUIRE(grantpt(outside) == 0);
  REQUIRE(unlockpt(outside) == 0);
  const int inside = open(ptsname(outside), O_RDWR | O_NOCTTY);
  REQUIRE(inside >= 0);
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  REQUIRE(ioctl(inside, TIOCSWINSZ, &size) == 0);
  setenv("TERM", "xterm", 1);
  {
    const StandardErrorTo redirected(inside);
    action();
    std::fputc('\0',
               stderr);  // the last character: a terminal hands out its text in pieces
    std::fflush(stderr);
  }
  std::string text;
  std::array<char, 4096> piece{};
  ssize_t length = 0;
  while ((text.empty() || text.back() != '\0') &&
         (length = read(outside, piece.data(), piece.size())) > 0)
    text.append(piece.data(), static_cast<std::size_t>(length));
  close(inside);
  close(outside);
  REQUIRE(length > 0);
  text.pop_back();
  return text;
}

/// A folder with a program named gnuplot in it, alone on the search path.
class OtherGnuplot {
 public:
  explicit OtherGnuplot(const std::string& script) : path_(std::getenv("PATH")) {
    if (!script.empty()) folder_.putProgram("gnuplot", script);
    setenv("PATH", folder_.path().c_str(), 1);
  }
  ~OtherGnuplot() { setenv("PATH", path_.c_str(), 1); }
  OtherGnuplot(const OtherGnuplot&) = delete;
  OtherGnuplot& operator=(const OtherGnuplot&) = delete;

 private:
  TemporaryFolder folder_;
  std::string path_;
};

}  // namespace

// ---- charts -------------------------------------------------------------------------

TEST_CASE("a table becomes a PNG picture beside it", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  CHECK(errorsOf([&] { CHECK(plotTable(folder / "chart.png", curve, rows)); }).empty());
  CHECK(contentOf(folder / "chart.csv") == rows);
  CHECK(contentOf(folder / "chart.png").starts_with("\x89PNG\r\n\x1a\n"));
  const arma::mat picture = readPicture(folder / "chart.png");
  CHECK(picture.n_cols > picture.n_rows);
  CHECK(picture(0, 0) == 1.0);             // white paper
  CHECK(arma::accu(picture < 0.6) > 500);  // and ink on it
  CHECK(folder.count() == 2);              // nothing else is left behind
}

TEST_CASE("drawing a chart leaves no temporary files", "[common]") {
  const TemporaryFolder folder, data;
  const char* before = std::getenv("TMPDIR");
  const std::string old = before ? before : "/tmp";
  setenv("TMPDIR", folder.path().c_str(), 1);
  chart("dumb", curve, data.put("log.csv", rows));
  setenv("TMPDIR", old.c_str(), 1);
  CHECK(folder.count() == 0);
}

TEST_CASE("a chart becomes an SVG drawing with its words", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string awkward = "it's 5 < 6 & {a}_b^c `ls` \\";
  CHECK(errorsOf([&] {
          CHECK(plotTable(folder / "chart.svg", curve, rows, {awkward}));
        }).empty());
  const std::string svg = contentOf(folder / "chart.svg");
  CHECK(svg.find("<svg") != std::string::npos);
  CHECK(svg.find("</svg>") != std::string::npos);
  checkSays(svg, "it's 5 &lt; 6 &amp; {a}_b^c `ls` \\ accuracy");
  for (const char* word : {"Learning MNIST", "epoch", "accuracy in %", ">cost<",
                           "train accuracy", "cost (right)"})
    checkSays(svg, word);
}

TEST_CASE("the three curves have colours that all can tell apart", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  REQUIRE(plotTable(folder / "chart.svg", curve, rows));
  const std::string svg = contentOf(folder / "chart.svg");
  // Blue, orange and green, in the order of the key; the last is dashed as well.
  std::size_t place = 0;
  for (const auto& [name, red, green, blue] :
       {std::tuple("train accuracy", 31, 111, 235),
        {"test accuracy", 194, 87, 12},
        {"cost (right)", 26, 127, 55}}) {
    const std::string colour = fmt::format("rgb({:3}, {:3}, {:3})", red, green, blue);
    INFO(name);
    place = svg.find(colour, svg.find(name, place));
    REQUIRE(place != std::string::npos);
  }
  CHECK(svg.find("stroke-dasharray", svg.find("cost (right)")) != std::string::npos);
  CHECK(svg.find("stroke-dasharray") > svg.find("cost (right)"));
}

TEST_CASE("a chart has other colours on a dark page", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  for (const auto& [script, table] :
       {std::pair(curve, rows), {confusion, "truth,answer,count\n0,0,9\n1,0,1\n"}}) {
    REQUIRE(plotTable(folder / "chart.svg", script, table));
    const std::string svg = contentOf(folder / "chart.svg");
    const std::size_t style = svg.find("@media (prefers-color-scheme:dark)");
    REQUIRE(style != std::string::npos);
    const std::string dark = svg.substr(style, svg.find("</style>") - style);
    for (const char* colour : {"#6cb0ff", "#ffa657", "#e4e7eb"}) {
      INFO(script << " " << colour);
      CHECK(dark.find(colour) != std::string::npos);
    }
  }
}

TEST_CASE("names and words of any kind run no commands", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string marker = (folder / "marker").string();
  const std::string words = "a\n!touch " + marker + "\n'; system('touch " + marker +
                            "') # `touch " + marker + "`\" . system(\"touch " + marker +
                            "\")";
  const std::string name = "it's $(touch marker) `x` \"";
  CHECK(plotTable(folder / (name + ".png"), curve, rows, {words}));
  CHECK(std::filesystem::exists(folder / (name + ".png")));
  CHECK(folder.count() == 2);
}

TEST_CASE("a table's name is never a command, and its cells neither", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const char* name : {"< touch marker", "|touch marker", "-", "'"}) {
    INFO(name);
    folder.put(name, rows);
    CHECK(plot("chart.png", curve, name));
  }
  folder.put("sizes", "size,`touch marker`,\"; system('touch marker')\n1,2,3\n2,3,4\n");
  CHECK(plot("chart.png", "common/benchmark/sizes.gp", "sizes", {"a", "b", "c"}));
  std::filesystem::current_path(before);
  CHECK_FALSE(std::filesystem::exists(folder / "marker"));
}

TEST_CASE("a chart of another kind is refused", "[common]") {
  const TemporaryFolder folder;
  checkSays(refusal([] { plot("chart.jpeg", curve, "log.csv"); }),
            "chart.jpeg: a chart's name ends in .png or .svg");
  CHECK_THROWS_AS(plot("table", confusion, "confusion.csv"), InputError);
}

TEST_CASE("without gnuplot a line says so and the old chart stays", "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("chart.png", "the old one");
  const OtherGnuplot none("");
  const std::string errors = errorsOf([&] {
    CHECK_FALSE(plotTable(path, curve, rows));
    CHECK(chart("dumb", curve, folder / "chart.csv").empty());
  });
  const std::string line = "no chart drawn: gnuplot is not installed\n";
  CHECK(errors == line + line);
  CHECK(contentOf(path) == "the old one");
  CHECK(contentOf(folder / "chart.csv") == rows);
}

TEST_CASE("when gnuplot fails half way a line says why and the old chart stays",
          "[common]") {
  const TemporaryFolder folder;
  const auto path = folder.put("chart.svg", "the old one");
  const OtherGnuplot broken("echo '<svg half'; echo 'line 3: no ink' >&2; exit 1");
  CHECK(errorsOf([&] { CHECK_FALSE(plotTable(path, curve, rows)); }) ==
        "no chart drawn: gnuplot failed: line 3: no ink\n");
  CHECK(contentOf(path) == "the old one");
  CHECK(folder.count() == 2);
}

TEST_CASE("a curve with holes is drawn and one of holes only is a failure",
          "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string cost = "stages/03_conv_backprop/cost.gp";
  CHECK(plotTable(folder / "holed.png", cost, "images,cost\n1,1\n2,nan\n3,3\n4,inf\n"));
  const std::string errors = errorsOf([&] {
    CHECK_FALSE(
        plotTable(folder / "empty.png", cost, "images,cost\n1,nan\n2,inf\n3,-nan\n"));
  });
  checkSays(errors, "no chart drawn: gnuplot failed: ");
  CHECK(std::count(errors.begin(), errors.end(), '\n') == 1);
  CHECK_FALSE(std::filesystem::exists(folder / "empty.png"));
}

TEST_CASE("a chart of a single epoch is drawn without complaint", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string single = rows.substr(0, rows.find("2,0.4"));
  CHECK(errorsOf([&] {
          CHECK(plotTable(folder / "one.png", curve, single));
          CHECK_FALSE(chart("dumb", curve, folder / "one.csv").empty());
        }).empty());
}

TEST_CASE("a chart in the terminal keeps to its size", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  std::istringstream lines(chart("dumb", curve, folder.put("log.csv", rows)));
  std::string line, all;
  int count = 0;
  for (; std::getline(lines, line); ++count) {
    CHECK(line.size() <= 73);  // the first begins a page
    all += line;
  }
  CHECK(count > 8);
  CHECK(count <= 21);
  for (const char* word : {"Learning MNIST", "epoch", "accuracy in %", "cost",
                           "cost (right)", "***", "###"})
    checkSays(all, word);
}

TEST_CASE("benchmarks are drawn over sizes that not all were measured at", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string script = "common/benchmark/sizes.gp";
  const auto drawn = [&](const std::string& table) {
    REQUIRE(
        plotTable(folder / "sizes.svg", script, table, {"Train", "batch", "images"}));
    return contentOf(folder / "sizes.svg");
  };
  const std::string some = "batch,stage 05,stage 06/threads:2\n1,100,\n8,,400\n";
  for (const char* word :
       {">Train<", ">batch<", ">images<", "stage 05", "stage 06/threads:2"})
    checkSays(drawn(some), word);
  // Eight times as large is no reason for a logarithmic axis, 64 times is.
  CHECK(drawn(some).find("> 10<") == std::string::npos);
  CHECK(drawn(some).find("> 4<") != std::string::npos);
  const std::string more = drawn(some + "64,100,400\n");
  CHECK(more.find("> 10<") != std::string::npos);
  CHECK(more.find("> 20<") == std::string::npos);
}

namespace {

/// A table as a run writes it, of a matrix with rows of one truth.
std::string confusionTable(const arma::umat& counts) {
  std::string table = "truth,answer,count\n";
  for (arma::uword truth = 0; truth < counts.n_rows; ++truth)
    for (arma::uword answer = 0; answer < counts.n_cols; ++answer)
      table += fmt::format("{},{},{}\n", truth, answer, counts(truth, answer));
  return table;
}

}  // namespace

TEST_CASE("a confusion table shows each count and what its sides mean", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const std::string table =
      confusionTable(arma::umat{{977, 0, 12}, {3, 888, 0}, {0, 41, 901}});
  CHECK(plotTable(folder / "table.svg", confusion, table));
  const std::string svg = contentOf(folder / "table.svg");
  for (const char* word : {"what each digit was taken for", "true digit", "answer",
                           ">977<", ">12<", ">3<", ">888<", ">41<", ">901<"})
    checkSays(svg, word);
  CHECK(svg.find(">0<") == std::string::npos);  // an empty cell says that
  CHECK(plotTable(folder / "table.png", confusion, table));
  CHECK(contentOf(folder / "table.png").starts_with("\x89PNG"));
  CHECK(plotTable(folder / "zero.png", confusion,
                  confusionTable(arma::umat(3, 3, arma::fill::zeros))));
}

TEST_CASE("a single mistake differs from none in a confusion table", "[common]") {
  if (!gnuplotIsThere()) return;
  const TemporaryFolder folder;
  const auto shadeOf = [&](arma::uword mistakes) {
    const arma::umat counts{{6000, mistakes}, {40, 6000}};
    REQUIRE(plotTable(folder / "table.png", confusion, confusionTable(counts)));
    const arma::mat picture = readPicture(folder / "table.png");
    // A place in the upper right cell, off the number in its middle.
    return picture(picture.n_rows / 4, picture.n_cols * 4 / 5);
  };
  CHECK(shadeOf(0) == 1.0);
  CHECK(shadeOf(1) < 0.97);
  CHECK(shadeOf(30) < shadeOf(1));
}

// ---- progress -----------------------------------------------------------------------

TEST_CASE("the progress bar is silent when errors go to a file", "[common]") {
  CHECK(errorsOf([] {
          ProgressBar bar("epoch 1/2", 10);
          bar.update(5, "cost 0.1");
        }).empty());
}

TEST_CASE("the progress bar is silent on a terminal when asked to be", "[common]") {
  const std::string text =
      onTerminal(80, [] { ProgressBar("epoch 1/2", 10, true).update(5, "cost 0.1"); });
  CHECK(text.empty());
}

TEST_CASE("the progress bar shows how far the work is and wipes itself", "[common]") {
  const std::string text =
      onTerminal(80, [] { ProgressBar("epoch 1/2", 4).update(2, "cost 0.1432"); });
  // 32 characters of bar, half of the 30 inside it done
  CHECK(text == "\repoch 1/2 [" + std::string(15, '=') + ">" + std::string(14, ' ') +
                    "]  50 %  cost 0.1432  0 s left\x1b[K\r\x1b[K");
}

TEST_CASE("the progress bar keeps within a narrow terminal", "[common]") {
  for (const unsigned columns : {60u, 40u, 30u, 12u, 2u}) {
    const std::string text = onTerminal(columns, [] {
      ProgressBar("epoch 1/2", 4).update(2, "cost 0.1432  accuracy 95.71 %");
    });
    const std::size_t end = text.find("\x1b[K");
    INFO(columns << " columns: " << text);
    REQUIRE(end != std::string::npos);
    CHECK(end - 1 <= columns - 1);  // what is between \r and the wipe
    CHECK(text.find('\n') == std::string::npos);
  }
}

TEST_CASE("the progress bar survives nothing to do and too much done", "[common]") {
  const std::string text = onTerminal(80, [] {
    ProgressBar("none", 0).update(0);
    ProgressBar("more", 2).update(5);
  });
  CHECK(text.find("none") == std::string::npos);
  CHECK(text.find("100 %") != std::string::npos);
}

TEST_CASE("the progress bar says what is left, as fast as it went so far", "[common]") {
  const auto left = [](std::size_t done, double elapsed) {
    const std::string line = progressLine("t", done, 400, elapsed, "", 200);
    const std::size_t percent = line.find(" %");
    REQUIRE(percent != std::string::npos);
    return line.substr(percent + 2);
  };
  CHECK(left(0, 30) == "");  // nothing is known yet
  CHECK(left(100, 30) == "  1 min 30 s left");
  CHECK(left(200, 30) == "  30 s left");
  CHECK(left(300, 30) == "  10 s left");
  CHECK(left(100, 3600) == "  3 h 0 min left");
  CHECK(left(400, 30) == "");
}

TEST_CASE("the progress bar is as full as the work is done", "[common]") {
  const auto line = [](std::size_t done, std::size_t columns) {
    return progressLine("t", done, 400, 30, "", columns);
  };
  CHECK(line(0, 80) == "t [>" + std::string(29, ' ') + "]   0 %");
  CHECK(line(100, 80) ==
        "t [=======>" + std::string(22, ' ') + "]  25 %  1 min 30 s left");
  CHECK(line(399, 80) == "t [" + std::string(29, '=') + ">]  99 %  0 s left");
  CHECK(line(400, 80) == "t [" + std::string(30, '=') + "] 100 %");
  CHECK(line(900, 80) == line(400, 80));
  CHECK(line(400, 14) == "t [====] 100 %");  // the bar gives way first
  CHECK(line(400, 13) == "t  100 %");
  CHECK(line(400, 5) == "t  10");
}

TEST_CASE("durations read like a clock", "[common]") {
  CHECK(duration(0.0) == "0 s");
  CHECK(duration(58.4) == "58 s");
  CHECK(duration(59.6) == "1 min 0 s");
  CHECK(duration(200.0) == "3 min 20 s");
  CHECK(duration(3599.7) == "1 h 0 min");
  CHECK(duration(3900.0) == "1 h 5 min");
  CHECK(duration(-1.0) == "?");
  CHECK(duration(std::numeric_limits<double>::infinity()) == "?");
}
