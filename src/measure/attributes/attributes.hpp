#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.hpp"

namespace ganymede::measure {

/// What samples are, so far as attributes ask: the table below has some of each.
enum class SampleKind {
  strokes,  ///< pictures of one channel, bright on dark: digits
  scene,    ///< pictures in colour
  ink,      ///< symbols of ink, moves [1, T, 3]
  points    ///< [D, 1, 1]
};
/// Of samples [C, H, W]: [1, 10, 3] is ink, [D, 1, 1] a point, three channels are a scene, everything else strokes (of
/// several channels their mean). `stacked`: three channels are pictures of their own.
SampleKind kind_of_samples(const Shape& chw, bool stacked = false);

/// A score f of a sample, which a direction of a latent space may change (S-THEORY T8).
struct Attribute {
  const char* name;  ///< "thickness"
  SampleKind kind;
  const char* sentence;
  double (*of)(std::span<const float> values, const Shape& chw);
};
/// All there are, kind by kind.
std::span<const Attribute> attributes();

/// Those that samples of this shape have: of their kind; of points of one coordinate x alone, of more than two no
/// angle.
std::vector<const Attribute*> attributes_of(SampleKind kind, const Shape& chw);

/// f of every sample of generated f32 [N, C, H, W], [N].
std::vector<double> scores_of(const Attribute& attribute, const Tensor& samples);

}  // namespace ganymede::measure
