#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "explore/attributes/direction_file.hpp"
#include "explore/attributes/scores.hpp"

namespace ganymede::explore {

/// What the samples of a generator are scored by, in the order of the result.
struct Scoring {
  std::vector<ScoreSource> sources;
  fit::Classifier* classifier = nullptr;  ///< must outlive it
  std::optional<ScoreTable> table{};      ///< scores by hand
  std::string table_name{};

  /// Those that are not by hand.
  std::vector<ScoreSource> measured() const;
};
/// Those that are named: attributes, "class:3", "classes" (all of them), columns of the table. None: all that there are
/// but classes that are asked for (of a conditional model), or more than 50. @throws ConfigError for a name that is
/// nowhere, listing those that there are.
Scoring choose_scores(const std::vector<std::string>& names, const TrainedGenerator& generator,
                      fit::Classifier* classifier, std::optional<ScoreTable> table = {},
                      const std::string& table_name = "");

/// `count` samples of several, from `first` on.
train::NamedSamples part_of(const train::NamedSamples& all, std::int64_t first, std::int64_t count);

/// Scores [A] of [N] by what is measured of the sources; pictures are drawn some hundreds at a time.
/// @throws Error once somebody asks to stop (base/signal.hpp).
std::vector<std::vector<double>> measured_scores(TrainedGenerator& generator, const Scoring& scoring,
                                                 const train::NamedSamples& samples);

struct SearchOptions {
  std::int64_t count = 2000;  ///< samples; of a table those that it names
  std::uint64_t seed = train::kFixedSeed;
  std::optional<int> only{};                           ///< their class
  int resamples = 100;                                 ///< as DirectionOptions has it
  int components = 8;                                  ///< unsupervised directions of each kind
  double step = 1;                                     ///< of the proof
  std::int64_t proofs = 200;                           ///< samples of the proof, the next seeds
  std::string name{}, run_name{}, classifier{};        ///< what the result says of itself
  std::function<void(const std::string& line)> say{};  ///< told why there are no unsupervised directions
};
/// Draws, scores, fits and proves: everything of a file of directions. @throws as fit_directions; Error once somebody
/// asks to stop.
KeptDirections find_directions(TrainedGenerator& generator, const Scoring& scoring, const SearchOptions& options);

}  // namespace ganymede::explore
