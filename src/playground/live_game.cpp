#include "playground/live_game.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "playground/bounds.hpp"
#include "playground/drawn.hpp"
#include "run/recipe_file.hpp"
#include "train/session.hpp"
#include "train/sources.hpp"

namespace ganymede::playground {

using play::Phase;

namespace {

constexpr std::size_t kMostMeasured = 4096;
constexpr std::size_t kMostTurned = 256;

bool same_network(run::Recipe::Player a, const run::Recipe::Player& b) {
  a.optimizer = b.optimizer;
  return a == b;
}

double norm_of(const std::vector<play::GradientNorm>& norms, const std::string& player) {
  double sum = 0;
  for (const play::GradientNorm& one : norms) {
    if (one.name.starts_with(player)) sum += one.norm * one.norm;
  }
  return std::sqrt(sum);
}

// Everything that the new executor wants and the old one had in the same shape; a moving average that comes newly
// begins at the weights, a moment at zero. Where a player's moments begin, its updates are counted anew with them.
NamedTensors carried_over(const NamedTensors& old, NamedTensors fresh) {
  std::vector<std::string> without_moments;
  for (auto& [name, tensor] : fresh) {
    const std::string from = name.starts_with("ema.") && !old.contains(name) ? name.substr(4) : name;
    const auto found = old.find(from);
    if (found != old.end() && found->second.shape() == tensor.shape()) {
      tensor = found->second;
    } else if (name.starts_with("optimizer.")) {
      without_moments.push_back(name.starts_with("optimizer.generator.") ? "optimizer.generator.step"
                                                                         : "optimizer.discriminator.step");
    }
  }
  for (const std::string& name : without_moments) {
    if (const auto step = fresh.find(name); step != fresh.end()) step->second = Tensor(DType::i64, {1});
  }
  return fresh;
}

train::Setup prepared(const play::Backend& backend, const run::Recipe& recipe,
                      const std::optional<data::Dataset>& drawn) {
  check_playable(recipe, drawn.has_value());
  run::check(recipe);
  const train::SessionOptions options{
      .backend = &backend, .places = {}, .threads = 1, .version = {}, .commit = {}, .say = {}};
  data::Dataset dataset = drawn ? *drawn : train::open_training_data(recipe, {});
  check_work(recipe, run::build_networks(recipe, train::facts_of(dataset)));
  return train::prepare(recipe, std::move(dataset), options);
}

}  // namespace

bool begins_anew(const run::Recipe& before, const run::Recipe& after) {
  return before.data != after.data || before.latent != after.latent || before.train.seed != after.train.seed ||
         !same_network(before.generator, after.generator) || !same_network(before.discriminator, after.discriminator);
}

LiveGame::LiveGame(const play::Backend& backend, const run::Recipe& recipe, std::optional<data::Dataset> drawn)
    : backend_(backend), drawn_(std::move(drawn)) {
  run::Recipe named = recipe;
  if (drawn_) run::apply_sets(named, {fmt::format("data.source={}", kDrawnFile)});
  set_out(prepared(backend_, named, drawn_));
}

LiveGame::~LiveGame() = default;

void LiveGame::set_out(train::Setup setup) {
  course_.reset();
  feed_.reset();
  setup_ = std::move(setup);
  feed_ = std::make_unique<train::Feed>(setup_.dataset, setup_.recipe, setup_.networks, setup_.partition);
  course_ = std::make_unique<train::Course>(setup_.recipe, *feed_, *setup_.executor);
  last_ = {};
  measured_.clear();
  turned_.clear();
  fault_.clear();
  ++beginnings_;
}

void LiveGame::begin_anew() {
  set_out(prepared(backend_, setup_.recipe, drawn_));
}

void LiveGame::move(Move what) {
  if (!fault_.empty()) return;
  try {
    switch (what) {
      case Move::step:
        do note(course_->advance());
        while (!course_->last().step_ended);
        break;
      case Move::update:
        note(course_->advance());
        break;
      case Move::discriminator:
        note(course_->advance_alone(Phase::discriminator));
        break;
      case Move::generator:
        note(course_->advance_alone(Phase::generator));
        break;
    }
  } catch (const play::NonFiniteError& error) {
    fault_ = fmt::format("It has diverged after step {}: {}. The picture shows the step before.",
                         course_->position().step, error.what());
  }
}

void LiveGame::note(const train::Course::Update& update) {
  const play::StepResult& result = update.result;
  last_.step = static_cast<double>(course_->position().step);
  last_.generator_loss = result.generator_loss;
  last_.fake_accuracy = result.fake_accuracy;
  if (update.phase != Phase::generator) {
    last_.discriminator_loss = result.discriminator_loss;
    last_.real_accuracy = result.real_accuracy;
    last_.discriminator_gradient = norm_of(result.gradient_norms, "discriminator.");
  }
  if (update.phase != Phase::discriminator) last_.generator_gradient = norm_of(result.gradient_norms, "generator.");
  if (!measured_.empty() && measured_.back().step == last_.step) measured_.pop_back();
  if (measured_.size() == kMostMeasured) measured_.erase(measured_.begin());
  measured_.push_back(last_);
}

std::vector<Measured> LiveGame::take_measured() {
  return std::exchange(measured_, {});
}

bool LiveGame::turn(const std::vector<std::string>& sets) {
  run::Recipe wanted = setup_.recipe;
  run::apply_sets(wanted, sets);
  if (wanted == setup_.recipe) return false;
  if (begins_anew(setup_.recipe, wanted)) {
    set_out(prepared(backend_, wanted, drawn_));
    return true;
  }
  check_playable(wanted, drawn_.has_value());
  run::check(wanted);
  check_work(wanted, setup_.networks);
  auto executor = backend_.make_executor(setup_.networks.generator, setup_.networks.discriminator,
                                         train::executor_config(wanted, 1));
  executor->set_state(carried_over(setup_.executor->state(), executor->state()));
  const bool other_course = wanted.game != setup_.recipe.game || wanted.train.batch != setup_.recipe.train.batch;
  auto feed = std::make_unique<train::Feed>(setup_.dataset, wanted, setup_.networks, setup_.partition);
  auto course = std::make_unique<train::Course>(wanted, *feed, *executor);
  train::Position position = course_->position();
  if (other_course) position.batch = 0;  // as a run that is resumed with other settings
  course->restore(position, other_course ? train::UpdateSchedule::State{} : course_->schedule().state());
  for (const run::Difference& change : run::difference(setup_.recipe, wanted)) {
    if (turned_.size() < kMostTurned)
      turned_.push_back({.step = position.step, .key = change.key, .before = change.before, .after = change.after});
  }
  setup_.recipe = std::move(wanted);
  setup_.executor = std::move(executor);
  course_ = std::move(course);
  feed_ = std::move(feed);
  fault_.clear();
  return false;
}

std::int64_t LiveGame::bytes() const {
  return setup_.executor->memory_bytes() + static_cast<std::int64_t>(setup_.dataset.images.bytes().size());
}

}  // namespace ganymede::playground
