#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::interop {

/// A network with its weights as another program runs it, in inference: its weights divided by their spectral norms
/// where it had such, and names for what goes in and comes out.
struct FrozenNetwork {
  net::Network network;
  std::vector<Shape> shapes;  ///< of every node's output, one sample
  NamedTensors tensors;       ///< "conv1.weight", f32, without the network's name
  /// Names from outside by node: of inputs by role z, class, vector, image; of heads image (generator), logit,
  /// class_logits, codes (discriminator), logits (classifier).
  std::map<std::string, std::string> names;

  const Shape& shape_of(const std::string& node) const {
    return shapes[static_cast<std::size_t>(network.index_of(node))];
  }
  /// Null where the layer has none of the name.
  const Tensor* find(const net::Node& node, const std::string& parameter) const;
  const Tensor& at(const net::Node& node, const std::string& parameter) const;
};

/// `weights` as play::Model::load takes them, keyed with the network's name; further ones are left out. @throws
/// DataError naming a tensor that is missing or has another shape, with what was wanted and found.
FrozenNetwork freeze(const net::Network& network, const NamedTensors& weights);

/// What a sliding kernel adds around the larger image, in its pixels. Of a ConvTranspose `bottom` and `right` may be
/// negative: rows and columns that no kernel reaches.
struct Sides {
  int top = 0, bottom = 0, left = 0, right = 0;
  friend bool operator==(const Sides&, const Sides&) = default;
};
/// Of a Conv or ConvTranspose whose input and output (of one sample, images or sequences) have these shapes.
Sides sides_of(const net::Conv& layer, const Shape& in);
Sides sides_of(const net::ConvTranspose& layer, const Shape& in, const Shape& out);

}  // namespace ganymede::interop
