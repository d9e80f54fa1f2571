#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/thread_pool.hpp"
#include "latent/prior.hpp"
#include "latent/sampler.hpp"
#include "run/recipe.hpp"

namespace ganymede::train {

/// z as a recipe draws it: from the prior, or by class (latent.sampler). Not for several threads at once.
class Noise {
 public:
  /// @throws ConfigError if the sampler needs a partition and there is none, or one that does not fit.
  explicit Noise(const run::Recipe& recipe, const std::optional<latent::Partition>& partition = {});

  int dim() const { return prior_.dim; }
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
  std::optional<latent::ClassSampler> sampler_;  ///< none: gaussian
};

}  // namespace ganymede::train
