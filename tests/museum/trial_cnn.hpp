// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The network that the museum trains, for the bricks of stage 05 and of stage 06:
/// small, and with every option in it (padding, stride, windows that overlap, pixels that
/// a stride leaves over), so that no mistake has a place to sleep.

#include "05_cnn_serial/bricks.hpp"
#include "05_cnn_serial/network.hpp"
#include "line_up.hpp"

namespace cnn::museum {

/// Empty networks of this kind, by the size of their images.
template <class Network>
using Begin = std::function<Network(const Shape&)>;

template <class Network, class Conv, class Pool, class Flatten, class FC>
Make makeCnn(Begin<Network> begin, Pooling pooling, Shape image, int scale,
             int classes) {
  return [=](std::uint64_t seed) {
    auto cnn = std::make_unique<Network>(begin(image));
    cnn->add(Conv({.filters = 2 * scale, .size = 3, .padding = 1}));
    cnn->add(Pool({.size = 3, .stride = 2, .padding = 1, .pooling = pooling}));
    cnn->add(Conv({.filters = 3 * scale, .size = 3, .stride = 2, .padding = 1}));
    cnn->add(Flatten());
    cnn->add(FC({.outputs = 8 * scale}));
    cnn->add(
        FC({.outputs = classes, .activation = Activation::softmax, .rateFactor = 0.1}));
    cnn->init(seed);
    return cnn;
  };
}

/// The network of the book, small, made of the bricks of the line-up.
inline LineUp lineUpOfBook() {
  return lineUp([](Mistake mistake) {
    serial::CNNClassifier cnn({16, 16, 1});
    cnn.add(Conv({.filters = 2, .size = 3}, mistake));
    cnn.add(Pool({.size = 2}, mistake));
    cnn.add(Conv({.filters = 2, .size = 5}, mistake));
    cnn.add(Flatten(mistake));
    cnn.add(FC({.outputs = 5}, {mistake}));
    cnn.add(FC({.outputs = 3, .activation = Activation::softmax}, {mistake}));
    return cnn;
  });
}

/// The network with every option, small, made of the bricks of the line-up.
inline LineUp lineUpOf(Pooling pooling) {
  return lineUp([pooling](Mistake mistake) {
    serial::CNNClassifier cnn({9, 8, 1});
    cnn.add(Conv({.filters = 2, .size = 3, .padding = 1}, mistake));
    cnn.add(Pool({.size = 3, .stride = 2, .padding = 1, .pooling = pooling}, mistake));
    cnn.add(Conv({.filters = 3, .size = 3, .stride = 2, .padding = 1}, mistake));
    cnn.add(Flatten(mistake));
    cnn.add(FC({.outputs = 8}, {mistake}));
    cnn.add(FC({.outputs = 3, .activation = Activation::softmax}, {mistake}));
    return cnn;
  });
}

template <class Network, class Conv, class Pool, class Flatten, class FC>
std::vector<Trial> trialsOf(const Begin<Network>& begin, arma::uword samples) {
  std::vector<Trial> trials;
  for (const Pooling pooling : {Pooling::max, Pooling::mean})
    trials.push_back({.name = pooling == Pooling::max ? "max" : "mean",
                      .rows = 9,
                      .columns = 8,
                      .small = makeCnn<Network, Conv, Pool, Flatten, FC>(
                          begin, pooling, {9, 8, 1}, 1, 3),
                      .full = makeCnn<Network, Conv, Pool, Flatten, FC>(
                          begin, pooling, {28, 28, 1}, 4, 10),
                      .lineUp = lineUpOf(pooling),
                      .slow = "fc2",
                      .plan = shortPlan(),
                      .samples = samples});
  return trials;
}

}  // namespace cnn::museum
