#pragma once

#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::study {

/// A classifier with one more layer, whose one output is the logit of class `to` less that of class `from`: a
/// discriminator of two classes, so that play::Model::push gives the slopes of a classifier by its input.
struct Margin {
  net::Network network;
  NamedTensors tensors;  ///< the classifier's and the new layer's
};
/// `classifier`: its first output [K], K = `classes`.
Margin margin_of(const net::Network& classifier, const NamedTensors& tensors, int classes, int from, int to);

}  // namespace ganymede::study
