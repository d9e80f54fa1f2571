#include "evaluate/own_discriminator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "evaluate/real_or_generated.hpp"
#include "measure/p_values.hpp"
#include "measure/two_sample.hpp"
#include "run/snapshot.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kOwnPiece = 1024;

using Logits = std::vector<double>;

/// Logits of D for samples as both sides hold them.
std::vector<double> logits_of(play::Model& model, const Tensor& samples, std::span<const std::int32_t> classes,
                              std::span<const float> conditions) {
  const std::int64_t count = samples.shape()[0];
  const fit::Samples source = fit::samples_of(samples, std::vector<std::int32_t>(static_cast<std::size_t>(count)));
  std::vector<double> logits;
  fit::for_each_piece(source, kOwnPiece, [&](std::int64_t first, std::int64_t n, std::span<const float> values) {
    const auto given =
        classes.empty() ? classes : classes.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(n));
    const auto length = static_cast<std::int64_t>(conditions.size()) / count;
    const Tensor found = model
                             .infer({.count = n,
                                     .values = values,
                                     .classes = given,
                                     .conditions = conditions.subspan(static_cast<std::size_t>(first * length),
                                                                      static_cast<std::size_t>(n * length))})
                             .output;
    for (const float logit : found.values<float>()) logits.push_back(logit);
  });
  return logits;
}

struct Told {
  std::int64_t right = 0, count = 0;
  double share() const { return static_cast<double>(right) / static_cast<double>(count); }
};

Told told_at(double threshold, const Logits& real, const Logits& fake) {
  return {.right = std::ranges::count_if(real, [&](double v) { return v > threshold; }) +
                   std::ranges::count_if(fake, [&](double v) { return v <= threshold; }),
          .count = static_cast<std::int64_t>(real.size() + fake.size())};
}

/// Every second one, from the first or the second; as many of both kinds.
Logits half_of(const Logits& all, std::size_t which) {
  Logits half;
  for (std::size_t i = which; i + 1 - which < all.size(); i += 2) half.push_back(all[i]);
  return half;
}

struct BestTold : Told {
  double threshold = 0;
};
BestTold told_at_best(const Logits& real, const Logits& fake) {
  const double best = best_threshold(half_of(real, 0), half_of(fake, 0));
  return {told_at(best, half_of(real, 1), half_of(fake, 1)), best};
}

measure::Score accuracy_score(const std::string& name, const Told& told, const std::optional<Told>& floor,
                              const std::string& protocol) {
  const auto test = measure::classifier_two_sample_test(told.right, told.count);
  return {.name = name,
          .value = test.accuracy,
          .low = test.interval.low,
          .high = test.interval.high,
          .count_real = told.count - told.count / 2,
          .count_fake = told.count / 2,
          .floor = floor ? std::optional(floor->share()) : std::nullopt,
          .count_floor = floor ? floor->count / 2 : 0,
          .better = measure::Better::half,
          .protocol = fmt::format("{}; {} of {} told rightly, {} (exact binomial, one-sided); interval: Clopper "
                                  "and Pearson; floor: between halves of the reals",
                                  protocol, told.right, told.count, measure::p_text(test.p_value))};
}

}  // namespace

std::vector<measure::Score> discriminator_scores(const run::Snapshot& snapshot, explore::TrainedGenerator& generator,
                                                 const Reference& reference, const EvaluateOptions& options) {
  NamedTensors weights;
  for (const auto& [key, tensor] : snapshot.tensors) {
    if (key.starts_with(snapshot.discriminator.name + ".")) weights[key] = tensor;
  }
  const auto model = reference.backend().make_model(snapshot.discriminator, {.batch = 128, .threads = options.threads});
  model->load(weights);
  const std::int64_t count = std::min(options.count, static_cast<std::int64_t>(reference.order().size()));
  const bool takes_class = train::class_count(snapshot.discriminator) > 0;
  const std::vector<std::int32_t> classes = facing_classes(generator, reference, count);
  const auto given = takes_class ? std::span<const std::int32_t>(classes) : std::span<const std::int32_t>();
  std::vector<float> of_reals, of_fakes;
  if (train::condition_length(snapshot.discriminator) > 0) {
    of_reals = reference.held_out_conditions(count);
    of_fakes = generator.conditions(kJudgeValidationSeed, count);
  }
  const auto real = logits_of(*model, reference.held_out(0, count), given, of_reals);
  const auto fake = logits_of(
      *model, collect(watched(generated(generator, kJudgeValidationSeed, classes), options), count), given, of_fakes);

  return scores_of_logits(real, fake, snapshot.recipe.game.loss,
                          fmt::format("{}_{}", measure::short_count(count), reference.data_name()));
}

std::vector<measure::Score> scores_of_logits(const Logits& real, const Logits& fake, play::Loss loss,
                                             const std::string& ending) {
  std::vector<measure::Score> scores;
  const bool has_floor = real.size() >= 4;
  const Logits first = half_of(real, 0), second = half_of(real, 1);
  if (const auto own = play::threshold(loss)) {
    scores.push_back(accuracy_score("d_accuracy" + ending, told_at(*own, real, fake),
                                    has_floor ? std::optional(told_at(*own, first, second)) : std::nullopt,
                                    fmt::format("the run's own discriminator, logit above {:g}: real", *own)));
  }
  if (real.size() < 2 || fake.size() < 2) return scores;
  const BestTold best = told_at_best(real, fake);
  scores.push_back(accuracy_score("d_best_accuracy" + ending, best,
                                  has_floor ? std::optional<Told>(told_at_best(first, second)) : std::nullopt,
                                  fmt::format("the run's own discriminator, logit above {:.4g}: real; threshold from "
                                              "one half of the samples, judged on the other",
                                              best.threshold)));
  return scores;
}

double best_threshold(std::vector<double> real, std::vector<double> fake) {
  std::ranges::sort(real);
  std::ranges::sort(fake);
  std::vector<double> all;
  std::ranges::merge(real, fake, std::back_inserter(all));
  double best = all.front() - 1;
  auto most = static_cast<std::int64_t>(real.size());  // below all: everything counts as real
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i + 1 < all.size() && all[i] == all[i + 1]) continue;
    const auto above = real.end() - std::ranges::upper_bound(real, all[i]);
    const auto below = std::ranges::upper_bound(fake, all[i]) - fake.begin();
    if (above + below > most) {
      most = above + below;
      best = i + 1 < all.size() ? all[i] + (all[i + 1] - all[i]) / 2 : all[i];
    }
  }
  return best;
}

}  // namespace ganymede::evaluate
