#include "train/keeper.hpp"

#include <chrono>

#include "base/error.hpp"

namespace ganymede::train {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::uint64_t number(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

}  // namespace

run::Snapshot snapshot_of(const Setup& setup, const Position& position) {
  return {.tensors = setup.executor->state(),
          .recipe = setup.recipe,
          .generator = setup.networks.generator,
          .discriminator = setup.networks.discriminator,
          .class_names = setup.dataset.class_names,
          .epoch = number(position.epoch),
          .step = number(position.step),
          .images = number(position.images)};
}

Keeper::Keeper(Setup& setup, run::RunDirectory& directory, const Loop& loop, Recorder& recorder, run::RunInfo info,
               double seconds)
    : setup_(setup),
      directory_(directory),
      loop_(loop),
      recorder_(recorder),
      info_(std::move(info)),
      seconds_before_(seconds),
      saved_at_(now()) {}

void Keeper::on_start(const Moment& moment) {
  if (moment.position.tick == 0) save_snapshot(moment.position);
  run::remove_old_checkpoints(directory_.checkpoints(), number(moment.position.step),
                              setup_.recipe.checkpoint.keep_every);
  saved_tick_ = moment.position.tick;  // what was loaded need not be stored again
  write_info(moment, run::RunState::running);
}

void Keeper::on_epoch(const Moment& moment) {
  if (run::wants_snapshot(setup_.recipe.snapshot, moment.position.epoch)) save_snapshot(moment.position);
}

void Keeper::on_settled(const Moment& moment) {
  if (moment.epoch_ended && loop_.finished() && !run::wants_snapshot(setup_.recipe.snapshot, moment.position.epoch)) {
    save_snapshot(moment.position);  // the last epoch's is always kept
  }
  const run::Recipe::Checkpoint& cadence = setup_.recipe.checkpoint;
  const bool regular = cadence.every_steps > 0 ? moment.step_ended && moment.position.step % cadence.every_steps == 0
                                               : moment.epoch_ended;
  const bool overdue = cadence.every_minutes > 0 && now() - saved_at_ >= 60 * cadence.every_minutes;
  if (regular) {
    recorder_.events().write(
        run::Event("checkpoint").set("step", moment.position.step).set("epoch", moment.position.epoch));
  }
  if (regular || overdue || loop_.finished()) save(moment);
}

void Keeper::on_end(const Moment& moment, Ending) {
  if (moment.position.tick != saved_tick_) save(moment);
}

void Keeper::conclude(run::RunState state) {
  recorder_.events().sync();
  info_.state = state;
  directory_.write_info(info_);
}

void Keeper::note_stop(run::RunState state, const std::string& reason) {
  info_.state = state;
  info_.reason = reason;
  const auto tried = [](const auto& write) {
    try {
      write();
    } catch (const Error&) {  // the disk is full: a run.json that says running reads "interrupted" without its lock
    }
  };
  tried([&] { recorder_.note_stop(state, reason); });
  tried([&] { directory_.write_info(info_); });
}

void Keeper::save(const Moment& moment) {
  const Loop::State state = loop_.state();
  recorder_.events().sync();
  run::Checkpoint checkpoint;
  checkpoint.tensors = setup_.executor->state();
  checkpoint.recipe = setup_.recipe;
  checkpoint.generator = setup_.networks.generator;
  checkpoint.discriminator = setup_.networks.discriminator;
  checkpoint.class_names = setup_.dataset.class_names;
  checkpoint.plan = setup_.executor->plan_name();
  checkpoint.step = number(state.position.step);
  checkpoint.ticks = number(state.position.tick);
  checkpoint.epoch = number(state.position.epoch);
  checkpoint.batch_in_epoch = number(state.position.batch);
  checkpoint.images = number(state.position.images);
  checkpoint.events_bytes = recorder_.events().bytes();
  checkpoint.events_crc32 = recorder_.events().crc32();
  checkpoint.monitors = loop_.stored_by_observers();
  checkpoint.loop_state = to_json(StoredState{.schedule = state.schedule,
                                              .epoch = state.epoch,
                                              .window = recorder_.window().sums(),
                                              .data_crc = setup_.data_crc,
                                              .settled = state.settled});
  checkpoint.seconds = seconds_before_ + moment.seconds;
  last_checkpoint_ = run::save_checkpoint(directory_.checkpoints(), checkpoint);
  saved_tick_ = state.position.tick;
  saved_at_ = now();
  write_info(moment, run::RunState::running);
}

void Keeper::save_snapshot(const Position& position) {
  run::save_snapshot(directory_.snapshots(), snapshot_of(setup_, position));
}

void Keeper::write_info(const Moment& moment, run::RunState state) {
  info_.state = state;
  info_.reason.clear();
  info_.epoch = number(moment.position.epoch);
  info_.step = number(moment.position.step);
  info_.images = number(moment.position.images);
  info_.seconds = seconds_before_ + moment.seconds;
  directory_.write_info(info_);
}

}  // namespace ganymede::train
