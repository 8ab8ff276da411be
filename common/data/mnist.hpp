// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Reading MNIST, or a data set like it, from wherever it lies.

#include "common/data/dataset.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cnn {

/// Reads MNIST from a folder of the four IDX files (`train-images-idx3-ubyte` or
/// `train-images.idx3-ubyte`, ... with or without `.gz`, each in a folder of its name
/// if need be), or of the CSV files `mnist_train.csv` and `mnist_test.csv`, `train.csv`
/// and `test.csv`, or Fashion-MNIST's (with or without `.gz`), or with torchvision's
/// `raw` or `MNIST/raw` in it. A path to the training CSV file itself works too.
/// @throws InputError naming the file and what is wrong with it
TrainTest loadMnist(const std::filesystem::path& path);

/// What makes a training on these images worthless although they can be read, a
/// sentence each: one class, blank images, pixels from 0 to 1 where 255 is white.
std::vector<std::string> doubtsAbout(const TrainTest& data);

/// Where MNIST lies in this repository.
std::filesystem::path mnistFolder();

}  // namespace cnn
