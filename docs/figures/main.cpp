// SPDX-License-Identifier: MIT
// Draws the figures of the book: stages/NN_name/figures/*.svg, below the repository or
// below a folder that is named.

#include "common/data/file.hpp"
#include "common/program/run_main.hpp"
#include "figures.hpp"

#include <fmt/core.h>

#include <filesystem>

namespace fs = std::filesystem;
using namespace cnn::figures;

int main(int argc, char** argv) {
  return cnn::runMain([&] {
    fs::path root = CNN_SOURCE_DIR;
    CLI::App app("Draws the figures of the book.\n");
    app.add_option("folder", root, "where to: stages/NN_name/figures/ below it");
    cnn::parseOptions(app, argc, argv);
    int count = 0;
    for (const auto& [stage, drawings] : {std::pair("01_convolution", convolution()),
                                          {"02_pooling", pooling()},
                                          {"03_conv_backprop", convBackprop()},
                                          {"04_mlp", mlp()},
                                          {"05_cnn_serial", cnnSerial()},
                                          {"06_cnn_batched", cnnBatched()},
                                          {"07_cnn_simd", cnnSimd()},
                                          {"08_cnn_fast", cnnFast()},
                                          {"09_winograd", winograd()}})
      for (const auto& [name, drawing] : drawings) {
        cnn::writeFile(root / "stages" / stage / "figures" / (name + ".svg"),
                       drawing.svg());
        ++count;
      }
    fmt::print("{} figures in {}\n", count, (root / "stages").string());
  });
}
