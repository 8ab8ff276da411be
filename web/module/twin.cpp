// SPDX-License-Identifier: MIT
// The module's twin: the same code compiled for this machine. It makes a network, saves
// its first weights, and trains it:
//   twin IMAGES LABELS COUNT EPOCHS WEIGHTS
// prints each epoch's cost. JavaScript does the same with the module, from that file.

#include "common/core/require.hpp"
#include "common/data/idx.hpp"
#include "common/training/tensor_bytes.hpp"
#include "module/trainer.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <vector>

using namespace cnn;

namespace {

std::vector<std::uint8_t> contentOf(const char* path) {
  std::ifstream file(path, std::ios::binary);
  requireInput(file.good(), "{}: cannot be read", path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int run(char** words) {
  web::Trainer trainer;
  const auto images = contentOf(words[1]), labels = contentOf(words[2]);
  trainer.train = parseIdx({words[1], images}, {words[2], labels});
  web::Settings settings{.images = std::strtoul(words[3], nullptr, 10),
                         .plan = web::usualPlan("article")};
  settings.plan.epochs = std::strtoul(words[4], nullptr, 10);
  settings.plan.linear = true;
  trainer.start(settings);
  std::ofstream(words[5], std::ios::binary)
      << tensorBytes({trainer.network().weights(), {}}, words[5]);
  trainer.go({std::numeric_limits<arma::uword>::max(),
              std::numeric_limits<double>::infinity()});
  for (const EpochRecord& record : trainer.state().history)
    std::printf("%.12g %.4f\n", record.cost, record.trainAccuracy);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) {
    std::fprintf(stderr, "usage: twin IMAGES LABELS COUNT EPOCHS WEIGHTS\n");
    return 2;
  }
  try {
    return run(words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 2;
  }
}
