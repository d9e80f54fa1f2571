#pragma once

#include <vector>

#include "data/synthetic/landscape_scene.hpp"

namespace ganymede::data {

/// Paints a scene at side x side pixels, [side][side]; values may leave [0, 1]. From back to front: sky and clouds, the
/// ranges, water with their reflection or a plain, what stands in front of it.
std::vector<Rgb> paint(const Scene& scene, int side);

}  // namespace ganymede::data
