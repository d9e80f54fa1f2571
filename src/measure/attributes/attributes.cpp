#include "measure/attributes/attributes.hpp"

#include <cmath>
#include <string_view>

#include "base/error.hpp"
#include "ink/moves.hpp"
#include "measure/attributes/ink_shape.hpp"
#include "measure/attributes/scene_pixels.hpp"
#include "measure/attributes/stroke_pixels.hpp"

namespace ganymede::measure {
namespace {

using SampleValues = std::span<const float>;

int side(const Shape& chw, std::size_t axis) {
  return static_cast<int>(chw[axis]);
}

template <double (*kOf)(const StrokePixels&)>
double of_strokes(SampleValues values, const Shape& chw) {
  return kOf(stroke_pixels(values, side(chw, 0), side(chw, 1), side(chw, 2)));
}

template <double (*kOf)(SampleValues, int, int)>
double of_scene(SampleValues values, const Shape& chw) {
  return kOf(values, side(chw, 1), side(chw, 2));
}

template <double (*kOf)(const ink::Ink&)>
double of_ink(SampleValues values, const Shape&) {
  return kOf(ink::decode(ink::moves_of(values)));
}

template <std::size_t kAxis>
double coordinate(SampleValues values, const Shape&) {
  return values[kAxis];
}

double radius(SampleValues values, const Shape&) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * v;
  return std::sqrt(squares);
}

double angle(SampleValues values, const Shape&) {
  return std::atan2(static_cast<double>(values[1]), static_cast<double>(values[0]));
}

constexpr Attribute kAttributes[] = {
    {"thickness", SampleKind::strokes, "how thick the stroke is, in pixels: the median of its narrowest runs",
     of_strokes<stroke_thickness>},
    {"slant", SampleKind::strokes, "how far it leans to the right a pixel upwards", of_strokes<stroke_slant>},
    {"width", SampleKind::strokes, "width of the bar whose ink spreads as much, in pixels", of_strokes<stroke_width>},
    {"height", SampleKind::strokes, "height of the bar whose ink spreads as much, in pixels",
     of_strokes<stroke_height>},
    {"ink", SampleKind::strokes, "share of the picture that is ink", of_strokes<ink_share>},
    {"roundness", SampleKind::strokes, "share of stroke and holes that is hole", of_strokes<stroke_roundness>},
    {"holes", SampleKind::strokes, "regions that the stroke encloses", of_strokes<stroke_holes>},
    {"symmetry", SampleKind::strokes, "likeness to its mirror image, left and right changed",
     of_strokes<stroke_symmetry>},
    {"brightness", SampleKind::scene, "mean luma, black 0 to white 1", of_scene<scene_brightness>},
    {"contrast", SampleKind::scene, "standard deviation of the luma", of_scene<scene_contrast>},
    {"warmth", SampleKind::scene, "mean of red less blue", of_scene<scene_warmth>},
    {"saturation", SampleKind::scene, "mean saturation (HSV)", of_scene<scene_saturation>},
    {"horizon", SampleKind::scene, "height at which the colours above and below differ most, a share of the picture",
     of_scene<scene_horizon>},
    {"strokes", SampleKind::ink, "strokes drawn without lifting the pen", of_ink<ink_strokes>},
    {"length", SampleKind::ink, "length of the strokes together", of_ink<ink_length>},
    {"slant", SampleKind::ink, "how far it leans to the right a unit upwards", of_ink<ink_slant>},
    {"size", SampleKind::ink, "the longer side of its box", of_ink<ink_size>},
    {"width", SampleKind::ink, "width of its box", of_ink<ink_width>},
    {"height", SampleKind::ink, "height of its box", of_ink<ink_height>},
    {"x", SampleKind::points, "the first coordinate", coordinate<0>},
    {"y", SampleKind::points, "the second coordinate", coordinate<1>},
    {"radius", SampleKind::points, "distance from the origin", radius},
    {"angle", SampleKind::points, "angle from the x axis, in (-pi, pi]: it jumps where x < 0 and y changes its sign",
     angle},
};

}  // namespace

SampleKind kind_of_samples(const Shape& chw, bool stacked) {
  if (chw.size() != 3) fail<ShapeError>("attributes: wanted samples [C, H, W], found {}", to_string(chw));
  if (chw[1] == 1 && chw[2] == 1) return SampleKind::points;
  if (chw == Shape{1, ink::kMoves, ink::kMoveValues}) return SampleKind::ink;
  return chw[0] == 3 && !stacked ? SampleKind::scene : SampleKind::strokes;
}

std::span<const Attribute> attributes() {
  return kAttributes;
}

std::vector<const Attribute*> attributes_of(SampleKind kind, const Shape& chw) {
  std::vector<const Attribute*> found;
  for (const Attribute& attribute : kAttributes) {
    if (attribute.kind != kind) continue;
    const std::string_view name = attribute.name;
    if (kind == SampleKind::points && chw[0] < 2 && name != "x") continue;
    if (name == "angle" && chw[0] != 2) continue;
    found.push_back(&attribute);
  }
  return found;
}

std::vector<double> scores_of(const Attribute& attribute, const Tensor& samples) {
  const Shape& shape = samples.shape();
  if (shape.size() != 4) fail<ShapeError>("attributes: wanted samples [N, C, H, W], found {}", to_string(shape));
  const Shape chw{shape[1], shape[2], shape[3]};
  const auto each = static_cast<std::size_t>(element_count(chw));
  std::vector<double> scores;
  for (std::int64_t i = 0; i < shape[0]; ++i)
    scores.push_back(attribute.of(samples.values<float>().subspan(static_cast<std::size_t>(i) * each, each), chw));
  return scores;
}

}  // namespace ganymede::measure
