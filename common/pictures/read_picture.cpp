// SPDX-License-Identifier: MIT
#include "common/pictures/read_picture.hpp"

#include "common/core/require.hpp"
#include "common/data/file.hpp"
#include "common/pictures/png.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace cnn {

namespace {

using namespace std::string_view_literals;

struct Format {
  std::size_t place;
  std::string_view mark, name;
};

// The marks are those of the formats' specifications, as file(1) knows them.
constexpr std::array formats = {Format{0, "\x89PNG\r\n\x1a\n"sv, "PNG"},
                                Format{0, "\xFF\xD8\xFF"sv, "JPEG"},
                                Format{4, "ftypavif"sv, "AVIF"},
                                Format{4, "ftyp"sv, "HEIC"},
                                Format{8, "WEBP"sv, "WebP"},
                                Format{0, "GIF8"sv, "GIF"},
                                Format{0, "BM"sv, "BMP"},
                                Format{0, "II*\0"sv, "TIFF"},
                                Format{0, "MM\0*"sv, "TIFF"},
                                Format{0, "%PDF"sv, "PDF"},
                                Format{0, "<svg"sv, "SVG"}};

std::string_view formatOf(std::string_view bytes) {
  for (const Format& format : formats)
    if (bytes.substr(std::min(format.place, bytes.size())).starts_with(format.mark))
      return format.name;
  return "";
}

}  // namespace

arma::mat readPicture(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = readFile(path, std::size_t{1} << 28);
  const std::string name = path.string();
  const std::string_view format =
      formatOf({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (format == "PNG") return decodePng(bytes, name);
  if (format == "JPEG") return decodeJpeg(bytes, name);
  throw InputError(fmt::format(
      "{}: {}{}; save it as PNG or JPEG and try again", name,
      format.empty() ? "not a PNG or JPEG picture" : "a picture in the format ",
      format));
}

void checkPixels(std::string_view format, std::uint64_t width, std::uint64_t height,
                 std::uint64_t possible, const std::string& name) {
  constexpr std::uint64_t largest = 50'000'000;
  requireInput(width > 0 && height > 0 && width <= largest / height,
               "{}: {} x {} pixels are too many; make it at most 50 million, such as "
               "8000 x 6000",
               name, width, height);
  requireInput(width * height <= possible,
               "{}: a damaged {} picture: {} x {} pixels cannot be in so few bytes",
               name, format, width, height);
}

}  // namespace cnn
