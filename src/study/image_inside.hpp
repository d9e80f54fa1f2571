#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "explore/dissection_picture.hpp"
#include "explore/trained_generator.hpp"
#include "fit/classifier.hpp"
#include "picture/image.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

// Looks inside a trained generator for a study's page.

/// The samples named train::kFixedSeed ... through the generator, with every layer's values.
explore::Dissection dissect_fixed(explore::TrainedGenerator& generator, std::int64_t count);

/// How the values of each layer are spread, over kDissected samples.
std::vector<LayerActivity> layer_activities(explore::TrainedGenerator& generator);

/// The class of the picture at z = 0; nothing for a conditional generator.
std::optional<std::int32_t> class_at_centre(explore::TrainedGenerator& generator, fit::Classifier& classifier);

/// The class-area map (TrainedGenerator::map; cubes of 16 points a side), kept in the run's maps.
void keep_map(explore::TrainedGenerator& generator, const std::filesystem::path& run_folder,
              fit::Classifier& classifier);

/// The middle rows of the activation before the last layer, and then its strongest feature map, set to 0: pictures
/// before and after (S-LATENT L9). `count` samples.
picture::Image draw_ablations(explore::TrainedGenerator& generator, std::int64_t count);

}  // namespace ganymede::study
