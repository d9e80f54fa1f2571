#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "latent/cell.hpp"
#include "latent/partition.hpp"
#include "latent/prior.hpp"

namespace ganymede::latent {

/// How z of a class is drawn (S-INK I5).
enum class SamplerKind {
  gaussian,   ///< from the prior; the class does not matter
  centroid,   ///< zc(c) + sigma N(0, I)
  rejection,  ///< z ~ N(0, I) until c is its nearest class
  partition   ///< Algorithm 1: z0 ~ N(0, I); z = z0 + r (zc(c) - z0), r ~ U(0, 1), until c is its nearest class. In
              ///< closed form: cells are convex, so r is uniform on (Cell::entry, 1)
};
/// By its name; @throws ConfigError otherwise, naming the four.
SamplerKind sampler_kind_from(std::string_view name);
const char* name_of(SamplerKind kind);

struct SamplerOptions {
  SamplerKind kind = SamplerKind::gaussian;
  double sigma = 0.2;                    ///< of `centroid` (inferred: the study does not state it)
  std::int64_t most_draws = 10'000'000;  ///< of one z by `rejection`
};

/// Draws from the prior that samples needed. Only `rejection` ever needs more than one a sample.
struct Draws {
  std::int64_t samples = 0, draws = 0, most = 0;
  double mean() const { return samples > 0 ? static_cast<double>(draws) / static_cast<double>(samples) : 0; }
};

/// Draws latent vectors of wanted classes. Every row is a function of its seed, step, index and class alone; z0 (and
/// the first candidate of `rejection`) is the very z that `gaussian` gives. Not for several threads at once.
class ClassSampler {
 public:
  /// `partition` is what all kinds but gaussian need. @throws ConfigError: it is missing, has another length of z than
  /// the prior, or the prior is not N(0, I).
  ClassSampler(const Prior& prior, const SamplerOptions& options, std::optional<Partition> partition = std::nullopt);

  /// Row i of out [N, Z] is sample first_index + i of `step`, of class classes[i] (streams of latent::fill_training).
  /// @throws ShapeError if out is not one row a class; ConfigError for a class without a cell, or if `rejection` needs
  /// more than most_draws, with what to do.
  Draws fill_training(std::uint64_t seed, std::uint32_t step, std::uint32_t first_index,
                      std::span<const std::int32_t> classes, std::span<float> out);
  /// Row i is the z of class classes[i] named by seed + i (streams of latent::sample_z).
  Draws fill_samples(std::uint64_t seed, std::span<const std::int32_t> classes, std::span<float> out);

  const SamplerOptions& options() const { return options_; }
  const std::optional<Partition>& partition() const { return partition_; }

 private:
  void check(std::span<const std::int32_t> classes, std::span<const float> out) const;
  std::int64_t condition(std::uint64_t seed, std::uint32_t step, std::uint32_t index, int c, std::span<float> z);
  std::int64_t reject(std::uint64_t seed, std::uint32_t step, std::uint32_t index, int c, std::span<float> z);
  void move_into_cell(double uniform, int c, std::span<float> z);
  Cell& cell(int c);

  Prior prior_;
  SamplerOptions options_;
  std::optional<Partition> partition_;
  std::vector<std::optional<Cell>> cells_;  // made when first needed
};

}  // namespace ganymede::latent
