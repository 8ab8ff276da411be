// SPDX-License-Identifier: MIT
/// @file
/// Prints the worked examples of the book: those named, or all as the blocks that stand
/// in the chapters.

#include "pencil.hpp"

#include <cctype>
#include <cmath>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace cnn::pencil {

std::string fraction(double number) {
  for (int below = 1; below <= 100; ++below)
    if (const double above = number * below; std::abs(above - std::round(above)) < 1e-9)
      return below == 1 ? fmt::format("{:.0f}", above)
                        : fmt::format("{:.0f}/{}", above, below);
  throw std::runtime_error(fmt::format("{} is no small fraction", number));
}

namespace {

/// The length of the field at the start of `text`: ## or #.##.
std::size_t fieldLength(std::string_view text) {
  const std::size_t whole = std::min(text.find_first_not_of('#'), text.size());
  if (text.substr(whole, 2) != ".#") return whole;
  return std::min(text.find_first_not_of('#', whole + 1), text.size());
}

/// The number as the field shows it.
std::string inField(double number, std::string_view field) {
  const std::size_t point = field.find('.');
  const std::size_t decimals =
      point == std::string_view::npos ? 0 : field.size() - point - 1;
  if (decimals == 0 && std::abs(number - std::round(number)) > 1e-9)
    throw std::runtime_error(
        fmt::format("{} is not whole; its field is {}", number, field));
  const std::string text = fmt::format("{:.{}f}", number, decimals);
  return text.find_first_of("123456789") == std::string::npos && text[0] == '-'
             ? text.substr(1)  // no -0
             : text;
}

/// Puts a number behind `line`, right-aligned in a field; a long one grows to the left.
void rightAlign(std::string& line, const std::string& number, std::size_t width) {
  for (std::size_t used = width; used < number.size(); ++used) {
    if (line.empty() || line.back() != ' ')
      throw std::runtime_error(fmt::format("no room for {} behind '{}'", number, line));
    line.pop_back();
  }
  line += fmt::format("{:>{}}", number, width);
}

void requireNoNumber(std::string_view page) {
  for (std::size_t i = 0; i < page.size(); ++i)
    if (std::isdigit(page[i]) && (i == 0 || !std::isalnum(page[i - 1])))
      throw std::runtime_error(
          fmt::format("the page holds a number, behind '{}'", page.substr(0, i)));
}

/// Without blank lines at both ends and without spaces at the ends of lines.
std::string trimmed(std::string_view page) {
  std::string text;
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    const std::size_t end = line.find_last_not_of(' ') + 1;
    if (end > 0 || !text.empty()) text.append(line.substr(0, end)).append("\n");
  }
  return text.substr(0, text.find_last_not_of('\n') + 1) + "\n";
}

}  // namespace

std::string fillPage(std::string_view page, const Values& values) {
  requireNoNumber(page);
  std::string text;
  auto value = values.begin();
  while (!page.empty()) {
    const std::string_view plain = page.substr(0, page.find('#'));
    text += plain;
    page.remove_prefix(plain.size());
    if (page.empty()) break;
    if (value == values.end()) throw std::runtime_error("more fields than values");
    const std::string_view field = page.substr(0, fieldLength(page));
    if (const std::string* word = std::get_if<std::string>(&*value))
      text += fmt::format("{:<{}}", *word, field.size());
    else
      rightAlign(text, inField(std::get<double>(*value), field), field.size());
    page.remove_prefix(field.size());
    ++value;
  }
  if (value != values.end()) throw std::runtime_error("more values than fields");
  return trimmed(text);
}

}  // namespace cnn::pencil

int main(int count, char** arguments) try {
  std::map<std::string_view, std::string (*)()> all;
  for (const auto& [name, text] : cnn::pencil::examples())
    if (!all.emplace(name, text).second)
      throw std::runtime_error(fmt::format("two examples have the name {}", name));
  for (int i = 1; i < count; ++i) {
    if (!all.contains(arguments[i]))
      throw std::runtime_error(fmt::format("there is no example {}", arguments[i]));
    fmt::print("{}", all[arguments[i]]());
  }
  if (count == 1)
    for (const auto& [name, text] : all) {
      try {
        fmt::print("```pencil {}\n{}```\n", name, text());
      } catch (const std::exception& error) {
        throw std::runtime_error(fmt::format("{}: {}", name, error.what()));
      }
    }
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "error: {}\n", error.what());
  return 1;
}
