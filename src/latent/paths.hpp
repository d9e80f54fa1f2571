#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ganymede::latent {

enum class PathKind { lerp, slerp };
/// "lerp" or "slerp"; @throws ConfigError otherwise, naming the two.
PathKind path_kind_from(std::string_view name);

/// out = (1 - t) a + t b; exactly a at t = 0 and b at t = 1. All [Z]. @throws ShapeError if the lengths differ.
void lerp(std::span<const float> a, std::span<const float> b, double t, std::span<float> out);

/// Along the great circle from a to b at constant angular speed, the norm going linearly from |a| to |b|:
///   out = ((1 - t)|a| + t|b|) (sin((1 - t) w) a/|a| + sin(t w) b/|b|) / sin w,  w the angle between a and b
/// (Shoemake 1985, "Animating rotation with quaternion curves"; White 2016, "Sampling generative networks", where
/// |a| = |b|). Exactly a at t = 0 and b at t = 1. Where the circle is not unique it still is a path: opposite vectors
/// turn by way of the axis of a's smallest component; parallel ones, one dimension, or a zero vector give lerp.
void slerp(std::span<const float> a, std::span<const float> b, double t, std::span<float> out);

/// points >= 2 vectors from a to b, both included, at t = k / (points - 1): [points, Z].
std::vector<float> path(std::span<const float> a, std::span<const float> b, int points, PathKind kind);

}  // namespace ganymede::latent
