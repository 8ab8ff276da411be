// SPDX-License-Identifier: MIT
#include "common/dataset.hpp"

#include "common/csv.hpp"
#include "common/file.hpp"
#include "common/idx.hpp"
#include "common/require.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

namespace cnn {
namespace fs = std::filesystem;
namespace {

bool isThere(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

/// The file, or the same with ".gz" behind its name.
fs::path rawOrZipped(const fs::path& file) {
  const fs::path zipped = file.string() + ".gz";
  requireInput(isThere(file) || isThere(zipped),
               "{}: no such file, with or without .gz", file.string());
  return isThere(file) ? file : zipped;
}

Dataset readIdx(const fs::path& folder, const std::string& set) {
  const fs::path images = rawOrZipped(folder / (set + "-images-idx3-ubyte"));
  const fs::path labels = rawOrZipped(folder / (set + "-labels-idx1-ubyte"));
  const auto imageBytes = readFile(images), labelBytes = readFile(labels);
  return parseIdx({images.string(), imageBytes}, {labels.string(), labelBytes});
}

/// Of the training file in CSV; the test file lies beside it.
TrainTest readCsv(const fs::path& file) {
  const auto parse = [](const fs::path& path) {
    const auto bytes = readFile(path);
    requireInput(!looksLikeIdx(bytes), "{}: is an IDX file; give the folder it lies in",
                 path.string());
    return parseCsv({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                    path.string());
  };
  Dataset train = parse(file);

  std::string testName = file.filename().string();
  if (testName.ends_with(".gz")) testName.resize(testName.size() - 3);
  const std::size_t place = testName.rfind("train");
  requireInput(
      place != std::string::npos,
      "{}: give the training file; the test file is looked for beside it, under "
      "its name with 'test' for 'train', and this name has no 'train'",
      file.string());
  testName.replace(place, 5, "test");
  return {std::move(train), parse(rawOrZipped(file.parent_path() / testName))};
}

TrainTest read(const fs::path& path) {
  requireInput(isThere(path), "{}: no such file or folder", path.string());
  if (!fs::is_directory(path)) return readCsv(path);
  const std::string first = "train-images-idx3-ubyte", csv = "mnist_train.csv";
  if (isThere(path / first) || isThere(path / (first + ".gz")))
    return {readIdx(path, "train"), readIdx(path, "t10k")};
  requireInput(isThere(path / csv) || isThere(path / (csv + ".gz")),
               "{}: holds neither {} (and the other three IDX files) nor {}, with or "
               "without .gz",
               path.string(), first, csv);
  return readCsv(rawOrZipped(path / csv));
}

}  // namespace

std::array<int, 2> Shift::of(arma::uword sample) const {
  if (most == 0) return {0, 0};
  // splitmix64 (Steele et al. 2014): well-mixed bits from any two numbers
  std::uint64_t h = sample + round * 0x9e3779b97f4a7c15u;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
  h ^= h >> 31;
  const auto places = 2 * static_cast<std::uint64_t>(most) + 1;
  return {static_cast<int>(h % places) - most,
          static_cast<int>(h / places % places) - most};
}

void Dataset::copyPixels(arma::uword sample, const Shift& shift,
                         std::uint8_t* to) const {
  require(sample < size(), "image {} is asked for, there are {}", sample, size());
  const std::uint8_t* from = pixels.colptr(sample);
  if (shift.most == 0) {
    std::copy_n(from, pixels.n_rows, to);
    return;
  }
  const auto [down, right] = shift.of(sample);
  const int height = static_cast<int>(rows), width = static_cast<int>(columns);
  std::fill_n(to, pixels.n_rows, std::uint8_t{0});
  for (int y = std::max(0, down); y < std::min(height, height + down); ++y)
    for (int x = std::max(0, right); x < std::min(width, width + right); ++x)
      to[y * width + x] = from[(y - down) * width + x - right];
}

arma::mat Dataset::image(arma::uword sample, const Shift& shift) const {
  return arma::reshape(images({sample}, shift), columns, rows).t();
}

arma::mat Dataset::images(const arma::uvec& samples, const Shift& shift) const {
  arma::mat x(pixels.n_rows, samples.n_elem);
  std::vector<std::uint8_t> bytes(pixels.n_rows);
  for (arma::uword i = 0; i < samples.n_elem; ++i) {
    copyPixels(samples[i], shift, bytes.data());
    double* grey = x.colptr(i);
    for (arma::uword k = 0; k < x.n_rows; ++k) grey[k] = bytes[k] / 255.0;
  }
  return x;
}

Dataset Dataset::slice(arma::uword first, arma::uword count) const {
  require(first <= size() && count <= size() - first,
          "samples {} to {} are asked for, there are {}", first, first + count, size());
  return {.rows = rows,
          .columns = columns,
          .pixels = {pixels.memptr() + first * pixels.n_rows, pixels.n_rows, count},
          .labels = {labels.memptr() + first, count}};
}

TrainTest loadMnist(const fs::path& path) {
  TrainTest data = read(path);
  requireInput(
      data.train.rows == data.test.rows && data.train.columns == data.test.columns,
      "{}: the training images are {} x {}, the test images {} x {}; both must "
      "be of one size",
      path.string(), data.train.rows, data.train.columns, data.test.rows,
      data.test.columns);
  return data;
}

fs::path mnistFolder() { return CNN_DATA_DIR "/mnist"; }

}  // namespace cnn
