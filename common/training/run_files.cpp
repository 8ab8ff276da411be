// SPDX-License-Identifier: MIT
#include "common/training/run_files.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"

#include <regex>
#include <stdexcept>
#include <system_error>

namespace cnn {

namespace fs = std::filesystem;

namespace {

/// Files that are not there yet have nothing but their names to be told apart by.
bool sameFile(const fs::path& a, const fs::path& b) {
  std::error_code missing;
  const auto name = [&](const fs::path& path) {
    return fs::weakly_canonical(fs::absolute(path), missing);
  };
  return fs::equivalent(a, b, missing) || name(a) == name(b);
}

bool meantToBeOne(const RunFile& a, const RunFile& b) {
  return (a.role == "--resume" && b.role == "--checkpoint") ||
         (a.role == "--load" && b.role == "--save");
}

}  // namespace

void checkRunFiles(const std::vector<RunFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i)
    for (std::size_t k = i + 1; k < files.size(); ++k) {
      const RunFile &a = files[i], &b = files[k];
      requireInput(
          !(a.written || b.written) || meantToBeOne(a, b) || !sameFile(a.path, b.path),
          "{} {} and {} {} are one file; give each its own", a.role, a.path.string(),
          b.role, b.path.string());
    }
  for (const RunFile& file : files) {
    if (!file.written) continue;
    try {
      checkWritable(file.path);
    } catch (const std::runtime_error& error) {
      throw InputError(fmt::format("{} {}", file.role, error.what()));
    }
  }
}

std::vector<fs::path> dataFiles(const fs::path& data) {
  std::error_code unknown;
  std::vector<fs::path> files;
  const bool folder = fs::is_directory(data, unknown);
  if (!folder) files.push_back(data);
  const fs::path around = folder ? data : fs::absolute(data, unknown).parent_path();
  static const std::regex name(R"(.*ubyte(\.gz)?|.*(train|test).*\.csv(\.gz)?)",
                               std::regex::icase);
  fs::recursive_directory_iterator entry(
      around, fs::directory_options::skip_permission_denied, unknown);
  for (; !unknown && entry != fs::recursive_directory_iterator();
       entry.increment(unknown)) {
    if (entry.depth() == 2) entry.disable_recursion_pending();
    if (std::regex_match(entry->path().filename().string(), name))
      files.push_back(entry->path());
  }
  return files;
}

}  // namespace cnn
