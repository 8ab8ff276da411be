// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The cases of an exercise: what goes into a function, and what it makes of it. Each is
/// compiled twice, against the book's headers and against the reader's, in programs of
/// their own: in one program the linker would keep one of two functions of the same name
/// and say nothing. Both write down what came out; the judge compares the two records.
///
///   EXERCISE(3, 5) {
///     sheet.begin("with the pencil");
///     sheet.given("x", x);
///     sheet.answer("spread", [&] { return dilate(x, 2); });
///     sheet.suspect("the zeros between the columns only", [&] { return ...; });
///   }

#include "common/core/random.hpp"

#include <armadillo>

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cnn::learner {

/// A part of an answer: "values", and the numbers as a cube.
struct Part {
  std::string name;
  arma::cube numbers;
};
using Parts = std::vector<Part>;

/// Anything that a lesson returns, as a cube: a vector is a column, filters stand slice
/// behind slice.
inline arma::cube numbers(const arma::cube& x) { return x; }
template <class T>
arma::cube numbers(const arma::Mat<T>& x) {
  const arma::mat m = arma::conv_to<arma::mat>::from(x);
  return arma::cube(m.memptr(), m.n_rows, m.n_cols, 1);
}
template <class T>
requires std::integral<T> || std::floating_point<T> arma::cube numbers(T x) {
  return arma::cube(1, 1, 1, arma::fill::value(static_cast<double>(x)));
}
inline arma::cube numbers(const arma::ucube& x) {
  return arma::conv_to<arma::cube>::from(x);
}
arma::cube numbers(const std::vector<arma::cube>& filters);

/// Writes the record of an exercise, line by line, so that of a function that crashes it
/// is known in which case it did.
class Sheet {
 public:
  /// @param file where the record goes
  /// @param book whether this program is made of the book's headers
  /// @param seed of the random cases; the same in both programs
  Sheet(const std::string& file, bool book, std::uint64_t seed);

  /// A new case, named as in "With TITLE:", for example "with the pencil".
  void begin(const std::string& title);

  /// An input, shown to the reader beside what came out.
  template <class T>
  void given(const std::string& name, const T& value) {
    writeGiven(name, numbers(value));
  }

  /// What the function makes of the inputs. Numbers may differ by `tolerance` times the
  /// largest. `run` returns Parts, or what numbers() takes, which is then called `name`.
  template <class Run>
  void answer(const std::string& name, const Run& run, double tolerance = 1e-9) {
    writeAnswer([&] { return parts(name, run()); }, tolerance);
  }

  /// Whether this is the book's program, which alone knows suspects and slopes.
  bool isBook() const { return book_; }

  /// What a likely mistake would give in this case, computed from correct functions; it
  /// is asked for in the book's program only. The words complete "It looks like: ...".
  template <class Run>
  void suspect(const std::string& mistake, const Run& run) {
    if (book_) writeSuspect(mistake, [&] { return parts("", run()); });
  }

  /// dJ/dx by central differences, for the part of this name: the gradient check. `cost`
  /// reads x by reference; it is called in the book's program only.
  void slope(const std::string& part, arma::cube& x,
             const std::function<double()>& cost);
  void slope(const std::string& part, arma::mat& x,
             const std::function<double()>& cost);

  /// Whole numbers from -most to most, rows x columns x slices: easy to read.
  arma::cube whole(arma::uword rows, arma::uword columns, arma::uword slices = 1,
                   int most = 5);
  /// Numbers from N(0, 1), rows x columns x slices.
  arma::cube normal(arma::uword rows, arma::uword columns, arma::uword slices = 1);

  Random random;  ///< of the random cases

 private:
  static Parts parts(const std::string&, Parts all) { return all; }
  template <class T>
  static Parts parts(const std::string& name, const T& value) {
    return {{name, numbers(value)}};
  }
  void writeGiven(const std::string& name, const arma::cube& numbers);
  void writeAnswer(const std::function<Parts()>& run, double tolerance);
  void writeSuspect(const std::string& mistake, const std::function<Parts()>& run);

  std::string file_;
  bool book_;
};

/// An exercise adds itself to its program.
struct Registered {
  Registered(int stage, int number, void (*cases)(Sheet&));
};

}  // namespace cnn::learner

/// The cases of exercise STAGE.NUMBER; `sheet` takes them.
#define EXERCISE(stage, number)                                        \
  static void cases_##stage##_##number(cnn::learner::Sheet& sheet);    \
  static const cnn::learner::Registered registered_##stage##_##number( \
      stage, number, cases_##stage##_##number);                        \
  static void cases_##stage##_##number([[maybe_unused]] cnn::learner::Sheet& sheet)
