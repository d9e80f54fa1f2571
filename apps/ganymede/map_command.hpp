#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  std::string film;
  double fps = 5;
  std::string at;    ///< a z: the map around it, with the point on it
  std::string file;  ///< of that picture; "": within the run
  std::string precision = "f32";
  MachineArguments machine;
  Output output;
};

/// What would end the command after minutes of fitting ends it here.
void check_before_fit(const run::RunDirectory& directory, const explore::TrainedGenerator& generator,
                      const MapArguments& arguments);

/// `map --at`.
int map_point(const MapArguments& arguments);

}  // namespace ganymede::app
