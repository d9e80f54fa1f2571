#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "base/error.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "explore/gallery.hpp"
#include "picture/png.hpp"
#include "shared.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct SampleArguments {
  RunArguments run;
  Output output;
  std::int64_t count = 16;
  std::uint64_t seed = train::kFixedSeed;
  std::optional<std::string> only;
  int columns = 0;
  std::optional<std::uint64_t> epoch;
  std::string checkpoint;
  std::string file;
  int threads = 0;
};

NamedTensors arrays(const train::NamedSamples& samples, const Tensor& images) {
  const std::int64_t n = samples.count;
  std::vector<std::int64_t> seeds(static_cast<std::size_t>(n));
  std::iota(seeds.begin(), seeds.end(), static_cast<std::int64_t>(samples.seed));
  NamedTensors result;
  result["images"] = images;
  result["range"] = Tensor::of<float>({2}, std::vector<float>{-1, 1});  // what readers of floats would have to guess
  result["z"] = Tensor::of<float>({n, static_cast<std::int64_t>(samples.z.size()) / n}, samples.z);
  result["seeds"] = Tensor::of<std::int64_t>({n}, seeds);
  if (!samples.classes.empty()) result["labels"] = Tensor::of<std::int32_t>({n}, samples.classes);
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

int sample(const SampleArguments& arguments) {
  const fs::path file = arguments.file;
  const bool npz = file.extension() == ".npz";
  const bool svg = file.extension() == ".svg";
  if (!npz && !svg && file.extension() != ".png") {
    fail<UserError>("-o {}: wanted a name that ends in .png (a picture), .svg (strokes of ink) or .npz (arrays)",
                    file.string());
  }
  const run::RunDirectory directory = arguments.run.find();
  explore::Gallery gallery = make_gallery(arguments.threads);
  const auto opened = gallery.open(directory, {.epoch = arguments.epoch, .checkpoint = arguments.checkpoint});
  const fs::path& source = opened->file;
  explore::TrainedGenerator& generator = opened->generator;
  const train::NamedSamples samples =
      generator.samples(arguments.seed, arguments.count, generator.class_named(arguments.only));
  const Tensor images = generator.draw(samples);
  if (npz) {
    write_npz(file, arrays(samples, images));
  } else if (svg) {
    if (!train::is_ink({images.shape()[1], images.shape()[2], images.shape()[3]}))
      fail<UserError>("-o {}: only symbols of ink can be written as SVG; wanted .png or .npz", file.string());
    std::vector<ink::Ink> inks;
    data::write_sheet(file, train::ink_sheet(images, inks, arguments.columns));
  } else {
    picture::write_png(file, train::sheet(images, arguments.columns),
                       {{"Software", "Ganymede"},
                        {"Description", fmt::format("{}, seeds {} to {}", source.filename().string(), arguments.seed,
                                                    arguments.seed + static_cast<std::uint64_t>(samples.count) - 1)}});
  }
  if (arguments.output.json) {
    nlohmann::json result = {{"schema", "ganymede.sample/1"},  {"run", directory.name()},
                             {"weights", source.string()},     {"epoch", generator.about().epoch},
                             {"step", generator.about().step}, {"seed", arguments.seed},
                             {"count", samples.count},         {"file", file.string()}};
    if (!samples.classes.empty()) {
      result["classes"] = samples.classes;
      result["class_names"] = generator.class_names();
    }
    print(result);
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {}{}, seeds {} to {}, from {}\n", file.string(), counted(samples.count, "sample"),
                      of_classes(samples, generator.class_names(), arguments.only.has_value()), arguments.seed,
                      arguments.seed + static_cast<std::uint64_t>(samples.count) - 1, source.string()));
  }
  return 0;
}

}  // namespace

Action set_up_sample(CLI::App& command) {
  const auto a = std::make_shared<SampleArguments>();
  add_run(command, a->run);
  command
      .add_option("-o,--output", a->file,
                  "FILE.png: one picture; FILE.svg: strokes of ink; FILE.npz: images [N, C, H, W], z, seeds, labels")
      ->type_name("FILE")
      ->transform(through_links())
      ->required();
  command.add_option("--n", a->count, "How many samples")->transform(range(1, 1000000))->capture_default_str();
  command.add_option("--seed", a->seed, "Seed that names the first sample; the next ones count up")
      ->transform(range<std::int64_t>(0, kMostSampleSeed))
      ->capture_default_str();
  command
      .add_option(
          "--class", a->only,
          "Class of all samples, by its name or else its number (conditional models; without it the seed modulo "
          "the classes)")
      ->type_name("CLASS");
  command.add_option("--grid", a->columns, "Columns of the picture; 0: as square as can be")
      ->transform(range(0, 1000))
      ->capture_default_str();
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshot (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  command.add_option("--checkpoint", a->checkpoint, "Weights of this checkpoint file")->type_name("FILE");
  add_threads(command, a->threads);
  add_output(command, a->output);
  command.footer(
      "A sample is named by its seed: sample i of --seed S is sample 0 of --seed S+i.\n"
      "Example: ganymede sample dcgan-001 --n 64 --seed 1000 -o digits.png");
  return [a] { return sample(*a); };
}

}  // namespace ganymede::app
