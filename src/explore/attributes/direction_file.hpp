#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explore/attributes/activation_directions.hpp"
#include "explore/attributes/direction_proof.hpp"
#include "picture/image.hpp"

namespace ganymede::explore {

inline constexpr const char* kDirectionsSchema = "ganymede.directions/1";

/// Directions of one generator as they lie in RUN/directions/NAME.json.
struct KeptDirections {
  std::string name;
  std::string run;
  std::uint64_t epoch = 0, step = 0;  ///< of the weights
  std::optional<int> only{};          ///< the class of all samples, of a generator that takes one
  std::string only_name{};
  std::string samples;     ///< a sentence: which samples
  std::string classifier;  ///< that gave classes' probabilities; "" without
  int dim = 0;
  AttributeDirections found{};
  Proof proof{};
  std::vector<Direction> by_weights{};  ///< principal_directions
  ActivationDirections by_activations{};
};

/// The text of the file (docs/directions.md).
std::string to_json(const KeptDirections& kept);
/// Makes the folder and writes NAME.json, NAME.png (the matrices) and NAME.strips.png (draw_strips), each in one step;
/// what there is nothing to draw of has no picture. Returns the path of the first.
std::filesystem::path write_directions(const std::filesystem::path& folder, const KeptDirections& kept,
                                       const std::optional<picture::Image>& strips = {});
/// Whether a file may be called so: letters, digits, '-', '_' and '.', not the first; not the end of another's strips.
bool is_direction_file_name(const std::string& name);

/// A direction that a file keeps, by name: an attribute's normal ("thickness"), its conditional direction
/// ("thickness:conditional"), its vector of the orthogonalised set ("thickness:orthogonal"), or an unsupervised one
/// ("principal 1", "activation 1"). All point to where the score rises.
struct NamedDirection {
  std::string name;
  std::vector<double> vector;  ///< [Z], of length 1
};
/// Those of a file. @throws DataError naming the file: another schema, something missing or of another type, vectors of
/// another length than latent_dim, values that are not finite.
std::vector<NamedDirection> read_directions(const std::filesystem::path& file);
std::vector<NamedDirection> parse_named_directions(const std::string& text, const std::string& where);

/// The plane n'z + offset = 0 of an attribute; n points to where its score rises.
struct AttributePlane {
  std::string name;
  std::vector<double> normal;  ///< [Z], of length 1
  double offset = 0;
};
/// Of a file. @throws as read_directions.
std::vector<AttributePlane> read_planes(const std::filesystem::path& file);
/// Those that are named, "NAME" of the files of a folder in order of their names or "FILE/NAME" of one of them.
/// @throws ConfigError for a name that is nowhere, listing those that there are, or a plane of another dimension.
std::vector<AttributePlane> planes_named(const std::filesystem::path& folder, const std::vector<std::string>& names,
                                         int dim);

/// A direction as --along names it: one of a file of the run's folder `directions`, "NAME" of the files in order of
/// their names or "FILE/NAME" of one of them, else as direction_named. `keep`: the same for directions whose part is
/// taken away (measure::projected). @throws ConfigError for a name that is nowhere, listing those that there are, a
/// vector of another dimension, or where nothing is left.
Direction direction_along(const std::filesystem::path& folder, const std::string& text,
                          const std::vector<std::string>& keep, const TrainedGenerator& generator);

}  // namespace ganymede::explore
