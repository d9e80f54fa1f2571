#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explore/class_map.hpp"
#include "explore/class_map_picture.hpp"
#include "explore/plane.hpp"
#include "fit/classifier.hpp"

namespace ganymede::explore {

inline constexpr const char* kMapSchema = "ganymede.map/1";

/// What a map is of, where that is not the whole latent space of the generator as it was trained.
struct MapSubject {
  std::optional<Plane> plane{};        ///< through the space; the map's mass is then 0, and null in its file
  std::vector<std::string> ablated{};  ///< what was taken away, as parse_ablation reads it

  friend bool operator==(const MapSubject&, const MapSubject&) = default;
};

/// A map of an epoch as it lies in RUN/maps.
struct KeptMap {
  ClassMap map;
  MapSubject subject{};
  std::uint64_t epoch = 0;
  std::string grid;                    ///< ending of the file name, as grid_name gives it
  std::string classifier;              ///< what classified it: protocol and data
  std::optional<std::uint64_t> since;  ///< epoch of the map before it, of the same grid
  std::optional<double> changed;       ///< share of the points that changed since
};

/// A map made just now by a classifier, not yet compared.
KeptMap kept_map(ClassMap map, std::uint64_t epoch, const fit::ClassifierRecord& classifier,
                 const MapSubject& subject = {});
/// "NAME, epoch 7", the plane, what was taken away, and of a conditional map the share of the pictures that are what
/// was asked for.
std::string title_of(const std::string& run, const KeptMap& kept);

/// Fills `since` and `changed` if `last` is an earlier map of the same subject and grid by the same classifier; else
/// returns false.
bool compare_with(const KeptMap& last, KeptMap& kept);
/// The newest map of an earlier epoch, of the same subject and grid by the same classifier, compared with `kept`: fills
/// `since` and `changed`. Files that cannot be read, and other maps, are passed over.
void compare_with_last(const std::filesystem::path& folder, KeptMap& kept);

/// Of a plane, as it has them.
AxisNames axis_names(const MapSubject& subject);

/// Writes epoch-N.npy (labels i32 [parts, side, side] or [parts, side, side, side], element as in MapPart), epoch-N.png
/// (draw_class_map) and last epoch-N.json (kMapSchema): grid, shares of each part, share of the wanted class, change,
/// covered mass. Makes the folder. Returns the path of the picture.
std::filesystem::path write_map(const std::filesystem::path& folder, const KeptMap& kept, const std::string& title);

/// The text of the JSON file.
std::string to_json(const KeptMap& kept);
/// Labels i32 as in the array file.
Tensor labels_of(const ClassMap& map);
/// The map of a JSON text and its labels. @throws DataError naming `where`.
KeptMap map_from(const std::string& json, const Tensor& labels, const std::string& where);
/// Reads JSON and labels back. @throws DataError naming the file and its fault.
KeptMap read_map(const std::filesystem::path& json);

/// What sets a map's grid apart from the run's ordinary one (straight axes from -1 to 1, all classes, `ordinary_side`
/// points along an axis, 0 as in MapOptions): "" for that one, else as in "-quantiles-50", so that each grid has files
/// of its own.
std::string grid_name(const ClassMap& map, int ordinary_side);
/// Likewise what sets its subject apart: "", else "-through-HASH" for a plane and "-without-HASH" for what was taken
/// away (eight hexadecimal digits, and what they stand for is in the file).
std::string subject_name(const MapSubject& subject);
/// maps/epoch-00007.json, maps/epoch-00007-quantiles.json.
std::filesystem::path map_path(const std::filesystem::path& folder, std::uint64_t epoch, const std::string& grid = {});

}  // namespace ganymede::explore
