// SPDX-License-Identifier: MIT
#include "common/data/mnist.hpp"

#include "common/core/require.hpp"
#include "common/data/csv.hpp"
#include "common/data/file.hpp"
#include "common/data/idx.hpp"

#include <fmt/ranges.h>

#include <iterator>
#include <set>
#include <system_error>

namespace cnn {
namespace fs = std::filesystem;
namespace {

bool isThere(const fs::path& path) {
  std::error_code unknown;
  return fs::exists(path, unknown);
}

/// The file, or the same with ".gz" behind its name. Empty when there is neither.
fs::path rawOrZipped(const fs::path& file) {
  const fs::path zipped = file.string() + ".gz";
  return isThere(file) ? file : isThere(zipped) ? zipped : fs::path();
}

/// What to find in a folder where the file looked for is not.
std::string contentOf(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code unknown;
  for (const auto& entry : fs::directory_iterator(folder, unknown))
    names.insert(entry.path().filename().string());
  if (names.empty()) return "nothing";
  if (names.size() <= 5) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more",
                     fmt::join(names.begin(), std::next(names.begin(), 5), ", "),
                     names.size() - 5);
}

/// An IDX file as downloads name it: `train-images-idx3-ubyte` or with a dot,
/// `train-images.idx3-ubyte`, zipped or not, perhaps in a folder of such a name.
/// Empty when there is none.
fs::path findIdx(const fs::path& folder, const std::string& what,
                 const std::string& kind) {
  std::vector<std::string> names;
  for (const char* joint : {"-", "."})
    for (const char* ending : {"", ".gz"})
      names.push_back(what + joint + kind + ending);
  std::vector<fs::path> places = {folder};
  for (const std::string& name : names) places.push_back(folder / name);
  for (const fs::path& place : places)
    for (const std::string& name : names)
      if (isThere(place / name) && !fs::is_directory(place / name)) return place / name;
  return {};
}

fs::path trainImages(const fs::path& folder) {
  return findIdx(folder, "train-images", "idx3-ubyte");
}

/// Says no to a file that is missing, and what lies where it should be.
[[noreturn]] void failToFind(const fs::path& file) {
  throw InputError(fmt::format(
      "{}: no such file, with or without .gz; the folder holds {}", file.string(),
      contentOf(file.has_parent_path() ? file.parent_path() : ".")));
}

Dataset readIdx(const fs::path& folder, const std::string& set) {
  const auto find = [&](const std::string& what, const std::string& kind) {
    const fs::path file = findIdx(folder, set + what, kind);
    if (file.empty()) failToFind(folder / (set + what + "-" + kind));
    return file;
  };
  const fs::path images = find("-images", "idx3-ubyte");
  const fs::path labels = find("-labels", "idx1-ubyte");
  const auto imageBytes = readFile(images), labelBytes = readFile(labels);
  return parseIdx({images.string(), imageBytes}, {labels.string(), labelBytes});
}

/// The folder under this one where torchvision puts the files, `raw` or `MNIST/raw`.
/// Empty when there is none.
fs::path rawFolder(const fs::path& folder) {
  std::set<fs::path> found;
  const auto look = [&](const fs::path& raw) {
    if (!trainImages(raw).empty()) found.insert(raw);
  };
  look(folder / "raw");
  std::error_code unknown;
  for (const auto& entry : fs::directory_iterator(folder, unknown))
    look(entry.path() / "raw");
  requireInput(found.size() < 2,
               "{}: holds {} data sets; give the folder of one, as {}", folder.string(),
               found.size(), found.empty() ? "" : found.begin()->string());
  return found.empty() ? fs::path() : *found.begin();
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
  const fs::path test = file.parent_path() / testName;
  const fs::path found = rawOrZipped(test);
  if (found.empty()) failToFind(test);
  return {std::move(train), parse(found)};
}

TrainTest read(const fs::path& path) {
  requireInput(isThere(path), "{}: no such file or folder", path.string());
  if (!fs::is_directory(path)) return readCsv(path);
  const auto readFrom = [](const fs::path& folder) {
    return TrainTest{readIdx(folder, "train"), readIdx(folder, "t10k")};
  };
  if (!trainImages(path).empty()) return readFrom(path);
  for (const char* name : {"mnist_train.csv", "train.csv", "fashion-mnist_train.csv"})
    if (const fs::path file = rawOrZipped(path / name); !file.empty())
      return readCsv(file);
  if (const fs::path raw = rawFolder(path); !raw.empty()) return readFrom(raw);
  throw InputError(fmt::format(
      "{}: holds neither train-images-idx3-ubyte (and the other three IDX files) nor "
      "mnist_train.csv or train.csv, with or without .gz; it holds {}",
      path.string(), contentOf(path)));
}

}  // namespace

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

std::vector<std::string> doubtsAbout(const TrainTest& data) {
  const auto hasOneClass = [](const Dataset& set) {
    return set.size() > 1 && arma::all(set.labels == set.labels[0]);
  };
  const auto isBlank = [](const Dataset& set) { return set.pixels.max() == 0; };
  const auto isDim = [](const Dataset& set) { return set.pixels.max() == 1; };

  std::vector<std::string> doubts;
  const auto doubt = [&](const auto& holds, const char* what) {
    const bool train = holds(data.train), test = holds(data.test);
    const char* sets = !test ? "training" : !train ? "test" : "training and test";
    if (train || test) doubts.push_back(fmt::format("the {} images {}", sets, what));
  };
  doubt(hasOneClass,
        "all have one label: they teach and test nothing; is it the right "
        "column, and is the file sorted?");
  doubt(isBlank, "are blank: every pixel is 0");
  doubt(isDim,
        "have no pixel above 1, where white is 255; multiply pixels from 0 to 1 "
        "by 255");
  return doubts;
}

fs::path mnistFolder() { return CNN_SOURCE_DIR "/data/mnist"; }

}  // namespace cnn
