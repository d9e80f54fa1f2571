#include "explore/attributes/find_directions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/signal.hpp"
#include "base/text.hpp"

namespace ganymede::explore {
namespace {

constexpr std::int64_t kDrawnAtOnce = 512;
constexpr std::int64_t kComponentSamples = 500;
constexpr int kMostClassesByDefault = 50;
constexpr const char* kAllClasses = "classes";

std::vector<ScoreSource> known_sources(const TrainedGenerator& generator, const Scoring& scoring) {
  std::vector<ScoreSource> known = score_sources(generator, scoring.classifier);
  if (!scoring.table) return known;
  const std::string file = std::filesystem::path(scoring.table_name).filename().string();
  for (const std::string& name : scoring.table->names) {
    if (std::ranges::find(known, name, &ScoreSource::name) == known.end())
      known.push_back({.name = name, .sentence = "by hand: " + file});
  }
  return known;
}

// The samples that directions are fitted to: of a table those that it names.
train::NamedSamples samples_to_fit(TrainedGenerator& generator, const Scoring& scoring, const SearchOptions& options) {
  if (!scoring.table) return generator.samples(options.seed, options.count, options.only);
  return generator.samples(scoring.table->seeds, options.only);
}

std::vector<AttributeScores> all_scores(TrainedGenerator& generator, const Scoring& scoring,
                                        const train::NamedSamples& samples) {
  std::vector<std::vector<double>> measured = measured_scores(generator, scoring, samples);
  std::vector<AttributeScores> all;
  std::size_t next = 0;
  for (const ScoreSource& source : scoring.sources) {
    AttributeScores& one = all.emplace_back();
    one.name = source.name;
    one.sentence = source.sentence;
    if (source.by_hand()) {
      const auto at = std::ranges::find(scoring.table->names, source.name) - scoring.table->names.begin();
      one.values = scoring.table->columns[static_cast<std::size_t>(at)];
    } else {
      one.values = std::move(measured[next++]);
    }
    one.binary = source.label.has_value() || is_binary(one.values);
  }
  return all;
}

void add_unsupervised(KeptDirections& kept, TrainedGenerator& generator, const train::NamedSamples& samples,
                      const SearchOptions& options) {
  if (options.components == 0) return;
  try {
    kept.by_weights = principal_directions(generator.network(), generator.weights(), options.components);
    kept.by_activations = activation_directions(
        generator, part_of(samples, 0, std::min(kComponentSamples, samples.count)), options.components);
  } catch (const ConfigError& none) {  // no dense layer behind z
    if (options.say) options.say(fmt::format("no unsupervised directions: {}", none.what()));
    kept.by_weights.clear();
  }
}

}  // namespace

std::vector<ScoreSource> Scoring::measured() const {
  std::vector<ScoreSource> some;
  std::ranges::copy_if(sources, std::back_inserter(some), [](const ScoreSource& s) { return !s.by_hand(); });
  return some;
}

Scoring choose_scores(const std::vector<std::string>& names, const TrainedGenerator& generator,
                      fit::Classifier* classifier, std::optional<ScoreTable> table, const std::string& table_name) {
  Scoring scoring{.sources = {}, .classifier = classifier, .table = std::move(table), .table_name = table_name};
  const std::vector<ScoreSource> known = known_sources(generator, scoring);
  if (names.empty()) {
    const bool classes = classifier != nullptr && classifier->class_count() <= kMostClassesByDefault &&
                         generator.classes() == 0;  // of a class that was asked for, it says little
    std::ranges::copy_if(known, std::back_inserter(scoring.sources),
                         [&](const ScoreSource& source) { return classes || !source.label; });
    return scoring;
  }
  std::vector<std::string> known_names;
  for (const ScoreSource& source : known) known_names.push_back(source.name);
  for (const std::string& wanted : names) {
    const auto before = scoring.sources.size();
    for (const ScoreSource& source : known) {
      if (source.name != wanted && !(wanted == kAllClasses && source.label)) continue;
      if (std::ranges::find(scoring.sources, source.name, &ScoreSource::name) == scoring.sources.end())
        scoring.sources.push_back(source);
    }
    if (std::ranges::find(known_names, wanted) == known_names.end() && scoring.sources.size() == before) {
      const std::string nearest = did_you_mean(wanted, known_names);
      fail<ConfigError>("--attributes {}: there is no such attribute{} These samples have {}", wanted,
                        nearest.empty() ? "." : nearest, fmt::join(known_names, ", "));
    }
  }
  return scoring;
}

train::NamedSamples part_of(const train::NamedSamples& all, std::int64_t first, std::int64_t count) {
  train::NamedSamples part{.seed = all.seed, .count = count, .z = {}, .classes = {}};
  const auto take = [&](const auto& from, auto& into) {
    const auto each = std::ssize(from) / all.count;
    into.assign(from.begin() + first * each, from.begin() + (first + count) * each);
  };
  take(all.z, part.z);
  take(all.classes, part.classes);
  take(all.conditions, part.conditions);
  return part;
}

std::vector<std::vector<double>> measured_scores(TrainedGenerator& generator, const Scoring& scoring,
                                                 const train::NamedSamples& samples) {
  const std::vector<ScoreSource> sources = scoring.measured();
  std::vector<std::vector<double>> columns(sources.size());
  for (std::int64_t first = 0; first < samples.count; first += kDrawnAtOnce) {
    if (stop_requested()) fail<Error>("directions: stopped");
    const train::NamedSamples part = part_of(samples, first, std::min(kDrawnAtOnce, samples.count - first));
    const auto found = scores_of(generator, sources, generator.draw(part), scoring.classifier);
    for (std::size_t a = 0; a < found.size(); ++a)
      columns[a].insert(columns[a].end(), found[a].begin(), found[a].end());
  }
  return columns;
}

KeptDirections find_directions(TrainedGenerator& generator, const Scoring& scoring, const SearchOptions& options) {
  const train::NamedSamples samples = samples_to_fit(generator, scoring, options);
  const std::vector<AttributeScores> scores = all_scores(generator, scoring, samples);
  KeptDirections kept{.name = options.name,
                      .run = options.run_name,
                      .epoch = generator.about().epoch,
                      .step = generator.about().step,
                      .only = options.only};
  if (options.only) kept.only_name = train::class_words(*options.only, generator.class_names());
  kept.dim = generator.latent_dim();
  kept.classifier = options.classifier;
  std::uint64_t next = options.seed + static_cast<std::uint64_t>(samples.count);
  if (scoring.table) {
    next = *std::ranges::max_element(scoring.table->seeds) + 1;
    kept.samples = fmt::format("the {} samples of {}", samples.count, scoring.table_name);
  } else {
    kept.samples = fmt::format("seeds {} to {}", options.seed, next - 1);
  }
  if (generator.has_given())
    kept.samples += fmt::format(", condition {:g}", fmt::join(generator.conditions(0, 1), ", "));
  kept.found = fit_directions({samples.z, generator.latent_dim()}, scores, {.resamples = options.resamples});
  train::NamedSamples fresh = generator.samples(next, options.proofs, options.only);
  std::vector<std::string> names;
  for (const ScoreSource& source : scoring.measured()) names.push_back(source.name);
  kept.proof = prove_directions(kept.found, {fresh.z, generator.latent_dim()}, options.step, names,
                                [&](std::span<const float> moved) {
                                  train::NamedSamples there = fresh;
                                  there.z.assign(moved.begin(), moved.end());
                                  return measured_scores(generator, scoring, there);
                                });
  add_unsupervised(kept, generator, samples, options);
  return kept;
}

}  // namespace ganymede::explore
