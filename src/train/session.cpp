#include "train/session.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "base/wording.hpp"
#include "data/parts.hpp"
#include "data/summary.hpp"
#include "net/traits.hpp"
#include "run/tensorboard.hpp"
#include "train/console.hpp"
#include "train/guard.hpp"
#include "train/keeper.hpp"
#include "train/loop.hpp"
#include "train/resume.hpp"
#include "train/sources.hpp"
#include "train/together.hpp"

namespace ganymede::train {
namespace {

/// Stops on a signal, when the time is up or the epochs are done, and keeps the last numbers.
class Watch : public Observer {
 public:
  Watch(double minutes, std::int64_t epochs, std::int64_t step)
      : end_(std::chrono::steady_clock::now() + std::chrono::duration<double>(60 * minutes)),
        timed_(minutes > 0),
        epochs_(epochs),
        step_(step) {}

  void on_step(const Moment& moment) override {
    step_reached_ = step_ > 0 && moment.step_ended && moment.position.step >= step_;
  }
  void on_epoch(const Moment& moment) override {
    last_epoch_ = moment.epoch_meter.means();
    epochs_done_ = epochs_ > 0 && --epochs_ == 0;
  }
  bool may_stop(const Moment&) override {
    return stop_requested() || epochs_done_ || step_reached_ || (timed_ && std::chrono::steady_clock::now() >= end_);
  }
  void on_end(const Moment& moment, Ending) override {
    if (last_epoch_ == Means{}) last_epoch_ = moment.epoch_meter.means();
    seconds_ = moment.seconds;
  }

  const Means& last_epoch() const { return last_epoch_; }
  double seconds() const { return seconds_; }

 private:
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::duration<double>> end_;
  bool timed_;
  std::int64_t epochs_;  // still to come
  bool epochs_done_ = false;
  std::int64_t step_;
  bool step_reached_ = false;
  Means last_epoch_;
  double seconds_ = 0;
};

/// Whether both recipes cut the same data into the same batches and call the players in the same order.
bool same_course(const run::Recipe& a, const run::Recipe& b) {
  return a.data == b.data && a.game == b.game && a.train.batch == b.train.batch && a.train.seed == b.train.seed;
}

/// Puts executor, loop and recorder where the checkpoint left them.
void restore(const run::LoadedCheckpoint& from, Setup& setup, Loop& loop, Recorder& recorder,
             const SessionOptions& options) {
  const run::Checkpoint& checkpoint = from.checkpoint;
  auto [stored, state] = resumed(from, setup);
  setup.executor->set_state(checkpoint.tensors);
  if (state.settled && options.say) {
    options.say(
        "its map had settled, which ended it (evaluate.map_stop); to train on: --set evaluate.map_stop=0 "
        "--accept-changes");
  }
  if (!same_course(checkpoint.recipe, setup.recipe) && state.position.batch > 0) {
    state.position.batch = 0;
    state.schedule = {};
    state.epoch = {};
    if (options.say)
      options.say(fmt::format("epoch {} begins again, since batches or game differ", state.position.epoch + 1));
  }
  loop.restore(state);
  recorder.restore(stored.window);
  if (checkpoint.plan != setup.executor->plan_name() && options.say) {
    options.say(
        fmt::format("arithmetic plan: \"{}\" until now, \"{}\" from here on: the numbers may differ in their last "
                    "digits from a run that kept its plan",
                    checkpoint.plan, setup.executor->plan_name()));
  }
}

run::RunInfo info_for(const Setup& setup, const run::RunDirectory& directory, std::int64_t total_steps,
                      const SessionOptions& options) {
  run::RunInfo info = directory.info();  // keeps what was there, such as when it was created
  info.recipe = setup.recipe.name;
  info.version = options.version;
  info.commit = options.commit;
  info.cpu = cpu_model();
  info.plan = setup.executor->plan_name();
  info.seed = setup.recipe.train.seed;
  info.memory_bytes = static_cast<std::uint64_t>(setup.executor->memory_bytes());
  info.total_steps = static_cast<std::uint64_t>(total_steps);
  info.threads = options.threads > 0 ? options.threads : physical_cores();
  const auto named = std::ranges::find(options.places, "--data", &data::SearchPlace::origin);
  info.data = named == options.places.end() ? "" : std::filesystem::absolute(named->folder).lexically_normal().string();
  return info;
}

/// What is legal and yet hardly meant, one sentence each.
void warn(const Setup& setup, const Feed& feed, const SessionOptions& options) {
  if (!options.say) return;
  const run::Recipe& recipe = setup.recipe;
  const bool by_shards = recipe.train.shard_statistics == play::ShardStatistics::shard;
  const std::int64_t least =
      std::min(feed.size_of(0), feed.size_of(feed.batches() - 1)) / (by_shards ? recipe.train.shards : 1);
  if (least == 1 && recipe.train.shards > 1 && by_shards &&
      (net::couples_samples(setup.networks.generator) || net::couples_samples(setup.networks.discriminator))) {
    options.say(
        "warning: a shard of one image: batch normalisation makes every such sample the same. Take fewer train.shards, "
        "or train.shard_statistics = \"batch\"");
  } else if (least == 1 &&
             (net::couples_samples(setup.networks.generator) || net::couples_samples(setup.networks.discriminator))) {
    options.say(fmt::format("warning: {} of one image: batch normalisation makes every such sample the same. {}",
                            recipe.train.batch == 1 ? "batches" : "the last batch of an epoch is",
                            recipe.train.batch == 1 ? "Take a larger train.batch, or norm = \"layer\" or \"none\""
                                                    : "data.last_batch = \"drop\" leaves it out"));
  }
  if (recipe.game.loss == play::Loss::wasserstein && recipe.game.weight_clip == 0) {
    options.say(
        "warning: game.loss = \"wasserstein\" without game.weight_clip has no bound: the losses may grow without end. "
        "The paper clips at 0.01");
  }
}

/// What a class without an example would look like, nobody knows; and a map needs classes to be coloured by.
void check_classes(const Setup& setup) {
  const run::Networks& networks = setup.networks;
  const data::Dataset& dataset = setup.dataset;
  if (setup.recipe.evaluate.map_every > 0 && dataset.class_count() < 2) {
    fail<ConfigError>(
        "evaluate.map_every: a map is coloured by two classes or more, the data ({}) have {}; set it to 0, or choose "
        "labelled data",
        setup.recipe.data.source, dataset.class_count() == 0 ? "none" : "one");
  }
  if (setup.recipe.evaluate.map_every > 0 && net::condition_length(networks.generator) > 0) {
    fail<ConfigError>(
        "evaluate.map_every: a class map shows what lies where in the latent space, and this generator's pictures "
        "depend on a vector besides (generator.condition = \"vector\"): set it to 0");
  }
  if (!run::takes_class(networks.generator)) return;
  const std::vector<std::int64_t> examples = data::class_histogram(dataset);
  const auto empty = std::ranges::find(examples, 0);
  if (empty == examples.end()) return;
  // The other classes are with the other workers.
  if (const data::Part part = data::part_from(setup.recipe.data.part, setup.recipe.data.part_by);
      part.of > 1 && part.by == data::PartBy::label)
    return;
  fail<ConfigError>(
      "{}: there is no example of the class \"{}\" among the {} samples, so the generator cannot learn it: take more "
      "of them (data.limit, data.builtin_count), mend its files, or leave the class out of the data",
      dataset.provenance.name, dataset.class_names[static_cast<std::size_t>(empty - examples.begin())],
      with_thousands(dataset.size()));
}

/// Each shard has a sample in every batch.
void check_shards(const Feed& feed, const run::Recipe& recipe) {
  const std::int64_t last = feed.size_of(feed.batches() - 1);
  if (last / recipe.game.pack >= recipe.train.shards) return;
  fail<ConfigError>(
      "train.shards = {}: the last batch of an epoch has {}, fewer than shards: set data.last_batch = \"drop\", which "
      "leaves it out, or fewer shards",
      recipe.train.shards, counted(last, "image"));
}

/// Nothing of the run was trained that would stand in the place of what it begins with.
bool begins(const std::filesystem::path& run_folder) {
  return run_folder.empty() || run::list_checkpoints(run_folder / "checkpoints").empty();
}

std::string told(const StartWeights& start, const std::vector<std::string>& class_names) {
  std::string text = fmt::format("weights from {} (step {})", start.file.string(), start.step);
  const auto list = [](const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); };
  if (!start.partly.empty()) {
    text += fmt::format("; class by class: {}, with what was learnt of {}; new classes: {}", list(start.partly),
                        start.known_classes.empty() ? "no class of here" : list(start.known_classes),
                        start.new_classes.empty() ? "none" : list(start.new_classes));
  }
  if (!start.fresh.empty()) text += "; fresh: " + list(start.fresh);
  if (start.partly.empty() && start.fresh.empty()) {
    text += "; all layers taken";
    if (start.by_name) text += ", classes " + list(class_names);
  }
  if (start.by_place) text += "; the classes have other names there and are taken by their numbers";
  return text;
}

std::string last_good(const std::filesystem::path& checkpoint) {
  return checkpoint.empty() ? "There is no checkpoint yet."
                            : "The last good checkpoint is " + checkpoint.string() + ".";
}

/// events.jsonl up to the checkpoint; nothing of it where the user moved it away.
struct KeptEvents {
  std::uint64_t bytes = 0;
  std::optional<std::uint32_t> crc32;
};
KeptEvents kept_events(const run::RunDirectory& directory, const std::optional<run::LoadedCheckpoint>& from,
                       const SessionOptions& options) {
  if (!from) return {};
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(directory.events_path(), ignored)))
    return {from->checkpoint.events_bytes, from->checkpoint.events_crc32};
  if (options.say)
    options.say(fmt::format("{}: missing; going on without what happened before", directory.events_path().string()));
  return {};
}

Outcome train_in(Setup& setup, run::RunDirectory& directory, const std::optional<run::LoadedCheckpoint>& from,
                 const SessionOptions& options, bool& begun);

}  // namespace

Setup prepare(const run::Recipe& recipe, const SessionOptions& options) {
  return prepare(recipe, open_training_data(recipe, options.places), options);
}

Setup prepare(const run::Recipe& recipe, data::Dataset dataset, const SessionOptions& options) {
  Setup setup;
  setup.recipe = recipe;
  setup.dataset = std::move(dataset);
  if (options.say) std::ranges::for_each(data::warnings(setup.dataset), options.say);
  setup.data_crc = data::content_hash(setup.dataset);
  setup.networks = run::build_networks(recipe, facts_of(setup.dataset));
  check_classes(setup);
  setup.partition = partition_for(recipe, setup.networks.generator, options.run_folder);
  setup.conditions = conditions_for(setup.dataset, setup.networks.generator, options.run_folder);
  const Feed feed(setup.dataset, recipe, setup.networks, setup.partition);  // refuses impossible batches
  warn(setup, feed, options);
  check_shards(feed, recipe);
  play::ExecutorConfig config = executor_config(setup.recipe, options.threads);
  config.group = options.group;
  setup.executor = options.backend->make_executor(setup.networks.generator, setup.networks.discriminator, config);
  // What "auto" became: the run goes on with it on any machine.
  if (recipe.train.precision == play::Precision::automatic) setup.recipe.train.precision = setup.executor->precision();
  NamedTensors weights = run::initial_parameters(setup.networks, recipe);
  if (!recipe.train.from.empty() && begins(options.run_folder)) {
    setup.start = start_weights(recipe, setup.networks, std::move(weights), setup.dataset.class_names);
    weights = std::move(setup.start->tensors);
    if (options.say) options.say(told(*setup.start, setup.dataset.class_names));
  }
  setup.executor->set_state(weights);
  return setup;
}

std::string announcement(const Setup& setup) {
  const run::Recipe& recipe = setup.recipe;
  const Feed feed(setup.dataset, recipe, setup.networks, setup.partition);
  const std::int64_t images = length_of(recipe, feed.batches(), feed.images_per_epoch()).images;
  const std::int64_t epochs = recipe.train.epochs > 0 ? recipe.train.epochs : images / feed.images_per_epoch();
  const run::ExpectedDiskUse disk = run::expected_disk_use(recipe, setup.networks, epochs);
  std::string length;
  if (recipe.train.epochs > 0) {
    length = counted(epochs, "epoch");
  } else if (recipe.train.steps > 0) {
    length = counted(recipe.train.steps, "step");
  } else {
    length = counted(images, "image");
  }
  const std::string plan = setup.executor->plan_name();
  const bool falls_back = recipe.train.precision == play::Precision::mixed && plan.starts_with("f32");
  return fmt::format(
      "{}: G {} and D {} parameters; {} of {}, {} of {} an epoch; {}\n"
      "arithmetic: {}{}\n"
      "disk: up to {} ({} for checkpoints, {} for {}, {} for pictures)",
      recipe.name, with_thousands(net::count_parameters(setup.networks.generator).total),
      with_thousands(net::count_parameters(setup.networks.discriminator).total), counted(setup.dataset.size(), "image"),
      setup.dataset.provenance.name, counted(feed.batches(), "batch"), recipe.train.batch, length, plan,
      falls_back ? " (mixed was asked for, which no unit of this CPU makes faster)" : "",
      human_bytes(static_cast<double>(disk.peak)), human_bytes(static_cast<double>(disk.checkpoints)),
      human_bytes(static_cast<double>(disk.snapshots)), counted(disk.snapshot_count, "snapshot"),
      human_bytes(static_cast<double>(disk.samples)));
}

Outcome train(Setup& setup, run::RunDirectory& directory, const std::optional<run::LoadedCheckpoint>& from,
              const SessionOptions& options) {
  bool begun = false;
  try {
    return train_in(setup, directory, from, options, begun);
  } catch (...) {
    if (!begun) directory.discard_new();
    if (!begun && options.group != nullptr) tell_no_beginning(*options.group);
    throw;
  }
}

namespace {

Outcome train_in(Setup& setup, run::RunDirectory& directory, const std::optional<run::LoadedCheckpoint>& from,
                 const SessionOptions& options, bool& begun) {
  Feed feed(setup.dataset, setup.recipe, setup.networks, setup.partition);
  keep_partition(setup.partition, directory.path());
  keep_conditions(setup.conditions, directory.path());
  Loop loop(setup.recipe, feed, *setup.executor, options.group);
  const Length length = length_of(setup.recipe, feed.batches(), feed.images_per_epoch());
  const KeptEvents kept = kept_events(directory, from, options);
  Recorder recorder(setup, directory, feed, kept.bytes, kept.crc32);
  Keeper keeper(setup, directory, loop, recorder, info_for(setup, directory, length.steps, options),
                from ? from->checkpoint.seconds : 0);
  Console console(options.progress, length.images, setup.recipe.train.epochs);
  Watch watch(options.minutes, options.pause_after, options.pause_at_step);
  if (from) {
    restore(*from, setup, loop, recorder, options);
    keeper.set_last_checkpoint(from->path);
  }
  std::vector<std::unique_ptr<Observer>> guests;
  for (const ObserverFactory& make : options.observers) {
    if (auto guest = make({.setup = setup,
                           .events = recorder.events(),
                           .directory = directory,
                           .from = from ? &from->checkpoint : nullptr,
                           .note = [&console](const std::string& text) { console.note(text); }}))
      guests.push_back(std::move(guest));
  }
  std::optional<run::TensorBoardLog> tensorboard;
  if (setup.recipe.train.tensorboard) {
    tensorboard.emplace(directory.path(), directory.path() / run::kTensorBoardFolder,
                        run::read_events(directory.events_path()));
    recorder.events().follow([&tensorboard](const std::string& line) { tensorboard->add(line); });
  }
  loop.add(keeper);
  loop.add(recorder);
  Guard guard(setup.recipe.game.stop_above, recorder.events(), holds_warning(directory.events_path()), options.say);
  loop.add(guard);
  for (const auto& guest : guests) loop.add(*guest);
  loop.add(console);
  loop.add(watch);
  const std::int64_t images_before = loop.state().position.images;
  if (options.group != nullptr) share_beginning(*options.group, setup, loop);
  begun = true;
  try {
    const Ending ending = loop.run();
    Outcome outcome;
    outcome.state = ending == Ending::finished ? run::RunState::finished : run::RunState::paused;
    keeper.conclude(outcome.state);
    outcome.settled = loop.state().settled;
    outcome.position = loop.state().position;
    outcome.last_epoch = watch.last_epoch();
    outcome.seconds = watch.seconds();
    const auto seen = static_cast<double>(outcome.position.images - images_before);
    outcome.images_per_second = outcome.seconds > 0 ? seen / outcome.seconds : 0;
    outcome.checkpoint = keeper.last_checkpoint();
    return outcome;
  } catch (const play::NonFiniteError& error) {
    const std::string reason = fmt::format("step {}: {}", loop.state().position.step + 1, error.what());
    keeper.note_stop(run::RunState::diverged, reason);
    fail<GuardError>("training stopped at {}. {}", reason, last_good(keeper.last_checkpoint()));
  } catch (const DivergedError& error) {
    keeper.note_stop(run::RunState::diverged, error.what());
    fail<GuardError>("training stopped at {}. {}", error.what(), last_good(keeper.last_checkpoint()));
  } catch (const GuardError& error) {
    keeper.note_stop(run::RunState::stopped, error.what());
    fail<GuardError>("training stopped: {}. {}", error.what(), last_good(keeper.last_checkpoint()));
  } catch (const std::exception& error) {
    keeper.note_stop(run::RunState::failed, error.what());
    throw;
  }
}

}  // namespace

std::optional<run::LoadedCheckpoint> starting_point(const run::RunDirectory& directory, const SessionOptions& options) {
  if (run::list_checkpoints(directory.checkpoints()).empty()) return {};
  run::LoadedCheckpoint loaded = run::load_latest_checkpoint(directory.checkpoints());
  for (const std::string& warning : loaded.warnings) {
    if (options.say) options.say(warning);
  }
  return loaded;
}

}  // namespace ganymede::train
