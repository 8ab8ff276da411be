// SPDX-License-Identifier: MIT
// Stands in for libFuzzer where there is none: tries the files of the folders named, and
// every one of them shortened and with single bytes changed.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  long tried = 0;
  const auto attempt = [&](const std::vector<std::uint8_t>& bytes) {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++tried;
  };
  for (int i = 1; i < argc; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(stream), {}};
      attempt(bytes);
      const std::size_t step = bytes.size() / 200 + 1;
      for (std::size_t place = 0; place < bytes.size(); place += step) {
        attempt({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(place)});
        for (const int change : {0x01, 0x80, 0xFF}) {
          auto spoiled = bytes;
          spoiled[place] = static_cast<std::uint8_t>(spoiled[place] ^ change);
          attempt(spoiled);
        }
      }
    }
  std::printf("%ld inputs, none of them harmful\n", tried);
  return tried > 0 ? 0 : 1;
}
