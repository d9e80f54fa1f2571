#include "train/together.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/signal.hpp"
#include "run/recipe_file.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::train {
namespace {

using nlohmann::json;

template <class L, class F>
void each_text(L& likeness, const F& field) {
  field("machine", likeness.machine);
  field("version", likeness.version);
  field("commit", likeness.commit);
  field("plan", likeness.plan);
  field("recipe", likeness.recipe);
  field("data", likeness.data);
  field("latent", likeness.latent);
  field("error", likeness.error);
}

std::string machine_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

Likeness likeness_of(const Setup& setup, const SessionOptions& options) {
  Crc32 latent;
  const auto add = [&](std::span<const float> values) { latent.add(values.data(), values.size_bytes()); };
  if (setup.partition) add(setup.partition->centroids.values<float>());
  add(setup.conditions.rows());
  return {.machine = machine_name(),
          .version = options.version,
          .commit = options.commit,
          .plan = setup.executor->plan_name(),
          .recipe = run::to_toml(setup.recipe),
          .data = hex(setup.data_crc),
          .latent = hex(latent.value())};
}

/// Asks to stop where a signal does.
class Ear : public Observer {
 public:
  bool may_stop(const Moment&) override { return stop_requested(); }
};

}  // namespace

std::string to_json(const Likeness& likeness) {
  json object = {{"exit_code", likeness.exit_code}};
  each_text(likeness, [&](const char* name, const std::string& text) { object[name] = text; });
  return json_text(object);
}

Likeness likeness_from_json(const std::string& text) {
  const json object = parse_json(text, "what a process tells of itself");
  Likeness likeness{.exit_code = object.at("exit_code").get<int>()};
  each_text(likeness, [&](const char* name, std::string& into) { into = object.at(name).get<std::string>(); });
  return likeness;
}

std::string unlike(const std::vector<Likeness>& processes) {
  const Likeness& first = processes.front();
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const Likeness& one = processes[i];
    const std::string who = fmt::format("process {} of {} (on {})", i, processes.size(), one.machine);
    if (!one.error.empty()) return i == 0 ? one.error : fmt::format("{}: {}", who, one.error);
    if (one.version != first.version || one.commit != first.commit) {
      return fmt::format(
          "{} is another version of the program: {} {}, and process 0 is {} {}: install the same on all "
          "machines",
          who, one.version, one.commit, first.version, first.commit);
    }
    if (one.plan != first.plan) {
      return fmt::format(
          "{} computes by another plan: {}, and process 0 by {}: GANYMEDE_CPU chooses a level that all "
          "machines have",
          who, one.plan, first.plan);
    }
    if (one.recipe != first.recipe) {
      const auto differences =
          run::difference(run::parse_recipe(first.recipe, "process 0"), run::parse_recipe(one.recipe, who));
      return fmt::format("{} has another recipe than process 0:\n{}\ngive all the same", who,
                         run::to_string(differences));
    }
    if (one.data != first.data) {
      return fmt::format("{} has other data than process 0: content {}, and not {}: give all machines the same files",
                         who, one.data, first.data);
    }
    if (one.latent != first.latent) {
      return fmt::format("{} has another partition of the latent space, or other conditions, than process 0", who);
    }
  }
  return "";
}

Setup prepare_together(const run::Recipe& recipe, const SessionOptions& options) {
  std::optional<Setup> setup;
  std::exception_ptr own_error;
  Likeness own{.machine = machine_name()};
  try {
    setup = prepare(recipe, options);
    own = likeness_of(*setup, options);
  } catch (const Error& error) {
    own.error = error.what();
    own.exit_code = error.exit_code();
    own_error = std::current_exception();
  }
  std::vector<Likeness> processes;
  for (const std::string& text : cluster::all_texts(*options.group, to_json(own)))
    processes.push_back(likeness_from_json(text));
  const std::string reason = unlike(processes);
  if (reason.empty()) return std::move(*setup);
  int exit_code = 2;
  for (const Likeness& one : processes) {
    if (one.exit_code == 0) continue;
    exit_code = one.exit_code;
    break;
  }
  options.group->failed_together = true;
  if (!options.group->is_first()) throw cluster::SaidByFirst(exit_code);
  if (own_error) std::rethrow_exception(own_error);
  throw Error(reason, exit_code);
}

void share_beginning(cluster::Group& group, const Setup& setup, const Loop& loop) {
  const Loop::State state = loop.state();
  const Position& p = state.position;
  const json position = {p.step, p.tick, p.epoch, p.batch, p.images};
  cluster::text_of_first(
      group, to_safetensors(setup.executor->state(), {{"position", position.dump()},
                                                      {"loop", to_json(StoredState{.schedule = state.schedule,
                                                                                   .epoch = state.epoch,
                                                                                   .data_crc = setup.data_crc,
                                                                                   .settled = state.settled})}}));
}

void tell_no_beginning(cluster::Group& group) {
  group.failed_together = true;
  cluster::text_of_first(group, "");
}

void take_part(Setup& setup, const SessionOptions& options) try {
  cluster::Group& group = *options.group;
  Feed feed(setup.dataset, setup.recipe, setup.networks, setup.partition);
  Loop loop(setup.recipe, feed, *setup.executor, &group);
  const std::string beginning = cluster::text_of_first(group, "");
  if (beginning.empty()) {
    group.failed_together = true;
    throw cluster::SaidByFirst(3);
  }
  const Safetensors sent = parse_safetensors(beginning, "what process 0 sent");
  const StoredState stored = stored_state_from_json(sent.metadata.at("loop"), "what process 0 sent");
  const json position = json::parse(sent.metadata.at("position"));
  setup.executor->set_state(sent.tensors);
  loop.restore({.position = {.step = position.at(0),
                             .tick = position.at(1),
                             .epoch = position.at(2),
                             .batch = position.at(3),
                             .images = position.at(4)},
                .schedule = stored.schedule,
                .epoch = stored.epoch,
                .settled = stored.settled});
  Ear ear;
  loop.add(ear);
  loop.run();
} catch (const play::NonFiniteError&) {
  throw cluster::SaidByFirst(3);  // process 0 has found the same
} catch (const cluster::LostError& error) {
  if (error.rank() == 0 && options.group->rank() == 1) throw;  // somebody has to say it
  throw cluster::SaidByFirst(3);
}

}  // namespace ganymede::train
