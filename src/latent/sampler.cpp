#include "latent/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::latent {
namespace {

constexpr std::array<const char*, 4> kNames{"gaussian", "centroid", "rejection", "partition"};

}  // namespace

SamplerKind sampler_kind_from(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) {
    fail<ConfigError>("latent.sampler: wanted \"gaussian\", \"centroid\", \"rejection\" or \"partition\", found \"{}\"",
                      std::string(name));
  }
  return static_cast<SamplerKind>(found - kNames.begin());
}

const char* name_of(SamplerKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

ClassSampler::ClassSampler(const Prior& prior, const SamplerOptions& options, std::optional<Partition> partition)
    : prior_(prior), options_(options), partition_(std::move(partition)) {
  if (options_.kind == SamplerKind::gaussian) return;
  const char* name = name_of(options_.kind);
  if (!partition_) fail<ConfigError>("latent.sampler = \"{}\" needs a partition", name);
  if (partition_->dim() != prior_.dim) {
    fail<ConfigError>("latent.dim is {}, but the partition is of {} dimensions", prior_.dim, partition_->dim());
  }
  if (prior_.kind != PriorKind::normal)
    fail<ConfigError>("latent.sampler = \"{}\" needs latent.prior = \"normal\"", name);
  if (!(options_.sigma >= 0)) fail<ConfigError>("latent.sigma: wanted 0 or more, found {}", options_.sigma);
  cells_.resize(static_cast<std::size_t>(partition_->classes()));
}

Cell& ClassSampler::cell(int c) {
  std::optional<Cell>& cell = cells_[static_cast<std::size_t>(c)];
  if (!cell) cell.emplace(*partition_, c);
  return *cell;
}

void ClassSampler::check(std::span<const std::int32_t> classes, std::span<const float> out) const {
  if (out.size() != classes.size() * static_cast<std::size_t>(prior_.dim)) {
    fail<ShapeError>("latent: wanted room for {} rows of {} numbers, found {}", classes.size(), prior_.dim, out.size());
  }
  if (!partition_) return;
  for (const std::int32_t c : classes) {
    if (c < 0 || c >= partition_->classes()) {
      fail<ConfigError>("latent: class {} has no cell: the partition has {} classes", c, partition_->classes());
    }
  }
}

Draws ClassSampler::fill_training(std::uint64_t seed, std::uint32_t step, std::uint32_t first_index,
                                  std::span<const std::int32_t> classes, std::span<float> out) {
  check(classes, out);
  latent::fill_training(prior_, seed, step, first_index, out);
  Draws draws;
  const auto dim = static_cast<std::size_t>(prior_.dim);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto index = first_index + static_cast<std::uint32_t>(i);
    const std::int64_t needed = condition(seed, step, index, classes[i], out.subspan(i * dim, dim));
    ++draws.samples, draws.draws += needed, draws.most = std::max(draws.most, needed);
  }
  return draws;
}

Draws ClassSampler::fill_samples(std::uint64_t seed, std::span<const std::int32_t> classes, std::span<float> out) {
  check(classes, out);
  latent::fill_samples(prior_, seed, out);
  Draws draws;
  const auto dim = static_cast<std::size_t>(prior_.dim);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    // Training never uses the largest index, so that the two never share numbers.
    const std::int64_t needed = condition(seed + i, 0, ~std::uint32_t{0}, classes[i], out.subspan(i * dim, dim));
    ++draws.samples, draws.draws += needed, draws.most = std::max(draws.most, needed);
  }
  return draws;
}

// Turns z, a draw of the prior, into one of class c; returns the draws it took.
std::int64_t ClassSampler::condition(std::uint64_t seed, std::uint32_t step, std::uint32_t index, int c,
                                     std::span<float> z) {
  switch (options_.kind) {
    case SamplerKind::gaussian:
      break;
    case SamplerKind::centroid: {
      const auto centroid = partition_->centroid(c);
      const auto sigma = static_cast<float>(options_.sigma);
      for (std::size_t i = 0; i < z.size(); ++i) z[i] = centroid[i] + sigma * z[i];
      break;
    }
    case SamplerKind::rejection:
      return reject(seed, step, index, c, z);
    case SamplerKind::partition:
      move_into_cell(RandomSequence(Random(seed, "latent.sampler.r", step), index).uniform(), c, z);
      break;
  }
  return 1;
}

void ClassSampler::move_into_cell(double uniform, int c, std::span<float> z) {
  const auto centroid = partition_->centroid(c);
  const std::vector<float> z0(z.begin(), z.end());
  const double start = cell(c).entry(z0);
  double r = start + (1 - start) * uniform;
  for (;;) {
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double from = z0[i];
      z[i] = static_cast<float>(from + r * (static_cast<double>(centroid[i]) - from));
    }
    if (r == 1 || nearest_class(*partition_, z) == c) return;
    r = (1 + r) / 2;  // rounding put a z on the very border outside
  }
}

std::int64_t ClassSampler::reject(std::uint64_t seed, std::uint32_t step, std::uint32_t index, int c,
                                  std::span<float> z) {
  if (nearest_class(*partition_, z) == c) return 1;
  RandomSequence random(Random(seed, "latent.sampler.rejection", step), index);
  Cell& wanted = cell(c);
  for (std::int64_t draws = 2; draws <= options_.most_draws; ++draws) {
    if (!wanted.draw(random)) continue;
    wanted.place(z);
    if (nearest_class(*partition_, z) == c) return draws;  // else rounding put it on the border
  }
  fail<ConfigError>(
      "latent.sampler = \"rejection\": {} draws gave no z of class {}: its cell holds almost nothing of N(0, I). Use "
      "\"partition\", another seed of the partition, more dimensions or fewer classes",
      options_.most_draws, c);
}

}  // namespace ganymede::latent
