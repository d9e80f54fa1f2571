#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "tensor/tensor.hpp"

namespace ganymede::latent {

inline constexpr const char* kPartitionSchema = "ganymede.partition/1";

/// A latent space cut in one cell a class (S-INK I5): the points of R^Z nearer to the class's centroid than to any
/// other. Cells are convex: intersections of half-spaces.
struct Partition {
  Tensor centroids;        ///< f32 [K, Z]
  std::uint64_t seed = 0;  ///< that drew them

  int classes() const { return static_cast<int>(centroids.shape()[0]); }
  int dim() const { return static_cast<int>(centroids.shape()[1]); }
  /// zc(k), [Z].
  std::span<const float> centroid(int k) const;

  friend bool operator==(const Partition&, const Partition&) = default;
};

/// zc(k) ~ N(0, I), drawn once a class: key seed, stream "latent.partition", step 0, index k. A partition of more
/// classes begins with the same centroids. @throws ConfigError unless 1 <= classes <= 65536 and 1 <= dim <= 65536.
Partition make_partition(int classes, int dim, std::uint64_t seed);

/// Writes `centroids` as safetensors, with schema, seed and a checksum in the metadata; or, by the ending .npz, as
/// NumPy arrays `centroids` and `seed`.
void write_partition(const std::filesystem::path& path, const Partition& partition);
/// Reads either. @throws DataError naming the path: no partition, another schema, a wrong checksum, type or shape,
/// centroids that are not finite or coincide.
Partition read_partition(const std::filesystem::path& path);

/// The class whose centroid is nearest to z, [Z] (Euclidean; the lowest class on a tie), in double arithmetic.
int nearest_class(const Partition& partition, std::span<const float> z);

}  // namespace ganymede::latent
