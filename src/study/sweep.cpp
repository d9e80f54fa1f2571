#include "study/sweep.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "data/sources.hpp"
#include "evaluate/measures.hpp"
#include "evaluate/reference.hpp"
#include "explore/weights.hpp"
#include "measure/resample.hpp"
#include "run/recipe_file.hpp"
#include "study/kept_point.hpp"

namespace ganymede::study {
namespace {

constexpr std::size_t kMostRuns = 10'000;
constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

std::string last_word(const std::string& key) {
  return key.substr(key.rfind('.') + 1);
}

/// Two axes may end in one word: generator.width, discriminator.width.
std::string short_key(const std::vector<SweepAxis>& axes, std::size_t axis) {
  const auto same = std::ranges::count_if(
      axes, [&](const SweepAxis& other) { return last_word(other.key) == last_word(axes[axis].key); });
  return same > 1 ? axes[axis].key : last_word(axes[axis].key);
}

std::string arm_name(const std::vector<SweepAxis>& axes, const std::vector<std::size_t>& values) {
  std::string name;
  for (std::size_t i = 0; i < axes.size(); ++i)
    name += fmt::format("{}{}={}", i == 0 ? "" : "_", short_key(axes, i), axes[i].values[values[i]]);
  std::ranges::replace_if(
      name, [](unsigned char c) { return c == '/' || c <= 0x20 || c == 0x7F || c == '"'; }, '-');
  return name;
}

std::string usual_measure(const run::Recipe& recipe) {
  const auto sets = data::sets_of_mixtures();
  if (std::ranges::find(sets, recipe.data.source) != sets.end()) return "mixture";
  return recipe.generator.family == "mlp" ? "density_js" : "frechet";
}

SweepArmResult measure_arm(const SweepPlan& plan, const SweepArm& arm, const std::filesystem::path& root,
                           evaluate::Reference& reference, const train::SessionOptions& session, SweepResults& results,
                           const std::function<void(const std::string&)>& progress) {
  SweepArmResult result;
  for (const train::PlannedRun& planned : arm.runs) {
    progress(planned.name);
    const run::RunDirectory run = run::RunDirectory::open(root / planned.name);
    const run::RunInfo info = run.info();
    result.seconds += info.seconds;
    result.values.push_back(kNoValue);
    if (info.state != run::RunState::finished) continue;
    const evaluate::EvaluateOptions options{
        .count = plan.count, .measures = {plan.measure}, .threads = session.threads, .places = session.places};
    const auto epoch = static_cast<std::int64_t>(info.epoch);
    const auto file = run.path() / "measures" / fmt::format("sweep-{}.json", plan.measure);
    const ScoredPoint point = kept_or_measured(file, fmt::format("{} {}", plan.measure, plan.count), epoch, [&] {
      return evaluate::evaluate_run(explore::load_weights(run), run.path(), reference, options);
    });
    const auto found = std::ranges::find_if(
        point.scores, [&](const measure::Score& score) { return score.name.starts_with(plan.measure); });
    if (found == point.scores.end()) {
      fail<ConfigError>("--measure {}: it gives no score of these runs{}", plan.measure,
                        point.notes.empty() ? "" : " (" + point.notes.front() + ")");
    }
    result.values.back() = found->value;
    results.score = found->name;
    results.better = found->better;
  }
  return result;
}

class Sweep : public Study {
 public:
  explicit Sweep(SweepPlan plan) : plan_(std::move(plan)) {}

  std::string folder() const override { return "sweep-" + plan_.recipe; }
  std::vector<train::PlannedRun> runs() const override {
    std::vector<train::PlannedRun> all;
    for (const SweepArm& arm : plan_.arms) all.insert(all.end(), arm.runs.begin(), arm.runs.end());
    return all;
  }
  void check(const train::SessionOptions&) const override {}
  std::int64_t points() const override { return std::ssize(runs()); }
  Outcome measure(const std::filesystem::path& folder, const train::SessionOptions& session,
                  const std::function<void(double, const std::string&)>& on_progress) const override {
    SweepResults results{.plan = plan_, .score = plan_.measure, .arms = {}};
    evaluate::Reference reference(plan_.arms.front().runs.front().recipe,
                                  {.backend = *session.backend, .places = session.places, .threads = session.threads});
    double done = 0;
    for (const SweepArm& arm : plan_.arms) {
      results.arms.push_back(measure_arm(plan_, arm, folder / "runs", reference, session, results,
                                         [&](const std::string& what) { on_progress(done++, what); }));
    }
    Judgement judgement = judge_sweep(results);
    std::string json = sweep_json(results, judgement);
    return {std::move(json), std::move(judgement)};
  }

 private:
  SweepPlan plan_;
};

}  // namespace

SweepAxis sweep_axis(const std::string& text) {
  const std::size_t equal = text.find('=');
  SweepAxis axis{.key = text.substr(0, equal), .values = {}};
  if (equal == std::string::npos || equal == 0 || equal + 1 == text.size())
    fail<ConfigError>("--over {}: wanted KEY=VALUE,VALUE, such as train.batch=64,128", text);
  const std::string rest = text.substr(equal + 1);
  const char cut = rest.find(';') == std::string::npos ? ',' : ';';
  for (std::size_t at = 0; at <= rest.size();) {
    const std::size_t end = std::min(rest.find(cut, at), rest.size());
    axis.values.push_back(rest.substr(at, end - at));
    at = end + 1;
  }
  for (const std::string& value : axis.values) {
    if (value.empty()) fail<ConfigError>("--over {}: a value is empty", text);
    if (std::ranges::count(axis.values, value) > 1) fail<ConfigError>("--over {}: {} is there twice", text, value);
  }
  return axis;
}

SweepPlan plan_sweep(const run::Recipe& recipe, const std::vector<SweepAxis>& axes, int seeds,
                     const std::string& measure) {
  SweepPlan plan{.recipe = recipe.name, .axes = axes, .arms = {}, .measure = measure};
  if (plan.measure.empty()) plan.measure = usual_measure(recipe);
  evaluate::resolve_measures({plan.measure});
  std::set<std::string> keys;
  std::size_t count = static_cast<std::size_t>(seeds);
  for (const SweepAxis& axis : axes) {
    if (!keys.insert(axis.key).second) fail<ConfigError>("--over {}: the key is there twice", axis.key);
    if (axis.key == "train.seed") fail<ConfigError>("--over train.seed: --seeds N takes several seeds of each setting");
    count *= axis.values.size();
    if (count > kMostRuns) fail<ConfigError>("a sweep of more than {} runs: take fewer values or seeds", kMostRuns);
  }
  std::vector<std::size_t> values(axes.size());
  for (bool more = true; more;) {
    SweepArm arm{.name = arm_name(axes, values), .values = values, .runs = {}};
    run::Recipe one = recipe;
    std::vector<std::string> sets;
    for (std::size_t i = 0; i < axes.size(); ++i) sets.push_back(axes[i].key + "=" + axes[i].values[values[i]]);
    run::apply_sets(one, sets);
    run::check(one, arm.name);
    arm.runs = train::seeds_of(arm.name, one, seeds);
    plan.arms.push_back(std::move(arm));
    more = false;
    for (std::size_t i = axes.size(); i-- > 0 && !more;) {
      values[i] = (values[i] + 1) % axes[i].values.size();
      more = values[i] != 0;
    }
  }
  return plan;
}

std::unique_ptr<Study> make_sweep(SweepPlan plan) {
  return std::make_unique<Sweep>(std::move(plan));
}

}  // namespace ganymede::study
