#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "base/thread_pool.hpp"
#include "data/dataset.hpp"
#include "measure/features.hpp"
#include "run/events.hpp"
#include "train/meter.hpp"
#include "train/noise.hpp"
#include "train/observer.hpp"
#include "train/samples.hpp"
#include "train/setup.hpp"

namespace ganymede::evaluate {

/// What the doctor looks at after an epoch: a few numbers, none of which needs a classifier. Distances are Euclidean,
/// between pictures as vectors of pixels, between symbols as vectors of moves, between points as they are.
struct Checkup {
  std::int64_t epoch = 0, step = 0, images = 0;
  // Of the epoch's updates (train::Means).
  double discriminator_loss = 0, generator_loss = 0;
  double real_accuracy = 0, fake_accuracy = 0;  ///< of D, on the batches that it learns from
  double gradient_norm = 0;                     ///< of G
  // Of kChecked fakes and as many reals.
  double diversity = 0;   ///< measure::MeanDistances::diversity
  double energy = 0;      ///< the energy distance, in mean distances of reals
  double told_apart = 0;  ///< accuracy of the nearest neighbour (measure::leave_one_out_1nn): 1/2 .. 1
  /// How far samples of the same noise moved since the check-up before, in mean distances of reals; 1 and more: as far
  /// as to another real. None at the first.
  std::optional<double> moved;
  /// Median distance of a fake to the nearest of the training samples that are looked at, over the same of a training
  /// sample to the others: about 1 for a good G, 0 for one that copies.
  double nearest = 0;
  /// Classes of the data (or modes of a known mixture) that have fakes in number: at least kLeastShare of the data's
  /// share; each fake is of its nearest training sample's. `groups_of` 0: data without either.
  std::int64_t groups = 0, groups_of = 0;
  /// evaluate.axes, points: of each coordinate, the share of its variance that the best axis of z explains; the mean
  /// (measure::share_of_best_axis). 1: each coordinate has an axis of its own.
  std::optional<double> best_axis{};

  friend bool operator==(const Checkup&, const Checkup&) = default;
};

inline constexpr std::int64_t kChecked = 256;            ///< fakes and reals
inline constexpr std::int64_t kRemembered = 4096;        ///< training samples that a copy is looked for among, at most
inline constexpr std::int64_t kRememberedPoints = 1024;  ///< the same of points of few numbers
inline constexpr std::int64_t kWatched = 64;             ///< samples of the same noise that are followed
inline constexpr std::int64_t kFewestForAll = 100;       ///< training samples below which nothing can be said
inline constexpr double kLeastShare = 0.2;

/// The event "checkup" of a run, its numbers under the names of the fields.
run::Event event_of(const Checkup& checkup);
/// The inverse. @throws DataError for an event that lacks a number
Checkup checkup_of(const nlohmann::json& event);
/// Those of a run's events, in their order.
std::vector<Checkup> checkups_in(const std::vector<nlohmann::json>& events);

/// Takes check-ups of a run in training. A function of the weights, of those at the check-up before, and of the epoch's
/// means.
class CheckupTaker {
 public:
  /// `setup` must outlive it. Wants kFewestForAll training samples or more.
  CheckupTaker(train::Setup& setup, int threads);

  Checkup take(const train::Moment& moment);

  /// Where the followed samples were at the last check-up, f32 [kWatched, F]; none before the first.
  const std::optional<Tensor>& watched() const { return watched_; }
  void restore(Tensor watched) { watched_ = std::move(watched); }

 private:
  measure::FeatureMatrix fakes();
  void count_groups(const std::vector<std::int64_t>& nearest, Checkup& checkup) const;

  train::Setup& setup_;
  ThreadPool pool_;
  train::Noise noise_;
  train::NamedSamples samples_;        ///< noise of the fakes, the same at every check-up
  measure::FeatureMatrix remembered_;  ///< training samples; the first kChecked of them are the reals
  std::vector<std::int32_t> group_;    ///< of each of those; empty: none
  std::vector<double> share_;          ///< of each group among them
  double usual_nearest_ = 0;           ///< median distance of a real to the other training samples
  std::optional<Tensor> watched_;
};

}  // namespace ganymede::evaluate
