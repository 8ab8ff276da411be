// SPDX-License-Identifier: MIT
// Draws the figures of the book: stages/NN_name/figures/*.svg and docs/figures/*.svg,
// in the repository or below a folder that is named.

#include "chart.hpp"
#include "common/data/file.hpp"
#include "common/program/run_main.hpp"
#include "figures.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <string>

namespace fs = std::filesystem;
using namespace cnn::figures;

int main(int argc, char** argv) {
  return cnn::runMain([&] {
    fs::path root = CNN_SOURCE_DIR;
    CLI::App app("Draws the figures of the book.\n");
    app.add_option("folder", root, "where to: below it they lie as in the book");
    cnn::parseOptions(app, argc, argv);
    int count = 0, other = 0;
    for (const auto& [folder, drawings] :
         {std::pair("stages/01_convolution/figures", convolution()),
          {"stages/02_pooling/figures", pooling()},
          {"stages/03_conv_backprop/figures", convBackprop()},
          {"stages/04_mlp/figures", mlp()},
          {"stages/05_cnn_serial/figures", cnnSerial()},
          {"stages/06_cnn_batched/figures", cnnBatched()},
          {"stages/07_cnn_simd/figures", cnnSimd()},
          {"stages/08_cnn_fast/figures", cnnFast()},
          {"stages/09_winograd/figures", winograd()},
          {"docs/figures", museum()},
          {"docs/figures", trained()}})
      for (const auto& [name, drawing] : drawings) {
        const fs::path path = root / folder / (name + ".svg");
        const std::string svg = drawing.svg();
        ++count;
        if (fs::exists(path) && readText(path) == svg) continue;
        cnn::writeFile(path, svg);
        ++other;
      }
    fmt::print("{} figures in {}, {} of them new or changed\n", count, root.string(),
               other);
  });
}
