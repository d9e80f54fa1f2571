#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "explore/dissection_picture.hpp"
#include "explore/gallery.hpp"
#include "picture/png.hpp"
#include "shared.hpp"
#include "tensor/npy.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct DissectArguments {
  std::vector<std::string> runs;
  std::string root;
  std::optional<std::uint64_t> epoch;
  std::uint64_t seed = train::kFixedSeed;
  std::string z;
  int count = 8;
  std::optional<std::string> only;
  std::string condition;
  std::vector<std::string> layers, ablations;
  std::string folder;
  bool arrays = false;
  int threads = 0;
  Output output;
};

// One of the runs, at work.
struct Subject {
  std::string name;
  std::shared_ptr<explore::Exhibit> exhibit;
  train::NamedSamples samples;
  std::vector<play::Override> overrides;
  explore::TrainedGenerator& generator() const { return exhibit->generator; }
};

Subject open_subject(explore::Gallery& gallery, const run::RunDirectory& directory, const DissectArguments& arguments) {
  const auto exhibit = gallery.open(directory, {.epoch = arguments.epoch});
  explore::TrainedGenerator& generator = exhibit->generator;
  const net::Network& network = generator.network();
  explore::chosen_layers(network, arguments.layers);
  std::vector<play::Override> overrides = explore::parse_ablations(arguments.ablations, network);
  const std::optional<int> only = generator.class_named(arguments.only);
  give_condition(generator, arguments.condition);
  train::NamedSamples samples = generator.samples(arguments.seed, arguments.count, only);
  if (!arguments.z.empty()) {
    const auto named = [&](std::uint64_t seed) { return generator.samples(seed, 1, only).z; };
    samples.z = explore::parse_z(arguments.z, generator.latent_dim(), named);
    samples.count = 1;
    samples.conditions.resize(static_cast<std::size_t>(generator.condition_length()));
    if (!samples.classes.empty()) samples.classes.assign(1, std::int32_t{samples.classes.front()});
  }
  return {directory.name(), exhibit, std::move(samples), std::move(overrides)};
}

nlohmann::json dissection_json(const explore::DissectedRun& run) {
  nlohmann::json layers = nlohmann::json::array();
  for (const explore::LayerView& view : run.dissection.layers) {
    layers.push_back({{"layer", view.layer.node},
                      {"kind", view.layer.kind},
                      {"shape", view.layer.shape},
                      {"zero", view.activity.zero},
                      {"near_zero", view.activity.near_zero},
                      {"mean", view.activity.mean},
                      {"rms", view.activity.rms},
                      {"least", view.activity.least},
                      {"most", view.activity.most}});
  }
  return {{"run", run.name}, {"samples", run.dissection.pictures.shape()[0]}, {"layers", layers}};
}

std::string table_of(const explore::DissectedRun& run) {
  TextTable table("llrrrrr");
  table.add({"layer", "kind", "shape", "near zero", "zero", "rms", "range"});
  for (const explore::LayerView& view : run.dissection.layers) {
    const explore::Activity& a = view.activity;
    table.add({view.layer.node, view.layer.kind, to_string(view.layer.shape),
               fmt::format("{:.1f} %", 100 * a.near_zero), fmt::format("{:.1f} %", 100 * a.zero),
               fmt::format("{:.3g}", a.rms), fmt::format("{:.3g} to {:.3g}", a.least, a.most)});
  }
  return run.name + "\n" + table.str();
}

std::vector<fs::path> write_pictures(const fs::path& folder, const std::vector<explore::DissectedRun>& runs,
                                     bool arrays) {
  std::vector<fs::path> files;
  const auto put = [&](const std::string& name, const picture::Image& image) {
    files.push_back(folder / name);
    picture::write_png(files.back(), image, {{"Software", "Ganymede"}});
  };
  put("overview.png", explore::draw_overview(runs));
  std::size_t layers = 0;
  for (const auto& run : runs) layers = std::max(layers, run.dissection.layers.size());
  for (std::size_t k = 0; k < layers; ++k) {
    const auto with =
        std::find_if(runs.begin(), runs.end(), [&](const auto& r) { return k < r.dissection.layers.size(); });
    put(fmt::format("layer-{:02}-{}.png", k + 1, with->dissection.layers[k].layer.node), explore::draw_layer(runs, k));
  }
  if (!arrays) return files;
  NamedTensors tensors;
  for (const auto& run : runs) {
    tensors[run.name + "." + "pictures"] = run.dissection.pictures;
    for (const explore::LayerView& view : run.dissection.layers)
      tensors[run.name + "." + view.layer.node] = view.values;
  }
  files.push_back(folder / "activations.npz");
  write_npz(files.back(), tensors);
  return files;
}

int dissect(const DissectArguments& arguments) {
  explore::Gallery gallery = make_gallery(arguments.threads);
  std::vector<Subject> subjects;  // all are opened, and what is asked of them checked, before the first is looked into
  fs::path folder = arguments.folder;
  for (const std::string& name : arguments.runs) {
    const run::RunDirectory directory = run::find_run(run::runs_root(arguments.root), name);
    if (folder.empty()) folder = directory.path() / "dissection";
    subjects.push_back(open_subject(gallery, directory, arguments));
  }
  make_folder(folder);
  std::vector<explore::DissectedRun> dissected;
  for (const Subject& s : subjects) dissected.push_back({s.name, s.generator().inspect(s.samples, arguments.layers)});
  std::vector<fs::path> files = write_pictures(folder, dissected, arguments.arrays);
  nlohmann::json changes = nlohmann::json::array();
  std::string told;
  if (!arguments.ablations.empty()) {
    std::vector<explore::Ablated> ablated;
    for (std::size_t r = 0; r < subjects.size(); ++r) {
      const Subject& s = subjects[r];
      const Tensor after = s.generator().draw(s.samples, s.overrides);
      ablated.push_back({s.name, dissected[r].dissection.pictures, after});
      const explore::PictureChange change = explore::change_of(ablated.back().before, after);
      double mean = 0;
      for (const double v : change.samples) mean += v / static_cast<double>(change.samples.size());
      changes.push_back({{"run", s.name}, {"mean_change", mean}, {"samples", change.samples}});
      told += fmt::format("{}: without {} a pixel changes by {:.4f} on average (of a range of 2)\n", s.name,
                          fmt::join(arguments.ablations, " and "), mean);
    }
    files.push_back(folder / "ablation.png");
    picture::write_png(files.back(), explore::draw_ablation(ablated), {{"Software", "Ganymede"}});
  }
  if (arguments.output.json) {
    nlohmann::json runs = nlohmann::json::array(), names = nlohmann::json::array();
    for (const auto& run : dissected) runs.push_back(dissection_json(run));
    for (const fs::path& file : files) names.push_back(file.string());
    print(nlohmann::json{{"schema", "ganymede.dissect/1"}, {"runs", runs}, {"ablation", changes}, {"files", names}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  for (const auto& run : dissected) print(table_of(run) + "\n");
  print(told);
  print(
      fmt::format("near zero: below {} of the layer's root mean square; of normally distributed values {:.1f} %\n"
                  "pictures: {}, {} and {} more\n",
                  explore::kNearZero, 100 * explore::kNormalNearZero, files[0].string(),
                  files.back().filename().string(), files.size() - 2));
  return 0;
}

}  // namespace

Action set_up_dissect(CLI::App& command) {
  const auto a = std::make_shared<DissectArguments>();
  command.add_option("RUN", a->runs, "Runs, by name or path; several stand side by side for the same z")->required();
  command.add_option("--runs", a->root, "Folder of the runs (else $GANYMEDE_RUNS, else ./runs)")->type_name("DIR");
  auto* seed =
      command.add_option("--seed", a->seed, "Seed that names the sample in the pictures; the next ones count up")
          ->transform(range<std::int64_t>(0, kMostSampleSeed))
          ->capture_default_str();
  command.add_option("--z", a->z, "This z instead, as in 0.5,-1.2")->type_name("Z")->excludes(seed);
  command.add_option("--n", a->count, "Samples that the shares are measured on, and that ablation shows")
      ->transform(range(1, 256))
      ->capture_default_str();
  command.add_option("--class", a->only, "Class of all samples, by its name or else its number (conditional models)")
      ->type_name("CLASS");
  add_condition(command, a->condition);
  command.add_option("--layer", a->layers, "Only this layer; may be repeated")->allow_extra_args(false);
  add_ablate(command, a->ablations);
  command.add_option("-o,--output", a->folder, "Folder of the pictures (default: dissection/ in the first run)")
      ->type_name("DIR");
  command.add_flag("--npz", a->arrays, "Write the activations as well, activations.npz");
  command.add_option("--epoch", a->epoch, "Weights of this epoch's snapshots (default: the newest there are)")
      ->transform(range<std::int64_t>(0, kMostCount));
  add_threads(command, a->threads);
  add_output(command, a->output);
  command.footer(
      "Writes overview.png, a picture of every layer's mean and feature maps, and ablation.png: before, after, "
      "change.\n"
      "Example: ganymede dissect relu elu --seed 3 --ablate act2:channel=5");
  return [a] { return dissect(*a); };
}

}  // namespace ganymede::app
