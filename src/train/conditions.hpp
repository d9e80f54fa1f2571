#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "data/dataset.hpp"
#include "net/network.hpp"

namespace ganymede::train {

/// Conditions that samples are named with, of a generator that takes a vector (S-THEORY T3): those of the data, kept in
/// the run's folder, so that a sample is the same wherever its data are.
class Conditions {
 public:
  Conditions() = default;
  /// A table [M, length].
  Conditions(int length, std::vector<float> rows) : length_(length), rows_(std::move(rows)) {}

  int length() const { return length_; }
  std::int64_t count() const { return length_ == 0 ? 0 : std::ssize(rows_) / length_; }
  const std::vector<float>& rows() const { return rows_; }
  /// All samples have this one from now on.
  void fix(std::vector<float> condition) { fixed_ = std::move(condition); }
  bool is_fixed() const { return !fixed_.empty(); }
  /// [count, length] of the samples named seed, seed + 1 ...: row (seed modulo the rows) of the table, or the fixed
  /// one. @throws DataError where there is neither
  std::vector<float> of(std::uint64_t seed, std::int64_t count) const;
  friend bool operator==(const Conditions&, const Conditions&) = default;

 private:
  int length_ = 0;
  std::vector<float> rows_{}, fixed_{};
};

/// Most rows that a run keeps.
inline constexpr std::int64_t kMostKeptConditions = 4096;

/// Of a run: none for a generator that takes none; its own copy in `folder`, if one is there; else those of so many
/// samples of its data, drawn without putting back.
Conditions conditions_for(const data::Dataset& dataset, const net::Network& generator,
                          const std::filesystem::path& folder);
/// The run's own copy alone: without rows where its folder has none. @throws DataError for a damaged file, or one that
/// does not fit the generator
Conditions kept_conditions(const net::Network& generator, const std::filesystem::path& folder);
/// Puts the run's own copy, an array [M, K], into its folder, if it is not there yet.
void keep_conditions(const Conditions& conditions, const std::filesystem::path& folder);

}  // namespace ganymede::train
