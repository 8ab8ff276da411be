// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The gradient microscope: two gradients that should be equal and are not, and what
/// they look like near the worst entry.

#include "common/checking/diagnosis.hpp"

#include <armadillo>

#include <string>

namespace cnn {

/// Analytic, numeric and their ratio as small matrices: the part of that slice around
/// the entry, at most 6 x 6.
std::string magnify(const Specimen& specimen, arma::uword row, arma::uword column,
                    arma::uword slice);

}  // namespace cnn
