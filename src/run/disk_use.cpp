#include <algorithm>

#include "run/checkpoint.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"

namespace ganymede::run {
namespace {

constexpr std::int64_t kMetadataBytes = 30'000;  // recipe, two descriptions, the header's own entries

// Both stop at the largest number: a recipe may ask for more than any disk holds.
std::int64_t times(std::int64_t count, std::int64_t bytes) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(count, bytes, &product) ? std::numeric_limits<std::int64_t>::max() : product;
}

std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

int moments_of(const Recipe::Optimizer& optimizer) {
  if (optimizer.kind == play::OptimizerKind::sgd) {
    return optimizer.momentum > 0 ? 1 : 0;
  }
  return optimizer.kind == play::OptimizerKind::rmsprop ? 1 : 2;
}

std::int64_t snapshot_count(const Recipe::Snapshot& cadence, std::int64_t epochs) {
  std::int64_t count = cadence.every > 0
                           ? epochs / cadence.every
                           : std::min<std::int64_t>(epochs, 10) + std::clamp<std::int64_t>(epochs / 5 - 2, 0, 18) +
                                 std::max<std::int64_t>(0, epochs / 10 - 10);
  Recipe::Snapshot regular = cadence;
  regular.epochs.clear();
  std::vector<std::int64_t> others = cadence.epochs;
  others.push_back(epochs);  // the last one always
  std::ranges::sort(others);
  const auto repeated = std::ranges::unique(others);
  others.erase(repeated.begin(), repeated.end());
  count += std::ranges::count_if(
      others, [&](std::int64_t epoch) { return epoch >= 1 && epoch <= epochs && !wants_snapshot(regular, epoch); });
  return count + 1;  // before the first step
}

}  // namespace

std::int64_t checkpoint_bytes(const Recipe& recipe, const net::Network& generator, const net::Network& discriminator) {
  const net::Counts g = net::count_parameters(generator);
  const net::Counts d = net::count_parameters(discriminator);
  const std::int64_t values = g.total + d.total + moments_of(recipe.generator.optimizer) * g.trainable +
                              moments_of(recipe.discriminator.optimizer) * d.trainable +
                              (recipe.game.ema_decay > 0 ? g.total : 0);
  return 4 * values + kMetadataBytes;
}

std::int64_t snapshot_bytes(const Recipe& recipe, const net::Network& generator, const net::Network& discriminator) {
  const std::int64_t g = net::count_parameters(generator).total;
  const std::int64_t d = net::count_parameters(discriminator).total;
  return 4 * (g + d + (recipe.game.ema_decay > 0 ? g : 0)) + kMetadataBytes;
}

DiskUse disk_use(const std::filesystem::path& run) {
  DiskUse use;
  std::error_code ignored;
  // A running run replaces files meanwhile: what is gone counts as nothing.
  for (std::filesystem::recursive_directory_iterator entry(run, ignored), end; entry != end; entry.increment(ignored)) {
    std::error_code gone;
    if (!entry->is_regular_file(gone) || entry->is_symlink(gone)) {
      continue;
    }
    const auto size = static_cast<std::int64_t>(entry->file_size(gone));
    if (gone) {
      continue;
    }
    const std::string folder = entry->path().lexically_relative(run).begin()->string();
    (folder == "checkpoints" ? use.checkpoints
     : folder == "snapshots" ? use.snapshots
     : folder == "samples"   ? use.samples
                             : use.other) += size;
  }
  return use;
}

ExpectedDiskUse expected_disk_use(const Recipe& recipe, const Networks& networks, std::int64_t epochs) {
  const std::int64_t checkpoint = checkpoint_bytes(recipe, networks.generator, networks.discriminator);
  const std::int64_t kept = recipe.checkpoint.keep_every > 0 ? epochs / recipe.checkpoint.keep_every : 0;
  const net::Node& image = networks.generator.node(networks.generator.outputs.front());
  const std::vector<Shape> shapes = net::infer_shapes(networks.generator);
  const std::int64_t values =
      element_count(shapes.at(static_cast<std::size_t>(networks.generator.index_of(image.name))));
  ExpectedDiskUse use;
  use.snapshot_count = plus(snapshot_count(recipe.snapshot, epochs), recipe.evaluate.frechet_every > 0 ? 1 : 0);
  use.checkpoints = times(2 + kept, checkpoint);
  use.snapshots = times(use.snapshot_count, snapshot_bytes(recipe, networks.generator, networks.discriminator));
  // Sixteen pictures and the grid after each epoch; PNG takes about half of the bytes of grey digits.
  use.samples = times(plus(epochs, 1), (16 + recipe.train.sample_grid) * values / 2 + 1000);
  use.peak = plus(plus(use.checkpoints, use.snapshots), plus(use.samples, checkpoint));
  return use;
}

}  // namespace ganymede::run
