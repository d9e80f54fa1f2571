#include "run/checkpoint.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/checksum.hpp"
#include "base/error.hpp"
#include "net/description.hpp"
#include "run/recipe_file.hpp"
#include "run/tensor_file.hpp"

namespace ganymede::run {
namespace {

constexpr const char* kSchema = "ganymede.checkpoint/1";
constexpr const char* kStepPrefix = "step-";
constexpr std::size_t kKept = 2;
constexpr std::string_view kMonitor = "monitor.";
constexpr const char* kEventsCrc = "events_crc32";

std::string count(std::uint64_t value) {
  return fmt::format("{}", value);
}

Metadata metadata_of(const Checkpoint& checkpoint) {
  Metadata fields = {{"schema", kSchema},
                     {"recipe", to_toml(checkpoint.recipe)},
                     {"generator", net::to_json(checkpoint.generator)},
                     {"discriminator", net::to_json(checkpoint.discriminator)},
                     {"class_names", class_names_field(checkpoint.class_names)},
                     {"plan", checkpoint.plan},
                     {"step", count(checkpoint.step)},
                     {"ticks", count(checkpoint.ticks)},
                     {"epoch", count(checkpoint.epoch)},
                     {"batch_in_epoch", count(checkpoint.batch_in_epoch)},
                     {"images", count(checkpoint.images)},
                     {"events_bytes", count(checkpoint.events_bytes)},
                     {"loop_state", checkpoint.loop_state},
                     {"seconds", fmt::format("{}", checkpoint.seconds)}};
  if (checkpoint.events_crc32) fields[kEventsCrc] = hex(*checkpoint.events_crc32);
  return fields;
}

std::optional<std::uint32_t> events_crc_of(const Metadata& fields, const std::filesystem::path& path) {
  if (!fields.contains(kEventsCrc)) return {};
  const std::string& text = fields.at(kEventsCrc);
  std::uint32_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (code != std::errc{} || end != text.data() + text.size()) {
    fail<DataError>("{}: \"{}\" must be eight hexadecimal digits (got \"{}\")", path.string(), kEventsCrc, text);
  }
  return value;
}

// Takes the tensors "monitor.<name>" out of the others.
NamedTensors take_monitors(NamedTensors& tensors) {
  NamedTensors monitors;
  for (auto at = tensors.lower_bound(std::string(kMonitor)); at != tensors.end() && at->first.starts_with(kMonitor);) {
    monitors.emplace(at->first.substr(kMonitor.size()), std::move(at->second));
    at = tensors.erase(at);
  }
  return monitors;
}

// Does the checkpoint end an epoch that is kept for good? A file that cannot be read is left to its user.
bool is_kept(const std::filesystem::path& path, std::int64_t keep_every) {
  try {
    const Metadata metadata = read_safetensors_metadata(path);
    return keep_every > 0 && count_field(metadata, "batch_in_epoch", path) == 0 &&
           count_field(metadata, "epoch", path) % static_cast<std::uint64_t>(keep_every) == 0;
  } catch (const Error&) {
    return true;
  }
}

// Files of a later step are damaged ones that the resume passed over: what they held has been trained anew.
void remove_old(const std::filesystem::path& folder, const Checkpoint& newest) {
  std::vector<NumberedFile> files = list_numbered(folder, kStepPrefix);
  std::error_code ignored;
  while (!files.empty() && files.back().number > newest.step) {
    std::filesystem::remove(files.back().path, ignored);
    files.pop_back();
  }
  remove_old_checkpoints(folder, newest.step, newest.recipe.checkpoint.keep_every);
}

}  // namespace

void remove_old_checkpoints(const std::filesystem::path& folder, std::uint64_t step, std::int64_t keep_every) {
  std::vector<NumberedFile> files = list_numbered(folder, kStepPrefix);
  std::erase_if(files, [step](const NumberedFile& file) { return file.number > step; });
  std::error_code ignored;
  for (std::size_t i = 0; i + kKept < files.size(); ++i) {
    if (!is_kept(files[i].path, keep_every)) std::filesystem::remove(files[i].path, ignored);
  }
}

std::string checkpoint_name(std::uint64_t step) {
  return fmt::format("{}{:010}{}", kStepPrefix, step, kTensorFileEnding);
}

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  NamedTensors tensors = checkpoint.tensors;
  for (const auto& [name, tensor] : checkpoint.monitors) tensors.emplace(std::string(kMonitor) + name, tensor);
  write_checked(path, tensors, metadata_of(checkpoint));
}

std::filesystem::path save_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint) {
  auto path = folder / checkpoint_name(checkpoint.step);
  write_checkpoint(path, checkpoint);
  remove_old(folder, checkpoint);
  return path;
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  Safetensors file = read_checked(path, kSchema);
  const Metadata& fields = file.metadata;
  NamedTensors monitors = take_monitors(file.tensors);
  return {.tensors = std::move(file.tensors),
          .recipe = parse_recipe(text_field(fields, "recipe", path), path.string() + " (recipe)"),
          .generator = net::from_json(text_field(fields, "generator", path)),
          .discriminator = net::from_json(text_field(fields, "discriminator", path)),
          .class_names = class_names_from(fields, path),
          .plan = text_field(fields, "plan", path),
          .step = count_field(fields, "step", path),
          .ticks = count_field(fields, "ticks", path),
          .epoch = count_field(fields, "epoch", path),
          .batch_in_epoch = count_field(fields, "batch_in_epoch", path),
          .images = count_field(fields, "images", path),
          .events_bytes = count_field(fields, "events_bytes", path),
          .events_crc32 = events_crc_of(fields, path),
          .monitors = std::move(monitors),
          .loop_state = text_field(fields, "loop_state", path),
          .seconds = number_field(fields, "seconds", path)};
}

Snapshot as_snapshot(Checkpoint checkpoint) {
  return {.tensors = std::move(checkpoint.tensors),
          .recipe = std::move(checkpoint.recipe),
          .generator = std::move(checkpoint.generator),
          .discriminator = std::move(checkpoint.discriminator),
          .class_names = std::move(checkpoint.class_names),
          .epoch = checkpoint.epoch,
          .step = checkpoint.step,
          .images = checkpoint.images};
}

Snapshot load_weights_of(const std::filesystem::path& path) {
  const Metadata fields = read_safetensors_metadata(path);
  const auto schema = fields.find("schema");
  if (schema == fields.end() || schema->second != kSchema) return load_snapshot(path);
  return as_snapshot(load_checkpoint(path));
}

LoadedCheckpoint load_latest_checkpoint(const std::filesystem::path& folder) {
  const std::vector<NumberedFile> files = list_numbered(folder, kStepPrefix);
  LoadedCheckpoint loaded;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    try {
      loaded.checkpoint = load_checkpoint(file->path);
      loaded.path = file->path;
      return loaded;
    } catch (const Error& error) {
      loaded.warnings.emplace_back(error.what());
    }
  }
  if (loaded.warnings.empty()) {
    fail<DataError>("{}: there is no checkpoint: the run ended before its first one; start it anew", folder.string());
  }
  fail<DataError>("{}: none of its checkpoints is whole:\n  {}", folder.string(), fmt::join(loaded.warnings, "\n  "));
}

void check_same_beginning(const Checkpoint& checkpoint, const Recipe& recipe) {
  const Recipe::Train &before = checkpoint.recipe.train, &after = recipe.train;
  if (before.from == after.from && before.from_fitting == after.from_fitting) return;
  fail<ConfigError>(
      "train.from and train.from_fitting say what a run begins with, and this one has begun (step {}): start a new run",
      checkpoint.step);
}

std::vector<std::filesystem::path> list_checkpoints(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const NumberedFile& file : list_numbered(folder, kStepPrefix)) {
    paths.push_back(file.path);
  }
  return paths;
}

}  // namespace ganymede::run
