#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "data/catalogue.hpp"
#include "latent/partition.hpp"
#include "net/network.hpp"
#include "run/recipe.hpp"

namespace ganymede::train {

/// What data::open_dataset is to do with a recipe's data. @throws ConfigError for an unknown name.
data::OpenOptions open_options(const run::Recipe& recipe);
/// What the recipe trains on: of its data the part that data.part names.
data::Dataset open_training_data(const run::Recipe& recipe, const std::vector<data::SearchPlace>& places);

/// The partition of a recipe's latent space; none for the gaussian sampler. In this order: the run's own copy in
/// `folder` (if one is given), the file that the recipe names, one drawn from latent.partition_seed.
/// @throws DataError for a damaged file; ConfigError if the generator takes no class or the partition has another
/// number of classes.
std::optional<latent::Partition> partition_for(const run::Recipe& recipe, const net::Network& generator,
                                               const std::filesystem::path& folder);
/// Puts the run's own copy into its folder, if it is not there yet.
void keep_partition(const std::optional<latent::Partition>& partition, const std::filesystem::path& folder);

}  // namespace ganymede::train
