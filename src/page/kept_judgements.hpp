#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "measure/score.hpp"
#include "measure/user_study.hpp"
#include "run/run_directory.hpp"

namespace ganymede::page {

// What people answered in blind tests of a run: a file a person and test, RUN/judgements/NAME.json
// (ganymede.user_study/1).

inline constexpr const char* kJudgementsFolder = "judgements";

/// A name that the person and the test decide: "ann-1a2b3c4d-seed1-n40-step6400", "-5s" behind it with a limit of 5
/// seconds. The letters are for people, the eight digits are the CRC-32 of the person's name.
std::string judgement_name(const measure::Judgement& judgement);

struct KeptJudgements {
  struct One {
    std::string name;  ///< of the file, without its ending
    measure::Judgement judgement;
  };
  std::vector<One> found;            ///< by name
  std::vector<std::string> damaged;  ///< what is wrong with files that cannot be read, a line each
  /// As user_studies takes them.
  std::vector<measure::Judgement> judgements() const;
};
/// Those of a run; links are passed over.
KeptJudgements kept_judgements(const std::filesystem::path& run);
/// The one of this name, if it is there. @throws DataError for a damaged one, or a name that is none.
std::optional<measure::Judgement> kept_judgement(const std::filesystem::path& run, const std::string& name);

/// Writes it in one step and, if it is finished, the scores anew (keep_user_study). @throws DataError where a file of
/// this name is of another person or other pictures.
void keep_judgement(const run::RunDirectory& run, const measure::Judgement& judgement);

/// A score a study that somebody has finished: "user_study", with a limit of 5 seconds "user_study_5s": the share of
/// fakes that people found, with the exact interval.
measure::Score score_of(const measure::UserStudy& study);
/// Writes the scores of the weights of `step` as measures/user_study*.json.
void keep_user_study(const run::RunDirectory& run, std::uint64_t step);

}  // namespace ganymede::page
