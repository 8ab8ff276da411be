// SPDX-License-Identifier: MIT
#include "common/pictures/digit.hpp"

#include "common/core/require.hpp"
#include "common/pictures/read_picture.hpp"

namespace cnn {

arma::mat readDigit(const std::filesystem::path& path, arma::uword size) {
  const arma::mat grey = readPicture(path);
  try {
    return toMnistDigit(grey, size);
  } catch (const InputError& error) {
    throw InputError(path.string() + ": " + error.what());
  }
}

}  // namespace cnn
