#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "page/document.hpp"
#include "study/directions/directions_measures.hpp"
#include "study/finding.hpp"

namespace ganymede::study {

inline constexpr const char* kDirectionsSchema = "ganymede.study_directions/1";

/// The five claims of S-THEORY T8, in its order, each a sentence.
const std::vector<std::string>& directions_claims();

/// What a linear model has to tell of something to be called true of it.
inline constexpr double kMostOfIt = 0.5;

/// A number of a run that a claim wants above another one.
struct ClaimNumber {
  std::size_t claim = 0;
  const char* word;  ///< in a table
  const char* name;
  double wanted = 0;
  const char* form;  ///< of fmt
  double unit = 1;   ///< it is shown times that
  double (*of)(const DirectionsRun&);
};
const std::vector<ClaimNumber>& claim_numbers();

/// A finding for each claim, its tests over the runs of all models, and one that is ours: what more dimensions change.
Judgement judge_directions(const DirectionsResults& results);

/// Pictures of the first seed of each model that did not fail; none of the others.
struct DirectionsFigures {
  std::vector<page::Figure> matrices, strips;
};
DirectionsFigures draw_directions_figures(const DirectionsResults& results, const std::filesystem::path& folder);

page::Document directions_document(const DirectionsResults& results, const Judgement& judgement,
                                   const DirectionsFigures& figures);
/// results.json, schema "ganymede.study_directions/1": of every model what each run gave.
std::string directions_json(const DirectionsResults& results, const Judgement& judgement,
                            const DirectionsFigures& figures);
nlohmann::ordered_json to_json(const DirectionsRun& run);

}  // namespace ganymede::study
