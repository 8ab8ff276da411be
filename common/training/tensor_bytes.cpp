// SPDX-License-Identifier: MIT
#include "common/training/tensor_bytes.hpp"

#include "common/core/require.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <set>
#include <string_view>
#include <vector>

namespace cnn {
namespace {

using Json = nlohmann::json;
using Bytes = std::span<const std::uint8_t>;

static_assert(std::endian::native == std::endian::little, "as the numbers in a file");
constexpr const char* metadataName = "__metadata__";
constexpr std::size_t lengthBytes = 8;  // the header's length, before the header
constexpr std::size_t largestHeader = 1 << 20;  // parsed JSON takes many times its text

struct Entry {
  std::string name;
  std::string where;  // for messages: the file and the tensor
  bool isShort;       // F32, not F64
  std::vector<std::size_t> shape;
  std::size_t begin, end;
};

/// Numbers as they lie in memory, and in a file.
template <class Number>
std::string_view textOf(const Number* numbers, std::size_t count) {
  return {reinterpret_cast<const char*>(numbers), count * sizeof(Number)};
}

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

// ---- reading ------------------------------------------------------------------------

/// The header as an object, each key once: JSON itself lets a key come twice, and then
/// readers disagree on which one counts.
Json parseHeader(std::string_view text, const std::string& file) {
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key &&
        !keys.back().insert(parsed.get<std::string>()).second)
      twice = quoted(parsed.get<std::string>());
    return true;
  };
  Json header = Json::parse(text.begin(), text.end(), watch, false);
  // The library stops at a zero byte as at the end, whatever follows.
  requireInput(text.starts_with('{') && text.find('\0') == std::string_view::npos &&
                   header.is_object(),
               "{}: the header is not a JSON object; the file is damaged or not in the "
               "safetensors format",
               file);
  requireInput(twice.empty(), "{}: the header names {} twice", file, twice);
  return header;
}

std::map<std::string, std::string> readMetadata(const Json& header,
                                                const std::string& file) {
  std::map<std::string, std::string> metadata;
  const Json entries = header.value(metadataName, Json::object());
  requireInput(entries.is_object(), "{}: {} must be an object", file, metadataName);
  for (const auto& [key, value] : entries.items()) {
    requireInput(value.is_string(), "{}: {}: the value of {} must be a string", file,
                 metadataName, quoted(key));
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

std::vector<std::size_t> wholeNumbers(const Json& entry, const char* key,
                                      const std::string& where) {
  const bool isList = entry.contains(key) && entry[key].is_array();
  requireInput(
      isList && std::all_of(entry[key].begin(), entry[key].end(),
                            [](const Json& x) { return x.is_number_unsigned(); }),
      "{}: its {} must be a list of whole numbers", where, key);
  return entry[key].get<std::vector<std::size_t>>();
}

Entry readEntry(const std::string& name, const Json& entry, std::size_t dataLength,
                const std::string& file) {
  const std::string where = fmt::format("{}: tensor {}", file, quoted(name));
  requireInput(entry.contains("dtype") && entry["dtype"].is_string(),
               "{}: its dtype must be a string", where);
  const std::string dtype = entry["dtype"].get<std::string>();
  requireInput(dtype == "F32" || dtype == "F64",
               "{}: its dtype is {}, expected F32 or F64; convert it before saving",
               where, quoted(dtype));
  const auto offsets = wholeNumbers(entry, "data_offsets", where);
  requireInput(
      offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= dataLength,
      "{}: its data_offsets [{}] must be a begin and an end within the {} bytes "
      "of data",
      where, describe(offsets), dataLength);
  const auto shape = wholeNumbers(entry, "shape", where);
  // Dividing the length, not multiplying the shape: that product may overflow.
  const bool isShort = dtype == "F32";
  const std::size_t width = isShort ? 4 : 8, length = offsets[1] - offsets[0];
  requireInput(length % width == 0 && length / width == elementCount(shape),
               "{}: its shape is {}, which does not fill its {} bytes of {}", where,
               describe(shape), length, dtype);
  return {name, where, isShort, shape, offsets[0], offsets[1]};
}

/// One tensor's data must follow the other's: a gap could hide something, an overlap
/// would let a change of one change the other.
void checkPlaces(std::vector<Entry>& entries, std::size_t dataLength,
                 const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::size_t expected = 0;
  for (const Entry& entry : entries) {
    requireInput(
        entry.begin == expected,
        "{}: its data begin at byte {}, expected {}: tensors may neither overlap "
        "nor leave a gap",
        entry.where, entry.begin, expected);
    expected = entry.end;
  }
  requireInput(expected == dataLength,
               "{}: {} bytes of data belong to no tensor; the file is damaged", file,
               dataLength - expected);
}

template <class Number>
std::vector<double> numbersIn(Bytes bytes) {
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  std::copy(bytes.begin(), bytes.end(),
            reinterpret_cast<std::uint8_t*>(numbers.data()));
  return {numbers.begin(), numbers.end()};
}

std::vector<double> readValues(const Entry& entry, Bytes data) {
  data = data.subspan(entry.begin, entry.end - entry.begin);
  auto values = entry.isShort ? numbersIn<float>(data) : numbersIn<double>(data);
  for (std::size_t i = 0; i < values.size(); ++i)
    requireInput(std::isfinite(values[i]),
                 "{}: its value {} (the first is 0) is {}, expected a finite number",
                 entry.where, i, values[i]);
  return values;
}

}  // namespace

std::string tensorBytes(const TensorFile& file, const std::string& name) {
  Json header = Json::object();
  if (!file.metadata.empty()) header[metadataName] = file.metadata;
  std::string data;
  for (const auto& [key, tensor] : file.tensors) {
    const std::string where = fmt::format("{}: tensor {}", name, quoted(key));
    require(key != metadataName, "{}: this name is kept for the metadata", where);
    require(tensor.values.size() == elementCount(tensor.shape),
            "{}: {} values do not fill a shape of {}", where, tensor.values.size(),
            describe(tensor.shape));
    // Refused here, so that a run that has diverged never replaces good weights.
    for (const double value : tensor.values)
      if (!std::isfinite(value))
        throw std::runtime_error(
            fmt::format("{}: not saved, it holds {}; a smaller learning rate may help",
                        where, value));
    const std::size_t begin = data.size();
    data += textOf(tensor.values.data(), tensor.values.size());
    header[key] = {{"dtype", "F64"},
                   {"shape", tensor.shape},
                   {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' ');  // aligns the data that follow
  require(text.size() <= largestHeader,
          "{}: its names and metadata take {} bytes, {} fit", name, text.size(),
          largestHeader);
  const std::uint64_t length = text.size();
  return std::string(textOf(&length, 1)) + text + data;
}

TensorFile parseTensors(Bytes bytes, const std::string& name) {
  requireInput(
      bytes.size() >= lengthBytes,
      "{}: the file ends early: a safetensors file starts with 8 bytes that give "
      "the header's length, {} are there",
      name, bytes.size());
  std::uint64_t promised = 0;
  std::memcpy(&promised, bytes.data(), lengthBytes);
  bytes = bytes.subspan(lengthBytes);
  requireInput(
      promised <= bytes.size() && promised <= largestHeader,
      "{}: its header should take {} bytes, {} bytes follow and at most {} are "
      "read; the file is cut short or not in the safetensors format",
      name, promised, bytes.size(), largestHeader);
  const auto length = static_cast<std::size_t>(promised);
  const Bytes data = bytes.subspan(length);
  const Json header =
      parseHeader({reinterpret_cast<const char*>(bytes.data()), length}, name);

  std::vector<Entry> entries;
  for (const auto& [key, value] : header.items())
    if (key != metadataName)
      entries.push_back(readEntry(key, value, data.size(), name));
  checkPlaces(entries, data.size(), name);

  TensorFile file{.tensors = {}, .metadata = readMetadata(header, name)};
  for (const Entry& entry : entries)
    file.tensors[entry.name] = {entry.shape, readValues(entry, data)};
  return file;
}

}  // namespace cnn
