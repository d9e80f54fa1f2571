#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "backend.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/attributes/scores.hpp"
#include "explore/gallery.hpp"
#include "explore/point_pictures.hpp"
#include "explore/seen.hpp"
#include "explore/sweep.hpp"
#include "explore/weights.hpp"
#include "picture/png.hpp"
#include "point_drawing.hpp"
#include "run_classifier.hpp"
#include "shared.hpp"
#include "sweep_drawing.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct SampleArguments {
  RunArguments run;
  Output output;
  std::int64_t count = 0;  ///< 0: kPictures, or of points as many as training shows
  std::uint64_t seed = train::kFixedSeed;
  std::vector<std::string> z;  ///< instead of the samples that seeds name
  std::optional<std::string> only;
  std::string condition;  ///< "": those of the seeds
  int sweep = 0;          ///< > 0: a code, whose values are the columns
  int columns = 0;
  double truncation = 0;  ///< 0: none
  std::optional<std::uint64_t> epoch;
  std::string checkpoint;
  std::string file;
  std::string table;  ///< scores of the samples as CSV
  bool classify = false;
  PointDrawing drawing;
  MachineArguments machine;
};

constexpr std::int64_t kPictures = 16;

// What a classifier sees in the pictures of z.
struct Look {
  std::vector<explore::Seen> seen;  // [N], or none without a classifier
  std::vector<std::string> names;
  std::string by;  // the classifier, or why there is none
};

// Pictures that are named by seeds, or by their z alone.
NamedTensors arrays(const SampleArguments& arguments, const train::NamedSamples& samples, const Tensor& images,
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

// " of class 2 (bee)", or " of the classes 0 (ant), 1 (bee) ... in turn".
std::string of_classes(const train::NamedSamples& samples, const std::vector<std::string>& names, bool one) {
  constexpr std::size_t kListed = 12;
  if (samples.classes.empty()) return {};
  const std::set<std::int32_t> distinct(samples.classes.begin(), samples.classes.end());
  if (one || distinct.size() == 1) return " of class " + train::class_words(samples.classes.front(), names);
  std::vector<std::string> words;
  for (const std::int32_t k : distinct) {
    if (words.size() < kListed) words.push_back(train::class_words(k, names));
  }
  if (distinct.size() > kListed) words.emplace_back("...");
  return fmt::format(" of the classes {} in turn", fmt::join(words, ", "));
}

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

picture::Image picture_of(const SampleArguments& arguments, const run::RunDirectory& directory,
                          explore::TrainedGenerator& generator, const Tensor& images, int columns) {
  const explore::PointExtras extras =
      extras_of(arguments.drawing, generator, generator.class_named(arguments.only), arguments.truncation);
  if (!explore::draws_points(generator.network())) return train::sheet(images, columns);
  const explore::Weights weights = explore::load_weights(directory, arguments.epoch, arguments.checkpoint);
  return explore::PointPictures(backend(), weights.snapshot.recipe, arguments.machine.threads)
      .draw(weights.snapshot, images, extras);
}

std::string words_of_truncation(const SampleArguments& arguments) {
  return arguments.truncation > 0 ? fmt::format(", truncated at {}", arguments.truncation) : std::string();
}

// Of one condition its numbers; of several that they are the data's.
std::string words_of_conditions(const SampleArguments& arguments, const train::NamedSamples& samples) {
  if (samples.conditions.empty()) return {};
  const auto each = std::ssize(samples.conditions) / samples.count;
  if (arguments.condition.empty() && samples.count > 1) return " with conditions of the data";
  return words_of_condition({samples.conditions.begin(), samples.conditions.begin() + each});
}

void write(const SampleArguments& arguments, const run::RunDirectory& directory, explore::TrainedGenerator& generator,
           const train::NamedSamples& samples, const Tensor& images, const Look& look, const std::string& weights) {
  const fs::path file = arguments.file;
  // Of several z and classes a row each.
  const bool rows = arguments.columns == 0 && arguments.z.size() > 1 && samples.count > std::ssize(arguments.z);
  const int columns = rows ? static_cast<int>(samples.count / std::ssize(arguments.z)) : arguments.columns;
  if (file.extension() == ".npz") {
    write_npz(file, arrays(arguments, samples, images, look));
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

// Seeds and scores of all samples (explore::ScoreTable), to which columns by hand may be added.
void write_table(const SampleArguments& arguments, explore::TrainedGenerator& generator, const Tensor& images) {
  const std::vector<explore::ScoreSource> sources = explore::score_sources(generator);
  explore::ScoreTable table{.names = {}, .seeds = {}, .columns = explore::scores_of(generator, sources, images)};
  for (const explore::ScoreSource& source : sources) table.names.push_back(source.name);
  for (std::int64_t i = 0; i < images.shape()[0]; ++i)
    table.seeds.push_back(arguments.seed + static_cast<std::uint64_t>(i));
  write_file_atomically(arguments.table, explore::to_csv(table));
}

nlohmann::json result_of(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                         const train::NamedSamples& samples, const Look& look) {
  nlohmann::json result = {{"schema", "ganymede.sample/1"},
                           {"epoch", generator.about().epoch},
                           {"step", generator.about().step},
                           {"count", samples.count},
                           {"file", arguments.file}};
  if (arguments.truncation > 0) result["truncation"] = arguments.truncation;
  if (!samples.classes.empty()) {
    result["classes"] = samples.classes;
    result["class_names"] = generator.class_names();
  }
  const auto length = std::ssize(samples.conditions) / samples.count;
  for (std::int64_t i = 0; i < samples.count && length > 0; ++i) {
    result["conditions"].push_back(
        std::vector<float>(samples.conditions.begin() + i * length, samples.conditions.begin() + (i + 1) * length));
  }
  if (arguments.z.empty()) {
    result["seed"] = arguments.seed;
    return result;
  }
  const auto dim = static_cast<std::ptrdiff_t>(samples.z.size()) / samples.count;
  for (std::int64_t i = 0; i < samples.count; ++i)
    result["z"].push_back(std::vector<float>(samples.z.begin() + i * dim, samples.z.begin() + (i + 1) * dim));
  result["classifier"] = look.seen.empty() ? nlohmann::json() : nlohmann::json(look.by);
  if (look.seen.empty()) result["classifier_missing"] = look.by;
  result["seen"] = nlohmann::json::array();
  result["seen_names"] = look.names;
  for (const explore::Seen& seen : look.seen) {
    result["seen"].push_back({{"class", seen.label},
                              {"name", look.names[static_cast<std::size_t>(seen.label)]},
                              {"probabilities", seen.probabilities}});
  }
  return result;
}

// What is seen at every z, a line a picture.
std::string told(const SampleArguments& arguments, const explore::TrainedGenerator& generator,
                 const train::NamedSamples& samples, const Look& look) {
  if (look.seen.empty()) return fmt::format("its class is not told: {}\n", look.by);
  std::string text;
  const std::size_t each = look.seen.size() / arguments.z.size();
  for (std::size_t i = 0; i < look.seen.size(); ++i) {
    const std::string asked = samples.classes.empty()
                                  ? std::string()
                                  : ", class " + train::class_words(samples.classes[i], generator.class_names());
    text += fmt::format("z {}{}: seen as {}\n", arguments.z[i / each], asked, words_of(look.seen[i], look.names));
  }
  return text + fmt::format("by {}\n", look.by);
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
    NamedTensors found = arrays(arguments, sweep.samples, images, {});
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
  const bool svg = file.extension() == ".svg", by_z = !arguments.z.empty();
  if (!file.empty() && !svg && file.extension() != ".npz" && file.extension() != ".png") {
    fail<UserError>("-o {}: wanted a name that ends in .png (a picture), .svg (strokes of ink) or .npz (arrays)",
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
  const Tensor images = generator.draw(samples);
  if (svg && !train::is_ink({images.shape()[1], images.shape()[2], images.shape()[3]}))
    fail<UserError>("-o {}: only symbols of ink can be written as SVG; wanted .png or .npz", file.string());
  if (!file.empty()) check_writable(file);
  if (!arguments.table.empty()) check_writable(arguments.table);
  const Look look = by_z ? look_at(generator, arguments, images) : Look{};
  if (!file.empty()) write(arguments, directory, generator, samples, images, look, opened->file.filename().string());
  if (!arguments.table.empty()) write_table(arguments, generator, images);
  if (arguments.output.json) {
    nlohmann::json result = result_of(arguments, generator, samples, look);
    if (!arguments.table.empty()) result["csv"] = arguments.table;
    result["run"] = directory.name();
    result["weights"] = opened->file.string();
    print(result);
    return 0;
  }
  if (arguments.output.quiet) return 0;
  const std::string what = counted(samples.count, "sample") +
                           of_classes(samples, generator.class_names(), arguments.only.has_value()) +
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
  print(told(arguments, generator, samples, look));
  return 0;
}

}  // namespace

Action set_up_sample(CLI::App& command) {
  const auto a = std::make_shared<SampleArguments>();
  add_run(command, a->run);
  command
      .add_option("-o,--output", a->file,
                  "FILE.png: one picture; FILE.svg: strokes of ink; FILE.npz: images [N, C, H, W] or points [N, D], z, "
                  "seeds, labels, conditions "
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
