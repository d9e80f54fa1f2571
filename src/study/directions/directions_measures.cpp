#include "study/directions/directions_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/file.hpp"
#include "explore/attributes/direction_strips.hpp"
#include "explore/attributes/find_directions.hpp"
#include "explore/weights.hpp"
#include "run/run_directory.hpp"
#include "study/directions/directions_point.hpp"

namespace ganymede::study {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kStudyDirections = "study";  // RUN/directions/study.json

// The own change along a kind of direction; NaN where the proof has none.
double own_change(const explore::Proof& proof, const std::string& target, explore::AlongWhat what) {
  for (const explore::ProofRow& row : proof.rows) {
    if (row.target != target || row.what != what) continue;
    const auto at = std::ranges::find(proof.measured, target) - proof.measured.begin();
    return row.changes[static_cast<std::size_t>(at)].value;
  }
  return kNoNumber;
}

DirectionsRun found_in(const DirectionsPlan& plan, const run::RunDirectory& run, const train::SessionOptions& session) {
  explore::TrainedGenerator generator(*session.backend,
                                      explore::load_weights(run, static_cast<std::uint64_t>(plan.epochs)).snapshot,
                                      run.path(), session.threads);
  const explore::Scoring scoring = explore::choose_scores({}, generator, nullptr);
  const explore::KeptDirections kept = explore::find_directions(
      generator, scoring,
      {.count = plan.count, .proofs = plan.proofs, .name = kStudyDirections, .run_name = run.name()});
  const train::NamedSamples samples = generator.samples(train::kFixedSeed, plan.count);
  const auto behind = static_cast<std::uint64_t>(plan.count + plan.proofs);
  const train::NamedSamples fresh = generator.samples(train::kFixedSeed + behind, plan.fresh);
  const train::NamedSamples proof =
      generator.samples(train::kFixedSeed + static_cast<std::uint64_t>(plan.count), plan.proofs);
  const std::vector<std::vector<double>> scores = explore::measured_scores(generator, scoring, samples);
  const std::vector<std::vector<double>> fresh_scores = explore::measured_scores(generator, scoring, fresh);
  std::vector<std::string> names;
  for (const explore::ScoreSource& source : scoring.sources) names.push_back(source.name);
  const int dim = generator.latent_dim();
  DirectionsRun result{.run = run.name()};
  for (const explore::AttributeDirection& one : kept.found.attributes) {
    const auto at = static_cast<std::size_t>(std::ranges::find(names, one.name) - names.begin());
    result.attributes.push_back({.name = one.name,
                                 .separated = separate({samples.z, dim}, scores[at], {fresh.z, dim}, fresh_scores[at]),
                                 .explained = one.explained.value,
                                 .told = one.told,
                                 .left = one.told ? one.alone.left : kNoNumber,
                                 .moved = own_change(kept.proof, one.name, explore::AlongWhat::normal),
                                 .moved_conditional = own_change(kept.proof, one.name, explore::AlongWhat::alone),
                                 .moved_orthogonal = own_change(kept.proof, one.name, explore::AlongWhat::orthogonal)});
  }
  const explore::Entanglement& e = kept.found.entanglement;
  result.verdict = explore::name_of(e.verdict);
  result.sentence = e.sentence;
  result.first = e.first;
  result.second = e.second;
  result.cosine = e.cosine.value;
  result.off_diagonal = e.off_diagonal.value;
  result.measured_off_diagonal = e.measured_off_diagonal;
  result.covariance_told = covariance_told(kept.found);
  result.side_effects_told = side_effects_told(kept.found, kept.proof);
  result.leak_normal = kept.proof.leak(explore::AlongWhat::normal);
  result.leak_conditional = kept.proof.leak(explore::AlongWhat::alone);
  result.leak_orthogonal = kept.proof.leak(explore::AlongWhat::orthogonal);
  result.rises = kept.proof.rises(explore::AlongWhat::normal).first;
  result.pairs = prove_pairs(kept.found, {proof.z, dim}, kept.proof.step, names, [&](std::span<const float> moved) {
    train::NamedSamples there = proof;
    there.z.assign(moved.begin(), moved.end());
    return explore::measured_scores(generator, scoring, there);
  });
  explore::write_directions(run.path() / "directions", kept,
                            explore::draw_strips(generator, kept, generator.samples(train::kFixedSeed, 1)));
  return result;
}

bool has_pictures(const std::filesystem::path& run_folder) {
  for (const char* ending : {".json", ".png"}) {
    if (!std::filesystem::exists(run_folder / "directions" / (std::string(kStudyDirections) + ending))) return false;
  }
  return true;
}

}  // namespace

std::int64_t DirectionsRun::told() const {
  return std::ranges::count_if(attributes, &AttributeFound::told);
}

double DirectionsRun::mean(double (*of)(const AttributeFound&), bool told_only) const {
  std::vector<double> values;
  for (const AttributeFound& one : attributes) {
    if ((one.told || !told_only) && std::isfinite(of(one))) values.push_back(of(one));
  }
  return values.empty() ? kNoNumber : measure::mean_of(values);
}

std::filesystem::path directions_point_path(const std::filesystem::path& run_folder, std::int64_t epoch) {
  return run_folder / "measures" / fmt::format("study-directions-epoch-{:05}.json", epoch);
}

DirectionsRun measure_directions_run(const DirectionsPlan& plan, const std::filesystem::path& run_folder,
                                     const train::SessionOptions& session) {
  const run::RunDirectory run = run::RunDirectory::open(run_folder);
  const run::RunInfo info = run.info();
  DirectionsRun result{.run = run.name(), .failed = info.state != run::RunState::finished};
  if (!result.failed) {
    const std::filesystem::path file = directions_point_path(run_folder, plan.epochs);
    const std::string protocol =
        fmt::format("directions_v1 {} samples, {} moved, {} fresh", plan.count, plan.proofs, plan.fresh);
    auto kept = has_pictures(run_folder) ? read_directions_point(file, protocol) : std::nullopt;
    if (!kept) {
      kept = found_in(plan, run, session);
      make_own_folder(file.parent_path());
      write_file_atomically(file, directions_point_json(*kept, protocol));
    }
    result = std::move(*kept);
    result.run = run.name();
  }
  result.seconds = info.seconds;
  return result;
}

Arm DirectionsArmResult::arm(const std::function<double(const DirectionsRun&)>& of) const {
  Arm arm{.name = plan->title, .values = {}, .seeds = runs.size()};
  for (const DirectionsRun& run : runs) {
    if (!run.failed && std::isfinite(of(run))) arm.values.push_back(of(run));
  }
  return arm;
}

double DirectionsResults::seconds() const {
  double sum = 0;
  for (const DirectionsArmResult& arm : arms) {
    for (const DirectionsRun& run : arm.runs) sum += run.seconds;
  }
  return sum;
}

std::string DirectionsResults::failed_text() const {
  std::vector<FailedSeeds> failed;
  for (const DirectionsArmResult& arm : arms) {
    failed.push_back({arm.plan->title,
                      static_cast<std::size_t>(std::ranges::count_if(arm.runs, &DirectionsRun::failed)),
                      arm.runs.size()});
  }
  return study::failed_text(failed);
}

DirectionsResults measure_directions(const DirectionsPlan& plan, const std::filesystem::path& folder,
                                     const train::SessionOptions& session,
                                     const std::function<void(double, const std::string&)>& on_progress) {
  DirectionsResults results{.plan = plan, .arms = {}};
  double done = 0;
  for (const DirectionsArm& arm : results.plan.arms) {
    DirectionsArmResult& result = results.arms.emplace_back(DirectionsArmResult{.plan = &arm, .runs = {}});
    for (const train::PlannedRun& planned : arm.runs) {
      if (on_progress) on_progress(done++, planned.name);
      result.runs.push_back(measure_directions_run(results.plan, folder / "runs" / planned.name, session));
    }
  }
  return results;
}

}  // namespace ganymede::study
