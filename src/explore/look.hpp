#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explore/taps.hpp"
#include "explore/trained_generator.hpp"

namespace ganymede::explore {

/// What is asked of a generator at some points of its latent space.
struct LookOptions {
  train::NamedSamples samples;
  std::vector<play::Override> overrides{};  ///< parse_ablation
  bool before = false;                      ///< the pictures without overrides, too
  std::vector<std::string> layers{};        ///< whose activity and mean map are wanted
  std::string maps{};                       ///< the layer whose feature maps are wanted; "": none
  std::optional<TapPlace> taps{};           ///< the value whose origin is wanted
};

/// A layer at the first of the samples.
struct LayerLook {
  LayerInfo layer;
  Activity activity;
  Tensor mean;  ///< as mean_map
};

/// What is seen there: pictures of all samples, layers of the first one.
struct Look {
  Tensor pictures;                                   ///< f32 [N, C, H, W]
  std::optional<TrainedGenerator::Judged> judged{};  ///< with a classifier
  std::optional<Tensor> before{};
  std::optional<TrainedGenerator::Judged> judged_before{};
  std::vector<LayerLook> layers{};
  Tensor maps{};  ///< f32 [C, H, W]; of a vector [1, rows, columns], padded by NaN
  std::optional<Taps> taps{};
};

/// Draws the samples and looks at what is asked for. The pictures have the bits of TrainedGenerator::draw; one alone is
/// drawn by itself (play::Inputs), as a hand waits for it.
/// @throws as chosen_layers, taps_of; DataError where a value is not finite.
Look look(TrainedGenerator& generator, const LookOptions& options, fit::Classifier* classifier = nullptr);

}  // namespace ganymede::explore
