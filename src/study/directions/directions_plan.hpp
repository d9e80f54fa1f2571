#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "train/run_set.hpp"

namespace ganymede::study {

// S-THEORY T8 over models: how separable, how disentangled, how linear latent spaces of 2, 3, 4 and 100 dimensions are.

/// One model with its seeds.
struct DirectionsArm {
  std::string name;   ///< of its shipped recipe, and of its runs
  std::string title;  ///< "100 dimensions"
  int dim = 0;
  std::vector<train::PlannedRun> runs{};
};

struct DirectionsPlan {
  bool quick = false;
  std::string settings{};     ///< of the quick version, in words
  std::int64_t epochs = 0;    ///< of every run; the last ones are measured
  std::int64_t count = 2000;  ///< samples that directions are fitted to and judged by
  std::int64_t proofs = 200;  ///< others that are moved
  std::int64_t fresh = 1000;  ///< others that hyperplanes are tried on
  std::vector<DirectionsArm> arms;

  /// Seed by seed, so that an interrupted study has something of every arm.
  std::vector<train::PlannedRun> all_runs() const;
  std::int64_t points() const;
};

struct DirectionsChoices {
  bool quick = false;
  int seeds = 0;            ///< 0: five, quick three
  std::int64_t epochs = 0;  ///< 0: 50, quick 10
  std::string source{};     ///< digits; empty: MNIST
};
DirectionsPlan plan_directions(const DirectionsChoices& choices);

/// Whether the data of the runs are there. @throws DataError
void check_sources(const DirectionsPlan& plan, const train::SessionOptions& session);

}  // namespace ganymede::study
