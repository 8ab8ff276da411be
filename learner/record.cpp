// SPDX-License-Identifier: MIT
#include "record.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace cnn::learner {
namespace {

using nlohmann::json;

arma::cube toCube(const json& x) {
  arma::cube numbers(x.at("rows").get<arma::uword>(),
                     x.at("columns").get<arma::uword>(),
                     x.at("slices").get<arma::uword>());
  const json& values = x.at("values");
  for (arma::uword i = 0; i < numbers.n_elem; ++i) {
    const json& value = values.at(i);
    numbers(i) =
        value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
  }
  return numbers;
}

Parts toParts(const json& all) {
  Parts parts;
  for (const json& part : all)
    parts.push_back({part.at("name").get<std::string>(), toCube(part.at("numbers"))});
  return parts;
}

}  // namespace

std::vector<Case> readRecord(const std::string& file) {
  std::vector<Case> cases;
  std::ifstream stream(file);
  for (std::string text; std::getline(stream, text);) {
    const json line = json::parse(text);
    if (line.contains("case")) {
      cases.push_back({.title = line["case"].get<std::string>(), .given = {}});
      continue;
    }
    Case& now = cases.at(cases.size() - 1);
    const auto name = [&](const char* key) { return line[key].get<std::string>(); };
    if (line.contains("given"))
      now.given.push_back({name("given"), toCube(line["numbers"])});
    else if (line.contains("asked"))
      now.tolerance = line["asked"].get<double>();
    else if (line.contains("suspect"))
      now.suspects.push_back({name("suspect"), toParts(line["answer"])});
    else if (line.contains("slope"))
      now.slopes.push_back({name("slope"), toCube(line["x"]), toCube(line["numbers"])});
    else if (line.contains("answer"))
      now.answer = toParts(line["answer"]);
    else if (line.contains("threw"))
      now.threw = name("threw");
    else if (line.contains("notWritten"))
      now.notWritten = true;
  }
  return cases;
}

}  // namespace cnn::learner
