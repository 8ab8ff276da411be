// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Matrices as blocks of text, beside each other while the screen is wide enough.

#include <armadillo>

#include <string>
#include <vector>

namespace cnn::learner {

constexpr std::size_t width = 80;  ///< of the screen

using Lines = std::vector<std::string>;  ///< of a block all have the same length

/// Numbers in columns under a title; those to be marked stand in [ ].
Lines block(const std::string& title, const arma::mat& numbers,
            const arma::umat& marked = {});

/// Above over below, entry by entry, with three digits; "-" where below is 0.
Lines ratios(const std::string& title, const arma::mat& above, const arma::mat& below);

/// How many lines all blocks take.
std::size_t height(const std::vector<Lines>& blocks);

/// Whether all blocks fit beside each other.
bool inOneRow(const std::vector<Lines>& blocks);

/// Blocks beside each other, on the next lines where the screen ends.
void print(const std::vector<Lines>& blocks);

/// Words in a row, on the next line where the screen ends.
void printWords(const Lines& words);

}  // namespace cnn::learner
