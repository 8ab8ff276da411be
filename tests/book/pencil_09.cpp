// SPDX-License-Identifier: MIT
/// @file
/// The worked examples of chapter 09.

#include "09_winograd/winograd.hpp"
#include "pencil.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace {

using namespace cnn;
using namespace cnn::pencil;
using fast::Winograd, fast::winograd;

// F(2, 3), and its points in the order in which the chapter tells them.
using F23 = Winograd<double, 2, 3>;
constexpr F23 f23;
constexpr std::array order = {2, 0, 1, 3};  // 0, 1, -1, infinity

using Points = std::array<double, 4>;
using Tile = std::array<Points, 4>;

const std::vector<double> g = {1, 2, 3}, d = {1, 1, 2, 4};

Points inOrder(const Points& v) {
  return {v[order[0]], v[order[1]], v[order[2]], v[order[3]]};
}

template <class... Parts>
void add(Values& to, const Parts&... parts) {
  (append(to, parts), ...);
}

/// The products of two rows of values, point by point.
Points times(const Points& u, const Points& v) {
  return {u[0] * v[0], u[1] * v[1], u[2] * v[2], u[3] * v[3]};
}

template <int n>
mat matrixOf(const double (&M)[4][n]) {
  mat rows(4, n);
  for (uword q = 0; q < 4; ++q)
    for (uword k = 0; k < n; ++k) rows(q, k) = M[order[q]][k];
  return rows;
}

std::array<double, 2> outputs(const Points& m) {
  std::array<double, 2> y = {};
  F23::fromPoints(f23.A, m, y.data());
  return y;
}

/// A number as a fraction, right-aligned.
std::string right(double number, int width) {
  return fmt::format("{:>{}}", fraction(number + 0.0), width);  // no -0
}

std::string withCommas(int number) {
  return number < 1000 ? fmt::format("{:>7}", number)
                       : fmt::format("{:>3},{:03}", number / 1000, number % 1000);
}

Values fractions(const mat& rows, int width) {
  Values values;
  for (uword i = 0; i < rows.n_rows; ++i)
    for (uword j = 0; j < rows.n_cols; ++j) append(values, right(rows(i, j), width));
  return values;
}

PENCIL(sixProducts) {
  const mat row(d), taps(g);
  return fill(R"(
  g  #  #  #            y0 = #·# + #·# + #·# = ##
  d  #  #  #  #         y1 = #·# + #·# + #·# = ##
)",
              g, terms(taps, row.rows(0, 2)), dot(taps, row.rows(0, 2)), d,
              terms(taps, row.rows(1, 3)), dot(taps, row.rows(1, 3)));
}

PENCIL(fourProducts) {
  const Points m =
      times(F23::toPoints(f23.G, g.data()), F23::toPoints(f23.BT, d.data()));
  const auto [y0, y1] = outputs(m);
  const double m1 = m[2], m2 = m[0], m3 = m[1], m4 = -m[3];
  return fill(R"(
  m1 = g0               · (d0 - d2) = #             · (# - #) = ##
  m2 = (g0 + g1 + g2)/# · (d1 + d2) = (# + # + #)/# · (# + #) = ##
  m3 = (g0 - g1 + g2)/# · (d2 - d1) = (# - # + #)/# · (# - #) = ##
  m4 = g2               · (d1 - d3) = #             · (# - #) = ##

  y0 = m1 + m2 + m3 = ## + # + #    = ##
  y1 = m2 - m3 - m4 =  # - # - (##) = ##
)",
              g[0], d[0], d[2], m1,                    //
              2, g[0], g[1], g[2], 2, d[1], d[2], m2,  //
              2, g[0], g[1], g[2], 2, d[2], d[1], m3,  //
              g[2], d[1], d[3], m4,                    //
              m1, m2, m3, y0, m2, m3, m4, y1);
}

// ---- where the matrices come from ----------------------------------------------------

const std::vector<double> h = {5, 1};

/// The product of g and h by way of their values.
std::vector<double> coefficients() {
  std::vector<double> s(4);
  F23::fromPoints(f23.BT,
                  times(F23::toPoints(f23.G, g.data()), F23::toPoints(f23.A, h.data())),
                  s.data());
  return s;
}

PENCIL(valuesOfAProduct) {
  constexpr Winograd<double, 3, 2> f32;  // its A has the powers for three coefficients
  const Points atG = inOrder(f32.toPoints(f32.A, g.data())),
               atH = inOrder(F23::toPoints(f23.A, h.data())), at = times(atG, atH);
  const auto s = coefficients();
  return fill(R"(
  (# + #x + #x²) (# + x) = # + ##x + ##x² + #x³

  at  #          # · # = ##
  at  #          # · # = ##
  at ##          # · # = ##
  at infinity    # · # = ##

  s0                = #
  s1 = (## - #)/# - # = ##
  s2 = (## + #)/# - # = ##
  s3                = #
)",
              g, h[0], s, 0, atG[0], atH[0], at[0], 1, atG[1], atH[1], at[1], -1,
              atG[2], atH[2], at[2], atG[3], atH[3], at[3], s[0], at[1], at[2], 2,
              at[3], s[1], at[1], at[2], 2, at[0], s[2], s[3]);
}

/// The matrix that multiplies a polynomial of two coefficients by g.
mat multiplyByG() {
  mat T(4, 2);
  for (uword k = 0; k < 4; ++k)
    for (uword i = 0; i < 2; ++i) T(k, i) = i <= k && k < i + 3 ? g[k - i] : 0;
  return T;
}

PENCIL(turnedRound) {
  const mat T = multiplyByG();
  const arma::vec s(coefficients()), y = T.t() * arma::vec(d);
  return fill(R"(
     T      h       s            T'           d       y
   #  #     #      ##       #  #  #  #        #      ##
   #  #     #      ##       #  #  #  #        #      ##
   #  #            ##                         #
   #  #            ##                         #

   s times d    #·# + ##·# + ##·# + #·# = ##
   h times y    #·# + #·##              = ##
)",
              T.row(0), h[0], s(0), T.col(0).t(), d[0], y(0), T.row(1), h[1], s(1),
              T.col(1).t(), d[1], y(1), T.row(2), s(2), d[2], T.row(3), s(3), d[3],
              terms(s, mat(d)), dot(s, arma::vec(d)), terms(mat(h), y),
              dot(arma::vec(h), y));
}

PENCIL(matrices23) {
  const mat G = matrixOf(f23.G), BT = matrixOf(f23.BT), A = matrixOf(f23.A);
  const auto row = [&](uword q) {
    Values values = fractions(G.row(q), 4);
    append(values, BT.row(q));
    append(values, A.row(q));
    return values;
  };
  Values page;
  add(page, 0, row(0), 1, row(1), -1, row(2), row(3));
  return fill(R"(
                      G                    BT              A
  at  #         #### #### ####      ## ## ## ##      ## ##
  at  #         #### #### ####      ## ## ## ##      ## ##
  at ##         #### #### ####      ## ## ## ##      ## ##
  at infinity   #### #### ####      ## ## ## ##      ## ##
)",
              page);
}

// ---- two sides -----------------------------------------------------------------------

const mat picture = {{1, 1, 2, 4}, {0, 2, 1, 3}, {3, 1, 0, 2}, {2, 0, 1, 0}};
const mat kernel = {{1, 2, 3}, {0, 2, 0}, {1, 0, -1}};

/// M x M': the rows first, then the columns.
template <int n>
mat bothWays(const double (&M)[4][n], const mat& x) {
  mat rows(n, 4), all(4, 4);
  for (uword i = 0; i < n; ++i) {
    const arma::rowvec line = x.row(i);
    const Points v = F23::toPoints(M, line.memptr());
    for (uword q = 0; q < 4; ++q) rows(i, q) = v[q];
  }
  for (uword q = 0; q < 4; ++q) {
    const Points v = F23::toPoints(M, rows.colptr(q));
    for (uword p = 0; p < 4; ++p) all(p, q) = v[p];
  }
  return all;
}

mat inOrder(const mat& x) {
  const arma::uvec places = {2, 0, 1, 3};
  return x(places, places);
}

PENCIL(sixteenProducts) {
  const mat u = bothWays(f23.G, kernel), v = bothWays(f23.BT, picture), m = u % v;
  mat rows(4, 2), y(2, 2, arma::fill::zeros);
  for (uword q = 0; q < 4; ++q) {
    std::array<double, 2> column = {};
    F23::fromPoints(f23.A, {m(0, q), m(1, q), m(2, q), m(3, q)}, column.data());
    rows(q, 0) = column[0], rows(q, 1) = column[1];
  }
  for (uword i = 0; i < 2; ++i) {
    std::array<double, 2> row = {};
    F23::fromPoints(f23.A, {rows(0, i), rows(1, i), rows(2, i), rows(3, i)},
                    row.data());
    y(i, 0) = row[0], y(i, 1) = row[1];
  }
  return fill(R"(
      d               g            Y
  #  #  #  #      #  #  #      ##  ##
  #  #  #  #      #  #  #      ##  ##
  #  #  #  #      #  #  #
  #  #  #  #

     G g G'              BT d B          entry by entry
  ## ## ## ##         ## ## ## ##         ## ## ## ##
  ## ## ## ##         ## ## ## ##         ## ## ## ##
  ## ## ## ##         ## ## ## ##         ## ## ## ##
  ## ## ## ##         ## ## ## ##         ## ## ## ##
)",
              beside({picture, kernel, y}),
              beside({inOrder(u), inOrder(v), inOrder(m)}));
}

// ---- F(3, 5) -------------------------------------------------------------------------

using F35 = Winograd<double, 3, 5>;
constexpr F35 f35;

/// The point of row q, as wide as the longest.
std::string pointOf(int q) {
  constexpr std::array points = {1.0, -1.0, 2.0, -2.0, 0.5, -0.5};
  return q == 6 ? "infinity" : fmt::format("{:<8}", fraction(points[q]));
}

PENCIL(matrices35) {
  Values page;
  for (int q = 0; q < 7; ++q) {
    append(page, pointOf(q));
    for (int k = 0; k < 7; ++k) append(page, right(f35.BT[q][k], 6));
  }
  for (int q = 0; q < 7; ++q) {
    append(page, pointOf(q));
    for (int k = 0; k < 5; ++k) append(page, right(f35.G[q][k], 6));
    for (int k = 0; k < 3; ++k) append(page, right(f35.A[q][k], 4));
  }
  return fill(R"(
  at                              BT
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######
  ########    ###### ###### ###### ###### ###### ###### ######

  at                           G                            A
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
  ########    ###### ###### ###### ###### ######     #### #### ####
)",
              page);
}

// ---- what it costs -------------------------------------------------------------------

/// A number that counts what is done with it. What is multiplied and added at once counts
/// as one operation, and a product with 1 as none.
struct Counted {
  struct Product {
    double factor;
  };
  static inline int operations = 0;
  double value = 0;

  Counted() = default;
  Counted(double v) : value(v) {}
  Counted(Product p) { operations += p.factor != 1; }

  friend Product operator*(Counted a, Counted) { return {a.value}; }
  friend Counted operator+(Counted, Counted) { return ++operations, Counted(); }
  friend Counted operator-(Counted, Counted) { return ++operations, Counted(); }
  Counted& operator+=(Product) { return ++operations, *this; }
  friend bool operator!=(Counted a, double b) { return a.value != b; }
};

PENCIL(operations) {
  using W = Winograd<Counted, 3, 5>;
  const W w;
  const auto counted = [](const auto& work) {
    Counted::operations = 0;
    work();
    return Counted::operations;
  };
  const Counted pixels[7] = {};
  Counted y[3];
  const int way = counted([&] { W::toPoints(w.BT, pixels); }),
            back = counted([&] { W::fromPoints(w.A, {}, y); });
  const auto line = [](std::initializer_list<int> factors) {
    Values values;
    int product = 1;
    for (const int factor : factors) {
      append(values, factor);
      product *= factor;
    }
    append(values, withCommas(product));
    return values;
  };
  const int rows = 13 * 3, columns = 7 * 9, rowsBack = 9 * 3;
  return fill(R"(
  rows of pixels      ## channels · ## pieces · ## operations         #######
  columns             ## channels · ## pieces · ## operations         #######
  products            ## points · # tiles · ## channels · ## filters  #######
  columns back        ## filters · ## pieces · ## operations          #######
  rows back           ## filters · ## pieces · ## operations          #######
  together                                                            #######

  directly            ## outputs · ## filters · ### products          #######
)",
              line({10, rows, way}), line({10, columns, way}), line({49, 9, 10, 16}),
              line({16, columns, back}), line({16, rowsBack, back}),
              withCommas(10 * (rows + columns) * way + 49 * 9 * 10 * 16 +
                         16 * (columns + rowsBack) * back),
              line({81, 16, 250}));
}

/// A number of four decimal digits, rounded after each operation.
struct FourDigits {
  double value = 0;
  FourDigits() = default;
  FourDigits(double v) : value(v) {
    if (v == 0) return;
    const double unit = std::pow(10, std::floor(std::log10(std::abs(v))) - 3);
    value = std::round(v / unit) * unit;
  }
  friend FourDigits operator*(FourDigits a, FourDigits b) { return a.value * b.value; }
  friend FourDigits operator+(FourDigits a, FourDigits b) { return a.value + b.value; }
  friend FourDigits operator-(FourDigits a, FourDigits b) { return a.value - b.value; }
  FourDigits& operator+=(FourDigits b) { return *this = *this + b; }
  friend bool operator!=(FourDigits a, double b) { return a.value != b; }
};

/// The products of F(3, 5) and its outputs with numbers N.
template <class N>
struct Row {
  std::array<N, 7> u, v, m;
  std::array<N, 3> y = {};

  Row(const std::vector<double>& taps, const std::vector<double>& pixels) {
    const std::vector<N> w(taps.begin(), taps.end()), x(pixels.begin(), pixels.end());
    using W = Winograd<N, 3, 5>;
    const W matrices;
    u = W::toPoints(matrices.G, w.data());
    v = W::toPoints(matrices.BT, x.data());
    for (uword q = 0; q < 7; ++q) m[q] = u[q] * v[q];
    W::fromPoints(matrices.A, m, y.data());
  }
};

template <class N>
std::array<N, 3> directly(const std::vector<double>& taps,
                          const std::vector<double>& pixels) {
  std::array<N, 3> y = {};
  for (uword i = 0; i < 3; ++i)
    for (uword j = 0; j < 5; ++j) y[i] += N(taps[j]) * N(pixels[i + j]);
  return y;
}

PENCIL(fourDigits) {
  const std::vector<double> taps = {0.312, -0.523, 0.187, 0.442, -0.129},
                            pixels = {0.105, 0.914, 0.733, 0.862, 0.227, 0.618, 0.409};
  const Row<FourDigits> row(taps, pixels);
  const Row<double> exact(taps, pixels);
  const auto direct = directly<FourDigits>(taps, pixels);
  Values page;
  add(page, taps, pixels);
  for (int q = 0; q < 7; ++q) {
    const auto at = static_cast<uword>(q);
    append(page, pointOf(q));
    add(page, row.u[at].value, row.v[at].value, row.m[at].value);
  }
  for (uword i = 0; i < 3; ++i) add(page, exact.y[i], direct[i].value, row.y[i].value);
  return fill(R"(
  g   #.###  #.###  #.###  #.###  #.###
  d   #.###  #.###  #.###  #.###  #.###  #.###  #.###

  at            G g       BT d    product
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####
  ########   #.#####    #.####    #.#####

        exact    by five products    by the seven
  y0   #.#####      #.#####            #.#####
  y1   #.#####      #.#####            #.#####
  y2   #.#####      #.#####            #.#####
)",
              page);
}

PENCIL(worstCase) {
  Values page;
  double total[3] = {};
  for (int q = 0; q < 7; ++q) {
    const auto sizes = [](const auto& row) {
      double sum = 0;
      for (const double factor : row) sum += std::abs(factor);
      return sum;
    };
    const double u = sizes(f35.G[q]), v = sizes(f35.BT[q]);
    append(page, pointOf(q));
    add(page, u, v, u * v);
    for (int i = 0; i < 3; ++i) {
      append(page, right(std::abs(f35.A[q][i]), 3));
      total[i] += std::abs(f35.A[q][i]) * u * v;
    }
  }
  append(page, total);
  return fill(R"(
  at          G g at most   BT d at most   product     to y0   y1   y2
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  ########       #.##         ##.##          ##.##       ###  ###  ###
  together                                              ##.# ##.# ##.#
)",
              page);
}

// ---- the way back --------------------------------------------------------------------

PENCIL(gradients) {
  const std::vector<double> delta = {1, 2};
  const Points u = F23::toPoints(f23.G, g.data()), v = F23::toPoints(f23.BT, d.data()),
               dm = F23::toPoints(f23.A, delta.data()), du = times(dm, v),
               dv = times(dm, u);
  std::array<double, 3> dg = {};
  std::array<double, 4> dd = {};
  F23::fromPoints(f23.G, du, dg.data());
  F23::fromPoints(f23.BT, dv, dd.data());
  Values page;
  add(page, delta, 0, 1, -1);
  add(page, inOrder(dm), inOrder(v), inOrder(du), dg);
  add(page, inOrder(dm), inOrder(u), inOrder(dv), dd);
  return fill(R"(
  delta   #  #

                 at #   at #  at ##  at infinity
  A delta        ##     ##     ##      ##
  BT d           ##     ##     ##      ##
  products       ##     ##     ##      ##           dg = G' products = # # ##

  A delta        ##     ##     ##      ##
  G g            ##     ##     ##      ##
  products       ##     ##     ##      ##           dd = B products = # # # #
)",
              page);
}

}  // namespace
