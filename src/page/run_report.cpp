#include "page/run_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "measure/score_kinds.hpp"
#include "page/kept_scores.hpp"
#include "page/report_curves.hpp"
#include "page/report_directions.hpp"
#include "page/report_doctor.hpp"
#include "page/report_film.hpp"
#include "page/report_judges.hpp"
#include "page/report_people.hpp"
#include "picture/grid.hpp"
#include "picture/png.hpp"
#include "run/events.hpp"
#include "run/recipe_file.hpp"

namespace ganymede::page {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEarlier = 6;  // pictures of earlier epochs

// How a recipe differs from the shipped one of its name; nothing where there is none.
std::vector<run::Difference> changes_to_shipped(const run::Recipe& recipe) {
  const std::vector<run::ShippedRecipe>& shipped = run::shipped_recipes();
  const auto found = std::ranges::find(shipped, recipe.name, &run::ShippedRecipe::name);
  if (found == shipped.end()) return {};
  std::vector<run::Difference> all = run::difference(run::find_recipe(recipe.name), recipe);
  std::erase_if(all, [](const auto& one) { return one.key == "name" || one.key == "description"; });
  return all;
}

void add_state(Page& page, const run::RunDirectory& run, const run::Recipe& recipe,
               const std::vector<run::Difference>& changed) {
  const run::RunInfo info = run.info();
  Table table{.head = {}, .rows = {}, .caption = {}};
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) table.rows.push_back({what, value});
  };
  add("state", run::summary_of(run.path()).state);
  add("why", info.reason);
  add("recipe", info.recipe);
  add("data", recipe.data.source);
  std::string keys;
  for (const run::Difference& one : changed)
    keys += fmt::format("{}{} = {}", keys.empty() ? "" : ", ", one.key, one.after);
  add("changed", keys);
  add("trained", fmt::format("{}, {}, {} in {}", counted(static_cast<std::int64_t>(info.epoch), "epoch"),
                             counted(static_cast<std::int64_t>(info.step), "step"),
                             counted(static_cast<std::int64_t>(info.images), "image"), human_duration(info.seconds)));
  add("seed", std::to_string(info.seed));
  add("program", info.version + (info.commit.empty() ? "" : ", commit " + info.commit));
  add("machine", fmt::format("{}, {}", info.cpu, counted(info.threads, "thread")));
  add("arithmetic", info.plan);
  add("begun", info.created);
  page.table(table);
}

std::vector<fs::path> png_files(const fs::path& folder, const std::string& beginning) {
  std::vector<fs::path> files;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(beginning) && name.ends_with(".png")) files.push_back(entry.path());
  }
  // By number: those beyond 9999 are longer.
  std::ranges::sort(
      files, {}, [&](const fs::path& f) { return std::pair(beginning.empty() ? 0 : f.filename().string().size(), f); });
  return files;
}

std::string frames_text(const std::string& files, const ReportFilm& film) {
  if (film.frames == film.of) return files;
  return fmt::format("{}: {} of {}, evenly spaced", files, film.frames,
                     with_thousands(static_cast<std::int64_t>(film.of)));
}

void add_samples(Page& page, const run::RunDirectory& run) {
  const auto grids = png_files(run.samples(), "grid-");
  const auto epochs = png_files(run.samples(), "epoch-");
  if (grids.empty() && epochs.empty()) return;
  page.heading("Samples");
  const fs::path& newest = grids.empty() ? epochs.back() : grids.back();  // of points there are no grids
  page.image(picture::read_png(newest).image, "samples/" + newest.filename().string());
  // What was drawn before the newest epoch shows points of an older one.
  std::error_code none;
  if (const fs::path drawn = run.samples() / kPointsPicture;
      fs::is_regular_file(drawn, none) && fs::last_write_time(drawn, none) >= fs::last_write_time(newest, none))
    page.image(picture::read_png(drawn).image, fmt::format("samples/{}, drawn by `ganymede report`", kPointsPicture));
  if (epochs.size() < 2) return;
  if (const auto film = film_of(epochs)) {
    page.subheading("The same noise through the epochs");
    page.animation(film->gif, frames_text("samples/epoch-*.png", *film));
  }
  page.subheading("The same noise at earlier epochs");
  const std::size_t shown = std::min(kEarlier, epochs.size());
  picture::GridStyle style{.columns = 3, .gap = 8};
  std::vector<picture::Image> cells;
  for (std::size_t i = 0; i < shown; ++i) {
    const fs::path& file = epochs[i * (epochs.size() - 1) / (shown - 1)];
    cells.push_back(picture::read_png(file).image);
    style.labels.push_back(epoch_of(file));
  }
  page.image(picture::make_grid(cells, style), "samples/epoch-*.png");
}

/// What each code does: Chen et al. 2016, figure 2.
void add_sweeps(Page& page, const run::RunDirectory& run) {
  const std::vector<fs::path> files = png_files(run.samples(), kSweepPictures);
  if (files.empty()) return;
  page.heading("Codes");
  page.paragraph("A column is a value of one code, a row the same noise: what stays along a row is not this code's.");
  for (const fs::path& file : files) {
    page.image(picture::read_png(file).image,
               fmt::format("samples/{}, drawn by `ganymede report`", file.filename().string()));
  }
}

std::string floor_of(const measure::Score& score) {
  if (!score.floor) return "-";
  return number(*score.floor) + (score.count_floor > 0 ? fmt::format(" ({})", with_thousands(score.count_floor)) : "");
}

std::string interval_of(const measure::Score& score) {
  if (!std::isfinite(score.low) || !std::isfinite(score.high)) return "-";
  return fmt::format("[{}, {}]", number(score.low), number(score.high));
}

void add_scores(Page& page, const run::RunDirectory& run) {
  const auto kept = kept_scores(run);
  page.heading("Scores");
  if (kept.empty()) {
    page.paragraph("None of the newest weights yet: `ganymede evaluate` makes them.");
  } else {
    Table table{.head = {"score", "value", "95 %", "between halves of the reals", "reals", "fakes", "name"},
                .rows = {},
                .caption = "A score's name fixes its protocol; only scores of one name compare."};
    std::string protocols;
    for (const KeptScore& one : kept) {
      const measure::Score& s = one.score;
      table.rows.push_back({measure::words_of(s), number(s.value), interval_of(s), floor_of(s),
                            s.count_real > 0 ? with_thousands(s.count_real) : "-",
                            s.count_fake > 0 ? with_thousands(s.count_fake) : "-", s.name});
      protocols += fmt::format("{}: {}\n", s.name, s.protocol);
    }
    page.table(table);
    page.details("Protocols", protocols);
  }
  for (const fs::path& file : png_files(run.path() / "measures", ""))
    page.image(picture::read_png(file).image, "measures/" + file.filename().string());
}

/// The maps of one grid: the run's own (epoch-00007.png) or, where there is none, the first other one by name. A map of
/// a generator from which something was taken away is not the run's.
std::vector<fs::path> maps_of_one_grid(const run::RunDirectory& run) {
  const auto grid = [](const fs::path& file) {
    const std::string stem = file.stem().string();
    return stem.substr(std::min(stem.size(), stem.find_first_not_of("0123456789", std::string("epoch-").size())));
  };
  std::vector<fs::path> files = png_files(run.path() / "maps", "epoch-");
  std::erase_if(files,
                [](const fs::path& file) { return file.stem().string().find("-without-") != std::string::npos; });
  if (files.empty()) return files;
  const std::string kept = grid(*std::ranges::min_element(files, {}, grid));
  std::erase_if(files, [&](const fs::path& file) { return grid(file) != kept; });
  return files;
}

void add_maps(Page& page, const run::RunDirectory& run) {
  const std::vector<fs::path> files = maps_of_one_grid(run);
  if (files.empty()) return;
  page.heading("Maps of the latent space");
  page.image(picture::read_png(files.back()).image, "maps/" + files.back().filename().string());
  if (const auto film = film_of(files)) {
    page.subheading("The map through the epochs");
    page.animation(film->gif, frames_text("maps/epoch-*.png", *film));
  }
}

/// Before all scores: a collapsed model's precision, for one, may be high.
void add_collapse(Page& page, const run::RunDirectory& run) {
  std::vector<measure::Score> scores;
  for (const KeptScore& one : kept_scores(run)) scores.push_back(one.score);
  const std::vector<std::string> signs = signs_of_collapse(scores);
  if (signs.empty()) return;
  page.verdict("collapsed or far from its data:",
               fmt::format("{}. Read the scores below with that in mind.", fmt::join(signs, ", ")));
}

}  // namespace

std::vector<std::string> signs_of_collapse(const std::vector<measure::Score>& scores) {
  struct Sign {
    const char* measure;
    double share;  // of what the reals have
    const char* words;
  };
  constexpr Sign kSigns[] = {{"modes", 0.8, "classes are lost"},
                             {"mixture_modes", 0.8, "modes are lost"},
                             {"coverage", 0.1, "hardly any real has a fake nearby"},
                             {"recall", 0.1, "hardly any real lies among the fakes"},
                             {"nrmsd", 0.25, "fakes of one class hardly differ"}};
  std::vector<std::string> signs;
  for (const measure::Score& score : scores) {
    for (const Sign& sign : kSigns) {
      if (!score.name.starts_with(sign.measure) || !score.floor || !(*score.floor > 0)) continue;
      if (!(score.value <= sign.share * *score.floor)) continue;
      const measure::ScoreKind* kind = measure::kind_of(score.name);
      signs.push_back(fmt::format("{} ({}: {}; of the reals themselves {})", sign.words,
                                  kind == nullptr ? score.name : kind->label, number(score.value),
                                  number(*score.floor)));
    }
  }
  return signs;
}

std::string run_report(const run::RunDirectory& run) {
  Page page("Run " + run.name());
  const run::Recipe recipe = run.recipe();
  const std::vector<run::Difference> changed = changes_to_shipped(recipe);
  const bool others_data = std::ranges::any_of(changed, [](const auto& one) { return one.key == "data.source"; });
  if (!recipe.description.empty() && !others_data) page.paragraph(recipe.description);
  add_state(page, run, recipe, changed);
  add_collapse(page, run);
  const Events events = run::read_events(run.events_path());
  add_curves(page, events);
  add_mixture_curves(page, events);
  add_doctor(page, events);
  add_samples(page, run);
  add_sweeps(page, run);
  add_maps(page, run);
  add_directions(page, run);
  add_judges(page, run, events);
  add_people(page, run);
  add_scores(page, run);
  page.heading("Settings");
  page.details("recipe.toml", run::to_toml(recipe));
  return page.html();
}

}  // namespace ganymede::page
