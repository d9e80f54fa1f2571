#pragma once

#include <filesystem>

#include "engine/executor.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/samples.hpp"

namespace ganymede::evaluate {

/// A trained generator at work.
class TrainedGenerator {
 public:
  TrainedGenerator(const run::Snapshot& snapshot, const std::filesystem::path& run_folder, int threads);

  /// Samples named seed, seed + 1 ...: f32 [N, C, H, W], and their classes.
  Tensor draw(std::uint64_t seed, std::int64_t count, std::vector<std::int32_t>* classes = nullptr);
  /// From given noise [N, Z] and classes.
  Tensor draw(std::span<const float> z, std::span<const std::int32_t> classes);

  const std::optional<latent::Partition>& partition() const { return partition_; }
  int classes() const { return train::class_count(network_); }
  int latent_dim() const { return noise_.dim(); }

 private:
  net::Network network_;
  std::optional<latent::Partition> partition_;
  train::Noise noise_;
  engine::Model model_;
};

/// The newest weights of a run. @throws DataError if there are none.
run::Snapshot newest_weights(const run::RunDirectory& run);

}  // namespace ganymede::evaluate
