#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "page/document.hpp"
#include "study/finding.hpp"

namespace ganymede::study {

// What results.json of every study has in common (docs/runs.md).

/// The text of results.json: what a study itself measured ("schema" first), then "findings" with the number of "tests"
/// and their "correction", then the "page".
std::string results_text(nlohmann::ordered_json measured, const Judgement& judgement, const page::Document& document);

/// A list of numbers; what is not finite is null.
nlohmann::ordered_json numbers_or_null(const std::vector<double>& values);

}  // namespace ganymede::study
