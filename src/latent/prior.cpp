#include "latent/prior.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/philox.hpp"

namespace ganymede::latent {
namespace {

void fill_row(const Prior& prior, const Random& random, std::uint32_t index, std::span<float> out) {
  if (prior.kind == PriorKind::normal) {
    random.normal(index, out);
    return;
  }
  random.uniform(index, out);
  for (float& value : out) value = 2 * value - 1;
}

// In their order, over the end of a row.
void fill_codes(const Prior& prior, const Random& random, std::uint32_t index, std::span<float> row) {
  if (prior.codes.empty()) return;
  const int width = std::accumulate(prior.codes.begin(), prior.codes.end(), 0);
  if (width > prior.dim) fail<ConfigError>("latent: codes of {} numbers do not fit a z of {}", width, prior.dim);
  RandomSequence draws(random, index);
  auto at = row.end() - width;
  for (const int n : prior.codes) {
    if (n == 1) {
      *at = static_cast<float>(2 * draws.uniform() - 1);
    } else {
      std::fill_n(at, n, 0.0F);
      at[draws.below(static_cast<std::uint32_t>(n))] = 1;
    }
    at += n;
  }
}

void truncate(const Prior& prior, std::uint64_t seed, std::span<float> z) {
  if (prior.kind != PriorKind::normal)
    fail<ConfigError>("a truncation is of normal latents; these are uniform in [-1, 1), which ends by itself");
  if (!(prior.truncation >= kLeastTruncation))
    fail<ConfigError>("truncation: wanted at least {}, found {}", kLeastTruncation, prior.truncation);
  const auto beyond = [&](float value) { return std::abs(static_cast<double>(value)) > prior.truncation; };
  std::vector<float> candidates(z.size());
  for (std::uint32_t step = 1; std::ranges::any_of(z, beyond); ++step) {
    Random(seed, "latent.truncation", step).normal(0, candidates);
    for (std::size_t i = 0; i < z.size(); ++i) {
      if (beyond(z[i])) z[i] = candidates[i];
    }
  }
}

std::size_t rows_of(const Prior& prior, std::span<float> out) {
  if (prior.dim < 1) fail<ConfigError>("latent.dim: wanted at least 1, found {}", prior.dim);
  const auto dim = static_cast<std::size_t>(prior.dim);
  if (out.size() % dim != 0) fail<ShapeError>("latent: wanted rows of {} numbers, found {} numbers", dim, out.size());
  return out.size() / dim;
}

}  // namespace

PriorKind prior_kind_from(std::string_view name) {
  if (name == "normal") return PriorKind::normal;
  if (name == "uniform") return PriorKind::uniform;
  fail<ConfigError>("latent.prior: wanted \"normal\" or \"uniform\", found \"{}\"", name);
}

const char* name_of(PriorKind kind) {
  return kind == PriorKind::normal ? "normal" : "uniform";
}

void fill_training(const Prior& prior, std::uint64_t seed, std::uint32_t step, std::uint32_t first_index,
                   std::span<float> out) {
  const std::size_t rows = rows_of(prior, out), dim = static_cast<std::size_t>(prior.dim);
  const Random random(seed, "latent.train", step), of_codes(seed, "latent.train.codes", step);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint32_t index = first_index + static_cast<std::uint32_t>(i);
    fill_row(prior, random, index, out.subspan(i * dim, dim));
    fill_codes(prior, of_codes, index, out.subspan(i * dim, dim));
  }
}

void sample_z(const Prior& prior, std::uint64_t seed, std::span<float> out) {
  if (rows_of(prior, out) != 1) fail<ShapeError>("latent: wanted room for {} numbers, found {}", prior.dim, out.size());
  fill_row(prior, Random(seed, "latent.sample"), 0, out);
  if (prior.truncation != 0) truncate(prior, seed, out);
  fill_codes(prior, Random(seed, "latent.sample.codes"), 0, out);
}

void fill_samples(const Prior& prior, std::uint64_t seed, std::span<float> out) {
  const std::size_t rows = rows_of(prior, out), dim = static_cast<std::size_t>(prior.dim);
  for (std::size_t i = 0; i < rows; ++i) sample_z(prior, seed + i, out.subspan(i * dim, dim));
}

std::int32_t sample_class(std::uint64_t seed, int classes, ClassChoice choice) {
  if (classes < 1) fail<ConfigError>("the model has no classes to choose from ({})", classes);
  const auto count = static_cast<std::uint32_t>(classes);
  if (choice == ClassChoice::cycle) return static_cast<std::int32_t>(seed % count);
  return static_cast<std::int32_t>(RandomSequence(Random(seed, "latent.class"), 0).below(count));
}

std::vector<std::int32_t> sample_classes(std::uint64_t seed, std::int64_t count, int classes, ClassChoice choice) {
  std::vector<std::int32_t> result;
  for (std::int64_t i = 0; i < count; ++i) {
    result.push_back(sample_class(seed + static_cast<std::uint64_t>(i), classes, choice));
  }
  return result;
}

}  // namespace ganymede::latent
