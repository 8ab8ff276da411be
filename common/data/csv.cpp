// SPDX-License-Identifier: MIT
#include "common/data/csv.hpp"

#include "common/core/require.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>
#include <set>
#include <utility>
#include <vector>

namespace cnn {
namespace {

constexpr arma::uword side = 28;

enum class Column : std::uint8_t { Label, Pixel, Index };

struct Line {
  std::size_t number;  // as an editor counts, from 1
  std::string_view text;
};

/// The lines that hold images, and what each of their columns holds.
struct Table {
  char separator = ',';
  bool labelIsNamed = false;
  std::vector<Column> columns;
  std::vector<Line> images;
};

// ---- pieces of the text -------------------------------------------------------------

/// Takes the first line away; it may end as on Unix, on Windows or on an old Mac.
std::string_view takeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  text.remove_prefix(line.size());
  text.remove_prefix(text.starts_with("\r\n") ? 2 : text.empty() ? 0 : 1);
  return line;
}

/// Takes the first cell away, and the separator behind it.
std::string_view takeCell(std::string_view& line, char separator) {
  const std::string_view cell = line.substr(0, line.find(separator));
  line.remove_prefix(std::min(cell.size() + 1, line.size()));
  return cell;
}

/// Without the spaces and the quotation marks around it.
std::string_view bare(std::string_view cell) {
  while (cell.starts_with(' ')) cell.remove_prefix(1);
  while (cell.ends_with(' ')) cell.remove_suffix(1);
  const bool isQuoted =
      cell.size() >= 2 && cell.starts_with('"') && cell.ends_with('"');
  return isQuoted ? cell.substr(1, cell.size() - 2) : cell;
}

/// The number that a cell holds: 5 and "5", and 5.0 and 5e+00, as numpy writes.
std::optional<double> numberIn(std::string_view cell) {
  cell = bare(cell);
  int whole = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, failure] = std::from_chars(cell.data(), end, whole);
  if (failure == std::errc() && stop == end) return whole;

  const std::string text(cell);  // strtod wants a zero at its end
  if (text.find_first_not_of("0123456789.eE+-") != std::string::npos) return {};
  char* behind = nullptr;
  const double number = std::strtod(text.c_str(), &behind);
  if (text.empty() || behind != text.c_str() + text.size()) return {};
  return number;
}

bool isWhole(const std::optional<double>& number, int largest) {
  return number && *number >= 0 && *number <= largest && *number == std::floor(*number);
}

/// In quotation marks, and without characters that would disturb the terminal.
std::string shown(std::string_view cell) {
  using nlohmann::json;
  return json(cell.substr(0, 20)).dump(-1, ' ', true, json::error_handler_t::replace);
}

// ---- what the columns hold ----------------------------------------------------------

/// Where a pixel's name says that it lies: pixel12 -> 12, 3x4 -> 3, 4.
std::vector<unsigned> placeIn(std::string_view word) {
  std::vector<unsigned> place;
  const char* end = word.data() + word.size();
  for (const char* at = word.data(); at != end;) {
    unsigned number = 0;
    const auto [stop, failure] = std::from_chars(at, end, number);
    if (failure == std::errc()) place.push_back(number);
    at = failure == std::errc() ? stop : at + 1;
  }
  return place;
}

/// By its name; pandas leaves the index without one.
Column columnOf(const std::string& word) {
  static const std::regex label("label|class|target|y|digit", std::regex::icase);
  static const std::regex index("(id|index|unnamed: 0)?", std::regex::icase);
  return std::regex_match(word, label)   ? Column::Label
         : std::regex_match(word, index) ? Column::Index
                                         : Column::Pixel;
}

/// Takes what the first line's names say into `table`;
/// false when that line is an image.
/// Names are those with the label's among them, or without a number.
bool readNames(const Line& line, const std::string& name, Table& table) {
  std::vector<Column> columns;
  std::vector<unsigned> before;
  std::string late;
  bool holdsNumbers = false;
  std::string_view rest = line.text;
  for (auto left = 1 + std::count(rest.begin(), rest.end(), table.separator); left > 0;
       --left) {
    const std::string word(bare(takeCell(rest, table.separator)));
    columns.push_back(columnOf(word));
    if (columns.back() != Column::Pixel) continue;
    holdsNumbers = holdsNumbers || numberIn(word);
    const std::vector<unsigned> place = placeIn(word);
    if (place < before && late.empty()) late = word;
    before = place;
  }
  const auto labels = std::count(columns.begin(), columns.end(), Column::Label);
  const auto pixels = std::count(columns.begin(), columns.end(), Column::Pixel);
  if (columns.size() < 2 || (labels == 0 && holdsNumbers)) return false;

  const std::string where = fmt::format("{}, line {}", name, line.number);
  const bool hasIndex = pixels + labels < std::ssize(columns);
  requireInput(labels == 1 || (labels == 0 && !hasIndex),
               "{}: names {} columns that could be the label, expected one of label, "
               "class, target, y, digit",
               where, labels);
  requireInput(late.empty(),
               "{}: the pixel {} comes too late; they must stand row by row", where,
               shown(late));
  const bool isComplete = labels == 1 && pixels == side * side;
  // A list that breaks off still says that the label comes first.
  requireInput(isComplete || labels == 0 || columns[0] == Column::Label,
               "{}: names {} pixels beside the label, expected 28 x 28 = {}", where,
               pixels, side * side);
  table.labelIsNamed = labels == 1;
  if (isComplete) table.columns = std::move(columns);
  return true;
}

/// Without a name the first column is the label. Where the last one looks more like it,
/// only who made the file can tell.
void checkLabelFirst(const Table& table, const std::string& name) {
  std::set<std::optional<double>> first, last;
  for (const Line& line : table.images) {
    std::string_view rest = line.text;
    first.insert(numberIn(takeCell(rest, table.separator)));
    last.insert(numberIn(rest.substr(rest.rfind(table.separator) + 1)));
  }
  const auto areLabels = [](const auto& numbers) {
    const auto isLabel = [](const auto& number) { return isWhole(number, 9); };
    return numbers.size() > 1 && std::all_of(numbers.begin(), numbers.end(), isLabel);
  };
  requireInput(areLabels(first) || !areLabels(last),
               "{}: no column is named as the label, which should then be the first, "
               "but the last looks like it ({} different digits): put it first, or "
               "name every column in the first line, this one label",
               name, last.size());
}

/// Each line of an image has all its columns, so that there can never be more of them
/// than the text has room for.
Table readTable(std::string_view text, const std::string& name) {
  constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";  // spreadsheets write one
  if (text.starts_with(byteOrderMark)) text.remove_prefix(byteOrderMark.size());
  requireInput(text.find('\0') == std::string_view::npos,
               "{}: is no plain text; a CSV file is expected", name);

  Table table;
  table.columns.assign(1 + side * side, Column::Pixel);
  table.columns[0] = Column::Label;
  bool isFirst = true;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const Line line{number, takeLine(text)};
    if (line.text.empty()) continue;
    if (std::exchange(isFirst, false)) {
      for (const char separator : {' ', '\t', ';', ','})
        if (line.text.find(separator) != std::string_view::npos)
          table.separator = separator;
      if (readNames(line, name, table)) continue;
    }
    const auto found = 1 + static_cast<std::size_t>(std::count(
                               line.text.begin(), line.text.end(), table.separator));
    requireInput(found == table.columns.size(),
                 "{}, line {}: has {} columns, expected {} (the label, 28 x 28 "
                 "pixels{}){}",
                 name, number, found, table.columns.size(),
                 table.columns.size() > 1 + side * side ? " and an index" : "",
                 found == side * side
                     ? ": without labels, as in Kaggle's test.csv, nobody can train or "
                       "test; keep the last lines of the training file as a test file"
                     : "");
    table.images.push_back(line);
  }
  requireInput(!table.images.empty(), "{}: holds no images", name);
  if (!table.labelIsNamed) checkLabelFirst(table, name);
  return table;
}

}  // namespace

Dataset parseCsv(std::string_view text, const std::string& name) {
  const Table table = readTable(text, name);
  Dataset data{.rows = side, .columns = side, .pixels = {}, .labels = {}};
  data.pixels.set_size(side * side, table.images.size());
  data.labels.set_size(table.images.size());
  for (arma::uword sample = 0; sample < table.images.size(); ++sample) {
    const Line& line = table.images[sample];
    std::string_view rest = line.text;
    std::uint8_t* pixel = data.pixels.colptr(sample);
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const std::string_view cell = takeCell(rest, table.separator);
      if (table.columns[column] == Column::Index) continue;
      const bool isLabel = table.columns[column] == Column::Label;
      const int largest = isLabel ? 9 : 255;
      const auto number = numberIn(cell);
      if (!isWhole(number, largest))
        throw InputError(fmt::format(
            "{}, line {}, column {}: {} is {}, expected a whole number from 0 to {}{}",
            name, line.number, column + 1, isLabel ? "the label" : "a pixel",
            shown(cell), largest,
            !isLabel && number && *number > 0 && *number < 1
                ? "; multiply pixels from 0 to 1 by 255"
                : ""));
      (isLabel ? data.labels[sample] : *pixel++) = static_cast<std::uint8_t>(*number);
    }
  }
  return data;
}

}  // namespace cnn
