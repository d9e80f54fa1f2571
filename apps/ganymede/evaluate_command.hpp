#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/reference.hpp"
#include "measure/score.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"

namespace ganymede::app {

// What the parts of `ganymede evaluate` have in common: scores of runs, of pictures that others made, and of features.

/// Features that others made, and what published protocols choose.
struct FeatureArguments {
  std::string real, fake, logits, probabilities;  ///< NPY files
  int subsets = 100;
  std::int64_t subset_size = 1000;
  std::int64_t neighbours = 5;
  bool closed = false;
  int splits = 10;
  bool values_alone = false;
};

struct EvaluateArguments {
  std::vector<std::string> runs;
  std::string root;
  std::string real, fake, features;
  FeatureArguments given;
  std::string dump;  ///< a folder for the features that scores are made of
  std::vector<std::string> measures;
  std::int64_t count = 10000;
  std::optional<std::uint64_t> epoch;
  bool protocol = false;
  int image_size = 0;  ///< of --features or --real that are folders of pictures; 0: data.image_size
  MachineArguments machine;
  Output output;
};

/// `fits` must outlive the result.
evaluate::ReferenceOptions reference_options(const EvaluateArguments& arguments, FitProgress& fits);

nlohmann::ordered_json as_json(const std::vector<measure::Score>& scores);
/// The title, the scores in words as a table, with `protocol` the name and protocol of each, a line for each note.
void print_scores(const std::string& title, const std::vector<measure::Score>& scores, bool protocol,
                  const std::vector<std::string>& notes = {});

/// --real and --fake: scores between two sets of pictures.
int evaluate_folders(const EvaluateArguments& arguments);

/// --real-features and --fake-features: scores between two files of features.
int evaluate_features(const EvaluateArguments& arguments);

/// Makes the folder of --dump-features. @throws as writing into it will.
void check_dump(const std::string& folder);
/// Writes features and probabilities of `count` samples of both sides as NPY files, and features.json, which begins
/// with `about`.
void dump_features(const std::string& folder, const evaluate::Classified& real, const evaluate::Classified& fake,
                   std::int64_t count, const nlohmann::ordered_json& about);

}  // namespace ganymede::app
