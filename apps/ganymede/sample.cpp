#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/gallery.hpp"
#include "explore/point_pictures.hpp"
#include "explore/sweep.hpp"
#include "picture/png.hpp"
#include "run_classifier.hpp"
#include "sample_command.hpp"
#include "sweep_drawing.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPictures = 16;

// A picture a z, and of a generator that takes a class one of each of them (or of the one that was named).
train::NamedSamples samples_at(explore::TrainedGenerator& generator, const SampleArguments& arguments) {
  const std::optional<int> only = generator.class_named(arguments.only);
  train::NamedSamples samples;
  for (const std::string& text : arguments.z) {
    std::uint64_t of = 0;  // whose condition is told where none is: the seed's, or that of seed 0
    const auto named = [&](std::uint64_t seed) { return generator.samples(of = seed, 1, only).z; };
    const std::vector<float> z = explore::parse_z(text, generator.latent_dim(), named);
    const std::vector<float> condition = generator.conditions(of, 1);
    samples.conditions.insert(samples.conditions.end(), condition.begin(), condition.end());
    for (int k = 0; k < std::max(generator.classes(), 1); ++k) {
      if (only && k != *only) continue;
      samples.z.insert(samples.z.end(), z.begin(), z.end());
      if (generator.classes() > 0) samples.classes.push_back(k);
      ++samples.count;
    }
  }
  return samples;
}

Look look_at(explore::TrainedGenerator& generator, const SampleArguments& arguments, const Tensor& images) {
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output, arguments.classify);
  if (!by.classifier) return {{}, {}, by.why_not};
  return {explore::seen_in(generator.judge(*by.classifier, images).probabilities), by.classifier->record().class_names,
          words_of(*by.classifier)};
}

// The table that a code makes of so many samples.
int sample_sweep(const SampleArguments& arguments, const run::RunDirectory& directory,
                 explore::TrainedGenerator& generator, const std::string& weights) {
  const bool points = explore::draws_points(generator.network());
  const std::int64_t rows = arguments.count > 0 ? arguments.count : rows_of_sweep(generator);
  const explore::Sweep sweep =
      explore::sweep_of(generator, arguments.sweep, arguments.seed, rows, generator.class_named(arguments.only));
  check_writable(arguments.file);
  const Tensor images = generator.draw(sweep.samples);
  const std::string words =
      fmt::format("code {} from {} to {}, seeds {} to {}", arguments.sweep, sweep.values.front(), sweep.values.back(),
                  arguments.seed, arguments.seed + static_cast<std::uint64_t>(rows) - 1);
  if (fs::path(arguments.file).extension() == ".npz") {
    NamedTensors found = arrays_of(arguments, sweep.samples, images, {});
    found.erase("seeds");  // none names them all
    write_npz(arguments.file, found);
  } else {
    const SweepWeights from{
        .epoch = arguments.epoch, .checkpoint = arguments.checkpoint, .threads = arguments.machine.threads};
    picture::write_png(arguments.file, picture_of(sweep, images, directory, from),
                       {{"Software", "Ganymede"}, {"Description", fmt::format("{}, {}", weights, words)}});
  }
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.sweep/1"},
                         {"run", directory.name()},
                         {"epoch", generator.about().epoch},
                         {"step", generator.about().step},
                         {"file", arguments.file},
                         {"code", arguments.sweep},
                         {"values", sweep.values},
                         {"rows", rows},
                         {"seed", arguments.seed}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {}, {} a column, from {}\n", arguments.file, words, points ? "a plot" : "a value", weights));
  }
  return 0;
}

int sample(SampleArguments arguments) {
  const fs::path file = arguments.file;
  const bool svg = file.extension() == ".svg", by_z = !arguments.z.empty(), folder = names_folder(arguments.file);
  if (folder && (arguments.sweep > 0 || arguments.columns > 0))
    fail<UserError>("-o {}: --sweep and --grid make one picture, which a folder of samples has not", arguments.file);
  if (!file.empty() && !svg && !folder && file.extension() != ".npz" && file.extension() != ".png") {
    fail<UserError>(
        "-o {}: wanted a name that ends in .png (a picture), .svg (strokes of ink), .npz (arrays) or / (a "
        "folder of pictures)",
        file.string());
  }
  if (arguments.drawing.any() && file.extension() != ".png")
    fail<UserError>("-o {}: --manifold and --arrows are drawn into a picture of points: wanted .png", file.string());
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.machine.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch, .checkpoint = arguments.checkpoint});
  explore::TrainedGenerator& generator = opened->generator;
  if (arguments.truncation > 0) generator.truncate(arguments.truncation);
  give_condition(generator, arguments.condition);
  if (arguments.sweep > 0) {
    if (svg || arguments.drawing.any())
      fail<UserError>("--sweep: wanted -o FILE.png or FILE.npz, without --manifold and --arrows");
    return sample_sweep(arguments, directory, generator, opened->file.filename().string());
  }
  if (arguments.count == 0)
    arguments.count = explore::draws_points(generator.network()) ? train::kPointsShown : kPictures;
  const train::NamedSamples samples =
      by_z ? samples_at(generator, arguments)
           : generator.samples(arguments.seed, arguments.count, generator.class_named(arguments.only));
  if (arguments.columns > 0 && explore::draws_points(generator.network()))
    fail<UserError>("--grid: points are drawn in one plot, without columns");
  if (folder && explore::draws_points(generator.network()))
    fail<UserError>("-o {}: points are numbers, not pictures: wanted .npz (arrays) or .png (a plot)", arguments.file);
  if (folder) check_sample_folder(arguments.file);
  const Tensor images = generator.draw(samples);
  if (svg && !train::is_ink({images.shape()[1], images.shape()[2], images.shape()[3]}))
    fail<UserError>("-o {}: only symbols of ink can be written as SVG; wanted .png or .npz", file.string());
  if (!file.empty() && !folder) check_writable(file);
  if (!arguments.table.empty()) check_writable(arguments.table);
  const Look look = by_z ? look_at(generator, arguments, images) : Look{};
  if (folder) {
    write_sample_folder(arguments, samples, images);
  } else if (!file.empty()) {
    write_samples(arguments, directory, generator, samples, images, look, opened->file.filename().string());
  }
  if (!arguments.table.empty()) write_score_table(arguments, generator, images);
  if (arguments.output.json) {
    nlohmann::json result = sample_result(arguments, generator, samples, look);
    if (!arguments.table.empty()) result["csv"] = arguments.table;
    result["run"] = directory.name();
    result["weights"] = opened->file.string();
    print(result);
    return 0;
  }
  if (arguments.output.quiet) return 0;
  const std::string what = counted(samples.count, "sample") +
                           words_of_classes(samples, generator.class_names(), arguments.only.has_value()) +
                           words_of_conditions(arguments, samples);
  if (!by_z) {
    const std::string files = file.empty()              ? arguments.table
                              : arguments.table.empty() ? file.string()
                                                        : fmt::format("{} and {}", file.string(), arguments.table);
    print(fmt::format("{}: {}, seeds {} to {}{}, from {}\n", files, what, arguments.seed,
                      arguments.seed + static_cast<std::uint64_t>(samples.count) - 1, words_of_truncation(arguments),
                      opened->file.string()));
    return 0;
  }
  if (!file.empty()) print(fmt::format("{}: {}, from {}\n", file.string(), what, opened->file.string()));
  print(told_of(arguments, generator, samples, look));
  return 0;
}

}  // namespace

Action set_up_sample(CLI::App& command) {
  const auto a = std::make_shared<SampleArguments>();
  add_run(command, a->run);
  command
      .add_option("-o,--output", a->file,
                  "FILE.png: one picture; FILE.svg: strokes of ink; FILE.npz: images [N, C, H, W] or points [N, D], z, "
                  "seeds, labels, conditions; DIR/: a new folder with a PNG a sample, named by its seed "
                  "(needed, but with --z or --csv)")
      ->type_name("FILE")
      ->transform(through_links());
  auto* table =
      command
          .add_option("--csv", a->table,
                      "FILE.csv: the seed of each sample and its measured attributes (thickness, slant ...), to which "
                      "you may add columns of your own for `directions --scores`")
          ->type_name("FILE")
          ->transform(through_links());
  auto* count = command.add_option("--n", a->count, "How many samples (default: 16, of points 1,000)")
                    ->transform(range(1, 1000000));
  auto* seed = command.add_option("--seed", a->seed, "Seed that names the first sample; the next ones count up")
                   ->transform(range<std::int64_t>(0, kMostSampleSeed))
                   ->capture_default_str();
  command
      .add_option("--z", a->z,
                  "The picture at this z instead, as in 0.5,-1.2; may be repeated. Its class is told where a "
                  "classifier of the run's data is kept")
      ->type_name("Z")
      ->allow_extra_args(false)
      ->excludes(count)
      ->excludes(seed)
      ->excludes(table);
  add_truncation(command, a->truncation)->excludes("--z");
  add_classify(command, a->classify);
  command
      .add_option(
          "--class", a->only,
          "Class of all samples, by its name or else its number (conditional models; without it the seed modulo "
          "the classes, at a z every class)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  auto* grid = command.add_option("--grid", a->columns, "Columns of the picture; 0: as square as can be")
                   ->transform(range(0, 1000))
                   ->capture_default_str();
  command
      .add_option(
          "--sweep", a->sweep,
          "InfoGAN: what this code of latent.codes does, 1 the first: a row for each of --n seeds (default: 10; of "
          "points 1,000), a column for each value (of a uniform one 11 from -1 to 1); of points a plot a value")
      ->type_name("CODE")
      ->transform(range(1, 64))
      ->excludes("--z")
      ->excludes(grid)
      ->excludes(table);
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command
      .add_option("--checkpoint", a->checkpoint, "Weights of this file of the run: a checkpoint, or best.safetensors")
      ->type_name("FILE");
  add_point_drawing(command, a->drawing);
  add_threads(command, a->machine.threads);
  add_data(command, a->machine.data);
  add_output(command, a->output);
  command.parse_complete_callback([a] {
    if (a->file.empty() && a->z.empty() && a->table.empty()) throw CLI::RequiredError("--output");
  });
  command.footer(
      "A sample is named by its seed: sample i of --seed S is sample 0 of --seed S+i.\n"
      "Example: ganymede sample dcgan-001 --n 64 --seed 1000 -o digits.png\n"
      "         ganymede sample digits-2d-001 --z 0.5,-1.2 -o there.png\n"
      "         ganymede sample info-quick-001 --sweep 1 -o codes.png");
  return [a] { return sample(*a); };
}

}  // namespace ganymede::app
