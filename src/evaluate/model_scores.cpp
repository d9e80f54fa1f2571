#include "evaluate/model_scores.hpp"

#include <cmath>
#include <limits>

#include "measure/distributions.hpp"
#include "measure/score_forms.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kPerClass = 100;  // samples of a class whose pairs are compared

/// Values of the samples of a draw, the first `most` of each class.
struct Draw {
  measure::FeatureMatrix values;
  std::vector<std::int32_t> labels;
};
Draw first_of_each(const SampleSource& source, std::span<const std::int32_t> labels, std::int64_t most) {
  Draw draw;
  std::vector<std::int64_t> taken;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= taken.size()) taken.resize(label + 1);
    if (taken[label]++ >= most) continue;
    const Tensor one = source(static_cast<std::int64_t>(i), 1);
    const fit::Samples values = fit::samples_of(one, {0});
    draw.values.dim = values.values_per_sample();
    draw.values.values.resize(draw.values.values.size() + static_cast<std::size_t>(draw.values.dim));
    values.copy(0, std::span(draw.values.values).last(static_cast<std::size_t>(draw.values.dim)));
    draw.labels.push_back(labels[i]);
  }
  return draw;
}

}  // namespace

std::vector<measure::Score> mode_scores(const ScoreContext& c, const Classified& fake) {
  const Classified& real = c.reference.classified(c.count);
  const auto classes = static_cast<std::size_t>(c.reference.classifier().class_count());
  const auto counted = [&](std::span<const std::int32_t> labels) {
    std::vector<std::int64_t> counts(classes);
    for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
    return counts;
  };
  const auto real_counts = counted(std::span(real.labels).first(static_cast<std::size_t>(c.count)));
  const auto found = measure::mode_coverage(counted(fake.labels), 1);
  measure::Score modes{.name = c.name("modes"),
                       .value = static_cast<double>(found.modes),
                       .low = std::nan(""),
                       .high = std::nan(""),
                       .count_real = c.count,
                       .count_fake = c.count,
                       .floor = static_cast<double>(measure::mode_coverage(real_counts, 1).modes),
                       .better = measure::Better::higher,
                       .protocol = fmt::format("of {} classes those that the classifier sees among the fakes; floor: "
                                               "among the reals; no interval: resampling can only lose classes",
                                               classes)};
  // Jensen-Shannon rather than Kullback-Leibler: finite where the reals lack a class.
  const auto js = measure::class_divergence(std::span(real.labels).first(static_cast<std::size_t>(c.count)),
                                            fake.labels, static_cast<int>(classes));
  const auto half = static_cast<std::size_t>(c.count / 2);
  const double floor = measure::class_divergence(std::span(real.labels).first(half),
                                                 std::span(real.labels).subspan(half, half), static_cast<int>(classes))
                           .value;
  return {modes,
          {.name = c.name("class_js"),
           .value = js.value,
           .low = js.interval.low,
           .high = js.interval.high,
           .count_real = c.count,
           .count_fake = c.count,
           .floor = floor,
           .count_floor = static_cast<std::int64_t>(half),
           .better = measure::Better::lower,
           .protocol = "Jensen-Shannon divergence in nats between the shares of the classes among fakes and reals, by "
                       "the classifier; interval: jackknife of 20 groups, less the bias of counting"}};
}

measure::Score class_accuracy_score(const ScoreContext& c, const Classified& fake) {
  const auto right = [](const Classified& classified, std::int64_t count) {
    std::int64_t n = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      n += classified.labels[i] == classified.wanted[i] ? 1 : 0;
    return n;
  };
  const std::int64_t found = right(fake, c.count);
  const auto interval = measure::clopper_pearson(static_cast<double>(found), c.count);
  const std::int64_t reals = right(c.reference.classified(c.count), c.count);
  return {.name = c.name("class_accuracy"),
          .value = static_cast<double>(found) / static_cast<double>(c.count),
          .low = interval.low,
          .high = interval.high,
          .count_real = c.count,
          .count_fake = c.count,
          .floor = static_cast<double>(reals) / static_cast<double>(c.count),
          .better = measure::Better::higher,
          .protocol = fmt::format(
              "share of fakes that the classifier takes for the class they were drawn for; interval: exact binomial; "
              "floor: the same of {}",
              c.reference.reals())};
}

std::vector<measure::Score> pair_scores(const ScoreContext& c, std::span<const std::int32_t> classes) {
  const Draw real =
      first_of_each([&](std::int64_t i, std::int64_t n) { return c.reference.held_out(i, n); }, classes, kPerClass);
  const Draw fake = first_of_each(watched(generated(c.generator, kScoreSeed, classes), c.options), classes, kPerClass);
  measure::PairOptions options;
  options.reference = real.values;
  options.bootstrap = {.resamples = 200, .seed = c.options.seed};
  options.seed = c.options.seed;
  const auto found = measure::differences_within({fake.values, fake.labels}, options);
  const auto reals = measure::differences_within({real.values, real.labels}, options);
  auto scores =
      measure::scores_of(found, options, fmt::format("{}_a_class_{}_v1", kPerClass, c.reference.data_name()), reals);
  for (measure::Score& score : scores) {
    score.count_real = real.values.count();
    score.count_fake = fake.values.count();
    score.protocol += fmt::format("; floor: the {}' own", c.reference.reals());
  }
  return scores;
}

measure::Score path_length_score(const ScoreContext& c) {
  const run::Recipe& recipe = c.weights.snapshot.recipe;
  measure::PathLengthOptions options{
      .prior = {.dim = recipe.latent.dim, .kind = latent::prior_kind_from(recipe.latent.prior)},
      .count = c.count,
      .seed = c.options.seed};
  const int classes = c.generator.classes();
  const auto features = [&](std::span<const float> z, std::int64_t first) {
    end_if_stopped(c.options);
    const std::int64_t n = static_cast<std::int64_t>(z.size()) / c.generator.latent_dim();
    std::vector<std::int32_t> given;
    for (std::int64_t i = 0; classes > 0 && i < n; ++i)
      given.push_back(static_cast<std::int32_t>((first + i) % classes));
    // Both ends of a step have the path's condition.
    Tensor drawn = c.generator.draw(z, given, c.generator.conditions(static_cast<std::uint64_t>(first), n));
    const Shape s = drawn.shape();
    if (train::is_ink({s[1], s[2], s[3]})) drawn = drawn.reshaped({s[0], s[2], s[3]});
    const Tensor found = c.reference.classifier().features(drawn);
    const auto values = found.values<float>();
    return measure::FeatureMatrix{.values = {values.begin(), values.end()}, .dim = found.shape()[1]};
  };
  measure::Score score =
      measure::score_of(measure::perceptual_path_length(features, options), options, c.reference.name());
  score.protocol += "; no floor: reals have no z";
  return score;
}

}  // namespace ganymede::evaluate
