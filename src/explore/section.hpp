#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "explore/plane.hpp"

namespace ganymede::explore {

/// The cross-sections of a latent space of 2 to 4 dimensions through a point z (S-LATENT L7, "projections"): of two the
/// plane itself; of three the planes across z1, z2 and z3, whose axes are the other two in their order; of four the
/// same at z's fourth coordinate. Their u and v have length 1 and are at right angles. @throws ConfigError for other
/// spaces.
std::vector<Plane> sections_through(std::span<const float> z);

/// The plane in which a walk from one z to another lies, straight or along the great circle: that of both and 0, the
/// direction from a to b running along u (right), 0 at (0, 0) and below the line. Where the three are on one line, the
/// coordinate axis that latent::slerp turns opposite vectors by gives the second direction. Two dimensions or more.
Plane plane_of_walk(std::span<const float> a, std::span<const float> b);

/// (a, b) of points [N, Z], as they are seen from straight above: [N, 2].
std::vector<float> shadow_on(const Plane& plane, std::span<const float> points);

/// The class map of a plane, of any latent space of Z dimensions: as make_class_map makes one of two dimensions, whose
/// coordinates are a and b. `wanted`: the class, of a generator that takes one. @throws as make_class_map.
ClassMap make_plane_map(const MapSource& source, const Plane& plane, const MapOptions& options,
                        std::optional<std::int32_t> wanted = {}, const OnMapPiece& on_piece = {});

}  // namespace ganymede::explore
