#include "generator.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "run/checkpoint.hpp"
#include "train/sources.hpp"

namespace ganymede::app {
namespace {

constexpr int kBatch = 64;

run::Snapshot as_snapshot(run::Checkpoint checkpoint) {
  return {.tensors = std::move(checkpoint.tensors),
          .recipe = std::move(checkpoint.recipe),
          .generator = std::move(checkpoint.generator),
          .discriminator = std::move(checkpoint.discriminator),
          .epoch = checkpoint.epoch,
          .step = checkpoint.step,
          .images = checkpoint.images};
}

}  // namespace

Generator::Generator(const run::Snapshot& snapshot, const std::filesystem::path& folder, int threads)
    : network_(snapshot.generator),
      noise_(snapshot.recipe, train::partition_for(snapshot.recipe, network_, folder)),
      model_(network_, kBatch, threads) {
  model_.load(run::generator_weights(snapshot));
}

Tensor Generator::draw(const train::Samples& samples) {
  return model_.infer(samples.inputs()).output;
}

train::Samples Generator::samples(std::uint64_t seed, std::int64_t count, std::optional<int> only) {
  return train::named_samples(noise_, network_, seed, count, only);
}

run::Snapshot load_weights(const run::RunDirectory& directory, std::optional<std::uint64_t> epoch,
                           const std::string& checkpoint, std::filesystem::path& file) {
  if (epoch) {
    file = run::find_snapshot(directory.snapshots(), *epoch).path;
    return run::load_snapshot(file);
  }
  if (!checkpoint.empty()) {
    file = checkpoint.find('/') == std::string::npos ? directory.checkpoints() / checkpoint
                                                     : std::filesystem::path(checkpoint);
    return as_snapshot(run::load_checkpoint(file));
  }
  const auto snapshots = run::list_snapshots(directory.snapshots());
  if (!run::list_checkpoints(directory.checkpoints()).empty()) {
    run::LoadedCheckpoint latest = run::load_latest_checkpoint(directory.checkpoints());
    for (const std::string& warning : latest.warnings) fmt::print(stderr, "{}\n", warning);
    if (snapshots.empty() || snapshots.back().epoch <= latest.checkpoint.epoch) {
      file = latest.path;
      return as_snapshot(std::move(latest.checkpoint));
    }
  }
  if (snapshots.empty()) {
    fail<DataError>("{}: there is neither a checkpoint nor a snapshot yet", directory.path().string());
  }
  file = snapshots.back().path;
  return run::load_snapshot(file);
}

}  // namespace ganymede::app
