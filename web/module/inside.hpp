// SPDX-License-Identifier: MIT
#pragma once
/// @file
/// One image on its way through the layers of stage 05 and back, every number kept.
///   layer 0 is the image, layer l + 1 the network's layer l
///   a, z, da, dz : channels x rows x columns, row by row
/// The convolutions have stride 1 and no padding, as all of the page's networks.

#include "05_cnn_serial/cnn.hpp"

#include <string>
#include <vector>

namespace cnn::web {

/// What one layer made of the image, and its error.
struct SeenLayer {
  std::string name, kind;  ///< "conv1", "conv"; "image" and "" for the image
  Activation activation = Activation::identity;
  serial::Image a, z;    ///< z is empty where the activation is the identity
  serial::Image da, dz;  ///< dJ/da, dJ/dz; of a softmax dJ/dz stands for both
  arma::ucube winners;   ///< of a max pool: row + column . rows in the layer below
};

/// A number in a layer.
struct Place {
  arma::uword layer = 0, channel = 0, row = 0, column = 0;
};

/// How a number came about.
struct Origin {
  Place corner;  ///< of its window, in the layer below
  arma::uword channels = 0, rows = 0, columns = 0;  ///< of the window
  std::vector<double> inputs, weights, products;    ///< window and kernel, row by row
  double bias = 0, sum = 0;  ///< sum: of the products and the bias
  int winner = -1;           ///< of a pool: which of the inputs
};

/// An output that a number touched, and the share of the error that came back from it.
struct Share {
  Place from;
  double dz = 0, weight = 0, product = 0;
};

/// An image, looked at in every layer.
class Inside {
 public:
  /// Sends the image there and back. A label of 10 stands for the network's own answer.
  /// @throws std::invalid_argument when there is no such label
  Inside(serial::CNNClassifier bricks, const arma::mat& image, arma::uword label = 10);

  const std::vector<SeenLayer>& layers() const { return layers_; }
  arma::uword label() const { return label_; }
  double cost() const { return cost_; }

  /// How the number came about, from the layer below. Of the image: nothing.
  /// @throws std::invalid_argument when there is no such number
  Origin origin(const Place& place) const;

  /// Where its error came from, in the layer above. Of the last layer: nothing.
  /// @throws std::invalid_argument when there is no such number
  std::vector<Share> shares(const Place& place) const;

  /// @throws std::invalid_argument when there is no such number
  const SeenLayer& layerOf(const Place& place) const;

 private:
  /// Weight of output `to` for the input (channel, u, v) of its window.
  double weight(arma::uword layer, arma::uword to, arma::uword channel, arma::uword u,
                arma::uword v) const;
  arma::uword kernelSize(arma::uword layer) const;

  serial::CNNClassifier bricks_;
  std::vector<SeenLayer> layers_;
  arma::uword label_ = 0;
  double cost_ = 0;
};

}  // namespace cnn::web
