// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// What a wrong answer looks like: a guess at the mistake behind it, in words.

#include "record.hpp"

#include <string>
#include <vector>

namespace cnn::learner {

/// A case of which the answer is wrong, beside the book's.
struct Wrong {
  const Case* book;
  const Case* mine;
};

/// Whether numbers agree: same shape, and no entry apart by more than the case's
/// tolerance times the largest number of the book's. NaN agrees with NaN.
bool agree(const arma::cube& book, const arma::cube& mine, double tolerance);

/// The same of all parts, in their order.
bool agree(const Parts& book, const Parts& mine, double tolerance);

/// The first explanation that fits all cases: a suspect, what the gradient microscope
/// says of a measured gradient, or what the numbers have in common. "" when none fits.
/// @param all every case that has an answer, right or wrong
/// @param wrong those that are wrong, at least one
std::string guess(const std::vector<Wrong>& all, const std::vector<Wrong>& wrong);

/// What lies behind an exception that ended a function, "" when its words say enough.
std::string guessThrown(const std::string& what);

}  // namespace cnn::learner
