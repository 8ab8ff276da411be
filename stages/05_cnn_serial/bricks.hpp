// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// Stage 05: what each kind of brick is, before it computes anything: its sizes, which
/// inputs it fits on, and how many numbers it learns.
///   conv     H x W x C -> H' x W' x filters     filters . (C f f + 1) parameters
///   pool     H x W x C -> H' x W' x C           none
///   flatten  H x W x C -> H W C                 none
///   fc       n         -> outputs               outputs . (n + 1)

#include "01_convolution/convolution.hpp"
#include "05_cnn_serial/layer.hpp"

#include <string>
#include <vector>

namespace cnn {

/// A convolution layer's sizes: square kernels of size x size.
struct ConvSizes {
  int filters = 1, size = 3, stride = 1, padding = 0;
  Activation activation = Activation::relu;
};

/// What is known of a convolution layer, one image or many.
template <class Data>
class ConvBrick : public Layer<Data> {
 public:
  explicit ConvBrick(const ConvSizes& sizes)
      : slide_{sizes.stride, sizes.padding}, sizes_(sizes) {
    this->activation = sizes.activation;
  }

  Shape connect(const Shape& input) override {
    require(!input.flat, "a convolution needs rows and columns, not a flattened input");
    require(sizes_.filters >= 1, "{} filters; at least one is needed", sizes_.filters);
    require(sizes_.size >= 1, "the kernel is {0} x {0}; at least 1 x 1", sizes_.size);
    require(sizes_.activation != Activation::softmax,
            "softmax ends a network, in an FC layer");
    const arma::uword f = size(), n = static_cast<arma::uword>(sizes_.filters);
    input_ = input;
    output_ = {outputSize(input.rows, f, slide_), outputSize(input.columns, f, slide_),
               n};
    this->parameters = {arma::mat(n, f * f * input.channels), arma::vec(n)};
    return output_;
  }
  std::string kind() const override { return "conv"; }
  std::vector<std::size_t> weightShape() const override {
    return {output_.channels, input_.channels, size(), size()};
  }

 protected:
  arma::uword size() const { return static_cast<arma::uword>(sizes_.size); }

  Slide slide_;
  Shape input_, output_;

 private:
  ConvSizes sizes_;
};

enum class Pooling { max, mean };

/// A pooling layer's sizes; the stride is the window's size unless another is given.
struct PoolSizes {
  int size = 2, stride = 0, padding = 0;
  Pooling pooling = Pooling::max;
};

/// What is known of a pooling layer.
template <class Data>
class PoolBrick : public Layer<Data> {
 public:
  explicit PoolBrick(const PoolSizes& sizes)
      : size_(sizes.size),
        slide_{sizes.stride == 0 ? sizes.size : sizes.stride, sizes.padding},
        pooling_(sizes.pooling) {}

  Shape connect(const Shape& input) override {
    require(!input.flat, "pooling needs rows and columns, not a flattened input");
    require(size_ >= 1, "the window is {0} x {0}; at least 1 x 1", size_);
    require(slide_.padding < size_,
            "padding is {}; it must be less than the window's size "
            "{}, or a window could lie outside the image",
            slide_.padding, size_);
    const auto f = static_cast<arma::uword>(size_);
    input_ = input;
    output_ = {outputSize(input.rows, f, slide_), outputSize(input.columns, f, slide_),
               input.channels};
    return output_;
  }
  std::string kind() const override {
    return pooling_ == Pooling::max ? "max pool" : "mean pool";
  }

 protected:
  int size_;
  Slide slide_;
  Pooling pooling_;
  Shape input_, output_;
};

/// What is known of a flatten layer: the same numbers as one long vector.
template <class Data>
class FlattenBrick : public Layer<Data> {
 public:
  Shape connect(const Shape& input) override {
    require(!input.flat, "the input is flat already");
    input_ = input;
    return {input.rows, input.columns, input.channels, true};
  }
  std::string kind() const override { return "flatten"; }

 protected:
  Shape input_;
};

/// A fully connected layer's sizes. The rate factor is of its learning rate.
struct FCSizes {
  int outputs = 10;
  Activation activation = Activation::relu;
  double rateFactor = 1;
};

/// What is known of a fully connected layer.
template <class Data>
class FCBrick : public Layer<Data> {
 public:
  explicit FCBrick(const FCSizes& sizes) : outputs_(sizes.outputs) {
    this->activation = sizes.activation;
    this->rateFactor = sizes.rateFactor;
  }

  Shape connect(const Shape& input) override {
    require(input.flat,
            "a fully connected layer needs a flattened input; add a FlattenLayer "
            "before it");
    require(outputs_ >= 1, "{} outputs; at least one is needed", outputs_);
    const auto n = static_cast<arma::uword>(outputs_);
    input_ = input;
    this->parameters = {arma::mat(n, input.size()), arma::vec(n)};
    return {1, 1, n, true};
  }
  std::string kind() const override { return "fc"; }
  std::vector<std::size_t> weightShape() const override {
    return {this->parameters.w.n_rows, this->parameters.w.n_cols};
  }

 protected:
  int outputs_;
  Shape input_;
};

}  // namespace cnn
