#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/thread_pool.hpp"
#include "latent/prior.hpp"
#include "latent/sampler.hpp"
#include "run/recipe.hpp"
#include "train/conditions.hpp"

namespace ganymede::train {

/// z as a recipe draws it: from the prior, or by class (latent.sampler); and what a sample that a seed names has beside
/// it. Not for several threads at once.
class Noise {
 public:
  /// @throws ConfigError if the sampler needs a partition and there is none, or one that does not fit.
  explicit Noise(const run::Recipe& recipe, const std::optional<latent::Partition>& partition = {},
                 Conditions conditions = {});

  int dim() const { return prior_.dim; }
  const Conditions& conditions() const { return conditions_; }
  /// Of the samples that seeds name, from now on: all have this one. @throws ConfigError if it does not fit
  void fix_condition(std::vector<float> condition);
  /// Of the samples that seeds name, from now on (latent::Prior). @throws ConfigError for uniform latents, and where z
  /// is drawn by class
  void truncate(double deviations);
  /// out [N, Z] of call `step`; classes [N], or empty for a generator that takes none; on these threads, if any.
  latent::Draws fill_training(std::uint64_t seed, std::uint32_t step, std::span<const std::int32_t> classes,
                              std::span<float> out, ThreadPool* threads = nullptr);
  /// Row i is named by seed + i.
  latent::Draws fill_samples(std::uint64_t seed, std::span<const std::int32_t> classes, std::span<float> out);

 private:
  latent::Draws one_each(std::span<const float> out) const;

  latent::Prior prior_;
  Conditions conditions_;
  std::optional<latent::ClassSampler> sampler_;  ///< none: gaussian
};

}  // namespace ganymede::train
