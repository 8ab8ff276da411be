// SPDX-License-Identifier: MIT
// Runs the stages' benchmarks, prints Google Benchmark's table, and draws a chart of each
// group that was measured at more than one size.
//
// A benchmark's name says where it is drawn: in `Train/stage 06/threads:2/batch:64` the
// first part is the chart, the last is the place along x, what lies between is the curve.

#include "common/pictures/plot.hpp"
#include "common/program/machine.hpp"
#include "common/program/paths.hpp"
#include "common/program/run_main.hpp"

#include <benchmark/benchmark.h>
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

/// Prints as usual and keeps what the charts need.
class Charts : public benchmark::ConsoleReporter {
 public:
  using ConsoleReporter::ConsoleReporter;

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs)
      if (!run.error_occurred && run.run_type == Run::RT_Iteration) keep(run);
  }

  /// Draws every chart that has a curve of two points or more.
  void draw(const std::filesystem::path& folder) {
    for (auto& [title, curves] : charts_) {
      const auto& [what, over] = title;
      // A lone point is in the table that was printed.
      std::erase_if(curves, [](const auto& named) { return named.second.size() < 2; });
      const auto path = folder / fmt::format("{}_over_{}.png", what, over);
      if (!curves.empty() &&
          cnn::plotTable(path, "common/benchmark/sizes.gp", tableOf(curves, over),
                         {what, over, units_.at(what)}))
        fmt::print("drawn: {}\n", path.string());
    }
  }

 private:
  using Title = std::pair<std::string, std::string>;  // what is measured, over what
  using Curves = std::map<std::string, std::map<double, double>>;

  /// A row a size; a curve that was not measured there leaves its cell empty.
  static std::string tableOf(const Curves& curves, const std::string& over) {
    std::string table = over;
    std::set<double> sizes;
    for (const auto& [name, curve] : curves) {
      table += "," + name;
      for (const auto& [size, value] : curve) sizes.insert(size);
    }
    for (const double size : sizes) {
      table += fmt::format("\n{}", size);
      for (const auto& [name, curve] : curves)
        table += curve.contains(size) ? fmt::format(",{}", curve.at(size)) : ",";
    }
    return table + "\n";
  }

  void keep(const Run& run) {
    const std::string name = run.run_name.function_name + "/" + run.run_name.args;
    static const std::regex form("([^/]+)/(.+)/([^/:]+):([^/:]+)");
    std::smatch part;
    if (!std::regex_match(name, part, form)) return;
    const std::string what = part[1], label = part[2], over = part[3];
    const auto rate = run.counters.find("samples/s");
    const bool rated = rate != run.counters.end();
    units_[what] = rated ? "samples a second" : "seconds";
    charts_[{what, over}][label][std::stod(part[4])] =
        rated ? rate->second.value
              : run.real_accumulated_time / static_cast<double>(run.iterations);
  }

  std::map<Title, Curves> charts_;
  std::map<std::string, std::string> units_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  cnn::prepareMachine();
  using Reporter = benchmark::ConsoleReporter;
  Charts charts(isatty(STDOUT_FILENO) ? Reporter::OO_ColorTabular
                                      : Reporter::OO_Tabular);
  if (benchmark::RunSpecifiedBenchmarks(&charts) == 0) {
    cnn::printError(
        "error: no benchmark has that in its name; ./learn bench runs all\n");
    return 2;
  }
  charts.draw(cnn::resultsFolder("benchmarks"));
  benchmark::Shutdown();
}
