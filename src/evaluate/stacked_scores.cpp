#include "evaluate/stacked_scores.hpp"

#include <algorithm>
#include <numeric>

#include "measure/modes.hpp"
#include "measure/score_forms.hpp"

namespace ganymede::evaluate {
namespace {

constexpr std::int64_t kFakesAtATime = 1024;

measure::ModeCoverage counted(const std::vector<std::int32_t>& labels) {
  std::vector<std::int64_t> counts(data::kStackedClasses, 0);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  return measure::mode_coverage(std::move(counts));
}

std::vector<std::int32_t> labels_of_fakes(const ScoreContext& c, std::int64_t count) {
  std::vector<std::int32_t> classes(static_cast<std::size_t>(count), 0), labels;
  for (std::size_t i = 0; i < classes.size() && c.generator.classes() > 0; ++i)
    classes[i] = static_cast<std::int32_t>(i % static_cast<std::size_t>(c.generator.classes()));
  const SampleSource fakes = watched(generated(c.generator, kScoreSeed, classes), c.options);
  for (std::int64_t first = 0; first < count; first += kFakesAtATime) {
    const std::vector<std::int32_t> more =
        c.reference.classifier().labels(fakes(first, std::min(kFakesAtATime, count - first)));
    labels.insert(labels.end(), more.begin(), more.end());
  }
  return labels;
}

}  // namespace

std::string needs_stacked(const ScoreContext& c) {
  return c.reference.stacked() > 1 ? "" : "only for stacked digits (stacked-mnist), by their own classifier";
}

double perfect_reverse_kl(std::int64_t modes, std::int64_t samples) {
  return static_cast<double>(modes - 1) / (2 * static_cast<double>(samples));
}

std::vector<measure::Score> stacked_scores(const ScoreContext& c) {
  const std::int64_t count = c.options.stacked_count;
  const measure::ModeCoverage fake = counted(labels_of_fakes(c, count)),
                              real = counted(c.reference.stacked_labels(count));
  const std::string protocol = fmt::format(
      "{} classes of three digits, each channel judged by the classifier of single digits; KL(shares || 1/{}) in nats; "
      "floor: as many {}, which a perfect sampler drew: its KL is about {:.3g} by counting alone, (modes - 1) / (2 "
      "samples)",
      data::kStackedClasses, data::kStackedClasses, c.reference.reals(),
      perfect_reverse_kl(data::kStackedClasses, count));
  return measure::scores_of(fake, c.reference.name(), protocol, real);
}

}  // namespace ganymede::evaluate
