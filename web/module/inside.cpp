// SPDX-License-Identifier: MIT
#include "module/inside.hpp"

#include "common/core/require.hpp"

#include <algorithm>
#include <utility>

namespace cnn::web {

using serial::asColumn;
using serial::asImage;
using serial::Image;

namespace {

/// The numbers of one channel that a window covers, row by row.
template <class Use>
void eachOf(const Origin& window, const Use& use) {
  for (uword c = 0; c < window.channels; ++c)
    for (uword u = 0; u < window.rows; ++u)
      for (uword v = 0; v < window.columns; ++v)
        use(window.corner.channel + c, window.corner.row + u, window.corner.column + v);
}

}  // namespace

Inside::Inside(serial::CNNClassifier bricks, const mat& image, uword label)
    : bricks_(std::move(bricks)) {
  const Image x(image.memptr(), image.n_rows, image.n_cols, 1);
  const auto passes = bricks_.feedForward(x);
  const uword classes = passes.back().a.n_elem;
  require(label <= classes, "look: the label is {}, the network tells 0 to {} apart",
          label, classes - 1);
  label_ = label < classes ? label : passes.back().a.index_max();
  const Labels labels = {static_cast<std::uint8_t>(label_)};
  cost_ = crossEntropy(asColumn(passes.back().z), labels).costSum;

  layers_.push_back({.name = "image", .a = x});
  for (std::size_t l = 0; l < bricks_.depth(); ++l)
    layers_.push_back({.name = bricks_.layerName(l),
                       .kind = bricks_.layer(l).kind(),
                       .activation = bricks_.layer(l).activation,
                       .a = passes[l].a,
                       .z = passes[l].z,
                       .winners = passes[l].memory.winners});
  // The way back as Network::feedBackward has it, each error kept.
  SeenLayer& last = layers_.back();
  last.dz = last.da = asImage(outputError(asColumn(last.a), labels));
  for (std::size_t l = bricks_.depth(); l-- > 0;) {
    SeenLayer& below = layers_[l];
    below.da = bricks_.layer(l).backPropError(layers_[l + 1].dz, passes[l]);
    below.dz = below.da;
    multiplyBySlope(below.dz, below.z, below.activation);
  }
}

const SeenLayer& Inside::layerOf(const Place& place) const {
  require(place.layer < layers_.size(), "layer {} is asked for, there are {}",
          place.layer, layers_.size());
  const SeenLayer& layer = layers_[place.layer];
  require(place.channel < layer.a.n_slices && place.row < layer.a.n_rows &&
              place.column < layer.a.n_cols,
          "{}: channel {}, row {}, column {} is asked for, it is {} x {} x {}",
          layer.name, place.channel, place.row, place.column, layer.a.n_slices,
          layer.a.n_rows, layer.a.n_cols);
  return layer;
}

uword Inside::kernelSize(uword layer) const {
  return bricks_.layer(layer - 1).weightShape().back();
}

double Inside::weight(uword layer, uword to, uword channel, uword u, uword v) const {
  const uword f = kernelSize(layer);
  return bricks_.layer(layer - 1).parameters.w(to, (channel * f + u) * f + v);
}

Origin Inside::origin(const Place& place) const {
  const SeenLayer& layer = layerOf(place);
  Origin found;
  if (place.layer == 0) return found;
  const Image& x = layers_[place.layer - 1].a;
  const auto& brick = bricks_.layer(place.layer - 1);
  const auto take = [&](uword c, uword row, uword column) {
    found.inputs.push_back(x(row, column, c));
  };
  if (layer.kind == "conv") {
    const uword f = kernelSize(place.layer);
    found.corner = {place.layer - 1, 0, place.row, place.column};
    found.channels = x.n_slices, found.rows = found.columns = f;
    eachOf(found, take);
    const vec kernel = brick.parameters.w.row(place.channel).t();
    found.weights.assign(kernel.begin(), kernel.end());
    found.bias = brick.parameters.b(place.channel);
  } else if (layer.kind == "max pool") {
    const uword f = x.n_rows / layer.a.n_rows;
    found.corner = {place.layer - 1, place.channel, place.row * f, place.column * f};
    found.channels = 1, found.rows = found.columns = f;
    eachOf(found, take);
    const uword pixel = layer.winners(place.row, place.column, place.channel);
    const uword row = pixel % x.n_rows, column = pixel / x.n_rows;
    found.winner =
        static_cast<int>((row - found.corner.row) * f + column - found.corner.column);
  } else if (layer.kind == "flatten") {
    const uword pixels = x.n_rows * x.n_cols, i = place.row;
    found.corner = {place.layer - 1, i / pixels, i % pixels / x.n_cols, i % x.n_cols};
    found.channels = found.rows = found.columns = 1;
    eachOf(found, take);
  } else {  // fc
    found.corner = {place.layer - 1, 0, 0, 0};
    found.channels = 1, found.rows = x.n_rows, found.columns = 1;
    eachOf(found, take);
    const vec row = brick.parameters.w.row(place.row).t();
    found.weights.assign(row.begin(), row.end());
    found.bias = brick.parameters.b(place.row);
  }
  found.sum = found.bias;
  for (std::size_t i = 0; i < found.weights.size(); ++i) {
    found.products.push_back(found.inputs[i] * found.weights[i]);
    found.sum += found.products.back();
  }
  return found;
}

std::vector<Share> Inside::shares(const Place& place) const {
  const SeenLayer& own = layerOf(place);
  std::vector<Share> shares;
  const uword up = place.layer + 1;
  if (up == layers_.size()) return shares;
  const SeenLayer& above = layers_[up];
  const auto add = [&](uword channel, uword row, uword column, double w) {
    const double dz = above.dz(row, column, channel);
    shares.push_back({{up, channel, row, column}, dz, w, dz * w});
  };
  if (above.kind == "conv") {
    const uword f = kernelSize(up);
    for (uword k = 0; k < above.a.n_slices; ++k)
      for (uword i = place.row < f ? 0 : place.row - f + 1;
           i <= std::min(place.row, above.a.n_rows - 1); ++i)
        for (uword j = place.column < f ? 0 : place.column - f + 1;
             j <= std::min(place.column, above.a.n_cols - 1); ++j)
          add(k, i, j, weight(up, k, place.channel, place.row - i, place.column - j));
  } else if (above.kind == "max pool") {
    const uword f = own.a.n_rows / above.a.n_rows;
    const uword i = place.row / f, j = place.column / f;
    if (i < above.a.n_rows && j < above.a.n_cols &&
        above.winners(i, j, place.channel) == place.row + place.column * own.a.n_rows)
      add(place.channel, i, j, 1);
  } else if (above.kind == "flatten") {
    add(0, (place.channel * own.a.n_rows + place.row) * own.a.n_cols + place.column, 0,
        1);
  } else {  // fc
    const mat& w = bricks_.layer(place.layer).parameters.w;
    for (uword o = 0; o < w.n_rows; ++o) add(0, o, 0, w(o, place.row));
  }
  return shares;
}

}  // namespace cnn::web
