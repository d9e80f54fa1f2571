#pragma once

#include "net/network.hpp"

namespace ganymede::fit {

// Networks of classifiers, all named "classifier": one output "logits", and before the last dense layer the node
// "features", the vector that scores are computed from.

/// The node whose output is the penultimate layer.
inline constexpr const char* kFeatures = "features";

/// For [C, H, W]: strided 5 x 5 convolutions of w, 2w, 4w ... channels (BatchNorm, ReLU) until the shorter side is at
/// most 8, then dense to `features` (BatchNorm, ReLU), dropout, dense to `outputs` logits. 28 x 28: two convolutions;
/// 64 x 64: three.
struct ImageClassifierConfig {
  int channels = 1;
  int height = 28;
  int width = 28;
  int outputs = 10;  ///< classes; 1: a logit for real or generated
  int filters = 32;  ///< w
  int features = 128;
  float dropout = 0.4F;
  bool norm = true;  ///< false: biases in the place of BatchNorm
};
net::Network image_classifier(const ImageClassifierConfig& config);

/// For ink [T, F] (10 moves of dx, dy, pen): convolutions over three moves in time (BatchNorm, ReLU), then dense layers
/// (BatchNorm, ReLU, dropout) to `features`, dense to `outputs` logits.
struct InkClassifierConfig {
  int moves = 10;
  int values = 3;
  int outputs = 39;
  int filters = 96;
  int hidden = 512;
  int features = 128;
  float dropout = 0.4F;
  bool norm = true;  ///< false: biases in the place of BatchNorm
};
net::Network ink_classifier(const InkClassifierConfig& config);

/// The one of the two that fits a sample's shape, [C, H, W] or [T, F], with `scale` times the default filters, hidden
/// units and features (at least 4 of each). @throws ShapeError for another number of axes.
net::Network classifier_for_shape(const Shape& sample, int outputs, double scale = 1, bool norm = true);

}  // namespace ganymede::fit
