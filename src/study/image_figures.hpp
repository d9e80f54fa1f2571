#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "page/figure.hpp"
#include "study/image_study.hpp"

namespace ganymede::study {

/// The class-area map of a model and how much of the prior it covers, in words.
struct MapFigure {
  page::Figure picture;
  std::string words;
};
/// Pictures of one model; a run that failed has none.
struct ArmFigures {
  std::vector<page::Figure> samples;     ///< of every seed at the end
  std::vector<page::Figure> followed;    ///< the same noise at every measured epoch of the first seed
  std::optional<MapFigure> map;          ///< of the first seed, where the plan maps
  std::optional<page::Figure> ablation;  ///< of the first seed, where the plan dissects
};
struct ImageFigures {
  std::vector<ArmFigures> arms;  ///< as the results have them
  /// Where the plan dissects: the same z through the first seed of every model, layer by layer.
  std::optional<page::Figure> overview;
};

/// All pictures of a study's page, drawn by the models under FOLDER/runs and written into FOLDER/figures.
ImageFigures draw_figures(const ImageResults& results, const std::filesystem::path& folder,
                          const train::SessionOptions& session);

}  // namespace ganymede::study
