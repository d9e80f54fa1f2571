#include "study/image_figures.hpp"

#include <fmt/format.h>

#include "explore/dissection_picture.hpp"
#include "explore/map_file.hpp"
#include "explore/trained_generator.hpp"
#include "explore/weights.hpp"
#include "picture/png.hpp"
#include "study/image_inside.hpp"

namespace ganymede::study {
namespace {

constexpr std::int64_t kPictures = 48;
constexpr std::int64_t kFollowed = 16;  // pictures of the same noise, D4
constexpr std::int64_t kAblated = 8;
constexpr int kCell = 56;

explore::TrainedGenerator generator_at(const run::RunDirectory& run, std::int64_t epoch,
                                       const train::SessionOptions& session) {
  return {*session.backend, explore::load_weights(run, static_cast<std::uint64_t>(epoch)).snapshot, run.path(),
          session.threads};
}

picture::Image samples_at(const run::RunDirectory& run, std::int64_t epoch, std::int64_t count,
                          const train::SessionOptions& session) {
  explore::TrainedGenerator generator = generator_at(run, epoch, session);
  return train::sheet(generator.draw(train::kFixedSeed, count), 16, kCell);
}

void draw_samples(const ImageArmResult& arm, const std::filesystem::path& root, const page::FigureWriter& writer,
                  const train::SessionOptions& session, ArmFigures& figures) {
  const std::int64_t end = arm.epochs.back();
  for (const ImageRunResult& one : arm.runs) {
    if (one.failed) continue;
    figures.samples.push_back(writer.png("samples-" + one.run,
                                         samples_at(run::RunDirectory::open(root / one.run), end, kPictures, session),
                                         fmt::format("{}, epoch {}", one.run, end)));
  }
  const ImageRunResult& first = arm.runs.front();
  if (first.failed || arm.epochs.size() < 2) return;
  for (const std::int64_t epoch : arm.epochs) {
    figures.followed.push_back(
        writer.png(fmt::format("noise-{}-epoch-{:05}", first.run, epoch),
                   samples_at(run::RunDirectory::open(root / first.run), epoch, kFollowed, session),
                   fmt::format("{}, the same noise at epoch {}", first.run, epoch)));
  }
}

// The map that was kept in the run while it was measured.
std::optional<MapFigure> map_of(const ImageArmResult& arm, const std::filesystem::path& root,
                                const page::FigureWriter& writer) {
  const auto file =
      explore::map_path(root / arm.runs.front().run / "maps", static_cast<std::uint64_t>(arm.epochs.back()));
  if (!std::filesystem::exists(file)) return {};
  auto picture_file = file;
  const picture::Image image = picture::read_png(picture_file.replace_extension(".png")).image;
  const explore::KeptMap kept = explore::read_map(file);
  std::string words = fmt::format("{}: the map covers {:.0f} % of the prior's mass", arm.title, 100 * kept.map.mass);
  if (const auto share = explore::wanted_share(kept.map))
    words += fmt::format("; {:.1f} % of the pictures are of the class that was asked for", 100 * *share);
  return MapFigure{.picture = writer.png("map-" + arm.name, image, arm.title), .words = words + "."};
}

}  // namespace

ImageFigures draw_figures(const ImageResults& results, const std::filesystem::path& folder,
                          const train::SessionOptions& session) {
  const page::FigureWriter writer(folder);
  const std::filesystem::path root = folder / "runs";
  ImageFigures figures;
  std::vector<explore::DissectedRun> dissected;
  for (const ImageArmResult& arm : results.arms) {
    ArmFigures one;
    draw_samples(arm, root, writer, session, one);
    if (results.plan.maps) one.map = map_of(arm, root, writer);
    if (results.plan.dissects && !arm.runs.front().failed) {
      explore::TrainedGenerator first =
          generator_at(run::RunDirectory::open(root / arm.runs.front().run), arm.epochs.back(), session);
      dissected.push_back({arm.title, dissect_fixed(first, 1)});
      one.ablation = writer.png("ablation-" + arm.name, draw_ablations(first, kAblated),
                                arm.title + ": before, after, and how much each pixel changed.");
    }
    figures.arms.push_back(std::move(one));
  }
  if (!dissected.empty()) {
    figures.overview =
        writer.png("inside", explore::draw_overview(dissected),
                   "One z through the first seed of every model: the picture, and each layer's mean over channels.");
  }
  return figures;
}

}  // namespace ganymede::study
