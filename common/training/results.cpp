// SPDX-License-Identifier: MIT
#include "common/training/results.hpp"

#include "common/pictures/gallery.hpp"
#include "common/pictures/plot.hpp"
#include "common/pictures/png.hpp"

#include <fmt/core.h>

#include <system_error>

namespace cnn {

namespace fs = std::filesystem;

void Results::made(const fs::path& path, const std::string& shows, bool drawn) {
  std::error_code ignored;
  std::erase_if(files_, [&](const auto& earlier) { return earlier.first == path; });
  if (drawn)
    files_.emplace_back(path, shows);
  else
    fs::remove(path, ignored);
}

void Results::print() const {
  for (const auto& [path, shows] : files_) {
    std::error_code error;
    const fs::path near = fs::proximate(path, error);
    fmt::print("wrote {}: {}\n", (error ? path : near).string(), shows);
  }
}

void Results::drawCurve(const fs::path& picture, const fs::path& log,
                        const std::string& judge) {
  made(picture, "cost and accuracy, epoch by epoch",
       plot(picture, "common/pictures/curve.gp", log, {judge}));
}

void Results::drawMistakes(const Dataset& data, const arma::mat& probabilities) {
  const arma::umat counts =
      confusionMatrix(data.labels, arma::index_max(probabilities, 0).t());
  std::string table = "truth,answer,count\n";
  for (arma::uword truth = 0; truth < counts.n_rows; ++truth)
    for (arma::uword answer = 0; answer < counts.n_cols; ++answer)
      table += fmt::format("{},{},{}\n", truth, answer, counts(truth, answer));
  const fs::path confusion = folder_ / "confusion.png";
  const bool drawn = plotTable(confusion, "common/pictures/confusion.gp", table);
  made(folder_ / "confusion.csv", "how often each digit was taken for which");
  made(confusion, "which digit was taken for which", drawn);

  const fs::path mistakes = folder_ / "mistakes.png";
  const arma::mat worst = mistakesPicture(data, probabilities);
  if (!worst.empty()) writePng(mistakes, worst);
  made(mistakes, "the mistakes it was most sure of", !worst.empty());
}

void Results::drawFirstLayer(const Tensors& weights, const arma::mat& image) {
  const auto first = weights.find("conv1.weight");
  if (first == weights.end()) return;
  const std::vector<arma::mat> filters = filtersOf(first->second);
  const fs::path picture = folder_ / "filters.png", maps = folder_ / "maps.png";
  writePng(picture, filtersPicture(filters));
  made(picture, "the filters of the first layer");
  writePng(maps, featureMapsPicture(mapsOf(filters, weights.at("conv1.bias"), image)));
  made(maps, "what they make of the first test image");
}

}  // namespace cnn
