#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/measures.hpp"
#include "measure/score.hpp"

namespace ganymede::study {

/// Scores of one run at one epoch.
struct ScoredPoint {
  std::int64_t epoch = 0;
  std::vector<measure::Score> scores;
  std::vector<std::string> notes{};  ///< what else must be known of them: evaluate::RunScores::notes
  /// The value of the score whose name begins so ("frechet", "val_loss", "error_rate"); none if it was not measured.
  std::optional<double> value(const std::string& prefix) const;
};

/// The scores that an earlier call measured by the same protocol and left in `file`, schema "ganymede.study_point/2";
/// else those of `measure`, which are written there. @throws DataError for a damaged file.
ScoredPoint kept_or_measured(const std::filesystem::path& file, const std::string& protocol, std::int64_t epoch,
                             const std::function<evaluate::RunScores()>& measure);

}  // namespace ganymede::study
