#include "measure/score_forms.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "measure/p_values.hpp"

namespace ganymede::measure {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kIntervalOfModes = "; interval: 1.96 roots of the modes met once, which bound the variance";
constexpr const char* kIntervalOfKl = "; interval: jackknife, less the bias of counting";

}  // namespace

Score score_of(const PathLength& found, const PathLengthOptions& options, const std::string& features) {
  const bool lerp = options.kind == latent::PathKind::lerp;
  return {
      .name = fmt::format("path_length{}_{}", short_count(options.count), features),
      .value = found.value,
      .low = found.interval.low,
      .high = found.interval.high,
      .count_fake = options.count,
      .better = Better::lower,
      .protocol = fmt::format("features {}, {} between two draws of the {} prior in {} dimensions, {}, epsilon {:g}, "
                              "{:g} trimmed at either end, seed {}; interval: bootstrap over paths",
                              features, lerp ? "lerp" : "slerp", latent::name_of(options.prior.kind), options.prior.dim,
                              options.at_start ? "t = 0" : "t uniform", options.epsilon, options.trim, options.seed)};
}

std::vector<Score> scores_of(const PairDifferences& fake, const PairOptions& options, const std::string& features,
                             const std::optional<PairDifferences>& real) {
  const char* unit = options.unit == ResampledUnit::samples ? "samples" : "pairs";
  const std::string pairs = fmt::format("features {}, {} pairs of {} classes, seed {}; interval: bootstrap over {}",
                                        features, fake.average.pairs, fake.classes.size(), options.seed, unit);
  const char* normaliser = name_of(options.normaliser);
  const std::string divided = options.scope == NormaliserScope::pair
                                  ? fmt::format("divided by each pair's {}", normaliser)
                                  : fmt::format("divided by the {} {:.6g} of {}", normaliser, fake.normaliser,
                                                options.reference ? "the reference" : "the samples");
  Score msd{.name = "msd_" + features,
            .value = fake.average.msd,
            .low = fake.average.msd_interval.low,
            .high = fake.average.msd_interval.high,
            .better = Better::neither,
            .protocol = pairs};
  Score nrmsd{
      .name = fmt::format("nrmsd_{}{}_{}", options.scope == NormaliserScope::pair ? "pair_" : "", normaliser, features),
      .value = fake.average.nrmsd,
      .low = fake.average.nrmsd_interval.low,
      .high = fake.average.nrmsd_interval.high,
      .better = Better::neither,
      .protocol = pairs + "; " + divided};
  if (real) {
    msd.floor = real->average.msd;
    nrmsd.floor = real->average.nrmsd;
  }
  return {msd, nrmsd};
}

Score score_of(const TwoSampleTest& found, const std::string& networks) {
  return {.name = "two_sample_accuracy_" + networks,
          .value = found.accuracy,
          .low = found.interval.low,
          .high = found.interval.high,
          .count_real = found.count - found.count / 2,
          .count_fake = found.count / 2,
          .better = Better::half,
          .protocol = fmt::format("{} of {} held-out samples told rightly, {} (exact binomial, one-sided); "
                                  "interval: Clopper and Pearson",
                                  found.correct, found.count, p_text(found.p_value))};
}

std::vector<Score> scores_of(const MixtureCoverage& fake, const std::string& mixture, double within, std::int64_t least,
                             const std::optional<MixtureCoverage>& real) {
  const std::string protocol = fmt::format("{} modes, a sample counts within {:g} deviations, a mode with {} samples",
                                           fake.modes.counts.size(), within, least);
  const auto form = [&](const char* name, Better better, double value, const Interval& interval,
                        std::optional<double> floor) {
    return Score{.name = fmt::format("{}{}_{}", name, short_count(fake.count), mixture),
                 .value = value,
                 .low = interval.low,
                 .high = interval.high,
                 .count_real = real ? real->count : 0,
                 .count_fake = fake.count,
                 .floor = floor,
                 .better = better,
                 .protocol = protocol};
  };
  const auto floor = [&](auto&& value) { return real ? std::optional<double>(value(*real)) : std::nullopt; };
  Score modes = form("mixture_modes", Better::higher, static_cast<double>(fake.modes.modes), fake.modes.modes_interval,
                     floor([](const MixtureCoverage& c) { return static_cast<double>(c.modes.modes); }));
  Score share = form("high_quality", Better::higher, fake.high_quality_share, fake.interval,
                     floor([](const MixtureCoverage& c) { return c.high_quality_share; }));
  Score kl = form("reverse_kl", Better::lower, fake.modes.reverse_kl, fake.modes.kl_interval,
                  floor([](const MixtureCoverage& c) { return c.modes.reverse_kl; }));
  modes.protocol += kIntervalOfModes;
  share.protocol += "; interval: exact binomial";
  kl.protocol += kIntervalOfKl;
  return {modes, share, kl};
}

std::vector<Score> scores_of(const ModeCoverage& fake, const std::string& features, const std::string& protocol,
                             const ModeCoverage& real) {
  const auto count = [](const ModeCoverage& c) {
    return std::accumulate(c.counts.begin(), c.counts.end(), std::int64_t{0});
  };
  const auto form = [&](const char* name, Better better, double value, const Interval& interval, double floor,
                        const char* said) {
    return Score{.name = fmt::format("{}{}_{}", name, short_count(count(fake)), features),
                 .value = value,
                 .low = interval.low,
                 .high = interval.high,
                 .count_real = count(real),
                 .count_fake = count(fake),
                 .floor = floor,
                 .better = better,
                 .protocol = protocol + said};
  };
  return {form("modes", Better::higher, static_cast<double>(fake.modes), fake.modes_interval,
               static_cast<double>(real.modes), kIntervalOfModes),
          form("reverse_kl", Better::lower, fake.reverse_kl, fake.kl_interval, real.reverse_kl, kIntervalOfKl)};
}

Score score_of(const LinearSeparability& found, std::int64_t count, double keep, const std::string& attributes) {
  return {.name = fmt::format("separability{}_{}", short_count(count), attributes),
          .value = found.score,
          .low = kNone,
          .high = kNone,
          .count_fake = count,
          .better = Better::lower,
          .protocol = fmt::format("2^(sum of H(label | side of the hyperplane), bits) over {} attributes, the surest "
                                  "{:g} of the samples, squared hinge, C = 1, on the samples of the fit",
                                  found.attributes.size(), keep)};
}

}  // namespace ganymede::measure
