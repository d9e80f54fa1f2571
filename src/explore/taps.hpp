#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "explore/dissection.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// One value of a layer: element (channel, row, column) of [C, H, W]; of what has no such shape the element number
/// channel + row columns + column, `columns` those of the near-square that mean_map lays it out in.
struct TapPlace {
  std::string layer;
  std::int64_t channel = 0, row = 0, column = 0;
};

/// One product that a value is made of.
struct TapTerm {
  TapPlace from;  ///< in the layer before, the latent vector or the class; of a vector, channel is the element's number
  double weight = 0;
  double input = 0;
  double product = 0;
};

/// Where a value y came from, its input being x: y = bias + sum of weight x.
///   dense: weights W of its row; convolution and its transpose: those taps of the kernel that meet the input;
///   batch norm: one term, weight w / sqrt(var + epsilon), bias b - mean w / sqrt(var + epsilon); layer norm likewise,
///   with the sample's own mean and variance;
///   activation: one term, weight y / x (where x is 0: no term's worth, all of y is bias);
///   product: one term, the weight being the other factor; permute, concat and max pooling: one term of weight 1;
///   average pooling: a term each of weight 1 / (kernel's area).
/// A recurrent layer and a value that an override sets have no terms: all of y is bias.
struct Taps {
  double value = 0;  ///< y as the network computed it
  double bias = 0;
  std::int64_t count = 0;      ///< terms in all
  std::vector<TapTerm> terms;  ///< the largest by |product|, at most kMostTerms
  double rest = 0;             ///< sum of the products of the others
  std::string sentence;        ///< what was added up, for people
};
inline constexpr std::size_t kMostTerms = 64;

/// The layers whose values taps_of needs besides the layer itself. @throws ConfigError for a name that is no layer.
std::vector<std::string> layers_before(const net::Network& network, const std::string& layer);

/// `inside`: of `samples`, whose first one is meant, with the layer of `place` and those of layers_before; as
/// `overrides` changed it. `weights`: of the network, keyed "generator.*".
/// @throws ConfigError for a place outside the layer.
Taps taps_of(const net::Network& network, const NamedTensors& weights, const Dissection& inside,
             const train::NamedSamples& samples, const TapPlace& place,
             const std::vector<play::Override>& overrides = {});

}  // namespace ganymede::explore
