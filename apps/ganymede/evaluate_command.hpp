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

// What both halves of `ganymede evaluate` have in common: scores of runs, and of pictures that others made.

struct EvaluateArguments {
  std::vector<std::string> runs;
  std::string root;
  std::string real, fake, features;
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

}  // namespace ganymede::app
