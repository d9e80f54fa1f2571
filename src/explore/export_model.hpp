#pragma once

#include <optional>
#include <string>

#include "explore/class_map.hpp"
#include "explore/trained_generator.hpp"
#include "run/snapshot.hpp"

namespace ganymede::explore {

inline constexpr const char* kExportSchema = "ganymede.export/1";

/// What a page takes along beside the generator itself.
struct ExportOptions {
  std::string run;      ///< its name
  std::string version;  ///< of the program
  std::optional<ClassMap> map{};
  std::string map_note;  ///< a sentence: what coloured the map, or why there is none
};

/// The map that a page holds, by a classifier: 100 points along an axis of a plane, 32 of a cube, 16 where there are
/// several cubes. Nothing for a latent space of other than 2 to 4 dimensions. @throws as make_class_map.
std::optional<ClassMap> map_for_page(TrainedGenerator& generator, fit::Classifier& classifier,
                                     const OnMapPiece& on_piece = {});

/// The generator as a page runs it: JSON of docs/export.md, with seeds and pictures to compare with. `generator` is of
/// the snapshot, of the exact plan. @throws as portable_network; ConfigError for pictures of other than one or three
/// channels.
std::string export_model(TrainedGenerator& generator, const run::Snapshot& snapshot, const ExportOptions& options);

}  // namespace ganymede::explore
