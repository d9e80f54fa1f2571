#pragma once

#include <map>
#include <string>
#include <vector>

#include "interop/import_weights.hpp"
#include "net/network.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::interop {

/// A layer's tensors by the name within it: of theirs as the file has it, of ours as theirs should.
struct WeightLayer {
  std::string name;
  std::map<std::string, Shape> shapes{};
  std::map<std::string, std::string> whole{};  ///< the tensor's whole name, by the one within
};

/// A name with dots for slashes, without Keras 2's ":0": "dense/kernel:0" is "dense.kernel".
std::string dotted(std::string name);

/// What stands for a layer's tensor in a layout: of a Dense's "weight" Keras says "kernel", of a BatchNorm's "gamma".
std::string suffix_in(WeightLayout layout, const net::Layer& layer, const std::string& suffix);

/// The network's layers that have weights, in its order, with the names and shapes that a layout gives their tensors.
std::vector<WeightLayer> layers_of(const net::Network& network, WeightLayout layout);

/// The layers of a file, in the order in which their names count; into `left_out` what is no weight (numbers of
/// batches).
std::vector<WeightLayer> layers_of(const NamedTensors& tensors, std::vector<std::string>& left_out);

/// What a layer is, as far as its tensors tell: "dense", "BatchNorm" ... Layers of one kind are paired in order.
std::string kind_of(const WeightLayer& layer, bool transposed);

/// Whether `a` stands before `b` where numbers in names count as numbers: "net.2" before "net.10", "dense" before
/// "dense_1".
bool counts_before(const std::string& a, const std::string& b);

}  // namespace ganymede::interop
