#include "evaluate/best_monitor.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "evaluate/classified.hpp"
#include "measure/frechet.hpp"
#include "train/keeper.hpp"

namespace ganymede::evaluate {
namespace {

constexpr const char* kBestValue = "best.frechet";

class BestMonitor : public train::Observer {
 public:
  BestMonitor(const train::ObserverContext& context, Reference& reference, const ReferenceOptions& options)
      : setup_(context.setup),
        events_(context.events),
        folder_(context.directory.snapshots()),
        features_(reference.name()),
        classifier_(options.backend, reference.classifier().record(), options.threads),
        pool_(options.threads),
        noise_(setup_.recipe, setup_.partition, setup_.conditions) {
    const auto count = std::min<std::int64_t>(setup_.recipe.evaluate.frechet_count, reference.test().size());
    real_ = reference.classified(count).features;
    real_.values.resize(static_cast<std::size_t>(count * real_.dim));
    std::error_code ignored;
    const bool kept = std::filesystem::is_regular_file(folder_ / run::kBestSnapshot, ignored);  // a fork has none
    if (context.from == nullptr || !kept) return;
    const auto best = context.from->monitors.find(kBestValue);
    if (best != context.from->monitors.end()) best_ = best->second.values<double>()[0];
  }

  void on_epoch(const train::Moment& moment) override {
    const train::Position& position = moment.position;
    if (position.epoch % setup_.recipe.evaluate.frechet_every != 0) return;
    const auto begin = std::chrono::steady_clock::now();
    const Classified fake = classify(classifier_, generated(setup_, noise_, kScoreSeed), real_.count());
    const double value = std::max(0.0, measure::frechet_distance({.real = real_, .fake = fake.features}, pool_));
    const bool best = !best_ || value < *best_;
    if (best) {
      best_ = value;
      run::save_best_snapshot(folder_, train::snapshot_of(setup_, position));
    }
    run::Event event("frechet");
    event.set("step", position.step)
        .set("epoch", position.epoch)
        .set("images", position.images)
        .set("value", value)
        .set("count", real_.count())
        .set("features", features_)
        .set("best", best)
        .set("time_seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    events_.write(event);
  }

  void store(NamedTensors& tensors) const override {
    if (best_) tensors[kBestValue] = Tensor::of<double>({1}, std::span(&*best_, 1));
  }

 private:
  train::Setup& setup_;
  run::EventWriter& events_;
  std::filesystem::path folder_;
  std::string features_;
  fit::Classifier classifier_;
  ThreadPool pool_;
  train::Noise noise_;
  measure::FeatureMatrix real_;
  std::optional<double> best_;
};

}  // namespace

std::unique_ptr<train::Observer> make_best_monitor(const train::ObserverContext& context,
                                                   const ReferenceOptions& options) {
  const run::Recipe& recipe = context.setup.recipe;
  if (recipe.evaluate.frechet_every <= 0) return nullptr;
  Reference reference(recipe, options);
  if (reference.train().is_points() || !reference.has_classifier()) {
    fail<ConfigError>(
        "evaluate.frechet_every: its features are those of a classifier, and the data ({}) are {}; set it "
        "to 0",
        recipe.data.source, reference.train().is_points() ? "points" : "without classes");
  }
  return std::make_unique<BestMonitor>(context, reference, options);
}

}  // namespace ganymede::evaluate
