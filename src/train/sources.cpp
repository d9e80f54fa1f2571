#include "train/sources.hpp"

#include "base/error.hpp"
#include "data/parts.hpp"
#include "train/samples.hpp"

namespace ganymede::train {

data::OpenOptions open_options(const run::Recipe& recipe) {
  const run::Recipe::Data& d = recipe.data;
  data::OpenOptions options{.limit = d.limit,
                            .builtin_count = d.builtin_count,
                            .image_size = d.image_size,
                            .image_colour = data::image_colour_from(d.image_colour),
                            .digits = d.digits,
                            .seed = recipe.train.seed};
  options.points = {.modes = d.modes,
                    .radius = d.radius,
                    .side = d.side,
                    .spacing = d.spacing,
                    .mean = d.mean,
                    .deviation = d.deviation};
  options.ink = {.prepare = {.range = d.range == "symmetric" ? ink::Range::symmetric : ink::Range::unit,
                             .simplification = d.simplification == "consistent" ? ink::Simplification::consistent
                                                                                : ink::Simplification::plain,
                             .padding = d.padding == "subdivide" ? ink::Padding::subdivide : ink::Padding::still,
                             .tolerance = d.tolerance,
                             .most_tolerance = d.most_tolerance},
                 .per_class = d.per_class,
                 .copies = d.copies,
                 .noise = d.noise,
                 .keep_original = d.keep_original};
  return options;
}

data::Dataset open_training_data(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places) {
  return data::part_of(data::open_dataset(recipe.data.source, data::Split::train, places, open_options(recipe)),
                       data::part_from(recipe.data.part, recipe.data.part_by));
}

std::optional<latent::Partition> partition_for(const run::Recipe& recipe, const net::Network& generator,
                                               const std::filesystem::path& folder) {
  if (recipe.latent.sampler == "gaussian") return {};
  const int classes = class_count(generator);
  if (classes == 0) {
    fail<ConfigError>("latent.sampler = \"{}\" draws z by its class, but the generator takes none",
                      recipe.latent.sampler);
  }
  const std::filesystem::path own = folder / run::kPartitionFile;
  const bool kept = !folder.empty() && std::filesystem::exists(std::filesystem::symlink_status(own));
  if (!kept && recipe.latent.partition.empty())
    return latent::make_partition(classes, recipe.latent.dim, recipe.latent.partition_seed);
  const std::filesystem::path file = kept ? own : std::filesystem::path(recipe.latent.partition);
  latent::Partition partition = latent::read_partition(file);
  if (partition.classes() != classes) {
    fail<ConfigError>("{}: a partition of {} classes; the generator has {}", file.string(), partition.classes(),
                      classes);
  }
  return partition;
}

void keep_partition(const std::optional<latent::Partition>& partition, const std::filesystem::path& folder) {
  const std::filesystem::path own = folder / run::kPartitionFile;
  if (partition && !std::filesystem::exists(std::filesystem::symlink_status(own)))
    latent::write_partition(own, *partition);
}

}  // namespace ganymede::train
