#include "run/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "net/description.hpp"
#include "run/recipe_file.hpp"
#include "run/tensor_file.hpp"

namespace ganymede::run {
namespace {

constexpr const char* kSnapshotSchema = "ganymede.snapshot/1";
constexpr const char* kEpochPrefix = "epoch-";
constexpr std::string_view kAverage = "ema.";

bool is_weight(const std::string& name) {
  return name.starts_with("generator.") || name.starts_with("discriminator.") || name.starts_with("ema.generator.");
}

}  // namespace

NamedTensors generator_weights(const Snapshot& snapshot, bool ema) {
  NamedTensors weights;
  for (const auto& [name, tensor] : snapshot.tensors) {
    if (name.starts_with("generator.")) {
      weights.emplace(name, tensor);
    }
  }
  if (ema) {
    for (const auto& [name, tensor] : snapshot.tensors) {
      if (name.starts_with("ema.generator.")) {
        weights[name.substr(kAverage.size())] = tensor;
      }
    }
  }
  return weights;
}

void write_snapshot(const std::filesystem::path& path, const Snapshot& snapshot) {
  NamedTensors weights;
  std::ranges::copy_if(snapshot.tensors, std::inserter(weights, weights.end()),
                       [](const auto& entry) { return is_weight(entry.first); });
  write_checked(path, weights,
                {{"schema", kSnapshotSchema},
                 {"recipe", to_toml(snapshot.recipe)},
                 {"generator", net::to_json(snapshot.generator)},
                 {"discriminator", net::to_json(snapshot.discriminator)},
                 {"class_names", class_names_field(snapshot.class_names)},
                 {"epoch", fmt::format("{}", snapshot.epoch)},
                 {"step", fmt::format("{}", snapshot.step)},
                 {"images", fmt::format("{}", snapshot.images)}});
}

std::filesystem::path save_snapshot(const std::filesystem::path& folder, const Snapshot& snapshot) {
  auto path = folder / fmt::format("{}{:05}{}", kEpochPrefix, snapshot.epoch, kTensorFileEnding);
  write_snapshot(path, snapshot);
  return path;
}

std::filesystem::path save_best_snapshot(const std::filesystem::path& folder, const Snapshot& snapshot) {
  auto path = folder / kBestSnapshot;
  write_snapshot(path, snapshot);
  return path;
}

Snapshot load_snapshot(const std::filesystem::path& path) {
  Safetensors file = read_checked(path, kSnapshotSchema);
  const Metadata& fields = file.metadata;
  return {.tensors = std::move(file.tensors),
          .recipe = parse_recipe(text_field(fields, "recipe", path), path.string() + " (recipe)"),
          .generator = net::from_json(text_field(fields, "generator", path)),
          .discriminator = net::from_json(text_field(fields, "discriminator", path)),
          .class_names = class_names_from(fields, path),
          .epoch = count_field(fields, "epoch", path),
          .step = count_field(fields, "step", path),
          .images = count_field(fields, "images", path)};
}

std::vector<SnapshotFile> list_snapshots(const std::filesystem::path& folder) {
  std::vector<SnapshotFile> files;
  for (const NumberedFile& file : list_numbered(folder, kEpochPrefix)) {
    files.push_back({file.number, file.path});
  }
  return files;
}

SnapshotFile latest_snapshot(const std::filesystem::path& folder) {
  const std::vector<SnapshotFile> files = list_snapshots(folder);
  if (files.empty()) {
    fail<DataError>("{}: there is no snapshot yet", folder.string());
  }
  return files.back();
}

SnapshotFile find_snapshot(const std::filesystem::path& folder, std::uint64_t epoch) {
  latest_snapshot(folder);  // says so if there is none
  const std::vector<SnapshotFile> files = list_snapshots(folder);
  const auto after = std::ranges::lower_bound(files, epoch, {}, &SnapshotFile::epoch);
  if (after != files.end() && after->epoch == epoch) {
    return *after;
  }
  std::string nearest = after == files.begin() ? "" : fmt::format("{}", std::prev(after)->epoch);
  if (after != files.end()) {
    nearest += fmt::format("{}{}", nearest.empty() ? "" : " and ", after->epoch);
  }
  fail<DataError>("{}: there is no snapshot of epoch {}; the nearest are of {}", folder.string(), epoch, nearest);
}

}  // namespace ganymede::run
