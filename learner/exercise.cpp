// SPDX-License-Identifier: MIT
#include "exercise.hpp"

#include "03_conv_backprop/gradient_check.hpp"
#include "not_written.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

namespace cnn::learner {
namespace {

using arma::cube;
using arma::uword;
using nlohmann::json;

/// NaN and infinity, which JSON has not, as words.
json toJson(const cube& x) {
  json values = json::array();
  for (const double value : x)
    values.push_back(std::isfinite(value) ? json(value) : json(std::to_string(value)));
  return {{"rows", x.n_rows},
          {"columns", x.n_cols},
          {"slices", x.n_slices},
          {"values", std::move(values)}};
}

json toJson(const Parts& parts) {
  json all = json::array();
  for (const Part& part : parts)
    all.push_back({{"name", part.name}, {"numbers", toJson(part.numbers)}});
  return all;
}

/// The line stays, whatever happens in the next moment.
void writeLine(const std::string& file, const json& line) {
  std::ofstream(file, std::ios::app) << line << std::endl;
}

std::map<std::pair<int, int>, void (*)(Sheet&)>& exercises() {
  static std::map<std::pair<int, int>, void (*)(Sheet&)> all;
  return all;
}

}  // namespace

cube numbers(const std::vector<cube>& filters) {
  cube all;
  for (const cube& filter : filters)
    all = all.is_empty() ? filter : arma::join_slices(all, filter);
  return all;
}

Sheet::Sheet(const std::string& file, bool book, std::uint64_t seed)
    : random(seed), file_(file), book_(book) {
  std::ofstream(file_, std::ios::trunc);
}

void Sheet::begin(const std::string& title) { writeLine(file_, {{"case", title}}); }

void Sheet::writeGiven(const std::string& name, const cube& numbers) {
  writeLine(file_, {{"given", name}, {"numbers", toJson(numbers)}});
}

void Sheet::writeAnswer(const std::function<Parts()>& run, double tolerance) {
  writeLine(file_, {{"asked", tolerance}});
  json line;
  try {
    line = {{"answer", toJson(run())}};
  } catch (const NotWritten& e) {
    line = {{"notWritten", e.what()}};
  } catch (const std::exception& e) {
    line = {{"threw", e.what()}};
  } catch (...) {
    line = {{"threw", "something that is no std::exception"}};
  }
  writeLine(file_, line);
}

void Sheet::writeSuspect(const std::string& mistake,
                         const std::function<Parts()>& run) {
  writeLine(file_, {{"suspect", mistake}, {"answer", toJson(run())}});
}

void Sheet::slope(const std::string& part, cube& x,
                  const std::function<double()>& cost) {
  if (!book_) return;
  const cube numeric = centralDifferences(cost, x);
  writeLine(file_, {{"slope", part}, {"x", toJson(x)}, {"numbers", toJson(numeric)}});
}

void Sheet::slope(const std::string& part, arma::mat& x,
                  const std::function<double()>& cost) {
  cube view(x.memptr(), x.n_rows, x.n_cols, 1, false, true);  // `cost` sees the changes
  slope(part, view, cost);
}

cube Sheet::whole(uword rows, uword columns, uword slices, int most) {
  const auto n = static_cast<std::uint64_t>(2 * most + 1);
  cube x(rows, columns, slices);
  x.imbue([&] { return static_cast<double>(below(n, random)) - most; });
  return x;
}

cube Sheet::normal(uword rows, uword columns, uword slices) {
  cube x(rows, columns, slices);
  x.each_slice(
      [&](arma::mat& slice) { slice = cnn::normal(rows, columns, 1, random); });
  return x;
}

Registered::Registered(int stage, int number, void (*cases)(Sheet&)) {
  exercises()[{stage, number}] = cases;
}

}  // namespace cnn::learner

/// FILE book|mine STAGE NUMBER: writes the record of one exercise.
int main(int argc, char** argv) {
  using namespace cnn::learner;
  const auto found = argc == 5
                         ? exercises().find({std::atoi(argv[3]), std::atoi(argv[4])})
                         : exercises().end();
  if (found == exercises().end()) {
    std::cerr
        << "usage: FILE book|mine STAGE NUMBER, for an exercise that is in here\n";
    return 2;
  }
  Sheet sheet(argv[1], argv[2] == std::string("book"), 1);
  try {
    found->second(sheet);
  } catch (const std::exception& e) {  // inputs must not need what is to be written
    std::cerr << "the cases themselves stopped: " << e.what() << "\n";
    return 3;
  }
  return 0;
}
