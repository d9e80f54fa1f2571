#include "train/conditions.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "data/batches.hpp"
#include "net/traits.hpp"
#include "run/run_directory.hpp"
#include "tensor/npy.hpp"

namespace ganymede::train {
namespace {

constexpr std::uint64_t kKeptSeed = 1;  // of which samples' conditions are kept

bool is_there(const std::filesystem::path& file) {
  return std::filesystem::exists(std::filesystem::symlink_status(file));
}

}  // namespace

std::vector<float> Conditions::of(std::uint64_t seed, std::int64_t count) const {
  std::vector<float> all;
  if (length_ == 0) return all;
  if (fixed_.empty() && rows_.empty()) {
    fail<DataError>(
        "the run's folder has no {}, the conditions that its samples are named with: give one (--condition)",
        run::kConditionsFile);
  }
  all.reserve(static_cast<std::size_t>(count * length_));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t row =
        fixed_.empty() ? (seed + static_cast<std::uint64_t>(i)) % static_cast<std::uint64_t>(this->count()) : 0;
    const auto from = (fixed_.empty() ? rows_ : fixed_).begin() + static_cast<std::ptrdiff_t>(row) * length_;
    all.insert(all.end(), from, from + length_);
  }
  return all;
}

Conditions conditions_for(const data::Dataset& dataset, const net::Network& generator,
                          const std::filesystem::path& folder) {
  Conditions kept = kept_conditions(generator, folder);
  if (kept.length() == 0 || kept.count() > 0) return kept;
  std::vector<float> rows;
  const auto order = data::epoch_order(dataset.size(), kKeptSeed, 0);
  for (const std::uint32_t i :
       std::span(order).first(static_cast<std::size_t>(std::min(kMostKeptConditions, dataset.size())))) {
    const auto one = dataset.condition(i);
    rows.insert(rows.end(), one.begin(), one.end());
  }
  return {kept.length(), std::move(rows)};
}

Conditions kept_conditions(const net::Network& generator, const std::filesystem::path& folder) {
  const int length = net::condition_length(generator);
  if (length == 0) return {};
  const std::filesystem::path own = folder / run::kConditionsFile;
  if (folder.empty() || !is_there(own)) return {length, {}};
  const Tensor table = read_npy(own);
  if (table.dtype() != DType::f32 || table.shape().size() != 2 || table.shape()[1] != length || table.count() == 0) {
    fail<DataError>("{}: wanted conditions f32 [M, {}], found {} {}", own.string(), length, name_of(table.dtype()),
                    to_string(table.shape()));
  }
  const auto values = table.values<float>();
  if (!std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
    fail<DataError>("{}: a number of the conditions is not finite", own.string());
  return {length, {values.begin(), values.end()}};
}

void keep_conditions(const Conditions& conditions, const std::filesystem::path& folder) {
  const std::filesystem::path own = folder / run::kConditionsFile;
  if (conditions.count() > 0 && !is_there(own))
    write_npy(own, Tensor::of<float>({conditions.count(), conditions.length()}, conditions.rows()));
}

}  // namespace ganymede::train
