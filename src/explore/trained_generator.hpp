#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "explore/class_map.hpp"
#include "explore/dissection.hpp"
#include "explore/section.hpp"
#include "explore/walk.hpp"
#include "explore/workers.hpp"
#include "fit/classifier.hpp"
#include "play/backend.hpp"
#include "run/networks.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/samples.hpp"

namespace ganymede::explore {

/// The arithmetic of a generator at work.
enum class Plan {
  exact,  ///< f32: the bits of `ganymede sample`, on every machine
  quick   ///< the fastest there is here (Precision::automatic); as exact where nothing is faster
};
/// exact for f32, else quick.
Plan plan_of(play::Precision precision);

/// A trained generator at work: the one place that makes a model of a run's generator. Any thread may call, and several
/// at once; they take turns, with all others of the same workers. A sample has the same bits whoever asks, alone or
/// among others.
class TrainedGenerator {
 public:
  /// `run_folder`: where the run keeps its partition, if it has one. threads 0: physical cores. @throws DataError if
  /// the snapshot does not fit.
  TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot, const std::filesystem::path& run_folder,
                   int threads, Plan plan = Plan::exact);
  /// With workers that it shares.
  TrainedGenerator(const play::Backend& backend, const run::Snapshot& snapshot, const std::filesystem::path& run_folder,
                   std::shared_ptr<Workers> workers, Plan plan = Plan::exact);

  /// Samples named seed, seed + 1 ...: f32 [N, C, H, W] in [-1, 1], and their classes (seed modulo the classes).
  Tensor draw(std::uint64_t seed, std::int64_t count, std::vector<std::int32_t>* classes = nullptr);
  /// The same with given classes, [N]; N of no class for a generator that takes none. Conditions are those of the
  /// seeds.
  Tensor draw_named(std::uint64_t seed, std::int64_t count, std::span<const std::int32_t> classes);
  /// From given noise [N, Z] and classes; of a generator that takes a vector also conditions [N, K], or all that of
  /// `give`. @throws ConfigError where there is neither
  Tensor draw(std::span<const float> z, std::span<const std::int32_t> classes, std::span<const float> conditions = {});
  /// As `overrides` change it (parse_ablation). by_itself: as play::Inputs has it.
  Tensor draw(const train::NamedSamples& samples, const std::vector<play::Override>& overrides = {},
              bool by_itself = false);

  /// Pictures, and the gradient of a loss of theirs with respect to z (play::Model::pull_back).
  play::PulledBack pull_back(const train::NamedSamples& samples, const play::OutputSlopes& slopes);

  /// Pictures and the values of the named layers (none: of all), as `overrides` change them. @throws as chosen_layers.
  Dissection inspect(const train::NamedSamples& samples, const std::vector<std::string>& layers = {},
                     const std::vector<play::Override>& overrides = {}, bool by_itself = false);

  /// The classes that a classifier sees in pictures as `draw` gives them, [N]; they are rounded to 8 bits first, as
  /// everywhere.
  std::vector<std::int32_t> classify(fit::Classifier& classifier, const Tensor& pictures);

  /// The same with the probability of each class, [N, K].
  struct Judged {
    std::vector<std::int32_t> labels;
    Tensor probabilities;
  };
  Judged judge(fit::Classifier& classifier, const Tensor& pictures);

  /// What a class-area map of it maps, as `overrides` change it; generator and classifier must outlive the result.
  /// @throws as check_has_map
  MapSource source(fit::Classifier& classifier, const std::vector<play::Override>& overrides = {});
  /// The class-area map by a classifier, a piece a turn. @throws as make_class_map.
  ClassMap map(fit::Classifier& classifier, const MapOptions& options, const OnMapPiece& on_piece = {});

  /// The pictures on the way from one z to another, [Z] each, and with a classifier the areas in between.
  Walk walk(std::span<const float> from, std::span<const float> to, const WalkOptions& options,
            fit::Classifier* classifier = nullptr);

  /// z and classes of the samples named seed, seed + 1 ...; `only`: all of one class.
  train::NamedSamples samples(std::uint64_t seed, std::int64_t count, std::optional<int> only = {});
  /// Of the samples that these seeds name, a row a seed; NamedSamples::seed is 0.
  train::NamedSamples samples(std::span<const std::uint64_t> seeds, std::optional<int> only = {});

  /// Of the samples that seeds name, from now on. @throws as train::Noise::truncate
  void truncate(double deviations);

  /// Of all samples, from now on. @throws as train::Noise::fix_condition
  void give(std::vector<float> condition);
  bool has_given() const { return noise_.conditions().is_fixed(); }
  /// The table [M, K] that samples are named with; empty where the run keeps none.
  const std::vector<float>& known_conditions() const { return noise_.conditions().rows(); }
  /// Conditions [N, K] of the samples named seed, seed + 1 ...; empty for a generator that takes none.
  std::vector<float> conditions(std::uint64_t seed, std::int64_t count) const {
    return noise_.conditions().of(seed, count);
  }

  /// What the weights belong to: recipe, networks, classes, epoch and step; without tensors.
  const run::Snapshot& about() const { return about_; }
  const net::Network& network() const { return about_.generator; }
  /// The generator's parameters, keyed "generator.*", for whoever looks at them.
  const NamedTensors& weights() const { return weights_; }
  Plan plan() const { return plan_; }
  const std::optional<latent::Partition>& partition() const { return partition_; }
  /// 0 for a generator that takes no class.
  int classes() const { return train::class_count(network()); }
  /// Numbers of a condition; 0 for a generator that takes none.
  int condition_length() const { return train::condition_length(network()); }
  /// The classes of the run's data by number; empty where the run did not keep them.
  const std::vector<std::string>& class_names() const { return about_.class_names; }
  /// The class that a text of the command line names, if one is given. @throws ConfigError as train::class_named.
  std::optional<int> class_named(const std::optional<std::string>& text) const {
    return text ? std::optional(train::class_named(*text, classes(), class_names())) : std::nullopt;
  }
  int latent_dim() const { return noise_.dim(); }
  /// The codes that are the last numbers of z (play::codes_from).
  std::vector<int> codes() const { return play::codes_from(about_.recipe.latent.codes); }
  /// Bytes of weights and of what was compiled until now.
  std::int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  Tensor output(const play::Inputs& inputs, const std::vector<play::Override>& overrides = {});
  void count_bytes();

  run::Snapshot about_;
  Plan plan_;
  std::optional<latent::Partition> partition_;
  std::shared_ptr<Workers> workers_;
  train::Noise noise_;                  ///< in turn
  std::unique_ptr<play::Model> model_;  ///< likewise
  NamedTensors weights_;
  std::int64_t weight_bytes_ = 0;
  std::atomic<std::int64_t> bytes_ = 0;
};

/// @throws ConfigError for a generator that takes a vector: what lies where is no matter of z alone. Known before
/// anything is fitted.
void check_has_map(const net::Network& generator);

/// What check_map looks at of a run's generator; its functions are empty.
MapSource map_source(const run::Recipe& recipe, const net::Network& generator, std::vector<std::string> class_names);

/// What a generator gave, as a score or a classifier sees it: pictures f32 [N, C, H, W] at their 8-bit levels, u8;
/// symbols of ink f32 [N, T, F] and points f32 [N, D] as they are.
Tensor as_samples(const Tensor& generated);

/// @throws DataError where a generator draws other samples than its data hold by now, or of other classes: known before
/// anything is fitted to them. `data`: their name.
void check_draws(const net::Network& generator, const run::ImageFacts& facts, const std::string& data);

}  // namespace ganymede::explore
