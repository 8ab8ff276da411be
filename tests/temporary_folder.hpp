// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// A fresh folder for a test's files, and what the program says about a bad one.

#include "catch.hpp"
#include "common/core/require.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

/// A folder of its own under the system's one for temporary files,
/// gone with the variable.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "cnn-test-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  const std::filesystem::path& path() const { return path_; }

  /// Writes without the project's own code.
  std::filesystem::path put(const std::string& name, std::string_view bytes) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    REQUIRE(file.flush().good());
    return path_ / name;
  }

  /// A shell script that can be started: it stands in for a program.
  void putProgram(const std::string& name, const std::string& script) const {
    std::filesystem::permissions(put(name, "#!/bin/sh\n" + script + "\n"),
                                 std::filesystem::perms::owner_all);
  }

  /// How many files and folders lie in it.
  auto count() const {
    return std::distance(std::filesystem::directory_iterator(path_), {});
  }

 private:
  std::filesystem::path path_;
};

/// The bytes of a file, read without the project's own code.
inline std::string contentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The one line with which `action` refuses its input; fails the test when it does not.
template <class Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const cnn::InputError& error) {
    std::string message = error.what();
    INFO(message);
    CHECK(message.find('\n') == std::string::npos);
    return message;
  }
  FAIL("the input was not refused");
  return {};
}

/// Checks that the message says something, and shows it when it does not.
inline void checkSays(const std::string& message, const std::string& part) {
  INFO("message: " << message);
  INFO("missing: " << part);
  CHECK(message.find(part) != std::string::npos);
}
