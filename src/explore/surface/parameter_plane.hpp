#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "net/network.hpp"
#include "run/snapshot.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::explore {

/// Whose weights move.
enum class SurfaceOf { generator, discriminator };
const char* name_of(SurfaceOf of);

/// From `low` to `high` along one direction.
struct PlaneRange {
  double low = -1, high = 1;
};

/// Weights of a run that lie in or near a plane: an epoch's place in it.
struct PlaneMark {
  std::uint64_t epoch = 0;
  double x = 0, y = 0;
  double away = 0;  ///< distance from the plane, in the unit of x and y; 0 of random directions
};

/// Two directions through the weights of one network: theta(x, y) = origin + x right + y up. Keys are those of
/// Executor::state, "generator.conv1.weight"; running statistics are not among them.
struct ParameterPlane {
  enum class Kind { random, three, path } kind = Kind::random;
  SurfaceOf of = SurfaceOf::generator;
  NamedTensors origin;     ///< of the whole game: what does not move stays as it is there
  NamedTensors right, up;  ///< of the trainable tensors of the network that moves
  PlaneRange x{}, y{};
  std::vector<PlaneMark> marks{};   ///< of `three`: A, B, C; of `path`: every epoch, the last one in the origin
  std::vector<double> explained{};  ///< of `path`: the shares of the path's squares that both directions hold
  double cosine = 0;                ///< of right and up
  std::string sentence;             ///< what the directions are
};
const char* name_of(ParameterPlane::Kind kind);

/// The network of a snapshot that moves, and its trainable tensors.
const net::Network& moving_network(const run::Snapshot& snapshot, SurfaceOf of);
NamedTensors moving_weights(const run::Snapshot& snapshot, SurfaceOf of);

/// Filter-normalised random directions (Li, Xu, Taylor, Studer, Goldstein 2018, "Visualizing the loss landscape of
/// neural nets", section 4): N(0, 1) for each number of a weight of two axes or more (stream "surface.<tensor>", index
/// 0 for right and 1 for up), then d <- d |w| / |d| for each filter: what makes one output of a dense, convolution or
/// recurrent layer, a row of an embedding. Biases, parameters of norms and slopes of PReLU do not move, as in their
/// program. x and y go from -range to range: at 1 every filter has moved by its own length.
ParameterPlane random_plane(const run::Snapshot& origin, SurfaceOf of, std::uint64_t seed, double range = 1);

/// The plane of three checkpoints A, B, C (as Garipov et al. 2018, "Loss surfaces, mode connectivity", section 3):
/// origin A, right the unit vector to B, up that of what C has besides; x and y are distances. Everything trainable
/// moves. @throws ConfigError where they are fewer than three different points
ParameterPlane plane_of_three(std::span<const run::Snapshot> three, SurfaceOf of);

/// The first two principal directions of a path (Li et al. 2018, section 7): unit right singular vectors of the rows
/// theta_i - theta_n, theta_n the last, which is the origin; x and y are distances, signs such that the first epoch has
/// none above 0. Everything trainable moves. @throws ConfigError for fewer than three snapshots, or a path that is a
/// line
ParameterPlane path_plane(std::span<const run::Snapshot> path, SurfaceOf of);

/// The weights of the game at a place of the plane; at (0, 0) the origin's bits.
NamedTensors weights_at(const ParameterPlane& plane, double x, double y);

}  // namespace ganymede::explore
