// SPDX-License-Identifier: MIT
#include "chart.hpp"
#include "figures.hpp"

#include <array>
#include <string>

namespace cnn::figures {

namespace {

// A row of a matrix as a sum of letters, none with a minus first: {0, -1, 1} is d₂ − d₁.
std::string sumOf(const arma::rowvec& row, const std::string& letter) {
  constexpr std::array subscripts = {"₀", "₁", "₂", "₃"};
  std::string sum, later;
  for (uword k = 0; k < row.n_elem; ++k) {
    const std::string term = letter + subscripts[k];
    if (row(k) > 0) sum += (sum.empty() ? "" : " + ") + term;
    if (row(k) < 0) (sum.empty() ? later : sum) += " − " + term;
  }
  sum += later;
  return arma::abs(row).max() == 0.5 ? "½(" + sum + ")" : sum;
}

Drawing f23() {
  Drawing d(
      640, 560, "Two outputs for four multiplications",
      "Winograd's F(2,3): sums of the inputs and sums of the weights meet in four "
      "products; added and subtracted, the products are the two outputs, for "
      "which six products would be needed.");
  const mat inputSums = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
            weightSums = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}},
            outputSums = {{1, 1, 1, 0}, {0, 1, -1, -1}};
  const arma::vec x = {1, 1, 2, 4}, g = {1, 2, 3};
  const arma::vec v = inputSums * x, u = weightSums * g, m = u % v, y = outputSums * m;
  const auto row = [](uword q) { return 150 + 72 * double(q); };
  d.text({150, 24}, "the input d", "blue strong");
  d.cells({54, 46}, x.t(), all(full("blue")));
  d.text({364, 24}, "the weights g", "orange strong");
  d.cells({292, 46}, g.t(), all(full("orange")));
  for (uword q = 0; q < 4; ++q) {
    const double top = row(q), middle = top + 24;
    d.text({114, middle}, sumOf(inputSums.row(q), "d"), "end blue");
    d.cells({126, top}, mat(1, 1, arma::fill::value(v(q))), all(soft("blue")));
    d.text({186, middle}, "·", "large strong");
    d.cells({198, top}, mat(1, 1, arma::fill::value(u(q))), all(soft("orange")));
    d.text({256, middle}, sumOf(weightSums.row(q), "g"), "start orange");
    d.text({438, middle}, "=", "muted");
    d.cells({458, top}, mat(1, 1, arma::fill::value(m(q))), all(full("purple")));
    for (uword i = 0; i < 2; ++i)
      if (outputSums(i, q) != 0)
        d.text({543 + 58 * double(i), middle},
               (outputSums(i, q) * m(q) > 0 ? "+" : "") +
                   numeral(outputSums(i, q) * m(q)));
  }
  d.line({{518, row(4) - 8}, {626, row(4) - 8}}, "ink-line");
  for (uword i = 0; i < 2; ++i) {
    d.text({543 + 58 * double(i), row(0) - 24}, i == 0 ? "y₀" : "y₁", "green strong");
    d.cells({519 + 58 * double(i), row(4) + 4}, mat(1, 1, arma::fill::value(y(i))),
            all(full("green")));
  }
  d.text({486, row(4) + 28}, {{"4", "strong"}, {" products, not 6", "muted"}}, "end");
  return d;
}

}  // namespace

Drawings winograd() {
  return {{"f23", f23()}, {"curve", trainingCurve("docs/logs/09_curve.csv")}};
}

}  // namespace cnn::figures
