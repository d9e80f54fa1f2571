#pragma once

#include <filesystem>

#include "page/html.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

// The pictures of a study's page; `root` holds the runs.

/// A score over epochs, a line a model: mean over seeds.
void add_curve(page::Page& page, const ImageResults& results, const char* score, const std::string& title, bool log_y);
/// For every model: samples of every seed at the end, the same noise at every measured epoch of the first seed, losses
/// of both players and how often D is right.
void add_pictures(page::Page& page, const ImageResults& results, const std::filesystem::path& root, int threads);
/// The class-area map of the first seed of every model.
void add_maps(page::Page& page, const ImageResults& results, const std::filesystem::path& root);
/// The same z through the first seed of every model, layer by layer; shares of values near zero; ablations.
void add_dissections(page::Page& page, const ImageResults& results, const std::filesystem::path& root, int threads);

}  // namespace ganymede::study
