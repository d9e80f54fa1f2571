#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/wording.hpp"
#include "measure/resample.hpp"
#include "study/results.hpp"
#include "study/theory/exhibit.hpp"

namespace ganymede::study {
namespace {

// Between the epochs about it by a straight line; the last one's beyond.
double at_work(const RunCurve& curve, double work, double CurveEpoch::*value) {
  double before_work = 0, before = 0;  // nothing is learnt before the first update
  for (const CurveEpoch& epoch : curve.epochs) {
    if (epoch.work() >= work) {
      const double share = epoch.work() > before_work ? (work - before_work) / (epoch.work() - before_work) : 1;
      return before + share * (epoch.*value - before);
    }
    before_work = epoch.work(), before = epoch.*value;
  }
  return before;
}

std::vector<double> over_seeds(const std::vector<RunCurve>& curves, double work, double CurveEpoch::*value) {
  std::vector<double> values;
  for (const RunCurve& curve : curves) {
    if (!curve.failed) values.push_back(at_work(curve, work, value));
  }
  return values;
}

page::Plot progress_plot(const TheoryPlan& plan, const std::vector<std::vector<RunCurve>>& curves, double most,
                         const std::string& title, const std::string& y_label, double unit, double CurveEpoch::*value) {
  std::vector<picture::Series> all;
  constexpr int kPlaces = 60;
  for (std::size_t a = 0; a < curves.size(); ++a) {
    picture::Series series{.name = plan.updates[a].title, .x = {}, .y = {}};
    for (int i = 1; i <= kPlaces; ++i) {
      const std::vector<double> values = over_seeds(curves[a], most * i / kPlaces, value);
      if (values.empty()) continue;
      series.x.push_back(most * i / kPlaces);
      series.y.push_back(unit * measure::mean_of(values));
    }
    all.push_back(std::move(series));
  }
  return curves_plot(title, "updates of both players, D's and G's", y_label, std::move(all), "Mean over seeds.");
}

}  // namespace

// S-THEORY T2: D to convergence against k = 1, 2, 5.
Exhibit updates_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  const TheoryPlan& plan = context.plan;
  exhibit.add(page::Paragraph{
      "Theory takes the best D for every G. Taken at its word that is an inner loop: D is trained until its loss stops "
      "falling, then G moves once. In practice k updates of D, one or two, go before each of G. What counts is the "
      "progress for the work: here updates of both players together, on the ring of 8 Gaussians of recipe "
      "`fail-sensitive` at a rate of 0.001."});
  std::vector<std::vector<RunCurve>> curves;
  double most = 1e18;
  for (const TheoryArm& arm : plan.updates) {
    curves.push_back(read_curves(context.folder / "runs", arm));
    for (const RunCurve& curve : curves.back()) {
      if (!curve.failed) most = std::min(most, curve.epochs.back().work());
    }
  }
  exhibit.add(progress_plot(plan, curves, most, "Modes covered for the work", "modes of 8", 1, &CurveEpoch::modes));
  exhibit.add(
      progress_plot(plan, curves, most, "Points near a mode for the work", "share, %", 100, &CurveEpoch::high_quality));
  page::Table table{.head = {"D's updates", "seeds", "G's updates", "modes of 8", "near a mode"},
                    .rows = {},
                    .caption = fmt::format("After {} of both players, mean ± standard deviation over the seeds.",
                                           counted(static_cast<std::int64_t>(most), "update"))};
  exhibit.numbers = {{"work", most}, {"arms", nlohmann::ordered_json::object()}};
  std::vector<Arm> near;
  for (std::size_t a = 0; a < curves.size(); ++a) {
    const TheoryArm& arm = plan.updates[a];
    std::vector<double> steps;
    for (const RunCurve& curve : curves[a]) {
      double step = 0;
      for (const CurveEpoch& epoch : curve.epochs) {
        if (epoch.work() <= most) step = static_cast<double>(epoch.step);
      }
      if (!curve.failed) steps.push_back(step);
    }
    std::vector<double> modes = over_seeds(curves[a], most, &CurveEpoch::modes),
                        share = over_seeds(curves[a], most, &CurveEpoch::high_quality);
    near.push_back({arm.title, share, arm.runs.size()});
    exhibit.numbers["arms"][arm.name] = {{"generator_updates", numbers_or_null(steps)},
                                         {"modes", numbers_or_null(modes)},
                                         {"high_quality", numbers_or_null(share)}};
    for (double& s : share) s *= 100;
    table.rows.push_back({arm.title, std::to_string(arm.runs.size()), mean_and_spread(steps, "{:.0f}"),
                          mean_and_spread(modes, "{:.1f}"), mean_and_spread(share, "{:.1f} %")});
  }
  exhibit.add(std::move(table));
  exhibit.findings.push_back(
      {.claim = "A few updates of D for each of G make more progress for the same work than D to convergence.",
       .verdict = {},
       .evidence = {},
       .tests = {contrast("share near a mode at equal work", near[1], near[0], true),
                 contrast("share near a mode at equal work", near[3], near[0], true)}});
  return exhibit;
}

}  // namespace ganymede::study
