#include "evaluate/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/thread_pool.hpp"
#include "evaluate/own_measures.hpp"
#include "evaluate/real_or_generated.hpp"
#include "measure/feature_scores.hpp"
#include "train/feed.hpp"

namespace ganymede::evaluate {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

bool is_feature_measure(std::string_view name) {
  return std::ranges::any_of(measure::list_feature_measures(), [&](const auto& m) { return name == m.name; });
}

/// Those whose balls are computed once for all.
bool needs_manifold(std::string_view name) {
  return std::ranges::any_of(measure::list_feature_measures(),
                             [&](const auto& m) { return name == m.name && m.needs_manifold; });
}

void append(std::vector<measure::Score>& to, std::vector<measure::Score> more) {
  std::ranges::move(more, std::back_inserter(to));
}

/// How names are compared.
std::string plain(const std::string& name) {
  std::string lower = lower_case(name);
  std::ranges::replace(lower, '-', '_');
  return lower;
}

const MeasureAlias* alias_of(const std::string& name) {
  const auto aliases = list_aliases();
  const auto found = std::ranges::find(aliases, plain(name), &MeasureAlias::name);
  return found == aliases.end() ? nullptr : &*found;
}

/// Of points: their coordinates stand for features.
Classified as_features(const Tensor& points) {
  const auto values = points.values<float>();
  Classified result;
  result.features = {.values = {values.begin(), values.end()}, .dim = points.count() / points.shape()[0]};
  return result;
}

/// Measures between two sets that say something of this data, in place of `between`, with a note where some do not.
std::vector<std::string> possible_between(const std::vector<std::string>& between, const Reference& reference,
                                          std::vector<std::string>& notes) {
  if (reference.has_classifier()) return between;
  const bool points = reference.train().is_points();
  std::vector<std::string> left;
  for (const auto& m : measure::list_feature_measures()) {
    if (points && m.of_points && holds(between, m.name)) left.emplace_back(m.name);
  }
  notes.emplace_back(points ? "no measure by features of a classifier: the data are points"
                            : "no measure by features: the data have no classes; --features takes another set's");
  return left;
}

}  // namespace

std::span<const Measure> list_measures() {
  static const std::vector<Measure> all = [] {
    std::vector<Measure> list;
    for (const auto& m : measure::list_feature_measures()) list.push_back({m.name, m.sentence, true});
    for (const OwnMeasure& m : own_measures()) list.push_back(m.facts);
    return list;
  }();
  return all;
}

std::span<const MeasureAlias> list_aliases() {
  static const std::vector<MeasureAlias> kAliases{{"fid", {"frechet"}},
                                                  {"frechet_inception_distance", {"frechet"}},
                                                  {"fd", {"frechet"}},
                                                  {"kid", {"kernel"}},
                                                  {"kernel_inception_distance", {"kernel"}},
                                                  {"mmd", {"kernel"}},
                                                  {"is", {"inception"}},
                                                  {"isc", {"inception"}},
                                                  {"inception_score", {"inception"}},
                                                  {"prdc", {"precision", "recall", "density", "coverage"}},
                                                  {"prc", {"precision", "recall"}},
                                                  {"pr", {"precision", "recall"}},
                                                  {"dc", {"density", "coverage"}},
                                                  {"1nn", {"one_nn"}},
                                                  {"1_nn", {"one_nn"}},
                                                  {"ppl", {"path_length"}},
                                                  {"perceptual_path_length", {"path_length"}},
                                                  {"swd", {"sliced_wasserstein"}},
                                                  {"sw", {"sliced_wasserstein"}},
                                                  {"msssim", {"ms_ssim"}},
                                                  {"ssim", {"ms_ssim"}},
                                                  {"linear_separability", {"separability"}},
                                                  {"c2st", {"weak"}}};
  return kAliases;
}

std::vector<std::string> own_names(const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  for (const std::string& name : wanted) {
    if (const MeasureAlias* alias = alias_of(name)) {
      names.insert(names.end(), alias->measures.begin(), alias->measures.end());
    } else {
      names.push_back(plain(name));
    }
  }
  return names;
}

std::vector<std::string> words_on_aliases(const std::vector<std::string>& wanted) {
  std::vector<std::string> words;
  for (const std::string& name : wanted) {
    if (const MeasureAlias* alias = alias_of(name))
      words.push_back(fmt::format("{} is {}", name, fmt::join(alias->measures, ", ")));
  }
  if (words.empty()) return {};
  return {fmt::format(
      "what is measured is called otherwise here, since a score's name says by which features and of how many samples "
      "(docs/measures.md): {}",
      fmt::join(words, "; "))};
}

std::vector<std::string> resolve_measures(const std::vector<std::string>& given) {
  const std::vector<std::string> wanted = own_names(given);
  std::vector<std::string> known{"quick", "all"};
  for (const Measure& m : list_measures()) known.emplace_back(m.name);
  for (const std::string& name : wanted) {
    if (holds(known, name)) continue;
    std::vector<std::string> near = known;
    for (const MeasureAlias& alias : list_aliases()) near.emplace_back(alias.name);
    fail<ConfigError>("unknown measure \"{}\"{}; there are: {}", name, did_you_mean(name, near),
                      fmt::join(known, ", "));
  }
  std::vector<std::string> result;
  const bool quick = wanted.empty() || holds(wanted, "quick");
  for (const Measure& m : list_measures()) {
    if (holds(wanted, "all") || (quick && m.quick) || holds(wanted, m.name)) result.emplace_back(m.name);
  }
  return result;
}

void end_if_stopped(const EvaluateOptions& options) {
  if (options.stop && options.stop()) fail<Error>("stopped: the scores of this run were not ready and are not kept");
}

SampleSource watched(SampleSource source, const EvaluateOptions& options) {
  return [source = std::move(source), &options](std::int64_t first, std::int64_t count) {
    end_if_stopped(options);
    return source(first, count);
  };
}

std::vector<measure::Score> compare_sets(const Classified& real, const Classified& fake, std::int64_t count,
                                         const std::string& name, const EvaluateOptions& options,
                                         const std::vector<std::string>& measures) {
  ThreadPool pool(options.threads);
  const measure::FeatureProtocol protocol{.features = name, .count = count, .seed = options.seed};
  std::vector<measure::Score> scores;
  std::vector<std::string> of_features;
  std::ranges::copy_if(measures, std::back_inserter(of_features), is_feature_measure);
  // One by one, but for those that need the same neighbours: minutes may lie between the first and the last.
  std::vector<std::string> together;
  const auto measure_them = [&] {
    if (together.empty()) return;
    end_if_stopped(options);
    append(scores, measure::feature_scores({.real = real.features, .fake = fake.features}, protocol, pool, together));
    together.clear();
  };
  for (const std::string& one : of_features) {
    if (!needs_manifold(one)) measure_them();
    together.push_back(one);
    if (!needs_manifold(one)) measure_them();
  }
  measure_them();
  if (holds(measures, "inception"))
    scores.push_back(measure::inception_score_of({.real = real.probabilities, .fake = fake.probabilities}, protocol));
  return scores;
}

void check_evaluable(const explore::Weights& weights, const Reference& reference, const EvaluateOptions& options) {
  resolve_measures(options.measures);
  const std::vector<std::string> named = own_names(options.measures);
  const auto reals = static_cast<std::int64_t>(reference.order().size());
  if (options.count < 100) fail<ConfigError>("scores: wanted 100 samples or more, found {}", options.count);
  if (reals < 100)
    fail<DataError>("{}: wanted 100 {} or more, found {}", reference.data_name(), reference.reals(), reals);
  explore::check_draws(weights.snapshot.generator, train::facts_of(reference.train()), reference.data_name());
  if (options.on_features && !reference.has_classifier()) {
    fail<DataError>("{}: there are no features: {}", reference.data_name(),
                    reference.train().is_points() ? "points are scored as they are"
                                                  : "the data have no classes; --features takes another set's");
  }
  for (const OwnMeasure& one : own_measures()) {
    if (one.protocol == nullptr || !holds(named, one.facts.name)) continue;  // of "all" it is left out
    const std::string why = judge_obstacle(reference, weights.snapshot.recipe, one.protocol);
    if (!why.empty()) throw DataError(why);
  }
}

RunScores evaluate_run(const explore::Weights& weights, const std::filesystem::path& run_folder, Reference& reference,
                       const EvaluateOptions& options) {
  check_evaluable(weights, reference, options);
  const std::vector<std::string> measures = resolve_measures(options.measures);
  const std::vector<std::string> named = own_names(options.measures);
  RunScores result;
  const auto reals = static_cast<std::int64_t>(reference.order().size());
  const std::int64_t count = std::min(options.count, reals);
  if (count < options.count)
    result.notes.push_back(fmt::format("{} samples of each side: no more reals are held out", count));
  if (reference.one_split())
    result.notes.push_back("the data have one split: the reals here are those that the run was trained on");

  explore::TrainedGenerator generator(reference.backend(), weights.snapshot, run_folder, options.threads);
  const ScoreContext context{weights, generator, reference, options, count};
  const std::vector<std::int32_t> classes = facing_classes(generator, reference, count);
  const auto say = [&](const std::string& what) {
    end_if_stopped(options);
    if (options.on_measure) options.on_measure(what);
  };
  std::vector<std::string> between;  // two sets
  std::ranges::copy_if(measures, std::back_inserter(between),
                       [](const std::string& m) { return is_feature_measure(m) || m == "inception"; });
  between = possible_between(between, reference, result.notes);
  Classified fake;
  const bool judges =
      !between.empty() || options.on_features || std::ranges::any_of(own_measures(), [&](const OwnMeasure& one) {
        return one.classified && holds(measures, one.facts.name);
      });
  if (judges && reference.has_classifier()) {
    say("reals");
    reference.classified(std::min(2 * count, reals));
    say("fakes");
    fake =
        classify(reference.classifier(), watched(generated(generator, kScoreSeed, classes), options), count, classes);
  }
  if (options.on_features) options.on_features(reference.classified(count), fake, count);
  if (!between.empty() && reference.has_classifier()) {
    say("distances");
    append(result.scores, compare_sets(reference.classified(count), fake, count, reference.name(), options, between));
  } else if (!between.empty()) {
    say("distances");
    const Tensor drawn = collect(watched(generated(generator, kScoreSeed, classes), options), count);
    append(result.scores, compare_sets(as_features(reference.held_out(0, std::min(2 * count, reals))),
                                       as_features(drawn), count, reference.name(), options, between));
  }
  for (const OwnMeasure& one : own_measures()) {
    if (one.run == nullptr || !holds(measures, one.facts.name)) continue;
    if (const std::string why = obstacle_of(one, context); !why.empty()) {
      if (holds(named, one.facts.name)) result.notes.push_back(fmt::format("{} left out: {}", one.facts.name, why));
      continue;
    }
    say(one.facts.name);
    one.run({context, classes, fake, result});
  }
  if (reference.one_split()) {
    for (measure::Score& score : result.scores) {
      score.protocol +=
          "; the data have one split: nothing was held out, the reals are those that the run was trained on";
    }
  }
  return result;
}

}  // namespace ganymede::evaluate
