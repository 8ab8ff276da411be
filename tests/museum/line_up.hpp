// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// The line-up: what known mistakes make of a network's gradients, for the check to
/// recognise. The way back is written here once more, by index and plainly, so that
/// what goes wrong on the lessons' way back does not reach it.

#include "05_cnn_serial/cnn.hpp"
#include "on_trial.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace cnn::museum {

using serial::Image;

enum class Mistake {
  none,
  flip,
  transpose,
  stride,
  dilatedOneWay,
  lastFilter,
  sharesOverwritten,
  frame,
  dwTurned,
  dwNotDilated,
  dwLastPlaces,
  oneBias,
  overlap,
  overlapZeros,
  winnersByRows,
  winnersOfChannel0,
  meanWhole,
  flattenByColumns,
  noSlope,
  slopeWrongSign,
  slopeAbove,
  slopeOfA,
  slopeWithZ,
  softmaxTwice,
  label,
  lastSample,
  sumForMean
};

/// The filters with every kernel changed.
inline Filters eachKernel(Filters w, const std::function<void(mat&)>& change) {
  for (cube& filter : w) filter.each_slice(change);
  return w;
}

/// Half a turn of a kernel.
inline void turn(mat& kernel) { std::reverse(kernel.begin(), kernel.end()); }

/// Each by its name. Most leave some gradients right: none of them is known by these.
inline const std::vector<std::pair<Mistake, std::string>> mistakes{
    {Mistake::none, "the way back as it should be: look at the way forward"},
    {Mistake::flip, "the kernel not turned: the flip is missing"},
    {Mistake::transpose, "the kernel transposed, not turned"},
    {Mistake::stride, "the error not dilated on its way to the pixels"},
    {Mistake::dilatedOneWay, "the error dilated in one direction only"},
    {Mistake::lastFilter, "the last filter's share alone: = where += belongs"},
    {Mistake::sharesOverwritten,
     "the shares of overlapping windows overwritten, not added"},
    {Mistake::frame, "the frame cut off below and at the right only"},
    {Mistake::dwTurned, "dw turned as well"},
    {Mistake::dwNotDilated, "the error not dilated on its way to the weights"},
    {Mistake::dwLastPlaces,
     "the last places of dw, not the first, where pixels are left"},
    {Mistake::oneBias, "one sum for all biases"},
    {Mistake::overlap, "the errors of a winner of two windows overwritten, not added"},
    {Mistake::overlapZeros, "the errors of overlapping windows overwritten, not added"},
    {Mistake::winnersByRows, "winners read by rows that count by columns"},
    {Mistake::winnersOfChannel0, "the winners of channel 0 for all channels"},
    {Mistake::meanWhole, "the whole error for every pixel of a mean"},
    {Mistake::flattenByColumns, "flatten undone by columns"},
    {Mistake::noSlope, "the slope g' forgotten"},
    {Mistake::slopeWrongSign, "the slope 1 below zero, not above"},
    {Mistake::slopeAbove, "the slope at the layer above"},
    {Mistake::slopeOfA, "the slope at a, not at z"},
    {Mistake::slopeWithZ, "the slope z (1 - z), not a (1 - a)"},
    {Mistake::softmaxTwice, "the slope of the softmax taken twice"},
    {Mistake::label, "the label off by one"},
    {Mistake::lastSample, "the last sample alone: = where += belongs"},
    {Mistake::sumForMean, "the sum for the mean"}};

/// An activation and its slope, with the mistakes that can be made in it.
struct SpoiltActivation {
  Mistake mistake;
  bool logistic = false;

  double operator()(double z) const {
    return logistic ? 1 / (1 + std::exp(-z)) : z < 0 ? 0 : z;
  }
  double slope(double z) const {
    if (mistake == Mistake::noSlope) return 1;
    if (mistake == Mistake::slopeWrongSign) return z < 0 ? 1 : 0;
    if (mistake == Mistake::slopeOfA) z = (*this)(z);
    if (!logistic) return z > 0 ? 1 : 0;
    const double a = mistake == Mistake::slopeWithZ ? z : (*this)(z);
    return a * (1 - a);
  }
  Image forward(Image z) const { return z.transform(*this), z; }
  /// From dJ/da to dJ/dz.
  Image back(const Image& error, Image z) const {
    z.transform([this](double v) { return slope(v); });
    return error % z;
  }
};

/// Convolution. The network takes it for a layer without an activation: it has its own.
class Conv : public serial::ConvLayer {
 public:
  Conv(const ConvSizes& sizes, Mistake mistake)
      : ConvLayer(sizes), mistake_(mistake), spoilt_{mistake} {
    activation = Activation::identity;
  }

  Shape connect(const Shape& input) override {
    if (input.channels == 1 && mistake_ == Mistake::slopeAbove)  // the first one
      spoilt_.mistake = Mistake::noSlope;
    return ConvLayer::connect(input);
  }
  Trace<Image> forward(const Image& x) const override {
    Trace<Image> pass = ConvLayer::forward(x);
    pass.z = std::move(pass.a);
    pass.a = spoilt_.forward(pass.z);
    return pass;
  }

  Image backPropError(const Image& error, const Trace<Image>& pass) const override {
    Filters w = serial::toFilters(parameters.w, size(), input_.channels);
    if (mistake_ == Mistake::flip) w = eachKernel(w, turn);
    if (mistake_ == Mistake::transpose)
      w = eachKernel(w, [](mat& kernel) { arma::inplace_trans(kernel), turn(kernel); });
    if (mistake_ == Mistake::lastFilter)
      for (uword k = 0; k + 1 < w.size(); ++k) w[k].zeros();
    const Image delta = spoilt_.back(error, pass.z);
    const bool undilated = mistake_ == Mistake::stride;
    const uword p = static_cast<uword>(slide_.padding);
    Image dx(input_.rows + 2 * p, input_.columns + 2 * p, input_.channels);
    for (uword i = 0; i < delta.n_rows; ++i)
      for (uword j = 0; j < delta.n_cols; ++j) {
        Image share(size(), size(), input_.channels);
        for (uword k = 0; k < w.size(); ++k) share += delta(i, j, k) * w[k];
        const auto [row, column] = place(i, j, undilated);
        auto window = dx.subcube(row, column, 0, arma::size(share));
        mistake_ == Mistake::sharesOverwritten ? window = share : window += share;
      }
    const uword cut = mistake_ == Mistake::frame ? 0 : p;
    return dx.subcube(cut, cut, 0,
                      arma::size(input_.rows, input_.columns, input_.channels));
  }

  void computeGradients(const Image& error, const Image& x, const Trace<Image>& pass,
                        Parameters& sum) const override {
    const Image delta = spoilt_.back(error, pass.z), padded = pad(x, slide_.padding);
    const auto [lastRow, lastColumn] = place(delta.n_rows - 1, delta.n_cols - 1, false);
    const bool late = mistake_ == Mistake::dwLastPlaces;
    const uword down = late ? padded.n_rows - lastRow - size() : 0;
    const uword right = late ? padded.n_cols - lastColumn - size() : 0;
    Filters dw(delta.n_slices, Image(size(), size(), x.n_slices));
    for (uword i = 0; i < delta.n_rows; ++i)
      for (uword j = 0; j < delta.n_cols; ++j) {
        const auto [row, column] = place(i, j, mistake_ == Mistake::dwNotDilated);
        for (uword k = 0; k < dw.size(); ++k)
          dw[k] += delta(i, j, k) *
                   padded.subcube(row + down, column + right, 0, arma::size(dw[k]));
      }
    if (mistake_ == Mistake::dwTurned) dw = eachKernel(dw, turn);
    sum.w += serial::toRows(dw);
    for (uword k = 0; k < delta.n_slices; ++k)
      sum.b(k) +=
          mistake_ == Mistake::oneBias ? arma::accu(delta) : arma::accu(delta.slice(k));
  }

 private:
  /// Where window (i, j) begins.
  std::pair<uword, uword> place(uword i, uword j, bool undilated) const {
    const uword s = undilated ? 1 : static_cast<uword>(slide_.stride);
    return {mistake_ == Mistake::dilatedOneWay ? i : i * s, j * s};
  }

  Mistake mistake_;
  SpoiltActivation spoilt_;
};

/// Max or mean pooling.
class Pool : public serial::PoolLayer {
 public:
  Pool(const PoolSizes& sizes, Mistake mistake) : PoolLayer(sizes), mistake_(mistake) {}

  Image backPropError(const Image& error, const Trace<Image>& pass) const override {
    const Image delta = mistake_ == Mistake::slopeAbove
                            ? SpoiltActivation{mistake_}.back(error, pass.a)
                            : error;
    Image dx(input_.rows, input_.columns, input_.channels);
    // Where errors are overwritten the last window keeps its own:
    // stage 02 goes column by column, stage 08 row by row.
    const bool byRows = mistake_ == Mistake::overlapZeros;
    for (uword c = 0; c < delta.n_slices; ++c)
      for (uword n = 0; n < delta.n_elem_slice; ++n) {
        const uword i = byRows ? n / delta.n_cols : n % delta.n_rows;
        const uword j = byRows ? n % delta.n_cols : n / delta.n_rows;
        visit(dx.slice(c), i, j, delta(i, j, c), pass, c);
      }
    return dx;
  }

 private:
  void visit(mat& dx, uword i, uword j, double delta, const Trace<Image>& pass,
             uword c) const {
    const arma::span rows = window(i, dx.n_rows, size_, slide_);
    const arma::span columns = window(j, dx.n_cols, size_, slide_);
    if (pooling_ == Pooling::mean) {
      dx(rows, columns) +=
          mistake_ == Mistake::meanWhole ? delta : delta / (size_ * size_);
      return;
    }
    uword winner =
        pass.memory.winners(i, j, mistake_ == Mistake::winnersOfChannel0 ? 0 : c);
    if (mistake_ == Mistake::winnersByRows)
      winner = winner / dx.n_cols + winner % dx.n_cols * dx.n_rows;
    if (mistake_ == Mistake::overlapZeros) dx(rows, columns).zeros();
    if (mistake_ == Mistake::overlap) dx(winner) = 0;
    dx(winner) += delta;
  }

  Mistake mistake_;
};

class Flatten : public serial::FlattenLayer {
 public:
  explicit Flatten(Mistake mistake) : mistake_(mistake) {}

  Image backPropError(const Image& delta, const Trace<Image>&) const override {
    const bool byColumns = mistake_ == Mistake::flattenByColumns;
    Image dx(input_.rows, input_.columns, input_.channels);
    for (uword c = 0; c < dx.n_slices; ++c)
      for (uword i = 0; i < dx.n_rows; ++i)
        for (uword j = 0; j < dx.n_cols; ++j)
          dx(i, j, c) = delta(c * input_.pixels() +
                              (byColumns ? i + j * dx.n_rows : i * dx.n_cols + j));
    return dx;
  }

 private:
  Mistake mistake_;
};

/// Fully connected; the last one ends in a softmax, the others in their own activation.
class FC : public serial::FCLayer {
 public:
  FC(const FCSizes& sizes, SpoiltActivation spoilt) : FCLayer(sizes), spoilt_(spoilt) {
    if (activation == Activation::relu) activation = Activation::identity;
  }

  Trace<Image> forward(const Image& x) const override {
    Trace<Image> pass = FCLayer::forward(x);
    if (activation == Activation::identity) {
      pass.z = std::move(pass.a);
      pass.a = spoilt_.forward(pass.z);
    }
    return pass;
  }
  Image backPropError(const Image& error, const Trace<Image>& pass) const override {
    return FCLayer::backPropError(delta(error, pass), pass);
  }
  void computeGradients(const Image& error, const Image& x, const Trace<Image>& pass,
                        Parameters& sum) const override {
    const arma::vec d = serial::asColumn(delta(error, pass));
    sum.w += d * serial::asColumn(x).t();
    sum.b += spoilt_.mistake == Mistake::oneBias ? arma::accu(d) + 0 * d : d;
  }

 private:
  Image delta(const Image& error, const Trace<Image>& pass) const {
    return activation == Activation::identity ? spoilt_.back(error, pass.z) : error;
  }

  SpoiltActivation spoilt_;
};

/// A network with a mistake in every layer that can make it.
using MakeMistaken = std::function<serial::CNNClassifier(Mistake)>;

/// dJ/dw and dJ/db of every layer, under the names of their weights.
inline Tensors gradientOf(serial::CNNClassifier cnn, Mistake mistake,
                          const Dataset& data, double lambda) {
  Gradients sums = cnn.zeroGradients();
  for (uword n = 0; n < data.size(); ++n) {
    const mat image = data.image(n);
    const Image x(image.memptr(), image.n_rows, image.n_cols, 1);
    const auto passes = cnn.feedForward(x);
    arma::vec delta = serial::asColumn(passes.back().a);
    delta((data.labels(n) + (mistake == Mistake::label)) % delta.n_elem) -= 1;
    if (mistake == Mistake::softmaxTwice)
      delta %= (1 - arma::abs(delta)) % arma::abs(delta);
    if (mistake == Mistake::lastSample) sums = cnn.zeroGradients();
    Image error = serial::asImage(delta);
    for (std::size_t l = cnn.depth(); l-- > 0;) {
      cnn.layer(l).computeGradients(error, l > 0 ? passes[l - 1].a : x, passes[l],
                                    sums[l]);
      if (l > 0) error = cnn.layer(l).backPropError(error, passes[l]);
    }
  }
  const double all = static_cast<double>(data.size());
  const double m = mistake == Mistake::sumForMean ? 1 : all;
  for (std::size_t l = 0; l < cnn.depth(); ++l) {
    Parameters& p = cnn.layer(l).parameters;
    if (p.count() > 0) p = {sums[l].w / m + lambda / all * p.w, sums[l].b / m};
  }
  return cnn.weights();
}

/// The line-up for networks of these bricks, at these weights.
inline LineUp lineUp(const MakeMistaken& make) {
  return [make](const Tensors& weights, const Dataset& data, double lambda) {
    std::vector<std::pair<std::string, Tensors>> gradients;
    for (const auto& [mistake, name] : mistakes) {
      serial::CNNClassifier cnn = make(mistake);
      cnn.setWeights(weights);
      gradients.emplace_back(name, gradientOf(std::move(cnn), mistake, data, lambda));
    }
    return gradients;
  };
}

}  // namespace cnn::museum
