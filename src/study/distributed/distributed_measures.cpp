// How it works. A team is judged by files: its workers' weights at the end of every round and, of an averaged team,
// their mean (train/team.hpp). Each becomes a generator, which draws symbols as its sampler does, and what it drew is
// held against real symbols of held-out writers by a classifier of real ones. A mean of workers that have partitions
// of their own has no partition itself: it is judged with each worker's in turn, and the scores are averaged.

#include "study/distributed/distributed_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/summary.hpp"
#include "explore/weights.hpp"
#include "fit/classifier_cache.hpp"
#include "study/ink_scores.hpp"
#include "train/sources.hpp"

namespace ganymede::study {
namespace {

namespace fs = std::filesystem;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kLikenessSeed = 500'000;  // of names that no other measure draws

// What teams are held against, and how.
struct TeamJudge {
  const DistributedPlan& plan;
  const train::SessionOptions& session;
  InkProtocol protocol{};
  AgreementOptions agreement{};
  data::Dataset real{}, others{};
  std::optional<fit::Classifier> classifier{};
  measure::PairDifferences pairs{};
  Tensor real_features{};
  ThreadPool pool{session.threads};
  std::map<std::string, std::vector<double>> taught{};  // by part: 1 for a class that it has, else 0

  std::string name() const {
    return fmt::format("distributed_v1: {} of a class, {} on curves, recognised {}, agreement of {} points, {} walks",
                       protocol.per_class, protocol.curve_per_class, plan.recognised, agreement.points,
                       agreement.walks);
  }
};

explore::TrainedGenerator generator_of(const fs::path& weights, const fs::path& run, const TeamJudge& judge) {
  return {*judge.session.backend, run::load_weights_of(weights), run, judge.session.threads};
}

// Mean over the classes of which the part has samples.
double mean_taught(const ClassValues& accuracy, const std::vector<double>& taught) {
  double sum = 0, count = 0;
  for (std::size_t c = 0; c < taught.size(); ++c) {
    if (std::isnan(accuracy.by_class[c])) continue;
    sum += taught[c] * accuracy.by_class[c];
    count += taught[c];
  }
  return count > 0 ? sum / count : 0;
}

ModelScores scores_of(explore::TrainedGenerator& generator, TeamJudge& judge, const std::vector<double>& taught) {
  const int classes = generator.classes();
  const std::int64_t count = judge.protocol.per_class * classes;
  std::vector<std::int32_t> labels;
  const Tensor drawn = as_moves(generator.draw(judge.protocol.seed, count, &labels));
  const ClassValues accuracy = accuracy_of(judge.classifier->labels(drawn), labels, classes);
  measure::PairOptions options;
  options.reference = measure::features_of(judge.real.images);
  options.bootstrap.resamples = 2;  // no interval is asked for: what is judged are seeds
  const auto within = measure::differences_within({measure::features_of(drawn), labels}, options);
  const ClassValues msd = values_by_class(within, &measure::PairDifference::msd, classes);
  const Tensor matched = as_moves(generator.draw_named(judge.protocol.seed + static_cast<std::uint64_t>(count),
                                                       judge.real.size(), judge.real.labels));
  const InkReference reference{judge.real, judge.others, *judge.classifier, judge.pairs};
  return {.accuracy = accuracy.mean,
          .taught = mean_taught(accuracy, taught),
          .msd_ratio = within.average.msd / judge.pairs.average.msd,
          .frechet = frechet_of(judge.classifier->features(matched), judge.real_features, judge.pool),
          .learnt = static_cast<double>(learnt_of(accuracy, judge.protocol)),
          .collapsed = static_cast<double>(collapsed_of(msd, reference, judge.protocol))};
}

constexpr double ModelScores::*kScores[] = {&ModelScores::accuracy, &ModelScores::taught, &ModelScores::msd_ratio,
                                            &ModelScores::frechet,  &ModelScores::learnt, &ModelScores::collapsed};

ModelScores mean_scores(const std::vector<ModelScores>& all) {
  ModelScores mean;
  for (const auto score : kScores) {
    for (const ModelScores& one : all) mean.*score += one.*score / static_cast<double>(all.size());
  }
  return mean;
}

double recognised(explore::TrainedGenerator& generator, TeamJudge& judge, const std::vector<double>& taught) {
  std::vector<std::int32_t> wanted;
  const std::int64_t count = judge.protocol.curve_per_class * generator.classes();
  const Tensor drawn = as_moves(generator.draw(judge.protocol.seed, count, &wanted));
  return mean_taught(accuracy_of(judge.classifier->labels(drawn), wanted, generator.classes()), taught);
}

const std::vector<double>& taught_to(const run::Recipe& recipe, TeamJudge& judge) {
  const std::string key = recipe.data.part.empty() || recipe.data.part_by != "class" ? "" : recipe.data.part;
  if (const auto found = judge.taught.find(key); found != judge.taught.end()) return found->second;
  std::vector<double> taught(judge.real.class_names.size(), 1);
  if (!key.empty()) {
    const auto counts = data::class_histogram(train::open_training_data(recipe, judge.session.places));
    for (std::size_t c = 0; c < taught.size(); ++c) taught[c] = counts[c] > 0 ? 1 : 0;
  }
  return judge.taught.emplace(key, std::move(taught)).first->second;
}

// The models that a mean is judged as: with the partition of each worker that has one of its own.
std::vector<fs::path> partitions_of(const fs::path& folder, const train::PlannedTeam& team, Sharing sharing) {
  std::vector<fs::path> runs;
  for (const train::PlannedRun& worker : team.workers) {
    runs.push_back(folder / worker.name);
    if (sharing != Sharing::own) break;
  }
  return runs;
}

// Every two workers' weights at the end.
void measure_agreement(const fs::path& folder, const train::PlannedTeam& team, Sharing sharing, TeamJudge& judge,
                       TeamMeasures& m) {
  m.cells = m.symbols = m.drawn = m.walks = m.crossings = m.likeness = kNaN;
  if (team.workers.size() < 2) return;
  std::deque<explore::TrainedGenerator> models;
  for (const train::PlannedRun& worker : team.workers) {
    models.emplace_back(*judge.session.backend,
                        run::load_weights_of(train::round_path(folder, worker.name, team.rounds())),
                        folder / worker.name, judge.session.threads);
  }
  Agreement sum;
  double likeness = 0, pairs = 0;
  for (std::size_t a = 0; a < models.size(); ++a) {
    for (std::size_t b = a + 1; b < models.size(); ++b, ++pairs) {
      likeness += likeness_of(models[a], models[b], 20 * std::int64_t{models[a].classes()}, kLikenessSeed);
      if (sharing == Sharing::none) continue;
      const Agreement one = agreement_of(models[a], models[b], *judge.classifier, judge.agreement);
      sum.cells += one.cells;
      sum.symbols += one.symbols;
      sum.drawn += one.drawn;
      sum.walks += one.walks;
      sum.crossings += one.crossings;
    }
  }
  m.likeness = likeness / pairs;
  if (sharing == Sharing::none) return;
  m.cells = sum.cells / pairs;
  m.symbols = sum.symbols / pairs;
  m.drawn = sum.drawn / pairs;
  m.walks = sum.walks / pairs;
  m.crossings = sum.crossings / pairs;
}

TeamMeasures measure_team(const fs::path& folder, const train::PlannedTeam& team, Sharing sharing, TeamJudge& judge) {
  TeamMeasures m;
  for (const train::PlannedRun& worker : team.workers) {
    auto model = generator_of(train::round_path(folder, worker.name, team.rounds()), folder / worker.name, judge);
    m.parts.push_back(scores_of(model, judge, taught_to(worker.recipe, judge)));
  }
  m.result = m.mean_of_parts = mean_scores(m.parts);
  const std::vector<double> all(judge.real.class_names.size(), 1);
  if (team.averaged) {
    std::vector<ModelScores> scores;
    for (const fs::path& run : partitions_of(folder, team, sharing)) {
      auto model = generator_of(train::averaged_path(folder, team.rounds()), run, judge);
      scores.push_back(scores_of(model, judge, all));
    }
    m.result = mean_scores(scores);
  }
  for (std::int64_t round = 1; round <= team.rounds(); ++round) {
    std::vector<double> shares;
    if (team.averaged) {
      for (const fs::path& run : partitions_of(folder, team, sharing)) {
        auto model = generator_of(train::averaged_path(folder, round), run, judge);
        shares.push_back(recognised(model, judge, all));
      }
    } else {
      for (const train::PlannedRun& worker : team.workers) {
        auto model = generator_of(train::round_path(folder, worker.name, round), folder / worker.name, judge);
        shares.push_back(recognised(model, judge, taught_to(worker.recipe, judge)));
      }
    }
    m.curve.emplace_back(team.end_of(round), measure::mean_of(shares));
  }
  const auto until = steps_until(m.curve, judge.plan.recognised);
  m.reached = until.has_value();
  m.steps_until = until.value_or(static_cast<double>(team.steps()));
  measure_agreement(folder, team, sharing, judge, m);
  return m;
}

TeamMeasures kept_or_measured_team(const fs::path& folder, const train::PlannedTeam& team, Sharing sharing,
                                   TeamJudge& judge) {
  const fs::path file = folder / "measures.json";
  if (fs::exists(file)) {
    if (auto kept = team_measures_from_json(read_file(file), judge.name(), file.string())) return std::move(*kept);
  }
  TeamMeasures measures = measure_team(folder, team, sharing, judge);
  write_file_atomically(file, to_json(measures, judge.name()));
  return measures;
}

// Trained by all workers together; none of them was stopped by a guard.
TeamResult training_of(const fs::path& folder, const train::PlannedTeam& team) {
  TeamResult result{.team = team.name};
  for (const train::PlannedRun& worker : team.workers) {
    if (!fs::exists(folder / worker.name / "run.json")) {  // another one diverged before it began
      result.failed = true;
      continue;
    }
    const run::RunInfo info = run::RunDirectory::open(folder / worker.name).info();
    result.seconds += info.seconds;
    result.failed = result.failed || info.state != run::RunState::finished;
  }
  return result;
}

}  // namespace

Arm DistributedArmResult::arm(const std::function<double(const TeamMeasures&)>& of) const {
  Arm arm{.name = plan->title, .values = {}, .seeds = teams.size()};
  for (const TeamResult& team : teams) {
    if (team.failed) continue;
    if (const double value = of(team.measures); !std::isnan(value)) arm.values.push_back(value);
  }
  return arm;
}

const DistributedArmResult& DistributedResults::arm(int workers, const std::string& by, Sharing sharing,
                                                    bool averaged) const {
  for (const DistributedArmResult& one : arms) {
    const DistributedArm& a = *one.plan;
    if (a.workers == workers && a.by == by && a.sharing == sharing && a.averaged == averaged) return one;
  }
  fail<Error>("internal: no arm of {} by {}", workers, by);
}

double DistributedResults::seconds() const {
  double sum = 0;
  for (const DistributedArmResult& arm : arms) {
    for (const TeamResult& team : arm.teams) sum += team.seconds;
  }
  return sum;
}

std::string DistributedResults::failed_text() const {
  std::vector<FailedSeeds> failed;
  for (const DistributedArmResult& arm : arms) {
    const auto count = std::ranges::count_if(arm.teams, &TeamResult::failed);
    failed.push_back({arm.plan->title, static_cast<std::size_t>(count), arm.teams.size()});
  }
  return study::failed_text(failed);
}

double likeness_of(explore::TrainedGenerator& first, explore::TrainedGenerator& second, std::int64_t count,
                   std::uint64_t seed) {
  const train::NamedSamples named = first.samples(seed, count);
  const Tensor a = first.draw(named.z, named.classes), b = second.draw(named.z, named.classes);
  // Sample i + K is of the class of sample i.
  const auto values = a.values<float>(), others = b.values<float>();
  const std::size_t size = values.size() / static_cast<std::size_t>(count);
  const std::size_t shift = size * static_cast<std::size_t>(first.classes());
  double same = 0, different = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = values[i];
    same += (x - others[i]) * (x - others[i]);
    const double other = others[(i + shift) % others.size()];
    different += (x - other) * (x - other);
  }
  return different > 0 ? 1 - same / different : kNaN;
}

std::optional<double> steps_until(const std::vector<std::pair<std::int64_t, double>>& curve, double share) {
  double step = 0, value = 0;
  for (const auto& [next_step, next] : curve) {
    const auto end = static_cast<double>(next_step);
    if (next >= share) return step + (share - value) / (next - value) * (end - step);
    step = end;
    value = next;
  }
  return {};
}

DistributedResults measure_distributed(const DistributedPlan& plan, const fs::path& folder,
                                       const train::SessionOptions& session,
                                       const std::function<void(double, const std::string&)>& on_progress) {
  const run::Recipe& recipe = plan.arms.front().teams.front().workers.front().recipe;
  TeamJudge judge{.plan = plan, .session = session};
  if (plan.quick) judge.agreement = {.points = 1000, .walks = 30};
  const data::Dataset train_set =
      open_symbols(recipe, data::Split::train, session.places, judge.protocol.builtin_symbols);
  const data::Dataset test_set =
      open_symbols(recipe, data::Split::test, session.places, judge.protocol.builtin_symbols);
  judge.classifier = fit::classifier_for(*session.backend, train_set, test_set, {.threads = session.threads});
  judge.real = balanced(test_set, judge.protocol.per_class);
  judge.others = balanced(train_set, judge.protocol.train_per_class);
  measure::PairOptions pairs;
  pairs.reference = measure::features_of(judge.real.images);
  pairs.bootstrap.resamples = 2;
  judge.pairs = measure::differences_within({measure::features_of(judge.real.images), judge.real.labels}, pairs);
  judge.real_features = judge.classifier->features(judge.real.images);

  DistributedResults results{.plan = plan};
  results.class_names = train_set.class_names;
  results.classifier_accuracy = 1 - judge.classifier->record().validation_error();
  results.classifier_data = train_set.provenance.name;
  results.real_symbols = train_set.size();
  results.held_out = test_set.size();
  results.one_split = train_set.images == test_set.images;
  results.real_msd = judge.pairs.average.msd;
  double done = 0;
  for (const DistributedArm& arm : results.plan.arms) {
    DistributedArmResult& result = results.arms.emplace_back(DistributedArmResult{.plan = &arm, .teams = {}});
    for (const train::PlannedTeam& team : arm.teams) {
      if (on_progress) on_progress(done++, team.name);
      const fs::path path = folder / "runs" / team.name;
      TeamResult one = training_of(path, team);
      if (!one.failed) {
        one.measures = kept_or_measured_team(path, team, arm.sharing, judge);
        if (results.parameters == 0) {
          const auto model = run::load_weights_of(train::round_path(path, team.workers.front().name, 1));
          results.parameters = net::count_parameters(model.generator).total;
        }
      }
      result.teams.push_back(std::move(one));
    }
  }
  return results;
}

}  // namespace ganymede::study
