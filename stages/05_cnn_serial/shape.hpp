// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: the size of what flows between two layers, and who fits it.

#include "common/core/require.hpp"
#include "common/data/dataset.hpp"

#include <armadillo>
#include <fmt/format.h>

#include <string>

namespace cnn {

/// The size of what flows between two layers, for one sample.
struct Shape {
  arma::uword rows = 0, columns = 0, channels = 0;
  bool flat = false;  ///< one long vector now; before that it had these sides

  arma::uword pixels() const { return rows * columns; }
  arma::uword size() const { return rows * columns * channels; }
  std::string text() const {
    return flat ? fmt::format("{}", size())
                : fmt::format("{} x {} x {}", rows, columns, channels);
  }
};

/// @throws InputError unless the images have the size that a network was built for
inline void requireFit(const Dataset& data, const Shape& input) {
  requireInput(data.rows == input.rows && data.columns == input.columns,
               "the network takes images of {} x {}, these are {} x {}", input.rows,
               input.columns, data.rows, data.columns);
}

}  // namespace cnn
