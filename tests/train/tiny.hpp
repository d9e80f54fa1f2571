#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "run/networks.hpp"
#include "run/recipe.hpp"
#include "train/session.hpp"

namespace ganymede::train {

/// A recipe that trains in milliseconds with the fake executor: 10 images in batches of 4 (4, 4, 2).
inline run::Recipe tiny_recipe() {
  run::Recipe recipe;
  recipe.name = "tiny";
  recipe.data.builtin_count = 10;
  recipe.latent.dim = 3;
  recipe.generator.width = 1;
  recipe.discriminator.width = 1;
  recipe.train.batch = 4;
  recipe.train.epochs = 2;
  recipe.train.sample_grid = 20;
  return recipe;
}

/// A data set of `count` images 8x8 whose pixels all hold the image's number, class = number mod 3.
inline data::Dataset numbered_images(std::int64_t count) {
  data::Dataset dataset;
  dataset.images = Tensor(DType::u8, {count, 1, 8, 8});
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t p = 0; p < 64; ++p) {
      dataset.images.values<std::uint8_t>()[static_cast<std::size_t>(64 * i + p)] = static_cast<std::uint8_t>(i);
    }
    dataset.labels.push_back(static_cast<std::int32_t>(i % 3));
  }
  dataset.class_names = {"a", "b", "c"};
  dataset.provenance.name = "numbers";
  return dataset;
}

inline run::Networks networks_for(const run::Recipe& recipe, const data::Dataset& dataset) {
  return run::build_networks(recipe, facts_of(dataset));
}

}  // namespace ganymede::train
