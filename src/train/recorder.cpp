#include "train/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/environment.hpp"
#include "picture/png.hpp"
#include "train/update_schedule.hpp"

namespace ganymede::train {
namespace {

constexpr std::int64_t kStepEventsPerEpoch = 50;

std::int64_t event_interval(const run::Recipe& recipe, std::int64_t batches) {
  const std::int64_t d_updates = std::max(1, UpdateSchedule(recipe.game).d_updates_per_step());
  return std::max<std::int64_t>(1, batches / (kStepEventsPerEpoch * d_updates));
}

run::Event event(const char* kind, const Position& position) {
  run::Event event(kind);
  event.set("step", position.step).set("epoch", position.epoch).set("images", position.images);
  return event;
}

void set_means(run::Event& event, const Meter& meter) {
  const Means means = meter.means();
  event.set("generator_loss", means.generator_loss)
      .set("discriminator_loss", means.discriminator_loss)
      .set("discriminator_real_loss", means.discriminator_real_loss)
      .set("discriminator_fake_loss", means.discriminator_fake_loss)
      .set("real_accuracy", means.real_accuracy)
      .set("fake_accuracy", means.fake_accuracy)
      .set("generator_gradient_norm", means.generator_gradient_norm)
      .set("discriminator_gradient_norm", means.discriminator_gradient_norm);
  if (meter.has_penalty()) event.set("penalty", means.penalty);
  if (meter.has_information()) event.set("information", means.information);
}

/// The rates that a schedule moves.
void set_rates(run::Event& event, const run::Recipe& recipe, const play::StepResult& result) {
  if (recipe.generator.optimizer.schedule != play::Schedule::constant)
    event.set("generator_learning_rate", result.generator_rate);
  if (recipe.discriminator.optimizer.schedule != play::Schedule::constant)
    event.set("discriminator_learning_rate", result.discriminator_rate);
}

double rate(std::int64_t images, double seconds) {
  return seconds > 0 ? static_cast<double>(images) / seconds : 0;
}

/// The first `count` of images [N, C, H, W].
Tensor first(const Tensor& images, std::int64_t count) {
  Shape shape = images.shape();
  shape[0] = std::min(count, shape[0]);
  return Tensor::of(shape, images.values<float>().first(static_cast<std::size_t>(element_count(shape))));
}

picture::PngText text_of(const Position& position, std::int64_t count) {
  return {{"Software", "Ganymede"},
          {"Description", fmt::format("step {}, epoch {}, seeds {} to {}", position.step, position.epoch, kFixedSeed,
                                      kFixedSeed + static_cast<std::uint64_t>(count) - 1)}};
}

}  // namespace

Recorder::Recorder(Setup& setup, const run::RunDirectory& directory, const Feed& feed, std::uint64_t keep_bytes,
                   std::optional<std::uint32_t> crc32)
    : setup_(setup),
      directory_(directory),
      feed_(feed),
      events_(directory.events_path(), keep_bytes, crc32),
      curves_(Curves::from_events(directory.events_path())),
      interval_(event_interval(setup.recipe, feed.batches())) {
  Noise noise(setup.recipe, setup.partition, setup.conditions);
  // An alphabet at least, where there is one.
  if (setup.dataset.is_ink()) small_ = std::max<std::int64_t>(small_, class_count(setup.networks.generator));
  if (setup.dataset.is_points()) {
    points_.emplace(setup.dataset, setup.recipe.game.loss);
    small_ = kPointsShown;
  }
  samples_ = named_samples(noise, setup.networks.generator, kFixedSeed,
                           points_ ? small_ : std::max<std::int64_t>(small_, setup.recipe.train.sample_grid));
}

void Recorder::on_start(const Moment& moment) {
  step_images_ = epoch_images_ = moment.position.images;
  if (moment.position.tick > 0) return;
  run::Event start = event("start", moment.position);
  start.set("schema", "ganymede.events/1")
      .set("recipe", setup_.recipe.name)
      .set("seed", setup_.recipe.train.seed)
      .set("data", setup_.recipe.data.source)
      .set("data_crc32", std::uint64_t{setup_.data_crc})
      .set("plan", setup_.executor->plan_name())
      .set("images_per_epoch", feed_.images_per_epoch())
      .set("batches_per_epoch", feed_.batches())
      .set("generator_parameters", net::count_parameters(setup_.networks.generator).total)
      .set("discriminator_parameters", net::count_parameters(setup_.networks.discriminator).total)
      .set("time_utc", utc_timestamp());
  if (setup_.start) start.set("from", setup_.start->file.string()).set("from_step", setup_.start->step);
  write_pictures(moment, true);  // before the event: who follows these finds the picture
  events_.write(start);
}

void Recorder::on_step(const Moment& moment) {
  window_.add(moment.phase, moment.count, moment.result);
  const Position& position = moment.position;
  if (!moment.step_ended || position.step % interval_ != 0) return;
  const Means means = window_.means();
  run::Event step = event("step", position);
  set_means(step, window_);
  set_rates(step, setup_.recipe, moment.result);
  if (setup_.recipe.latent.sampler == "rejection") step.set("draws_per_sample", feed_.draws().mean());
  step.set("time_seconds", moment.seconds)
      .set("time_images_per_second", rate(position.images - step_images_, moment.seconds - step_seconds_));
  events_.write(step);
  curves_.add_step(static_cast<double>(position.images) / static_cast<double>(feed_.images_per_epoch()), means);
  step_images_ = position.images;
  step_seconds_ = moment.seconds;
  window_.reset();
}

void Recorder::on_epoch(const Moment& moment) {
  const Position& position = moment.position;
  const Means means = moment.epoch_meter.means();
  curves_.add_epoch(position.epoch, means);
  write_pictures(moment, true);
  run::Event epoch = event("epoch", position);
  set_means(epoch, moment.epoch_meter);
  set_rates(epoch, setup_.recipe, moment.result);
  epoch.set("samples", "samples/" + sample_path(directory_, "epoch", position.epoch).filename().string())
      .set("time_seconds", moment.seconds)
      .set("time_images_per_second", rate(position.images - epoch_images_, moment.seconds - epoch_seconds_));
  events_.write(epoch);
  epoch_images_ = position.images;
  epoch_seconds_ = moment.seconds;
}

void Recorder::on_end(const Moment& moment, Ending ending) {
  write_pictures(moment, false);
  run::Event end = event(ending == Ending::finished ? "end" : "pause", moment.position);
  end.set("time_seconds", moment.seconds).set("time_utc", utc_timestamp());
  events_.write(end);
}

void Recorder::note_stop(run::RunState state, const std::string& reason) {
  events_.write(run::Event("stop").set("state", name_of(state)).set("reason", reason).set("time_utc", utc_timestamp()));
}

picture::Image Recorder::small_picture(const Tensor& images, bool ema) const {
  if (!points_) return sheet(first(images, small_));
  // What D says of a place: nothing of a pack's, nothing without a condition.
  if (setup_.recipe.game.pack > 1 || condition_length(setup_.networks.discriminator) > 0)
    return points_->draw(images, {});
  return points_->draw(
      images, [&](const play::Inputs& inputs) { return setup_.executor->infer("discriminator", inputs, ema).output; });
}

void Recorder::write_pictures(const Moment& moment, bool epoch) {
  const Position& position = moment.position;
  const bool ema = setup_.recipe.game.ema_decay > 0;
  const Tensor images = setup_.executor->infer("generator", samples_.inputs(), ema).output;
  const picture::Image small = small_picture(images, ema);
  const picture::PngText text = text_of(position, small_);
  picture::write_png(directory_.samples() / "latest.png", small, text);
  if (epoch) {
    picture::write_png(sample_path(directory_, "epoch", position.epoch), small, text);
    if (const std::int64_t count = setup_.recipe.train.sample_grid; !points_ && count > 0) {
      picture::write_png(sample_path(directory_, "grid", position.epoch), sheet(first(images, count), 0, 56),
                         text_of(position, count));
    }
  }
  if (!curves_.steps().empty() || !curves_.epochs().empty()) {
    picture::write_png(directory_.path() / "losses.png", curves_.draw());
  }
}

std::filesystem::path sample_path(const run::RunDirectory& directory, const char* kind, std::int64_t epoch) {
  return directory.samples() / fmt::format("{}-{:04}.png", kind, epoch);
}

}  // namespace ganymede::train
