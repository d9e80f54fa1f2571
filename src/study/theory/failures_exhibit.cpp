#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/points/point_sets.hpp"
#include "evaluate/reference.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "measure/axis_shares.hpp"
#include "measure/resample.hpp"
#include "run/recipe_file.hpp"
#include "study/results.hpp"
#include "study/theory/exhibit.hpp"
#include "study/theory/failure_scores.hpp"
#include "study/theory/point_cells.hpp"
#include "study/unrolled_figures.hpp"

namespace ganymede::study {
namespace {

constexpr int kColumns = 6;
constexpr std::int64_t kPointsDrawn = 2000;

// A failure's own words, and its number.
struct FailureWords {
  std::string recipe;
  std::string what;   // what goes wrong, why, how one sees it
  std::string score;  // name of the number
  std::string form;
  double unit = 1;
  double bound = 0;   // beyond it the failure is there
  bool below = true;  // below the bound, or above
  Scale scale = Scale::measured;
  bool logarithm = false;  // compared by it
};

std::vector<FailureWords> failure_words() {
  return {
      {.recipe = "fail-collapse",
       .what = "All noise leads to one clump: G has found the one place that D takes for real just now. D learns it, "
               "the clump hops to the next mode, and the number of modes does not grow. Losses look healthy; the modes "
               "tell.",
       .score = "modes of 8 at the end",
       .form = "{:.1f}",
       .bound = 3,
       .scale = Scale::counted},
      {.recipe = "fail-oscillation",
       .what =
           "D is one slope w, G one place: the game is w (theta - 2), which is min-max of xy. Each player is pushed "
           "sideways by the other, so they circle for ever, and so does the share of points near the mode. A "
           "penalty on D's slope pulls w to 0, and the circle becomes a spiral in.",
       .score = "swing of the share near the mode",
       .form = "{:.0f} %",
       .unit = 100,
       .bound = 0.2,
       .below = false},
      {.recipe = "fail-vanishing",
       .what = "20 updates of D for each of G, reals far from the first fakes, and the loss log(1 - D): D is sure of "
               "every sample (both accuracies 100 %), and G's gradient is 0 and stays it. -log D is steep just there.",
       .score = "norm of G's gradient at the end",
       .form = "{:.1e}",
       .bound = 1e-3,
       .logarithm = true},
      {.recipe = "fail-entangled",
       .what = "The points lie well, but no axis of z is an attribute: each coordinate is a mixture of all eight. A "
               "normal law looks the same in every direction, so nothing tells G which to take (the one case in which "
               "independent components cannot be found: Comon 1994). A uniform law has corners, and its axes win.",
       .score = "variance of a coordinate that its best axis explains",
       .form = "{:.0f} %",
       .unit = 100,
       .bound = 0.7}};
}

double value_of_run(const FailureWords& words, const TheoryContext& context, const train::PlannedRun& planned) {
  const std::filesystem::path folder = context.folder / "runs" / planned.name;
  if (words.recipe == "fail-entangled") {
    explore::TrainedGenerator generator(*context.session.backend,
                                        explore::load_weights(run::RunDirectory::open(folder)).snapshot, folder,
                                        context.session.threads);
    const train::NamedSamples samples = generator.samples(1000, 4000);
    const Tensor points = generator.draw(samples);
    const auto values = points.values<float>();
    return measure::share_of_best_axis({samples.z, generator.latent_dim()}, {values, points.shape()[1]});
  }
  const RunCurve curve = read_curve(folder);
  if (words.recipe == "fail-collapse") return modes_at_end(curve);
  return words.recipe == "fail-oscillation" ? swing_of_quality(curve) : gradient_at_end(curve);
}

std::vector<double> values_of_arm(const FailureWords& words, const TheoryContext& context, const TheoryArm& arm) {
  std::vector<double> values;
  for (const train::PlannedRun& planned : arm.runs) {
    if (!read_curve(context.folder / "runs" / planned.name).failed)
      values.push_back(value_of_run(words, context, planned));
  }
  return values;
}

// Epochs of which a run left its weights, spread evenly over its length.
std::vector<std::uint64_t> epochs_shown(const std::filesystem::path& run_folder) {
  const auto files = run::list_snapshots(run_folder / "snapshots");
  std::vector<std::uint64_t> epochs;
  for (int i = 0; i < kColumns && !files.empty(); ++i) {
    const double wanted = static_cast<double>(files.back().epoch) * i / (kColumns - 1);
    const auto nearest = std::ranges::min_element(
        files, {}, [&](const run::SnapshotFile& file) { return std::abs(static_cast<double>(file.epoch) - wanted); });
    if (epochs.empty() || nearest->epoch > epochs.back()) epochs.push_back(nearest->epoch);
  }
  return epochs;
}

// What G of the first seed draws, failing above, cured below.
page::Figure over_time(const FailurePair& pair, const TheoryContext& context) {
  const run::Recipe& recipe = pair.failing.runs.front().recipe;
  const PointCells cells(recipe, context.session);
  std::vector<std::string> rows, columns;
  std::vector<std::vector<picture::Image>> pictures;
  for (const TheoryArm* arm : {&pair.failing, &pair.cured}) {
    const std::filesystem::path folder = context.folder / "runs" / arm->runs.front().name;
    rows.emplace_back(arm == &pair.failing ? "fails" : "cured");
    std::vector<picture::Image> row;
    const bool first = columns.empty();
    for (const std::uint64_t epoch : epochs_shown(folder)) {
      explore::TrainedGenerator generator(*context.session.backend,
                                          explore::load_weights(run::RunDirectory::open(folder), epoch).snapshot,
                                          folder, context.session.threads);
      row.push_back(cells.draw(generator.draw(train::kFixedSeed, kPointsDrawn)));
      if (first) columns.push_back(fmt::format("epoch {}", epoch));
    }
    pictures.push_back(std::move(row));
  }
  for (auto& row : pictures) row.resize(columns.size());
  columns.emplace_back("data");
  for (auto& row : pictures) row.push_back(cells.reals());
  return context.figures.png(
      pair.recipe, labelled_rows(rows, columns, pictures),
      fmt::format(
          "{}: what G of the first seed draws, with `{}` and without it. An empty cell: all points lie outside.",
          pair.title, pair.cure));
}

// Where G's point goes as one coordinate of z moves and the others stay, every axis in a colour of its own.
picture::Image ways_of_axes(const TheoryContext& context, const TheoryArm& arm, const std::string& title) {
  constexpr int kBegins = 14, kPlaces = 25;
  const std::filesystem::path folder = context.folder / "runs" / arm.runs.front().name;
  explore::TrainedGenerator generator(*context.session.backend,
                                      explore::load_weights(run::RunDirectory::open(folder)).snapshot, folder,
                                      context.session.threads);
  const auto dim = static_cast<std::size_t>(generator.latent_dim());
  const bool uniform = arm.runs.front().recipe.latent.prior == "uniform";
  const double end = uniform ? 1 : 2;
  const train::NamedSamples begins = generator.samples(500, kBegins);
  picture::ScatterPlot plot{.title = title, .x = {-3.6, 3.6}, .y = {-3.6, 3.6}, .clouds = {}, .side = 440};
  for (std::size_t axis = 0; axis < dim; ++axis) {
    train::NamedSamples moved{.count = static_cast<std::int64_t>(kBegins) * kPlaces, .z = {}, .classes = {}};
    for (int b = 0; b < kBegins; ++b) {
      for (int i = 0; i < kPlaces; ++i) {
        const std::size_t first = moved.z.size();
        moved.z.insert(moved.z.end(), begins.z.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(b) * dim),
                       begins.z.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(b + 1) * dim));
        moved.z[first + axis] = static_cast<float>(-end + 2 * end * i / (kPlaces - 1));
      }
    }
    const Tensor points = generator.draw(moved);
    const auto values = points.values<float>();
    picture::Threads threads{.name = fmt::format("z{}", axis + 1),
                             .lines = {},
                             .colour = picture::series_colour(static_cast<int>(axis)),
                             .width = 1.6};
    for (std::size_t b = 0; b < kBegins; ++b) {
      threads.lines.emplace_back(values.begin() + static_cast<std::ptrdiff_t>(b * kPlaces * 2),
                                 values.begin() + static_cast<std::ptrdiff_t>((b + 1) * kPlaces * 2));
    }
    plot.threads.push_back(std::move(threads));
  }
  return picture::draw(plot);
}

page::Figure ways_figure(const FailurePair& pair, const TheoryContext& context) {
  return context.figures.png(
      pair.recipe + "-axes",
      in_a_row({ways_of_axes(context, pair.failing, "fails: " + pair.recipe),
                ways_of_axes(context, pair.cured, "cured: " + pair.cure)}),
      "Where a point goes as one coordinate of z moves, from 14 beginnings, first seed. At the left every axis moves "
      "both coordinates; at the right two of them move one each, and the others nothing.");
}

page::Plot course_of(const FailureWords& words, const FailurePair& pair, const TheoryContext& context) {
  std::vector<picture::Series> all;
  const bool gradient = words.recipe == "fail-vanishing", modes = words.recipe == "fail-collapse";
  for (const TheoryArm* arm : {&pair.failing, &pair.cured}) {
    const RunCurve curve = read_curve(context.folder / "runs" / arm->runs.front().name);
    picture::Series series{.name = arm == &pair.failing ? "fails" : "cured: " + pair.cure, .x = {}, .y = {}};
    for (const CurveEpoch& epoch : curve.epochs) {
      series.x.push_back(static_cast<double>(epoch.epoch));
      series.y.push_back(gradient ? epoch.generator_gradient : modes ? epoch.modes : 100 * epoch.high_quality);
    }
    all.push_back(std::move(series));
  }
  page::Plot plot = curves_plot(pair.title + ", as it shows", "epoch",
                                gradient ? "norm of G's gradient"
                                : modes  ? "modes covered"
                                         : "points near a mode, %",
                                std::move(all), "First seed.");
  plot.plot.log_y = gradient;
  plot.plot.height = 300;
  return plot;
}

void add_failure(Exhibit& exhibit, const FailureWords& words, const FailurePair& pair, const TheoryContext& context,
                 page::Table& table) {
  exhibit.add(page::Subheading{pair.title + ": " + pair.recipe});
  exhibit.add(page::Paragraph{words.what});
  exhibit.add(over_time(pair, context));
  exhibit.add(words.recipe == "fail-entangled" ? page::Part(ways_figure(pair, context))
                                               : page::Part(course_of(words, pair, context)));
  Arm failing{"as it is", values_of_arm(words, context, pair.failing), pair.failing.runs.size()},
      cured{pair.cure, values_of_arm(words, context, pair.cured), pair.cured.runs.size()};
  exhibit.numbers[pair.recipe] = {{"score", words.score},
                                  {"cure", pair.cure},
                                  {"failing", numbers_or_null(failing.values)},
                                  {"cured", numbers_or_null(cured.values)}};
  const auto beyond = [&](const std::vector<double>& values) {
    return std::ranges::count_if(values, [&](double v) { return words.below ? v < words.bound : v > words.bound; });
  };
  const auto shown = [&](std::vector<double> values) {
    for (double& v : values) v *= words.unit;
    return mean_and_spread(values, words.form.c_str());
  };
  table.rows.push_back({pair.recipe, words.score, shown(failing.values),
                        fmt::format("{} of {}", beyond(failing.values), failing.values.size()), "`" + pair.cure + "`",
                        shown(cured.values), fmt::format("{} of {}", beyond(cured.values), cured.values.size())});
  if (words.logarithm) {
    for (Arm* arm : {&failing, &cured}) {
      for (double& v : arm->values) v = std::log10(std::max(v, 1e-30));
    }
  }
  exhibit.findings.push_back(
      {.claim = fmt::format("{}: `{}` cures it.", pair.recipe, pair.cure),
       .verdict = {},
       .evidence = {},
       .tests = {contrast(words.logarithm ? "logarithm (base 10) of the " + words.score : words.score, cured, failing,
                          words.below, words.scale)}});
}

}  // namespace

// S-THEORY T5: failures, each as a recipe, beside itself with the key that cures it.
Exhibit failures_exhibit(const TheoryContext& context) {
  Exhibit exhibit;
  exhibit.add(page::Paragraph{
      "Each of these is a recipe of its own that fails with every seed, small enough to be trained in a lecture: "
      "`ganymede train fail-collapse`, and again with `--set` and the key that cures it."});
  exhibit.numbers = nlohmann::ordered_json::object();
  page::Table table{
      .head = {"recipe", "what shows it", "as it is", "fails", "cure", "cured", "fails"},
      .rows = {},
      .caption = "Mean ± standard deviation over the seeds, and in how many of them the failure is there."};
  for (const FailureWords& words : failure_words()) {
    const auto pair = std::ranges::find(context.plan.failures, words.recipe, &FailurePair::recipe);
    add_failure(exhibit, words, *pair, context, table);
  }
  exhibit.add(page::Subheading{"All of them over the seeds"});
  exhibit.add(std::move(table));
  return exhibit;
}

}  // namespace ganymede::study
