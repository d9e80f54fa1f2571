#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "play/backend.hpp"
#include "run/networks.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// A trained generator at work.
class TrainedGenerator {
 public:
  /// `run_folder`: where the run keeps its partition, if it has one. threads 0: physical cores. @throws DataError if
  /// the snapshot does not fit.
  TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot, const std::filesystem::path& run_folder,
                   int threads);

  /// Samples named seed, seed + 1 ...: f32 [N, C, H, W] in [-1, 1], and their classes (seed modulo the classes).
  Tensor draw(std::uint64_t seed, std::int64_t count, std::vector<std::int32_t>* classes = nullptr);
  /// The same with given classes, [N]; N of no class for a generator that takes none.
  Tensor draw_named(std::uint64_t seed, std::int64_t count, std::span<const std::int32_t> classes);
  /// From given noise [N, Z] and classes.
  Tensor draw(std::span<const float> z, std::span<const std::int32_t> classes);
  Tensor draw(const train::Samples& samples) { return model_->infer(samples.inputs()).output; }

  /// z and classes of the samples named seed, seed + 1 ...; `only`: all of one class.
  train::Samples samples(std::uint64_t seed, std::int64_t count, std::optional<int> only = {}) {
    return train::named_samples(noise_, network_, seed, count, only);
  }

  const std::optional<latent::Partition>& partition() const { return partition_; }
  /// 0 for a generator that takes no class.
  int classes() const { return train::class_count(network_); }
  /// The classes of the run's data by number; empty where the run did not keep them.
  const std::vector<std::string>& class_names() const { return class_names_; }
  /// The class that a text of the command line names, if one is given. @throws ConfigError as train::class_named.
  std::optional<int> class_named(const std::optional<std::string>& text) const {
    return text ? std::optional(train::class_named(*text, classes(), class_names_)) : std::nullopt;
  }
  int latent_dim() const { return noise_.dim(); }

 private:
  net::Network network_;
  std::vector<std::string> class_names_;
  std::optional<latent::Partition> partition_;
  train::Noise noise_;
  std::unique_ptr<play::Model> model_;
};

/// What a generator gave, as a score or a classifier sees it: pictures f32 [N, C, H, W] at their 8-bit levels, u8;
/// symbols of ink f32 [N, T, F] as they are.
Tensor as_samples(const Tensor& generated);

/// @throws DataError where a generator draws other samples than its data hold by now, or of other classes: known before
/// anything is fitted to them. `data`: their name.
void check_draws(const net::Network& generator, const run::ImageFacts& facts, const std::string& data);

}  // namespace ganymede::explore
