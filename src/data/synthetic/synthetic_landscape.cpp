#include "data/synthetic/synthetic_landscape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "data/synthetic/landscape_painter.hpp"

namespace ganymede::data {
namespace {

std::uint8_t level(double v) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(v, 0.0, 1.0)));
}

constexpr double kLowSun = 0.15;

Scene scene_of(std::uint64_t seed, std::uint64_t index) {
  RandomSequence random(Random(seed, "data.landscapes.sample", static_cast<std::uint32_t>(index >> 32)),
                        static_cast<std::uint32_t>(index));
  return draw_scene(random);
}

}  // namespace

std::string landscape_class_name(int k) {
  constexpr std::array<const char*, 4> kReliefs{"mountains", "hills", "mesas", "dunes"};
  return std::string(kReliefs.at(static_cast<std::size_t>(k / 4))) + (k / 2 % 2 == 1 ? " and water" : "") +
         (k % 2 == 1 ? ", low sun" : "");
}

int landscape_label(std::uint64_t seed, std::uint64_t index) {
  const Scene scene = scene_of(seed, index);
  return 4 * static_cast<int>(scene.relief) + (scene.water ? 2 : 0) + (scene.sun < kLowSun ? 1 : 0);
}

void draw_landscape(std::uint64_t seed, std::uint64_t index, int side, std::span<std::uint8_t> pixels) {
  if (side < 8 || side > 1024) fail<ShapeError>("landscapes: a side must be between 8 and 1024 (got {})", side);
  const std::size_t plane = static_cast<std::size_t>(side) * side;
  if (pixels.size() != 3 * plane) {
    fail<ShapeError>("landscapes: wanted room for {} pixels, found {}", 3 * plane, pixels.size());
  }
  const Scene scene = scene_of(seed, index);
  const std::vector<Rgb> picture = paint(scene, side);
  for (std::size_t i = 0; i < plane; ++i) {
    pixels[i] = level(picture[i].r * scene.exposure);
    pixels[plane + i] = level(picture[i].g * scene.exposure);
    pixels[2 * plane + i] = level(picture[i].b * scene.exposure);
  }
}

}  // namespace ganymede::data
