#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "explore/activity.hpp"
#include "net/network.hpp"
#include "play/model.hpp"

namespace ganymede::explore {

// What happens inside a generator (S-LATENT L7, L9): the activations of its layers, and its pictures when some of them
// are taken away.

/// A layer that can be looked at.
struct LayerInfo {
  std::string node;
  std::string kind;  ///< "dense", "conv_transpose", "relu" ...
  /// [C, H, W] or [F]; vectors that a later node reshapes have that shape already.
  Shape shape;
};
/// All but inputs, embeddings and what only renames values (reshape, dropout), in the network's order.
std::vector<LayerInfo> layers_of(const net::Network& network);

struct LayerView {
  LayerInfo layer;
  Tensor values;  ///< f32 [N, C, H, W] or [N, F]
  Activity activity;
};
struct Dissection {
  Tensor pictures;  ///< [N, C, H, W]
  std::vector<LayerView> layers;
};
/// The layers of these names; empty: all of layers_of. @throws ConfigError for a name that is no layer, listing those
/// that are.
std::vector<LayerInfo> chosen_layers(const net::Network& network, const std::vector<std::string>& wanted);
/// Runs a model of the generator once and keeps the values of the chosen layers, changed by `overrides`. @throws as
/// chosen_layers.
Dissection dissect(play::Model& model, const net::Network& network, const play::Inputs& inputs,
                   const std::vector<std::string>& layers = {}, const std::vector<play::Override>& overrides = {});

/// Reads "act2:channel=5", "act2:row=3", "act2:channel=5,row=3,value=1", "act2" (the whole layer): what is named
/// becomes `value` (0). The node of a reshape is written as the one it renames, whose values the engine changes.
/// @throws ConfigError for anything else, an unknown node, or a channel or row that the layer lacks; vectors that are
/// never reshaped have channels (one value each) and no rows.
play::Override parse_ablation(std::string_view text, const net::Network& network);

/// One after another.
std::vector<play::Override> parse_ablations(const std::vector<std::string>& texts, const net::Network& network);

/// Mean over channels of sample i: f32 [H, W]; of a vector a near-square [rows, columns], padded by NaN.
Tensor mean_map(const LayerView& view, std::int64_t i);
/// Feature map c of sample i, [H, W]; only of layers with an image's shape.
Tensor feature_map(const LayerView& view, std::int64_t i, std::int64_t c);

/// Mean |after - before| over all values of each sample, [N], and over samples of each pixel, [H, W] (mean over
/// channels). Pictures in [-1, 1]: 1 is half of the whole range. @throws ShapeError for other shapes.
struct PictureChange {
  std::vector<double> samples;
  Tensor pixels;
};
PictureChange change_of(const Tensor& before, const Tensor& after);

}  // namespace ganymede::explore
