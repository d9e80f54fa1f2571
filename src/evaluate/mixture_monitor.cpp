#include "evaluate/mixture_monitor.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "data/points/point_sets.hpp"
#include "evaluate/classified.hpp"
#include "evaluate/point_scores.hpp"
#include "measure/modes.hpp"
#include "train/noise.hpp"
#include "train/samples.hpp"
#include "train/sources.hpp"

namespace ganymede::evaluate {
namespace {

class MixtureMonitor : public train::Observer {
 public:
  MixtureMonitor(const train::ObserverContext& context, data::Mixture mixture)
      : setup_(context.setup), events_(context.events), note_(context.note), mixture_(std::move(mixture)) {
    train::Noise noise(setup_.recipe, setup_.partition, setup_.conditions);
    samples_ = train::named_samples(noise, setup_.networks.generator, kScoreSeed, setup_.recipe.evaluate.mixture_count);
  }

  void on_epoch(const train::Moment& moment) override {
    const train::Position& position = moment.position;
    if (position.epoch % setup_.recipe.evaluate.mixture_every != 0) return;
    const auto begin = std::chrono::steady_clock::now();
    const Tensor points =
        setup_.executor->infer("generator", samples_.inputs(), setup_.recipe.game.ema_decay > 0).output;
    const measure::MixtureCoverage found =
        measure::mixture_coverage({points.values<float>(), points.shape()[1]}, mixture_, kWithin, kLeast);
    run::Event event("mixture");
    event.set("step", position.step)
        .set("epoch", position.epoch)
        .set("images", position.images)
        .set("modes", found.modes.modes)
        .set("of", mixture_.modes())
        .set("high_quality", found.high_quality_share);
    if (std::isfinite(found.modes.reverse_kl)) event.set("reverse_kl", found.modes.reverse_kl);  // none is near a mode
    event.set("count", found.count)
        .set("time_seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    events_.write(event);
    if (note_) {
      note_(fmt::format("{} of {} modes, {:.0f} % near one", found.modes.modes, mixture_.modes(),
                        100 * found.high_quality_share));
    }
  }

 private:
  train::Setup& setup_;
  run::EventWriter& events_;
  std::function<void(const std::string&)> note_;
  data::Mixture mixture_;
  train::NamedSamples samples_;
};

}  // namespace

std::unique_ptr<train::Observer> make_mixture_monitor(const train::ObserverContext& context) {
  const run::Recipe& recipe = context.setup.recipe;
  if (recipe.evaluate.mixture_every <= 0) return nullptr;
  const auto mixture = data::mixture_of(recipe.data.source, train::open_options(recipe).points);
  if (!mixture) return nullptr;
  return std::make_unique<MixtureMonitor>(context, *mixture);
}

}  // namespace ganymede::evaluate
