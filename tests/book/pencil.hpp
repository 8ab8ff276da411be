// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The worked examples of the chapters, computed by the stages' own code.
///
/// A chapter shows an example in a fenced block whose first line is ```pencil fourWindows.
/// What stands in the block is, letter by letter, what this prints:
///
///   PENCIL(fourWindows) {
///     const mat z = convolveWindows(X, K);
///     return fill(R"(
///     X             K           Z
///   #  #  #       #  #       ##  ##
///   #  #  #       #  #       ##  ##
///   #  #  #
///
///   top left   #·# + #·# + #·# + #·# = ##
///   )", beside({X, K, z}), terms(X.submat(0, 0, 1, 1), K), z(0, 0));
///   }
///
/// The page is the example with a field for each number; the values fill the fields in
/// reading order: line by line, from left to right.
///
///   ##      a whole number, right-aligned; one that is not whole is refused
///   #.##    a number rounded to two decimals
///   #       in whose place a word stands as it is: its value is a string
///
/// A number longer than its field grows to the left over spaces, so that a sign needs no
/// field. The page itself holds no number, other than in names such as w1: each is a value.
///
///   beside({X, K})     matrices side by side: the first rows of all, then the second rows
///   terms(x, w)        x00, w00, x01, w01, ...: the factors of a sum of products
///   fraction(0.5)      "1/2"
///   X, z.row(0), v     a matrix, a part or an expression of one, an array: row by row
///   3, -0.5, "text"    themselves
///
/// Keep the examples of chapter NN in pencil_NN.cpp. To see them and to compare:
///
///   ninja -C build/release pencil
///   build/release/bin/pencil fourWindows
///   tests/book/book --only pencil --bin build/release/bin 01

#include <armadillo>
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace cnn::pencil {

using arma::cube;
using arma::mat;
using arma::uword;
using arma::vec;

/// The example that goes through the book: a picture and a kernel.
inline const mat X = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
inline const mat K = {{1, 2}, {3, 4}};

/// What fills a field.
using Value = std::variant<double, std::string>;
using Values = std::vector<Value>;

inline void append(Values& to, const Values& values) {
  to.insert(to.end(), values.begin(), values.end());
}
inline void append(Values& to, const char* text) { to.emplace_back(std::string(text)); }
inline void append(Values& to, const std::string& text) { to.emplace_back(text); }
inline void append(Values& to, std::span<const double> numbers) {
  to.insert(to.end(), numbers.begin(), numbers.end());
}
inline void append(Values& to, std::span<const float> numbers) {
  to.insert(to.end(), numbers.begin(), numbers.end());
}
template <class Number>
requires std::is_arithmetic_v<Number>
void append(Values& to, Number number) { to.emplace_back(static_cast<double>(number)); }
template <class Number, class Expression>
void append(Values& to, const arma::Base<Number, Expression>& expression) {
  const arma::Mat<Number> x = expression.get_ref();
  for (uword i = 0; i < x.n_rows; ++i)
    for (uword j = 0; j < x.n_cols; ++j) append(to, x(i, j));
}

/// Matrices side by side, in reading order; they may differ in height.
inline Values beside(std::initializer_list<mat> matrices) {
  Values values;
  uword height = 0;
  for (const mat& x : matrices) height = std::max(height, x.n_rows);
  for (uword i = 0; i < height; ++i)
    for (const mat& x : matrices)
      if (i < x.n_rows) append(values, x.row(i));
  return values;
}

/// The factors of sum x % w, pair by pair in reading order.
inline Values terms(const mat& x, const mat& w) {
  Values values;
  for (uword i = 0; i < x.n_rows; ++i)
    for (uword j = 0; j < x.n_cols; ++j) {
      append(values, x(i, j));
      append(values, w(i, j));
    }
  return values;
}

/// A number as a fraction with a small denominator.
/// @throws std::runtime_error when there is none up to 100
std::string fraction(double number);

/// The page with its fields filled.
/// @throws std::runtime_error when there are more or fewer values than fields, when a
///         number does not fit its field, and when the page holds a number
std::string fillPage(std::string_view page, const Values& values);

template <class... Parts>
std::string fill(std::string_view page, const Parts&... parts) {
  Values values;
  (append(values, parts), ...);
  return fillPage(page, values);
}

/// The examples of all chapters, by name.
struct Example {
  std::string_view name;
  std::string (*text)();
};
inline std::vector<Example>& examples() {
  static std::vector<Example> all;
  return all;
}
inline bool enter(Example example) {
  examples().push_back(example);
  return true;
}

}  // namespace cnn::pencil

/// Heads the function that returns the text of the example `name`.
#define PENCIL(name)                                 \
  static std::string name##Text();                   \
  [[maybe_unused]] static const bool name##Entered = \
      cnn::pencil::enter({#name, name##Text});       \
  static std::string name##Text()
