#include "study/image_figures.hpp"

#include <fmt/format.h>

#include <functional>

#include "evaluate/dissection_picture.hpp"
#include "evaluate/map_file.hpp"
#include "evaluate/trained_generator.hpp"
#include "measure/resample.hpp"
#include "picture/player_colours.hpp"
#include "picture/plot.hpp"
#include "picture/png.hpp"
#include "study/image_inside.hpp"

namespace ganymede::study {
namespace {

using Page = page::Page;

constexpr std::int64_t kPictures = 48;
constexpr std::int64_t kFollowed = 16;  // pictures of the same noise, D4
constexpr int kCell = 56;

picture::LinePlot plot_of(const std::string& title, const std::string& y, int height) {
  return {.title = title, .x_label = "epochs", .y_label = y, .series = {}, .width = 900, .height = height};
}

// One line a run, all in the player's colour and the first alone named.
void add_lines(picture::LinePlot& plot, const ImageArmResult& arm, const std::string& name, picture::Colour colour,
               const std::function<double(const EpochLosses&)>& value) {
  bool first = true;
  for (const ImageRunResult& run : arm.runs) {
    if (run.epochs.empty()) continue;
    picture::Series series{.name = first ? name : "", .x = {}, .y = {}, .colour = colour};
    first = false;
    for (std::size_t e = 0; e < run.epochs.size(); ++e) {
      series.x.push_back(static_cast<double>(e + 1));
      series.y.push_back(value(run.epochs[e]));
    }
    plot.series.push_back(std::move(series));
  }
}

run::RunDirectory first_run(const ImageArmResult& arm, const std::filesystem::path& root) {
  return run::RunDirectory::open(root / arm.runs.front().run);
}

picture::Image samples_at(const run::RunDirectory& run, std::int64_t epoch, std::int64_t count, int threads) {
  evaluate::TrainedGenerator generator(evaluate::load_weights(run, static_cast<std::uint64_t>(epoch)).snapshot,
                                       run.path(), threads);
  return train::sheet(generator.draw(train::kFixedSeed, count), 16, kCell);
}

}  // namespace

void add_curve(Page& page, const ImageResults& results, const char* score, const std::string& title, bool log_y) {
  picture::LinePlot plot = plot_of(title, score, 400);
  plot.log_y = log_y;
  for (const ImageArmResult& arm : results.arms) {
    picture::Series series{.name = arm.title, .x = {}, .y = {}};
    for (const std::int64_t epoch : arm.epochs) {
      const auto values = arm.values(score, epoch);
      if (values.empty()) continue;
      series.x.push_back(static_cast<double>(epoch));
      series.y.push_back(measure::mean_of(values));
    }
    plot.series.push_back(std::move(series));
  }
  page.svg(picture::to_svg(plot), "Mean over seeds." + results.failed_text());
}

void add_pictures(Page& page, const ImageResults& results, const std::filesystem::path& root, int threads) {
  page.heading("Pictures");
  for (const ImageArmResult& arm : results.arms) {
    page.subheading(arm.title);
    for (const ImageRunResult& one : arm.runs) {
      if (one.failed) continue;
      page.image(samples_at(run::RunDirectory::open(root / one.run), arm.epochs.back(), kPictures, threads),
                 fmt::format("{}, epoch {}", one.run, arm.epochs.back()));
    }
    if (!arm.runs.front().failed && arm.epochs.size() > 1) {
      for (const std::int64_t epoch : arm.epochs)
        page.image(samples_at(first_run(arm, root), epoch, kFollowed, threads),
                   fmt::format("{}, the same noise at epoch {}", arm.runs.front().run, epoch));
    }
    picture::LinePlot losses = plot_of("Losses of " + arm.title, "loss", 400);
    add_lines(losses, arm, "D", picture::kDiscriminatorColour,
              [](const EpochLosses& e) { return e.discriminator_loss; });
    add_lines(losses, arm, "G", picture::kGeneratorColour, [](const EpochLosses& e) { return e.generator_loss; });
    page.svg(picture::to_svg(losses), "Means of each epoch, a line for each seed.");
    picture::LinePlot right = plot_of("How often D is right", "share", 320);
    add_lines(right, arm, "D", picture::kDiscriminatorColour,
              [](const EpochLosses& e) { return (e.real_accuracy + e.fake_accuracy) / 2; });
    page.svg(picture::to_svg(right),
             "Mean over real and generated samples of the training batches, a line for each seed.");
  }
}

void add_maps(Page& page, const ImageResults& results, const std::filesystem::path& root) {
  page.heading("Class-area maps");
  page.paragraph(
      "A picture is generated at every point of a grid over [-1, 1] along each axis and coloured by its class. First "
      "seed of every model; `ganymede map` draws others.");
  for (const ImageArmResult& arm : results.arms) {
    const auto file =
        evaluate::map_path(root / arm.runs.front().run / "maps", static_cast<std::uint64_t>(arm.epochs.back()));
    if (!std::filesystem::exists(file)) continue;
    auto picture_file = file;
    page.image(picture::read_png(picture_file.replace_extension(".png")).image, arm.title);
    const evaluate::KeptMap kept = evaluate::read_map(file);
    std::string words = fmt::format("{}: the map covers {:.0f} % of the prior's mass", arm.title, 100 * kept.map.mass);
    if (const auto share = evaluate::wanted_share(kept.map))
      words += fmt::format("; {:.1f} % of the pictures are of the class that was asked for", 100 * *share);
    page.paragraph(words + ".");
  }
}

void add_dissections(Page& page, const ImageResults& results, const std::filesystem::path& root, int threads) {
  page.heading("Inside the generators");
  page::Table shares{.head = {"model"},
                     .rows = {},
                     .caption = fmt::format(
                         "Share of values below a tenth of the root mean square of their layer's output, {} samples, "
                         "mean over seeds. Normally distributed values: {:.1f} %.{}",
                         kDissected, 100 * evaluate::kNormalNearZero, results.failed_text())};
  std::vector<evaluate::DissectedRun> runs;
  for (const ImageArmResult& arm : results.arms) {
    std::vector<std::string> row{arm.title};
    std::size_t counted = 0;
    std::vector<double> sums;
    for (const ImageRunResult& one : arm.runs) {
      if (one.layers.empty()) continue;
      sums.resize(one.layers.size());
      for (std::size_t k = 0; k < one.layers.size(); ++k) sums[k] += one.layers[k].activity.near_zero;
      ++counted;
      if (shares.head.size() == 1) {
        for (const LayerActivity& layer : one.layers) shares.head.push_back(layer.layer.node);
      }
    }
    for (const double sum : sums) row.push_back(fmt::format("{:.1f} %", 100 * sum / static_cast<double>(counted)));
    shares.rows.push_back(row);
    if (arm.runs.front().failed) continue;
    const run::RunDirectory run = first_run(arm, root);
    runs.push_back({arm.title, dissect_fixed(evaluate::load_weights(run, static_cast<std::uint64_t>(arm.epochs.back())),
                                             run.path(), 1, threads)});
  }
  page.table(shares);
  if (runs.empty()) return;
  page.image(evaluate::draw_overview(runs),
             "One z through the first seed of every model: the picture, and each layer's mean over channels.");
  page.subheading("Ablation");
  for (const ImageArmResult& arm : results.arms) {
    if (arm.runs.front().failed) continue;
    const run::RunDirectory run = first_run(arm, root);
    page.image(draw_ablations(evaluate::load_weights(run, static_cast<std::uint64_t>(arm.epochs.back())), run.path(), 8,
                              threads),
               arm.title + ": before, after, and how much each pixel changed.");
  }
}

}  // namespace ganymede::study
