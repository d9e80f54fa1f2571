#include "sweep_drawing.hpp"

#include <fmt/format.h>

#include "backend.hpp"
#include "base/error.hpp"
#include "explore/gallery.hpp"
#include "explore/point_pictures.hpp"
#include "explore/weights.hpp"
#include "page/run_report.hpp"
#include "picture/png.hpp"
#include "play/names.hpp"
#include "shared.hpp"
#include "train/samples.hpp"

namespace ganymede::app {

std::int64_t rows_of_sweep(const explore::TrainedGenerator& generator) {
  constexpr std::int64_t kRows = 10;
  return explore::draws_points(generator.network()) ? train::kPointsShown : kRows;
}

picture::Image picture_of(const explore::Sweep& sweep, const Tensor& samples, const run::RunDirectory& directory,
                          const SweepWeights& weights) {
  std::optional<explore::PointPictures> pictures;
  std::optional<explore::Weights> whole;
  return explore::draw_sweep(sweep, samples, [&](const Tensor& some) {
    if (!whole) whole = explore::load_weights(directory, weights.epoch, weights.checkpoint);
    if (!pictures) pictures.emplace(backend(), whole->snapshot.recipe, weights.threads);
    return pictures->draw(whole->snapshot, some);
  });
}

void draw_sweeps(const run::RunDirectory& directory) {
  if (directory.recipe().latent.codes == "none") return;
  try {
    explore::Gallery gallery = make_gallery(0);
    const auto opened = gallery.open(directory, {});
    explore::TrainedGenerator& generator = opened->generator;
    for (int code = 1; code <= std::ssize(generator.codes()); ++code) {
      const explore::Sweep sweep = explore::sweep_of(generator, code, train::kFixedSeed, rows_of_sweep(generator));
      picture::write_png(directory.samples() / fmt::format("{}{}.png", page::kSweepPictures, code),
                         picture_of(sweep, generator.draw(sweep.samples), directory, {}),
                         {{"Software", "Ganymede"}, {"Description", opened->file.filename().string()}});
    }
  } catch (const Error& fault) {
    tell("no sweep of the codes is drawn: {}", fault.what());
  }
}

}  // namespace ganymede::app
