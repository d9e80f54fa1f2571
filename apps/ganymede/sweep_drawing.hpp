#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "explore/sweep.hpp"
#include "picture/image.hpp"
#include "run/run_directory.hpp"

namespace ganymede::app {

/// How many rows a sweep has where nobody says: pictures 10, points as many as training shows.
std::int64_t rows_of_sweep(const explore::TrainedGenerator& generator);

/// Which weights of a run draw, as --epoch and --checkpoint name them, by how many threads.
struct SweepWeights {
  std::optional<std::uint64_t> epoch{};
  std::string checkpoint{};
  int threads = 0;
};
/// A sweep's samples, as its generator drew them, as one picture: a table, or of points a plot a column over D's
/// surface.
picture::Image picture_of(const explore::Sweep& sweep, const Tensor& samples, const run::RunDirectory& directory,
                          const SweepWeights& weights);

/// RUN/samples/sweep-1.png, sweep-2.png ... of a run with codes (latent.codes), of its newest weights: the report shows
/// them. Nothing for other runs; a sentence on stderr where there are no weights or the folder cannot be written.
void draw_sweeps(const run::RunDirectory& directory);

}  // namespace ganymede::app
