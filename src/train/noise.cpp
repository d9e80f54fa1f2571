#include "train/noise.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace ganymede::train {

Noise::Noise(const run::Recipe& recipe, const std::optional<latent::Partition>& partition, Conditions conditions)
    : prior_{.dim = recipe.latent.dim,
             .kind = latent::prior_kind_from(recipe.latent.prior),
             .codes = play::codes_from(recipe.latent.codes)},
      conditions_(std::move(conditions)) {
  const latent::SamplerKind kind = latent::sampler_kind_from(recipe.latent.sampler);
  if (kind == latent::SamplerKind::gaussian) return;
  sampler_.emplace(prior_, latent::SamplerOptions{.kind = kind, .sigma = recipe.latent.sigma}, partition);
}

void Noise::fix_condition(std::vector<float> condition) {
  if (conditions_.length() == 0) fail<ConfigError>("a condition: this generator takes none that is a vector");
  if (std::ssize(condition) != conditions_.length()) {
    fail<ConfigError>("a condition of this generator is {} numbers, found {}", conditions_.length(), condition.size());
  }
  if (!std::ranges::all_of(condition, [](float v) { return std::isfinite(v); }))
    fail<ConfigError>("a condition: wanted finite numbers");
  conditions_.fix(std::move(condition));
}

void Noise::truncate(double deviations) {
  if (sampler_) {
    fail<ConfigError>(
        "a truncation is of latents drawn from N(0, I); this run draws z by its class (latent.sampler = "
        "\"{}\")",
        latent::name_of(sampler_->options().kind));
  }
  latent::Prior truncated = prior_;
  truncated.truncation = deviations;
  std::vector<float> z(static_cast<std::size_t>(prior_.dim));
  latent::sample_z(truncated, 0, z);  // refuses what cannot be
  prior_ = truncated;
}

latent::Draws Noise::one_each(std::span<const float> out) const {
  const auto samples = static_cast<std::int64_t>(out.size()) / prior_.dim;
  return {.samples = samples, .draws = samples, .most = 1};
}

latent::Draws Noise::fill_training(std::uint64_t seed, std::uint32_t step, std::span<const std::int32_t> classes,
                                   std::span<float> out, ThreadPool* threads) {
  if (sampler_) return sampler_->fill_training(seed, step, 0, classes, out);
  if (threads == nullptr) {
    latent::fill_training(prior_, seed, step, 0, out);
    return one_each(out);
  }
  const latent::Draws draws = one_each(out);
  constexpr std::int64_t kRowsAtOnce = 32;  // each row is drawn for itself
  threads->run((draws.samples + kRowsAtOnce - 1) / kRowsAtOnce, [&](std::int64_t task, int) {
    const std::int64_t first = task * kRowsAtOnce, count = std::min(kRowsAtOnce, draws.samples - first);
    latent::fill_training(
        prior_, seed, step, static_cast<std::uint32_t>(first),
        out.subspan(static_cast<std::size_t>(first * prior_.dim), static_cast<std::size_t>(count * prior_.dim)));
  });
  return draws;
}

latent::Draws Noise::fill_samples(std::uint64_t seed, std::span<const std::int32_t> classes, std::span<float> out) {
  if (sampler_) return sampler_->fill_samples(seed, classes, out);
  latent::fill_samples(prior_, seed, out);
  return one_each(out);
}

}  // namespace ganymede::train
