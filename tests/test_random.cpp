// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "common/core/random.hpp"
#include "same.hpp"

#include <cmath>
#include <numeric>
#include <vector>

using namespace cnn;

TEST_CASE("a seed means the same order on every machine") {
  Random random;
  random.discard(9999);
  CHECK(random() == 9981545732273789042u);  // the standard, [rand.predef]

  Random seeded(1);  // worked by a program in Python from the same two papers
  arma::uvec x = arma::regspace<arma::uvec>(0, 9);
  shuffle(x, seeded);
  CHECK(std::vector<arma::uword>(x.begin(), x.end()) ==
        std::vector<arma::uword>{1, 7, 3, 9, 4, 0, 5, 2, 6, 8});
}

TEST_CASE("a seed means the same normal numbers on every machine, but for the log") {
  Random random(1);  // worked by a program in Python from the same two papers
  const arma::mat x = normal(1, 5, 1, random);
  CHECK(same(
      x,
      arma::rowvec{-0.039399956754155314, -0.38683176162103955, -0.24894784633514516,
                   0.68682363917932521, -0.05464685232137162},
      1e-15));
  Random again(1);
  CHECK(same(normal(5, 1, 2, again), arma::mat(2 * x.t()), 1e-15));
}

TEST_CASE("normal numbers have the moments and the tails of the normal distribution") {
  Random random(7);
  const arma::vec x = arma::vectorise(normal(1000, 1000, 1, random));
  const double n = static_cast<double>(x.n_elem);
  // Five standard errors of each: chance fails a case once in a million seeds.
  const auto moment = [&](int power) { return arma::accu(arma::pow(x, power)) / n; };
  CHECK(std::abs(moment(1)) < 5 / std::sqrt(n));
  CHECK(std::abs(moment(2) - 1) < 5 * std::sqrt(2 / n));
  CHECK(std::abs(moment(4) - 3) < 5 * std::sqrt(96 / n));
  for (const double sigma : {1.0, 2.0, 3.0}) {
    const double beyond = std::erfc(sigma / std::sqrt(2));
    const arma::uvec far = arma::find(arma::abs(x) > sigma);
    const double found = static_cast<double>(far.n_elem) / n;
    CHECK(std::abs(found - beyond) < 5 * std::sqrt(beyond / n));
  }
}

TEST_CASE("every order of four comes as often as any other") {
  Random random(3);
  const int rounds = 24000;
  arma::uvec seen(256, arma::fill::zeros);
  arma::uvec x(4);
  for (int round = 0; round < rounds; ++round) {
    std::iota(x.begin(), x.end(), arma::uword{0});
    shuffle(x, random);
    ++seen[((x[0] * 4 + x[1]) * 4 + x[2]) * 4 + x[3]];
  }
  const arma::uvec orders = seen(arma::find(seen > 0));
  REQUIRE(orders.n_elem == 24);
  for (const arma::uword count : orders)  // 1000 each, +- five times sqrt(1000 23/24)
    CHECK(std::abs(static_cast<double>(count) - 1000) < 155);
}

TEST_CASE("numbers below n are as likely as each other, whatever n is") {
  Random random(5);
  // Two thirds of 2^64: without drawing again, the first half would come twice as often.
  const std::uint64_t n = Random::max() / 3 * 2;
  int low = 0;
  for (int round = 0; round < 10000; ++round) low += below(n, random) < n / 2;
  CHECK(std::abs(low - 5000) < 250);
  for (int round = 0; round < 1000; ++round) REQUIRE(below(1, random) == 0);
}
