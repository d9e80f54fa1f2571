#include "evaluate/doctor/checkup.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.hpp"
#include "data/points/point_sets.hpp"
#include "evaluate/classified.hpp"
#include "measure/axis_shares.hpp"
#include "measure/point_pairs.hpp"
#include "measure/resample.hpp"
#include "train/samples.hpp"
#include "train/sources.hpp"

namespace ganymede::evaluate {
namespace {

// Pictures as numbers from -1 to 1, everything else as it is, but that measures want no number beyond all bounds.
measure::FeatureMatrix vectors_of(const Tensor& samples) {
  measure::FeatureMatrix out;
  out.dim = element_count(samples.shape()) / samples.shape()[0];
  if (samples.dtype() == DType::u8) {
    for (const std::uint8_t byte : samples.values<std::uint8_t>())
      out.values.push_back(static_cast<float>(byte) / 127.5F - 1);
  } else {
    constexpr float kFarthest = 1e9F;
    for (const float value : samples.values<float>())
      out.values.push_back(std::isnan(value) ? kFarthest : std::clamp(value, -kFarthest, kFarthest));
  }
  return out;
}

measure::PointPairs pairs_of(const measure::RealAndFake& sets, ThreadPool& pool) {
  if (sets.real.dim <= measure::kFewNumbers) return measure::point_pairs(sets);
  return {measure::mean_distances(sets, pool), measure::leave_one_out_1nn(sets, pool).accuracy};
}

measure::Neighbours nearest_of(const measure::Features& queries, const measure::Features& references,
                               ThreadPool& pool) {
  if (queries.dim <= measure::kFewNumbers) return measure::nearest_points(queries, references);
  return measure::nearest_neighbours(queries, references, 1, pool);
}

// Of each real to its nearest other one; the reals are the first of all.
std::vector<double> distances_to_others(const measure::Features& reals, const measure::Features& all,
                                        ThreadPool& pool) {
  if (reals.dim <= measure::kFewNumbers) return measure::nearest_points(reals, all, measure::Among::others).distances;
  const auto found = measure::nearest_neighbours(reals, all, 2, pool);  // the nearest is itself, or its equal
  std::vector<double> distances;
  for (std::int64_t i = 0; i < reals.count(); ++i) distances.push_back(found.radius(i));
  return distances;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::vector<std::int32_t> nearest_modes(const measure::FeatureMatrix& points, const data::Mixture& mixture,
                                        ThreadPool& pool) {
  const measure::Features centres{mixture.centres, mixture.dim};
  const auto found = measure::nearest_neighbours(points, centres, 1, pool);
  return {found.indices.begin(), found.indices.end()};
}

// The one table of a check-up's numbers, for both directions.
template <class Object, class F>
void for_each_number(Object& c, F&& f) {
  f("step", c.step);
  f("epoch", c.epoch);
  f("images", c.images);
  f("discriminator_loss", c.discriminator_loss);
  f("generator_loss", c.generator_loss);
  f("real_accuracy", c.real_accuracy);
  f("fake_accuracy", c.fake_accuracy);
  f("generator_gradient_norm", c.gradient_norm);
  f("diversity", c.diversity);
  f("energy", c.energy);
  f("told_apart", c.told_apart);
  f("nearest", c.nearest);
  f("groups", c.groups);
  f("groups_of", c.groups_of);
}

}  // namespace

run::Event event_of(const Checkup& checkup) {
  run::Event event("checkup");
  for_each_number(checkup, [&](const char* name, const auto& value) { event.set(name, value); });
  if (checkup.moved) event.set("moved", *checkup.moved);
  if (checkup.best_axis) event.set("best_axis", *checkup.best_axis);
  return event;
}

Checkup checkup_of(const nlohmann::json& event) {
  Checkup checkup;
  try {
    for_each_number(checkup, [&](const char* name, auto& value) { event.at(name).get_to(value); });
    if (event.contains("moved")) checkup.moved = event.at("moved").get<double>();
    if (event.contains("best_axis")) checkup.best_axis = event.at("best_axis").get<double>();
  } catch (const nlohmann::json::exception& fault) {
    fail<DataError>("an event \"checkup\" is damaged: {}", fault.what());
  }
  return checkup;
}

std::vector<Checkup> checkups_in(const std::vector<nlohmann::json>& events) {
  std::vector<Checkup> checkups;
  for (const nlohmann::json& event : events) {
    if (event.value("event", "") == "checkup") checkups.push_back(checkup_of(event));
  }
  return checkups;
}

CheckupTaker::CheckupTaker(train::Setup& setup, int threads)
    : setup_(setup), pool_(threads), noise_(setup.recipe, setup.partition, setup.conditions) {
  const data::Dataset& data = setup.dataset;
  auto order = measure::permutation(data.size(), Random(1, "evaluate.doctor"), 0);
  const std::int64_t values = element_count(data.images.shape()) / data.size(),
                     remembered = values <= measure::kFewNumbers ? kRememberedPoints : kRemembered;
  order.resize(static_cast<std::size_t>(std::min(remembered, data.size())));
  remembered_ = vectors_of(rows_of(data.images, order));

  const auto mixture = data::mixture_of(setup.recipe.data.source, train::open_options(setup.recipe).points);
  if (mixture) {
    group_ = nearest_modes(remembered_, *mixture, pool_);
    share_.resize(static_cast<std::size_t>(mixture->modes()));
  } else if (data.has_labels()) {
    for (const std::int64_t i : order) group_.push_back(data.labels[static_cast<std::size_t>(i)]);
    share_.resize(static_cast<std::size_t>(data.class_count()));
  }
  for (const std::int32_t group : group_)
    share_[static_cast<std::size_t>(group)] += 1 / static_cast<double>(group_.size());

  const auto reals = remembered_.view().slice(0, std::min(kChecked, remembered_.count()));
  samples_ = train::named_samples(noise_, setup.networks.generator, kScoreSeed, reals.count());
  usual_nearest_ = median(distances_to_others(reals, remembered_, pool_));
}

Checkup CheckupTaker::take(const train::Moment& moment) {
  const train::Means means = moment.epoch_meter.means();
  Checkup checkup{.epoch = moment.position.epoch,
                  .step = moment.position.step,
                  .images = moment.position.images,
                  .discriminator_loss = means.discriminator_loss,
                  .generator_loss = means.generator_loss,
                  .real_accuracy = means.real_accuracy,
                  .fake_accuracy = means.fake_accuracy,
                  .gradient_norm = means.generator_gradient_norm,
                  .moved = {}};
  const auto reals = remembered_.view().slice(0, std::min(kChecked, remembered_.count()));
  const measure::FeatureMatrix fake = fakes();
  const measure::PointPairs pairs = pairs_of({.real = reals, .fake = fake}, pool_);
  const measure::MeanDistances& distances = pairs.distances;
  const double scale = distances.real > 0 ? distances.real : 1;  // all training samples may be the same
  checkup.diversity = distances.fake / scale;
  checkup.energy = distances.energy() / scale;
  checkup.told_apart = pairs.accuracy;
  if (setup_.recipe.evaluate.axes) checkup.best_axis = measure::share_of_best_axis({samples_.z, noise_.dim()}, fake);

  const auto found = nearest_of(fake, remembered_, pool_);
  checkup.nearest = usual_nearest_ > 0 ? median(found.distances) / usual_nearest_ : 1;
  count_groups(found.indices, checkup);

  const auto now = fake.view().slice(0, std::min(kWatched, fake.count()));
  if (watched_) {
    const measure::Features before{watched_->values<float>(), now.dim};
    double sum = 0;
    for (std::int64_t i = 0; i < now.count(); ++i) {
      double squares = 0;
      for (std::size_t c = 0; c < static_cast<std::size_t>(now.dim); ++c)
        squares += std::pow(double{now.row(i)[c]} - double{before.row(i)[c]}, 2);
      sum += std::sqrt(squares);
    }
    checkup.moved = sum / static_cast<double>(now.count()) / scale;
  }
  watched_ = Tensor::of<float>({now.count(), now.dim}, now.values);
  return checkup;
}

measure::FeatureMatrix CheckupTaker::fakes() {
  const bool ema = setup_.recipe.game.ema_decay > 0;
  return vectors_of(explore::as_samples(setup_.executor->infer("generator", samples_.inputs(), ema).output));
}

void CheckupTaker::count_groups(const std::vector<std::int64_t>& nearest, Checkup& checkup) const {
  if (group_.empty()) return;
  std::vector<double> share(share_.size());
  for (const std::int64_t i : nearest)
    share[static_cast<std::size_t>(group_[static_cast<std::size_t>(i)])] += 1 / static_cast<double>(nearest.size());
  for (std::size_t k = 0; k < share.size(); ++k) {
    if (share_[k] <= 0) continue;
    ++checkup.groups_of;
    if (share[k] >= kLeastShare * share_[k]) ++checkup.groups;
  }
}

}  // namespace ganymede::evaluate
