// SPDX-License-Identifier: MIT
#include "common/file.hpp"

#include "common/require.hpp"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cnn {
namespace fs = std::filesystem;
namespace {

struct CloseGz {
  void operator()(gzFile_s* file) const { gzclose_r(file); }
};

[[noreturn]] void failToWrite(const fs::path& path, const std::string& reason) {
  throw std::runtime_error(
      fmt::format("{}: cannot be written: {}", path.string(), reason));
}

/// A new file beside the target that vanishes unless it takes the target's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : target_(target) {
    static std::atomic<unsigned> serial = 0;  // two threads may write the same target
    do {
      path_ = fmt::format("{}.tmp{}-{}", target.string(), getpid(), serial++);
      descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail();
  }

  ~TemporaryFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!path_.empty()) unlink(path_.c_str());
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR) fail();
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// Only once the bytes are safe on the disk does the old file go.
  void replaceTarget() {
    struct stat old = {};
    if (stat(target_.c_str(), &old) == 0) fchmod(descriptor_, old.st_mode & 0777);
    if (fsync(descriptor_) != 0) fail();
    if (close(std::exchange(descriptor_, -1)) != 0) fail();
    if (rename(path_.c_str(), target_.c_str()) != 0) fail();
    path_.clear();
  }

 private:
  [[noreturn]] void fail() const { failToWrite(target_, std::strerror(errno)); }

  fs::path target_;
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace

std::vector<std::uint8_t> readFile(const fs::path& path, std::size_t limit) {
  const std::string name = path.string();
  std::error_code unknown;
  requireInput(!fs::is_directory(path, unknown), "{}: is a folder, a file is expected",
               name);
  const std::unique_ptr<gzFile_s, CloseGz> file(gzopen(path.c_str(), "rb"));
  requireInput(file != nullptr, "{}: cannot be read: {}", name, std::strerror(errno));
  gzbuffer(file.get(), 1 << 18);

  // A raw file fits at the first try (one byte more shows its end), a gzipped one
  // grows.
  const auto onDisk = fs::file_size(path, unknown);
  std::vector<std::uint8_t> bytes(
      unknown ? 1 << 16 : std::min<std::uintmax_t>(onDisk, limit) + 1);
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) bytes.resize(2 * filled);
    const std::size_t room = std::min<std::size_t>(bytes.size() - filled, 1 << 30);
    const int count = gzread(file.get(), &bytes[filled], static_cast<unsigned>(room));
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
    requireInput(filled <= limit, "{}: holds more than the {} bytes that are allowed",
                 name, limit);
  }

  int status = Z_OK;
  const std::string reason = gzerror(file.get(), &status);
  requireInput(status != Z_ERRNO, "{}: cannot be read: {}", name, std::strerror(errno));
  requireInput(status != Z_BUF_ERROR,
               "{}: the gzipped file ends early, {} bytes could be unzipped; fetch it "
               "again",
               name, filled);
  requireInput(status == Z_OK || status == Z_STREAM_END,
               "{}: the gzipped file is damaged ({}); fetch it again", name, reason);
  bytes.resize(filled);
  return bytes;
}

void writeFile(const fs::path& path, std::string_view bytes) {
  // A link keeps pointing where it points: the file behind it is replaced.
  const fs::path target = fs::is_symlink(path) ? fs::weakly_canonical(path) : path;
  std::error_code failure;
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), failure);
  if (failure) failToWrite(path, failure.message());
  // Renaming over a device such as /dev/null would replace it for the whole machine.
  if (fs::exists(target, failure) && !fs::is_regular_file(target, failure))
    failToWrite(path, "it is not a file");

  TemporaryFile file(target);
  file.write(bytes);
  file.replaceTarget();
}

}  // namespace cnn
