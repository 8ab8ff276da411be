// SPDX-License-Identifier: MIT
#include "09_winograd/winograd.hpp"
#include "learner/exercise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <stdexcept>

using namespace cnn;
using arma::mat;
using arma::uword;
using arma::vec;
using learner::Parts;

/// The three matrices, as a function with mistakes might have filled them.
struct Matrices {
  mat A, G, BT;
};

template <std::size_t rows, std::size_t columns, class T>
static mat toMat(const T (&from)[rows][columns]) {
  mat to(rows, columns);
  for (std::size_t q = 0; q < rows; ++q)
    for (std::size_t k = 0; k < columns; ++k)
      to(q, k) = static_cast<double>(from[q][k]);
  return to;
}

template <std::size_t rows, std::size_t columns, class T>
static void fromMat(const mat& from, T (&to)[rows][columns]) {
  for (std::size_t q = 0; q < rows; ++q)
    for (std::size_t k = 0; k < columns; ++k) to[q][k] = static_cast<T>(from(q, k));
}

/// The matrices, made where it shows when a number is written behind them.
template <class W>
static W made() {
  alignas(W) std::array<unsigned char, sizeof(W) + 64> room;
  room.fill(0xa5);
  const W w = *new (room.data()) W;
  if (std::count(room.begin() + sizeof(W), room.end(), 0xa5) != 64)
    throw std::out_of_range(
        "a number was written behind the matrices: an index runs too far");
  return w;
}

/// The points that are numbers: pairs, then 0 where one is left over.
static vec pointsOf(uword count) {
  const vec pairs{1, -1, 2, -2, 0.5, -0.5};
  vec p(count, arma::fill::zeros);
  p.head(count / 2 * 2) = pairs.head(count / 2 * 2);
  return p;
}

/// What a row of BT is divided by, that pairs differ in the sign of odd places.
static double divisor(const vec& p, uword q) { return p.n_elem % 2 ? 1 : p(q); }

/// Only the product of a row of G and one of BT counts. Brings BT to the scale of the
/// chapter and G against it, the rows of a pair alike, so that every right pair looks the
/// same.
static void toScale(Matrices& w) {
  const vec p = pointsOf(w.BT.n_rows - 1);
  double factor = 1;
  for (uword q = 0; q <= p.n_elem; ++q) {
    const bool infinity = q == p.n_elem, second = q % 2 == 1 && !infinity;
    const double leading = w.BT(q, infinity ? q : p.n_elem - 1);
    if (!second) factor = 1 / (infinity ? 1 : divisor(p, q)) / leading;
    if (factor == 0 || !std::isfinite(factor)) continue;
    w.BT.row(q) *= factor;
    w.G.row(q) /= factor;
  }
}

/// The matrices, and what they make of a filter g and a row d.
template <class W, class T, int outputs>
static Parts parts(const W& w, const mat& g, const mat& d) {
  const std::vector<T> filter(g.begin(), g.end()), row(d.begin(), d.end());
  auto products = W::toPoints(w.G, filter.data());
  const auto pixels = W::toPoints(w.BT, row.data());
  for (std::size_t q = 0; q < products.size(); ++q) products[q] *= pixels[q];
  T y[outputs] = {};
  W::fromPoints(w.A, products, y);
  Matrices shown{toMat(w.A), toMat(w.G), toMat(w.BT)};
  toScale(shown);
  return {{"A", learner::numbers(shown.A)},
          {"G", learner::numbers(shown.G)},
          {"BT", learner::numbers(shown.BT)},
          {"y", learner::numbers(arma::Mat<T>(y, 1, outputs))}};
}

/// BT, when `step` takes one factor (x - p) after the other into the coefficients.
template <class Step>
static mat products(const vec& p, bool own, const Step& step) {
  mat BT(p.n_elem + 1, p.n_elem + 1);
  for (uword q = 0; q <= p.n_elem; ++q) {
    vec m(BT.n_cols, arma::fill::zeros);
    m(0) = 1;
    for (uword r = 0; r < p.n_elem; ++r)
      if (r != q || own) step(m, p(r));
    BT.row(q) = m.t() / (q == p.n_elem ? 1 : divisor(p, q));
  }
  return BT;
}

/// m(x) <- x m(x) + factor m(x)
static void times(vec& m, double factor) {
  vec moved = arma::shift(m, 1);
  moved(0) = 0;
  m = moved + factor * m;
}

template <class T, int outputs, int taps>
static void matrices(learner::Sheet& sheet, const mat& g, const mat& d,
                     double tolerance = 1e-12) {
  using W = fast::Winograd<T, outputs, taps>;
  const vec p = pointsOf(W::points - 1);
  sheet.given("outputs", outputs);
  sheet.given("taps", taps);
  sheet.given("p", mat(p.t()));
  sheet.given("g", g);
  sheet.given("d", d);
  sheet.answer(
      "matrices", [&] { return parts<W, T, outputs>(made<W>(), g, d); }, tolerance);

  const auto suspect = [&](const char* mistake, auto&& spoil) {
    sheet.suspect(mistake, [&] {
      W w;
      Matrices all{toMat(w.A), toMat(w.G), toMat(w.BT)};
      spoil(all);
      fromMat(all.A, w.A), fromMat(all.G, w.G), fromMat(all.BT, w.BT);
      return parts<W, T, outputs>(w, g, d);
    });
  };
  suspect("a sign in the coefficients of BT: the lowest one is multiplied by -p",
          [&](Matrices& w) {
            w.BT = products(p, false, [](vec& m, double point) {
              const double lowest = m(0) * point;
              times(m, -point);
              m(0) = lowest;
            });
          });
  suspect("(x + p) where (x - p) belongs", [&](Matrices& w) {
    w.BT = products(p, false, [](vec& m, double point) { times(m, point); });
  });
  suspect(
      "the coefficients are overwritten before they are used: go from the highest "
      "down",
      [&](Matrices& w) {
        w.BT = products(p, false, [](vec& m, double point) {
          m(0) *= -point;
          for (uword k = 1; k < m.n_elem; ++k) m(k) = m(k - 1) - point * m(k);
        });
      });
  suspect("the factor of the own point is in the product; it is to be left out",
          [&](Matrices& w) {
            w.BT = products(p, true, [](vec& m, double point) { times(m, -point); });
          });
  const auto eachPoint = [&](auto&& change) {
    return [&, change](Matrices& w) {
      for (uword q = 0; q < p.n_elem; ++q) change(w, q);
    };
  };
  suspect("G is not divided by what the polynomial is at its own point",
          eachPoint([&](Matrices& w, uword q) {
            for (uword r = 0; r < p.n_elem; ++r)
              if (r != q) w.G.row(q) *= p(q) - p(r);
          }));
  suspect(
      "the rows of p and -p differ in the sign of the even places; toPoints wants "
      "them to differ in the odd ones: divide them by p",
      eachPoint([&](Matrices& w, uword q) {
        w.BT.row(q) *= divisor(p, q);
        w.G.row(q) /= divisor(p, q);
      }));
  suspect("divided by p where 0 is among the points, too; there nothing is divided",
          eachPoint([&](Matrices& w, uword q) {
            w.BT.row(q) *= divisor(p, q) / p(q);
            w.G.row(q) *= p(q) / divisor(p, q);
          }));
  suspect("BT is divided by p and G not multiplied by it",
          eachPoint([&](Matrices& w, uword q) { w.G.row(q) /= divisor(p, q); }));
  suspect("the powers begin with p, not with 1", eachPoint([&](Matrices& w, uword q) {
            w.A.row(q) *= p(q);
            w.G.row(q) *= p(q);
          }));
  suspect("infinity is treated as a point that is a number: its row in A is 0 ... 0 1",
          [&](Matrices& w) {
            w.A.row(p.n_elem).zeros();
            w.A(p.n_elem, 0) = 1;
          });
}

template <class T, int outputs, int taps>
static void random(learner::Sheet& sheet, double tolerance = 1e-12) {
  const mat g = sheet.whole(1, taps).slice(0),
            d = sheet.whole(1, outputs + taps - 1).slice(0);
  matrices<T, outputs, taps>(sheet, g, d, tolerance);
}

EXERCISE(9, 1) {
  sheet.begin("F(2, 3), the pencil's");
  matrices<double, 2, 3>(sheet, {{1, 2, 3}}, {{1, 1, 2, 4}});
  sheet.begin("F(2, 2), without a 0 among the points");
  matrices<double, 2, 2>(sheet, {{1, 2}}, {{3, 4, 5}});
  sheet.begin("F(3, 5), the layer's");
  random<double, 3, 5>(sheet);
  sheet.begin("F(4, 3)");
  random<double, 4, 3>(sheet);
  sheet.begin("F(3, 2)");
  random<double, 3, 2>(sheet);
  sheet.begin("F(3, 5) in single precision");
  random<float, 3, 5>(sheet, 1e-4);
}
