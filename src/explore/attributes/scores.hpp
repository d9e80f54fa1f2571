#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "explore/trained_generator.hpp"
#include "measure/attributes/attributes.hpp"

namespace ganymede::explore {

/// What the samples of one generator are scored by: an attribute that is measured on the sample, the probability of a
/// class ("class:3"), or what somebody wrote into a table.
struct ScoreSource {
  std::string name;
  std::string sentence;
  const measure::Attribute* attribute = nullptr;  ///< measured
  std::optional<int> label{};                     ///< or the class whose probability it is
  bool by_hand() const { return attribute == nullptr && !label; }
};

/// All that a generator's samples can be scored by: the attributes of their kind, and with a classifier the
/// probabilities of its classes.
std::vector<ScoreSource> score_sources(const TrainedGenerator& generator, const fit::Classifier* classifier = nullptr);

/// Scores [A] of [N] of pictures as `draw` gives them, by measured sources (none by hand). @throws ConfigError where a
/// class's probability is wanted without a classifier.
std::vector<std::vector<double>> scores_of(TrainedGenerator& generator, std::span<const ScoreSource> sources,
                                           const Tensor& pictures, fit::Classifier* classifier = nullptr);

/// Scores of samples that seeds name.
struct ScoreTable {
  std::vector<std::string> names;            ///< [A]
  std::vector<std::uint64_t> seeds;          ///< [N]
  std::vector<std::vector<double>> columns;  ///< [A] of [N]
  std::int64_t left_out = 0;                 ///< rows of a file that had an empty field
};
/// CSV: a head "seed,NAME,..."; then a line a sample, numbers with the digits that give them back.
std::string to_csv(const ScoreTable& table);
/// Such a table that somebody filled in: fields between commas, semicolons or tabs, whichever the head has. Columns may
/// have any names but must be numbers, a tick 1 and its lack 0; a row with an empty field is left out.
/// @throws DataError with `where` and the line: no column seed or none besides, a name twice, a field that is no finite
/// number, a seed twice, no row.
ScoreTable parse_scores(std::string_view text, const std::string& where);

/// Whether scores are a yes or no: all are 0 or 1.
bool is_binary(std::span<const double> scores);

}  // namespace ganymede::explore
