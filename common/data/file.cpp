// SPDX-License-Identifier: MIT
#include "common/data/file.hpp"

#include "common/core/require.hpp"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cnn {
namespace fs = std::filesystem;
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

void checkLimit(std::size_t size, std::size_t limit, const std::string& name) {
  requireInput(size <= limit, "{}: holds more than the {} bytes that are allowed", name,
               limit);
}

/// The bytes as they lie on the disk.
std::vector<std::uint8_t> readRaw(const fs::path& path, std::size_t limit) {
  const std::string name = path.string();
  std::error_code unknown;
  requireInput(!fs::is_directory(path, unknown), "{}: is a folder, a file is expected",
               name);
  const File file(std::fopen(path.c_str(), "rb"), std::fclose);
  requireInput(file != nullptr, "{}: cannot be read: {}", name, std::strerror(errno));

  std::vector<std::uint8_t> bytes, piece(1 << 16);
  while (const auto n = std::fread(piece.data(), 1, piece.size(), file.get())) {
    bytes.insert(bytes.end(), piece.data(), piece.data() + n);
    checkLimit(bytes.size(), limit, name);
  }
  requireInput(std::ferror(file.get()) == 0, "{}: cannot be read: {}", name,
               std::strerror(errno));
  return bytes;
}

bool isZipped(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/// What the members of a gzipped file hold, one behind the other.
/// Not by zlib's gzread, which passes over whatever else follows them.
std::vector<std::uint8_t> unzip(std::span<const std::uint8_t> zipped, std::size_t limit,
                                const std::string& name) {
  z_stream stream = {};
  require(inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK, "zlib: {}", name);  // 16: gzip
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  std::vector<std::uint8_t> bytes, piece(1 << 16);
  while (true) {
    const auto most = static_cast<uInt>(std::min<std::size_t>(zipped.size(), 1 << 30));
    stream.next_in = const_cast<Bytef*>(zipped.data());
    stream.avail_in = most;
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    zipped = zipped.subspan(most - stream.avail_in);
    bytes.insert(bytes.end(), piece.data(), stream.next_out);
    checkLimit(bytes.size(), limit, name);
    requireInput(
        status != Z_BUF_ERROR,
        "{}: the gzipped file ends early, {} bytes could be unzipped; fetch it "
        "again",
        name, bytes.size());
    requireInput(status == Z_OK || status == Z_STREAM_END,
                 "{}: the gzipped file is damaged ({}); fetch it again", name,
                 stream.msg != nullptr ? stream.msg : zError(status));
    if (status != Z_STREAM_END) continue;
    if (zipped.empty()) return bytes;
    requireInput(
        isZipped(zipped),
        "{}: the gzipped file is too long: it has {} bytes more; fetch it again", name,
        zipped.size());
    inflateReset(&stream);
  }
}

[[noreturn]] void failToWrite(const fs::path& path, const std::string& reason) {
  throw std::runtime_error(
      fmt::format("{}: cannot be written: {}", path.string(), reason));
}

/// Where the bytes for `path` go: behind a link, for a link keeps pointing where it
/// points. Its folder is there, and nothing stands in its place that must stay.
fs::path placeFor(const fs::path& path) {
  std::error_code failure;
  const fs::file_status there = fs::status(path, failure);
  if (!path.has_filename() || fs::is_directory(there))
    failToWrite(path, "it names a folder; name a file in it");
  // Such as a name that is too long. That there is no file yet is no failure.
  if (!fs::status_known(there)) failToWrite(path, failure.message());
  // Renaming over a device such as /dev/null would replace it for the whole machine.
  if (fs::exists(there) && !fs::is_regular_file(there))
    failToWrite(path, "it is not a file");
  // A rename asks the folder alone, and root is asked nothing at all.
  constexpr fs::perms write =
      fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  if (fs::exists(there) && (there.permissions() & write) == fs::perms::none)
    failToWrite(path, "it is read-only");

  fs::path target = fs::is_symlink(path, failure) ? fs::weakly_canonical(path) : path;
  failure.clear();
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), failure);
  if (failure) failToWrite(path, failure.message());
  return target;
}

/// A new file beside the target that vanishes unless it takes the target's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target) : target_(target) {
    static std::atomic<unsigned> serial = 0;  // two threads may write the same target
    do {  // a name of its own: the target's with more behind it could be too long
      path_ = target.parent_path() / fmt::format(".cnn-{}-{}.tmp", getpid(), serial++);
      file_.reset(std::fopen(path_.c_str(), "wbx"));  // x: only if there is none yet
    } while (!file_ && errno == EEXIST);
    if (!file_) fail();
  }

  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }

  /// Only once the bytes are safe on the disk does the old file go.
  void replaceTarget(std::string_view bytes) {
    const int descriptor = fileno(file_.get());
    struct stat old = {};
    if (stat(target_.c_str(), &old) == 0) fchmod(descriptor, old.st_mode & 0777);
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size() ||
        std::fflush(file_.get()) != 0 || fsync(descriptor) != 0 ||
        std::fclose(file_.release()) != 0 ||
        std::rename(path_.c_str(), target_.c_str()) != 0)
      fail();
    path_.clear();
  }

 private:
  [[noreturn]] void fail() const { failToWrite(target_, std::strerror(errno)); }

  fs::path target_;
  std::string path_;
  File file_{nullptr, std::fclose};  // whoever holds one cannot be copied
};

}  // namespace

std::vector<std::uint8_t> readFile(const fs::path& path, std::size_t limit) {
  auto bytes = readRaw(path, limit);
  return isZipped(bytes) ? unzip(bytes, limit, path.string()) : bytes;
}

void checkWritable(const fs::path& path) { const TemporaryFile trial(placeFor(path)); }

void writeFile(const fs::path& path, std::string_view bytes) {
  TemporaryFile(placeFor(path)).replaceTarget(bytes);
}

}  // namespace cnn
