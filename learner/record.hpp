// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The record of an exercise, as exercise.cpp writes it: case after case.

#include "exercise.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cnn::learner {

/// What a likely mistake would have given.
struct Suspected {
  std::string mistake;
  Parts parts;
};

/// dJ/dx as it was measured, for the part of this name.
struct Slope {
  std::string part;
  arma::cube x, numeric;
};

struct Case {
  std::string title;
  Parts given;
  double tolerance = 0;              ///< of the answer, relative to the largest number
  std::optional<Parts> answer = {};  ///< none: it threw, crashed or was never reached
  std::string threw = {};            ///< what() of the exception that came instead
  bool notWritten = false;
  std::vector<Suspected> suspects = {};
  std::vector<Slope> slopes = {};
};

/// @throws std::exception when the file is no record
std::vector<Case> readRecord(const std::string& file);

}  // namespace cnn::learner
