#include "run/fork.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "run/checkpoint.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::run {
namespace {

void copy_if_there(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(std::filesystem::symlink_status(from, ignored)))
    write_file_atomically(to, read_file(from));
}

}  // namespace

RunDirectory fork_run(const RunDirectory& parent, const std::filesystem::path& checkpoint,
                      const std::filesystem::path& root, const std::string& name,
                      const std::vector<std::string>& sets) {
  const Checkpoint from = load_checkpoint(checkpoint);  // whole, or an error
  Recipe recipe = from.recipe;
  apply_sets(recipe, sets);
  check(recipe);
  check_same_beginning(from, recipe);
  const Recipe::Latent &before = from.recipe.latent, &after = recipe.latent;
  if (recipe.data.source != from.recipe.data.source || after.partition != before.partition) make_absolute(recipe);
  std::string events;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(std::filesystem::symlink_status(parent.events_path(), ignored)))
    events = read_file(parent.events_path()).substr(0, from.events_bytes);
  if (events.size() < from.events_bytes) {
    fail<DataError>("{}: wanted the {} bytes that belong to {}, found {}: it was moved or has lost lines",
                    parent.events_path().string(), from.events_bytes, checkpoint.filename().string(), events.size());
  }
  RunInfo info = parent.info();
  info.state = RunState::paused;
  info.reason.clear();
  info.seed = recipe.train.seed;
  info.epoch = from.epoch;
  info.step = from.step;
  info.images = from.images;
  info.seconds = from.seconds;
  info.parent = parent.name();
  info.parent_step = from.step;
  const auto fill = [&](const RunDirectory& child) {
    write_file_atomically(child.checkpoints() / checkpoint.filename(), read_file(checkpoint));
    write_file_atomically(child.events_path(), events);
    if (recipe.data == from.recipe.data) copy_if_there(parent.path() / kConditionsFile, child.path() / kConditionsFile);
    if (after.partition == before.partition && after.partition_seed == before.partition_seed)
      copy_if_there(parent.path() / kPartitionFile, child.path() / kPartitionFile);  // else training makes its own
  };
  const RunDirectory child = RunDirectory::create(root, name, recipe, std::move(info), fill);
  return RunDirectory::open(child.path());  // unlocked when `child` goes
}

}  // namespace ganymede::run
