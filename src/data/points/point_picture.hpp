#pragma once

#include <span>
#include <vector>

#include "picture/scatter.hpp"

namespace ganymede::data {

/// The part of the plane (of the line, where dim is 1) that pictures of points show: about the points, with a fifth of
/// their extent beyond; of a plane a square. It depends on the reals alone, so that pictures of all epochs compare.
struct PointFrame {
  picture::Range x, y;
};
/// Of points [N, dim]; values that are not finite do not count.
PointFrame frame_of(std::span<const float> points, int dim);

/// Where a discriminator is asked for the colours behind the points: [M, dim], of a plane the middles of a lattice's
/// cells from the top left, of a line from end to end. None of more than two dimensions, where a picture shows the
/// first two of them.
std::vector<float> places_to_ask(const PointFrame& frame, int dim);

/// Where arrows over the plane begin: [M, 2], a coarser lattice.
std::vector<float> places_of_arrows(const PointFrame& frame);

/// Real and generated points, [N, dim] each, and what D says at places_to_ask: shares of real in [0, 1].
struct PointScene {
  int dim = 2;
  PointFrame frame;
  std::span<const float> real{}, fake{};
  std::span<const float> shares{};  ///< none: no colours behind them, no curve
  // Of a plane alone:
  std::vector<std::vector<float>> manifold{};  ///< G's image of lines through its latent space, [n, dim] each
  std::span<const float> pushed{};             ///< [M, 2]: where arrows begin, and
  std::span<const float> pushes{};  ///< [M, 2]: where D pushes samples there. The longest but for one in twenty is
                                    ///< drawn a twelfth of the frame long, longer ones no longer.
};
/// Dots over D's surface; of one dimension histograms of both with D's curve.
picture::Image picture_of_points(const PointScene& scene);

}  // namespace ganymede::data
