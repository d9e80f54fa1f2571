#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explore/map_file.hpp"
#include "explore/trained_generator.hpp"
#include "shared.hpp"

namespace ganymede::app {

struct MapArguments {
  RunArguments run;
  std::optional<std::uint64_t> epoch;
  bool all = false;
  explore::MapOptions map;
  std::vector<std::string> classes;  ///< by name or number
  bool quantiles = false;
  std::vector<std::string> ablations;
  std::string through;                  ///< a z: the plane through it; "": the whole space
  std::string right = "z1", up = "z2";  ///< directions of that plane
  std::string film;
  double fps = 5;
  std::string at;                       ///< a z: the map around it, with the point on it
  std::vector<std::string> directions;  ///< attributes whose planes are drawn there
  std::string file;                     ///< of that picture; "": within the run
  std::string precision = "f32";
  MachineArguments machine;
  Output output;
};

/// The plane and the ablations that were asked for. @throws ConfigError.
explore::MapSubject subject_of(const MapArguments& arguments, explore::TrainedGenerator& generator);

/// What would end the command after minutes of fitting ends it here.
void check_before_fit(const run::RunDirectory& directory, const explore::TrainedGenerator& generator,
                      const MapArguments& arguments, const explore::MapSubject& subject);

/// `map --at`.
int map_point(const MapArguments& arguments);

}  // namespace ganymede::app
