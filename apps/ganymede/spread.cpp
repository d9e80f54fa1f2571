#include "spread.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/wording.hpp"
#include "data/catalogue.hpp"
#include "data/sources.hpp"
#include "shared.hpp"
#include "team.hpp"
#include "train/sources.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

constexpr int kMostParts = 10'000;

std::vector<double> efforts_of(const std::vector<train::PlannedRun>& plan, const std::string& data) {
  std::vector<double> efforts;
  for (const train::PlannedRun& planned : plan) {
    const run::Recipe& recipe = planned.recipe;
    efforts.push_back(train::effort_of(recipe, image_facts(recipe, data), images_of(recipe, data)));
  }
  return efforts;
}

bool others_may_be_at_it(const fs::path& root) {
  std::error_code error;
  return fs::exists(root / ".claims", error) && !fs::is_empty(root / ".claims", error);
}

std::string what_is_left(const train::RunSet& set, const Part& part) {
  if (stop_requested()) return "interrupted; the same command goes on from here";
  if (set.elsewhere > 0) {
    return fmt::format("{} left to other processes, which are at it; the same command, called again, goes on",
                       counted(static_cast<std::int64_t>(set.elsewhere), "run"));
  }
  if (part.of > 1) {
    return fmt::format(
        "part {} of {} is done; the other parts are not: when they are, the same command without --part "
        "goes on",
        part.number, part.of);
  }
  return "some runs are not at their end; the same command goes on from here";
}

}  // namespace

void add_part(CLI::App& command, Part& part) {
  command
      .add_option_function<std::string>(
          "--part",
          [&part](const std::string& text) {
            const char* const end = text.data() + text.size();
            const auto first = std::from_chars(text.data(), end, part.number);
            const bool cut = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
            const auto second = cut ? std::from_chars(first.ptr + 1, end, part.of) : first;
            if (!cut || second.ec != std::errc() || second.ptr != end || part.number < 1 || part.of > kMostParts ||
                part.number > part.of) {
              throw CLI::ValidationError("--part", fmt::format("wanted K/N, such as 3/16 for the third of sixteen "
                                                               "shares of the runs (found {})",
                                                               text));
            }
          },
          "Train a share of the runs alone, beside others in the same folder: K/N, the K-th of N")
      ->type_name("K/N");
}

std::int64_t images_of(const run::Recipe& recipe, const std::string& data) {
  if (recipe.train.steps > 0) return recipe.train.steps * recipe.train.batch;
  if (recipe.train.images > 0) return recipe.train.images;
  const data::Source* source = data::find_source(recipe.data.source);
  std::int64_t an_epoch = source == nullptr ? 0 : source->any_count ? recipe.data.builtin_count : source->train_count;
  if (an_epoch == 0) an_epoch = train::open_training_data(recipe, data::search_places(data)).size();
  if (recipe.data.limit > 0) an_epoch = std::min(an_epoch, recipe.data.limit);
  return recipe.train.epochs * an_epoch;
}

train::RunSet spread(const std::vector<train::PlannedRun>& plan, const fs::path& root, train::RunSetOptions options,
                     const SpreadOptions& how, cluster::Joined* group) {
  const auto say = options.session.say;
  options.session.say = {};  // a line a run is enough
  options.on_run = [&](std::size_t number, const train::PlannedRun& planned) {
    if (say) say(fmt::format("run {} of {}: {}", number + 1, plan.size(), (root / planned.name).string()));
  };
  options.shared = group != nullptr || how.part.of > 1 || others_may_be_at_it(root);
  if (group != nullptr || how.part.of > 1)
    options.order = train::share_of(efforts_of(plan, how.data), how.part.number, how.part.of);
  if (group != nullptr) {
    options.session.progress = ProgressStyle::quiet;  // of several at once
    if (options.session.threads == 0) options.session.threads = threads_of(group);
  }
  train::RunSet set = train::train_set(root, plan, options);
  if (group != nullptr) {
    const bool stopped = cluster::any_of(*group, stop_requested() ? 1 : 0) != 0;
    if (stopped) request_stop();
    options.order.reset();
    // All are there now; what a process lost on its way, the first one trains.
    if (group->is_first()) set = train::train_set(root, plan, options);
    set.complete = cluster::any_of(*group, group->is_first() && set.complete ? 1 : 0) != 0;
  }
  if (!set.complete && say && (group == nullptr || group->is_first())) say(what_is_left(set, how.part));
  return set;
}

}  // namespace ganymede::app
