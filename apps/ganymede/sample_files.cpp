#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "backend.hpp"
#include "base/file.hpp"
#include "explore/attributes/scores.hpp"
#include "explore/point_pictures.hpp"
#include "explore/weights.hpp"
#include "picture/png.hpp"
#include "sample_command.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

picture::Image picture_of(const SampleArguments& arguments, const run::RunDirectory& directory,
                          explore::TrainedGenerator& generator, const Tensor& images, int columns) {
  const explore::PointExtras extras =
      extras_of(arguments.drawing, generator, generator.class_named(arguments.only), arguments.truncation);
  if (!explore::draws_points(generator.network())) return train::sheet(images, columns);
  const explore::Weights weights = explore::load_weights(directory, arguments.epoch, arguments.checkpoint);
  return explore::PointPictures(backend(), weights.snapshot.recipe, arguments.machine.threads)
      .draw(weights.snapshot, images, extras);
}

}  // namespace

NamedTensors arrays_of(const SampleArguments& arguments, const train::NamedSamples& samples, const Tensor& images,
                       const Look& look) {
  const std::int64_t n = samples.count;
  NamedTensors result;
  result["images"] = images;
  if (train::is_points({images.shape()[1], images.shape()[2], images.shape()[3]})) {
    result.erase("images");
    result["points"] = images.reshaped({n, images.shape()[1]});
  } else {
    result["range"] = Tensor::of<float>({2}, std::vector<float>{-1, 1});  // what readers of floats would have to guess
  }
  result["z"] = Tensor::of<float>({n, static_cast<std::int64_t>(samples.z.size()) / n}, samples.z);
  if (!samples.classes.empty()) result["labels"] = Tensor::of<std::int32_t>({n}, samples.classes);
  if (!samples.conditions.empty()) {
    result["conditions"] =
        Tensor::of<float>({n, static_cast<std::int64_t>(samples.conditions.size()) / n}, samples.conditions);
  }
  if (arguments.z.empty()) {
    std::vector<std::int64_t> seeds(static_cast<std::size_t>(n));
    std::iota(seeds.begin(), seeds.end(), static_cast<std::int64_t>(samples.seed));
    result["seeds"] = Tensor::of<std::int64_t>({n}, seeds);
  }
  if (!look.seen.empty()) {
    std::vector<float> all;
    for (const explore::Seen& seen : look.seen)
      all.insert(all.end(), seen.probabilities.begin(), seen.probabilities.end());
    result["probabilities"] = Tensor::of<float>({n, static_cast<std::int64_t>(look.names.size())}, all);
  }
  return result;
}

void write_samples(const SampleArguments& arguments, const run::RunDirectory& directory,
                   explore::TrainedGenerator& generator, const train::NamedSamples& samples, const Tensor& images,
                   const Look& look, const std::string& weights) {
  const fs::path file = arguments.file;
  // Of several z and classes a row each.
  const bool rows = arguments.columns == 0 && arguments.z.size() > 1 && samples.count > std::ssize(arguments.z);
  const int columns = rows ? static_cast<int>(samples.count / std::ssize(arguments.z)) : arguments.columns;
  if (file.extension() == ".npz") {
    write_npz(file, arrays_of(arguments, samples, images, look));
  } else if (file.extension() == ".svg") {
    std::vector<ink::Ink> inks;
    data::write_sheet(file, train::ink_sheet(images, inks, columns));
  } else {
    const std::string names = arguments.z.empty()
                                  ? fmt::format("seeds {} to {}", arguments.seed,
                                                arguments.seed + static_cast<std::uint64_t>(samples.count) - 1)
                                  : fmt::format("z {}", fmt::join(arguments.z, " and "));
    picture::write_png(file, picture_of(arguments, directory, generator, images, columns),
                       {{"Software", "Ganymede"},
                        {"Description", fmt::format("{}, {}{}{}", weights, names, words_of_truncation(arguments),
                                                    words_of_conditions(arguments, samples))}});
  }
}

void write_score_table(const SampleArguments& arguments, explore::TrainedGenerator& generator, const Tensor& images) {
  const std::vector<explore::ScoreSource> sources = explore::score_sources(generator);
  explore::ScoreTable table{.names = {}, .seeds = {}, .columns = explore::scores_of(generator, sources, images)};
  for (const explore::ScoreSource& source : sources) table.names.push_back(source.name);
  for (std::int64_t i = 0; i < images.shape()[0]; ++i)
    table.seeds.push_back(arguments.seed + static_cast<std::uint64_t>(i));
  write_file_atomically(arguments.table, explore::to_csv(table));
}

}  // namespace ganymede::app
