#include "explore/surface/loss_field.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "train/sources.hpp"

namespace ganymede::explore {
namespace {

train::Setup setup_for(run::Recipe recipe, const train::SessionOptions& session, int batch) {
  data::Dataset dataset = train::open_training_data(recipe, session.places);
  const auto most = std::min<std::int64_t>(batch, dataset.size());
  recipe.train.batch = static_cast<int>(most - most % recipe.game.pack);
  if (recipe.train.batch < 1)
    fail<ConfigError>("a batch of {}: wanted a pack of {} pictures or more", batch, recipe.game.pack);
  recipe.train.from.clear();
  recipe.train.precision = play::Precision::f32;
  recipe.game.penalty = play::Penalty::none;
  recipe.game.unroll = 0;
  recipe.game.ema_decay = 0;
  recipe.evaluate.map_every = 0;
  return train::prepare(recipe, std::move(dataset), session);
}

}  // namespace

LossField::LossField(const run::Recipe& recipe, const train::SessionOptions& session, int batch)
    : data_(recipe.data.source), setup_(setup_for(recipe, session, batch)) {
  feed_.emplace(setup_.dataset, setup_.recipe, setup_.networks, setup_.partition);
  batch_ = feed_->fill({}, play::Phase::both, setup_.executor->resting_threads());
}

play::StepResult LossField::at(const NamedTensors& weights) {
  setup_.executor->set_state(weights);
  return setup_.executor->losses(batch_);
}

}  // namespace ganymede::explore
