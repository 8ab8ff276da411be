// SPDX-License-Identifier: MIT
#include "04_mlp/activation.hpp"
#include "learner/exercise.hpp"

using namespace cnn;
using arma::mat;
using arma::uword;

/// The answer, in parts. Of two logits that are both the largest neither is the better
/// answer; in such a case nobody asks how many were right.
static learner::Parts parts(const Score& score, bool counted) {
  if (!counted) return {{"costSum", learner::numbers(score.costSum)}};
  return {{"costSum", learner::numbers(score.costSum)},
          {"correct", learner::numbers(score.correct)},
          {"samples", learner::numbers(score.samples)}};
}

/// The right score with the costs put together otherwise: cost(number of the sample, its
/// right cost).
template <class Cost>
static Score otherwise(const mat& z, const Labels& labels, const Cost& cost) {
  Score score = crossEntropy(z, labels);
  score.costSum = 0;
  for (uword n = 0; n < z.n_cols; ++n)
    score.costSum += cost(n, crossEntropy(z.col(n), {labels(n)}).costSum);
  return score;
}

static void costs(learner::Sheet& sheet, const mat& z, const Labels& labels,
                  bool counted = true) {
  sheet.given("z", z);
  sheet.given("labels", arma::conv_to<arma::rowvec>::from(labels));
  sheet.answer("score", [&] { return parts(crossEntropy(z, labels), counted); });
  const auto suspect = [&](const char* mistake, const auto& cost) {
    sheet.suspect(mistake, [&] { return parts(otherwise(z, labels, cost), counted); });
  };
  const auto right = [&](uword n) { return z(labels(n), n); };
  suspect(
      "the logarithm of a probability that was rounded to 0: work with z, not with p",
      [&](uword n, double) { return -std::log(softmax(z.col(n))(labels(n))); });
  suspect("the largest logit came off and must go back on behind the logarithm",
          [&](uword n, double cost) { return cost - z.col(n).max(); });
  suspect(
      "e to the power of a thousand, which is infinite (or of minus a thousand, "
      "which is 0): first take the largest logit off",
      [&](uword n, double) {
        return std::log(arma::accu(arma::exp(z.col(n)))) - right(n);
      });
  suspect("the cost of the last sample only: add, do not overwrite",
          [&](uword n, double cost) { return n + 1 < z.n_cols ? 0 : cost; });
  suspect("the mean of the costs: Score keeps sums",
          [&](uword, double cost) { return cost / static_cast<double>(z.n_cols); });
  suspect("the logarithm of p, which is never above 0: the cost is minus that",
          [](uword, double cost) { return -cost; });
  suspect("p itself added up, without the logarithm",
          [](uword, double cost) { return std::exp(-cost); });
  suspect("class 0 taken for the right one in every sample",
          [&](uword n, double cost) { return cost + right(n) - z(0, n); });
  suspect("the logit of the label is not taken off",
          [&](uword n, double cost) { return cost + right(n); });
  suspect("the sum of the whole matrix; each column has its own", [&](uword n, double) {
    const double largest = z.col(n).max();
    return largest + std::log(arma::accu(arma::exp(z - largest))) - right(n);
  });
  if (!counted) return;
  const auto miscounted = [&](const char* mistake, const auto& count) {
    sheet.suspect(mistake, [&] {
      Score score = crossEntropy(z, labels);
      score.correct = count(score.correct);
      return parts(score, counted);
    });
  };
  miscounted("correct counts the wrong answers",
             [&](uword correct) { return z.n_cols - correct; });
  miscounted("correct is still 0: nobody counts the right answers",
             [](uword) { return uword{0}; });
  miscounted("correct tells of the last sample only: add, do not overwrite",
             [&](uword) {
               const uword last = z.n_cols - 1;
               return uword{z.col(last).index_max() == labels(last)};
             });
  miscounted("every answer is counted as right", [&](uword) { return z.n_cols; });
}

EXERCISE(4, 5) {
  sheet.begin("the logits of the chapter, class 0 is right");
  costs(sheet, arma::vec{6, 6}, {0}, false);
  sheet.begin("the logits after the step, once with class 0 and once with class 1");
  costs(sheet, {{7.79, 7.79}, {5.41, 5.41}}, {0, 1});
  sheet.begin("three classes and three samples, two of them answered rightly");
  costs(sheet, {{1, 2, 0}, {3, 0, 2}, {-1, 1, 5}}, {1, 1, 2});
  sheet.begin("large logits, and one sample sure of a wrong answer");
  costs(sheet, {{1000, -1000}, {999, -3000}}, {0, 1});
  sheet.begin("random logits");
  costs(sheet, sheet.normal(4, 6).slice(0), {3, 0, 1, 2, 2, 0});
  sheet.begin("random logits and one class");
  costs(sheet, sheet.normal(1, 3).slice(0), {0, 0, 0});
}
