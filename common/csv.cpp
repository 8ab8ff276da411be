// SPDX-License-Identifier: MIT
#include "common/csv.hpp"

#include "common/require.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

namespace cnn {
namespace {

constexpr arma::uword side = 28;
constexpr std::ptrdiff_t columnCount = 1 + side * side;

struct Line {
  std::size_t number;  // as an editor counts, from 1
  std::string_view text;
};

bool startsWithName(std::string_view line) {
  const char first = line.front();
  return first == '"' || (first >= 'a' && first <= 'z') ||
         (first >= 'A' && first <= 'Z');
}

/// The lines that hold images. Each has all its columns, so that there can never be
/// more of them than the text has room for.
std::vector<Line> imageLines(std::string_view text, const std::string& name) {
  constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";  // spreadsheets write one
  if (text.starts_with(byteOrderMark)) text.remove_prefix(byteOrderMark.size());

  std::vector<Line> lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && startsWithName(line))) continue;
    const auto found = 1 + std::count(line.begin(), line.end(), ',');
    requireInput(found == columnCount,
                 "{}, line {}: has {} columns, expected {} (the label, then 28 x 28 "
                 "pixels)",
                 name, number, found, columnCount);
    lines.push_back({number, line});
  }
  requireInput(!lines.empty(), "{}: holds no images", name);
  return lines;
}

/// Quoted, and without characters that would disturb the terminal.
std::string quoted(std::string_view cell) {
  using nlohmann::json;
  return json(cell.substr(0, 20)).dump(-1, ' ', true, json::error_handler_t::replace);
}

/// Reads the cell that `text` starts with, and takes it away with its comma.
std::uint8_t nextCell(std::string_view& text, int largest, const std::string& name,
                      const Line& line) {
  std::uint8_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  if (failure != std::errc() || value > largest || (stop != end && *stop != ',')) {
    const auto before = static_cast<std::size_t>(text.data() - line.text.data());
    const std::string_view passed = line.text.substr(0, before);
    throw InputError(fmt::format(
        "{}, line {}, column {}: {} is {}, expected a whole number from 0 to {}", name,
        line.number, 1 + std::count(passed.begin(), passed.end(), ','),
        before == 0 ? "the label" : "a pixel", quoted(text.substr(0, text.find(','))),
        largest));
  }
  text.remove_prefix(std::min<std::size_t>(
      static_cast<std::size_t>(stop - text.data()) + 1, text.size()));
  return value;
}

}  // namespace

Dataset parseCsv(std::string_view text, const std::string& name) {
  const std::vector<Line> lines = imageLines(text, name);
  Dataset data{.rows = side, .columns = side, .pixels = {}, .labels = {}};
  data.pixels.set_size(side * side, lines.size());
  data.labels.set_size(lines.size());
  for (arma::uword sample = 0; sample < lines.size(); ++sample) {
    std::string_view rest = lines[sample].text;
    data.labels[sample] = nextCell(rest, 9, name, lines[sample]);
    std::uint8_t* pixels = data.pixels.colptr(sample);
    for (arma::uword pixel = 0; pixel < side * side; ++pixel)
      pixels[pixel] = nextCell(rest, 255, name, lines[sample]);
  }
  return data;
}

}  // namespace cnn
