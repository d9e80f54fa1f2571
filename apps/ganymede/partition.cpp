#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/wording.hpp"
#include "command.hpp"
#include "picture/png.hpp"
#include "shared.hpp"
#include "study/sampler_plots.hpp"

namespace ganymede::app {
namespace {

constexpr std::int64_t kMassDraws = 20000;

struct PartitionArguments {
  Output output;
  std::string file;
  int classes = 39;
  int dim = 100;
  std::uint64_t seed = 1;
  std::string picture;
  std::int64_t samples = 7800;
  double sigma = latent::SamplerOptions{}.sigma;
};

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

picture::Image picture_of(const std::vector<study::SurveyedSampler>& all) {
  std::vector<picture::Image> plots;
  for (const picture::LinePlot& plot : study::sampler_plots(all)) plots.push_back(draw(plot));
  picture::Image sheet(plots[0].height() * static_cast<int>(plots.size()), plots[0].width(), 3);
  for (std::size_t i = 0; i < plots.size(); ++i) sheet.blit(plots[i], plots[0].height() * static_cast<int>(i), 0);
  return sheet;
}

int create(const PartitionArguments& arguments) {
  if (std::filesystem::exists(arguments.file)) {
    fail<UserError>("{}: is there already; runs may share it: choose another name or delete it first", arguments.file);
  }
  const latent::Partition partition = latent::make_partition(arguments.classes, arguments.dim, arguments.seed);
  latent::write_partition(arguments.file, partition);
  if (arguments.output.json) {
    print(nlohmann::json{{"schema", "ganymede.partition_create/1"},
                         {"file", arguments.file},
                         {"classes", arguments.classes},
                         {"dim", arguments.dim},
                         {"seed", arguments.seed}});
  } else if (!arguments.output.quiet) {
    print(fmt::format("{}: {} in {}, seed {}\n", arguments.file, counted(arguments.classes, "class"),
                      counted(arguments.dim, "dimension"), arguments.seed));
  }
  return 0;
}

int show_partition(const PartitionArguments& arguments) {
  const latent::Partition partition = latent::read_partition(arguments.file);
  std::string unreachable;
  const auto surveyed = study::survey_samplers(partition, arguments.samples, arguments.sigma, &unreachable);
  if (!arguments.picture.empty()) picture::write_png(arguments.picture, picture_of(surveyed));

  const std::vector<double> norms = latent::centroid_norms(partition);
  const std::vector<double> distances = latent::centroid_distances(partition);
  std::vector<double> masses = latent::cell_masses(partition, kMassDraws, 1);
  std::sort(masses.begin(), masses.end());
  if (arguments.output.json) {
    nlohmann::json samplers;
    for (const study::SurveyedSampler& s : surveyed) {
      samplers[s.name] = {{"norm_mean", mean(s.survey.norms)},
                          {"along_mean", mean(s.survey.along)},
                          {"draws_mean", s.survey.draws.mean()},
                          {"draws_most", s.survey.draws.most}};
    }
    print(nlohmann::json{{"schema", "ganymede.partition_show/1"},
                         {"classes", partition.classes()},
                         {"dim", partition.dim()},
                         {"seed", partition.seed},
                         {"centroid_norms", norms},
                         {"cell_masses_ascending", masses},
                         {"samples", arguments.samples},
                         {"samplers", samplers},
                         {"picture", arguments.picture}});
    return 0;
  }
  TextTable head("ll");
  head.add({"partition", arguments.file});
  head.add({"classes", std::to_string(partition.classes())});
  head.add({"dimensions", std::to_string(partition.dim())});
  head.add({"seed", std::to_string(partition.seed)});
  const auto [shortest, longest] = std::minmax_element(norms.begin(), norms.end());
  head.add(
      {"centroids", fmt::format("length {:.2f} to {:.2f}{}", *shortest, *longest,
                                distances.empty() ? "" : fmt::format(", nearest two {:.2f} apart", distances[0]))});
  head.add({"cells", fmt::format("{:.2f} % to {:.2f} % of N(0, I), median {:.2f} % (of {} draws)", 100 * masses.front(),
                                 100 * masses.back(), 100 * masses[masses.size() / 2], with_thousands(kMassDraws))});
  TextTable table("lrrrr");
  table.add({"sampler", "mean |z|", "mean z zc / |zc|", "draws a sample", "most"});
  for (const study::SurveyedSampler& s : surveyed) {
    table.add({s.name, fmt::format("{:.3f}", mean(s.survey.norms)), fmt::format("{:.3f}", mean(s.survey.along)),
               fmt::format("{:.1f}", s.survey.draws.mean()), with_thousands(s.survey.draws.most)});
  }
  print(head.str() + "\n" + table.str());
  if (!unreachable.empty()) print("\n" + unreachable + "\n");
  if (!arguments.picture.empty()) print(fmt::format("picture: {}\n", arguments.picture));
  return 0;
}

}  // namespace

Action set_up_partition(CLI::App& command) {
  const auto a = std::make_shared<PartitionArguments>();
  CLI::App* creating = command.add_subcommand("create", "Draw the centroids of the classes and write them to a file");
  CLI::App* showing = command.add_subcommand("show", "Say how big the cells are and what each sampler makes of z");
  for (CLI::App* sub : {creating, showing}) {
    sub->add_option("FILE", a->file, "The partition: .safetensors, or .npz for NumPy")->required();
    add_output(*sub, a->output);
  }
  creating->add_option("--classes", a->classes, "Classes of the model")
      ->transform(range(1, 65536))
      ->capture_default_str();
  creating->add_option("--dim", a->dim, "Length of z")->transform(range(1, 65536))->capture_default_str();
  creating->add_option("--seed", a->seed, "Seed of the centroids")
      ->transform(range<std::int64_t>(0, kMostSeed))
      ->capture_default_str();
  creating->footer("Example: ganymede partition create ink.safetensors --classes 39 --dim 100");
  showing->add_option("-o,--picture", a->picture, "Draw lengths and coordinates of z for each sampler")
      ->type_name("FILE.png")
      ->transform(through_links());
  showing->add_option("--samples", a->samples, "Samples of each sampler")
      ->transform(range(1, 1000000))
      ->capture_default_str();
  showing->add_option("--sigma", a->sigma, "Noise of the centroid sampler")
      ->transform(range(0.0, 1000.0))
      ->capture_default_str();
  showing->footer("Example: ganymede partition show ink.safetensors -o ink.png");
  command.require_subcommand(1);
  command.footer("Example: ganymede partition create ink.safetensors");
  return [a, creating] { return creating->parsed() ? create(*a) : show_partition(*a); };
}

}  // namespace ganymede::app
