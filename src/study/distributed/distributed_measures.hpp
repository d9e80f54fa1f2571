#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "study/distributed/distributed_plan.hpp"
#include "study/finding.hpp"
#include "study/ink_agreement.hpp"
#include "study/ink_measures.hpp"

namespace ganymede::study {

/// What a model gives, as S-INK measures it (ink_measures.hpp).
struct ModelScores {
  double accuracy = 0;   ///< share of its symbols that the classifier takes for their class, mean over all classes
  double taught = 0;     ///< the same over the classes that its worker's part has; of a mean: all
  double msd_ratio = 0;  ///< mean MSD of its classes over that of the real symbols
  double frechet = 0;    ///< of the classifier's features
  double learnt = 0;     ///< classes; a mean of counts where a model is judged with several partitions
  double collapsed = 0;
};

/// What a team gave. Numbers that are not defined (agreement of z without a partition) are NaN.
struct TeamMeasures {
  std::vector<ModelScores>
      parts;  ///< of each worker's own weights at the end, in an averaged team before the last mean
  ModelScores mean_of_parts;
  ModelScores result;                                  ///< of the team: the averaged model, else mean_of_parts
  std::vector<std::pair<std::int64_t, double>> curve;  ///< step, `taught` of the result, at the end of every round
  double steps_until = 0;  ///< until DistributedPlan::recognised, interpolated; all steps where it was not reached
  bool reached = false;
  double cells = 0, symbols = 0, drawn = 0, walks = 0, crossings = 0;  ///< Agreement, mean over pairs of workers
  double likeness = 0;                                                 ///< likeness_of, mean over pairs of workers
};

struct TeamResult {
  std::string team;
  bool failed = false;  ///< a guard stopped one of its workers
  double seconds = 0;   ///< of training, all workers
  TeamMeasures measures{};
};
struct DistributedArmResult {
  const DistributedArm* plan = nullptr;
  std::vector<TeamResult> teams;
  /// One number of each seed that did not fail; those that are NaN are left out.
  Arm arm(const std::function<double(const TeamMeasures&)>& of) const;
};
struct DistributedResults {
  DistributedPlan plan;
  std::vector<DistributedArmResult> arms{};
  std::vector<std::string> class_names{};
  double classifier_accuracy = 0;  ///< on held-out writers
  std::string classifier_data{};
  std::int64_t real_symbols = 0, held_out = 0;
  bool one_split = false;  ///< no writers are held out
  double real_msd = 0;
  std::int64_t parameters = 0;  ///< of G

  const DistributedArmResult& arm(int workers, const std::string& by, Sharing sharing, bool averaged) const;
  double seconds() const;
  std::string failed_text() const;
};

/// How far two models draw the same symbol from the same z and class, as the first one's sampler draws them:
/// 1 - E|G1(z,c) - G2(z,c)|^2 / E|G1(z,c) - G2(z',c)|^2 with z' another draw for c. 1: the same symbol; 0: what z
/// means to one says nothing of the other. Needs no partition. NaN where the second model does not vary.
double likeness_of(explore::TrainedGenerator& first, explore::TrainedGenerator& second, std::int64_t count,
                   std::uint64_t seed);

/// The step at which a rising curve, through 0 at step 0, first reaches `share`, on straight lines between its points;
/// none where it does not.
std::optional<double> steps_until(const std::vector<std::pair<std::int64_t, double>>& curve, double share);

/// Measures every team of the plan under FOLDER/runs; what an earlier call measured is read again
/// (TEAM/measures.json). `on_progress` is told before each team.
DistributedResults measure_distributed(const DistributedPlan& plan, const std::filesystem::path& folder,
                                       const train::SessionOptions& session,
                                       const std::function<void(double done, const std::string& what)>& on_progress);

/// TEAM/measures.json, schema "ganymede.study_distributed_team/1".
std::string to_json(const TeamMeasures& measures, const std::string& protocol);
/// None if it is of another protocol. @throws DataError with `where` for anything else.
std::optional<TeamMeasures> team_measures_from_json(const std::string& text, const std::string& protocol,
                                                    const std::string& where);

}  // namespace ganymede::study
