#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "explore/trained_generator.hpp"
#include "interop/import_weights.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"
#include "run/import_run.hpp"
#include "run/network_error.hpp"
#include "run/recipe_file.hpp"
#include "shared.hpp"
#include "tensor/safetensors.hpp"
#include "train/conditions.hpp"
#include "train/sources.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

struct ImportArguments {
  std::string file;
  RecipeArguments recipe;
  std::string network;  ///< JSON of one
  std::string layout;   ///< empty: told by the names
  std::string names;    ///< JSON of a table
  std::string prefix;
  double epsilon = 0;
  RunArguments run;  ///< `run` is the new run's name
  bool dry_run = false;
  std::string data;
  int threads = 0;
  Output output;
};

NamedTensors weights_in(const std::string& file) {
  const std::string bytes = read_file(file);
  const char* kind = bytes.starts_with("PK")        ? "a zip archive, as torch.save and Keras write"
                     : bytes.starts_with("\x89HDF") ? "HDF5"
                                                    : nullptr;
  if (kind != nullptr) {
    fail<DataError>(
        "{}: wanted safetensors, found {}. In PyTorch safetensors.torch.save_file(model.state_dict(), FILE) writes "
        "them, for Keras safetensors.numpy.save_file({{w.path: w.numpy() for w in model.weights}}, FILE)",
        file, kind);
  }
  return parse_safetensors(bytes, file).tensors;
}

interop::WeightLayout layout_of(const std::string& word, const NamedTensors& tensors) {
  if (!word.empty()) return word == "keras" ? interop::WeightLayout::keras : interop::WeightLayout::pytorch;
  const auto is_keras = [](const auto& tensor) {
    const std::string suffix = tensor.first.substr(tensor.first.find_last_of("./") + 1);
    return suffix.starts_with("kernel") || suffix.starts_with("gamma") || suffix.starts_with("embeddings");
  };
  return std::ranges::any_of(tensors, is_keras) ? interop::WeightLayout::keras : interop::WeightLayout::pytorch;
}

interop::NameTable table_in(const std::string& file) {
  if (file.empty()) return {};
  const auto json = parse_json<nlohmann::json>(read_file(file), file);
  interop::NameTable table;
  if (!json.is_object()) fail<DataError>("{}: wanted an object {{\"their name\": \"ours\"}}", file);
  for (const auto& [theirs, ours] : json.items()) {
    if (!ours.is_string() && !ours.is_null())
      fail<DataError>("{}: \"{}\": wanted our name, or null for what is not wanted", file, theirs);
    table[theirs] = ours.is_null() ? "" : ours.get<std::string>();
  }
  return table;
}

// A player that is the network itself; what other families have keys for stands at its default.
void set_layers(run::Recipe::Player& player, const run::Recipe::Player& plain, net::Network network) {
  const run::Recipe::Optimizer optimizer = player.optimizer;
  player = plain;
  player.family = "layers";
  player.layers = std::move(network);
  player.optimizer = optimizer;
}

void set_epsilon(net::Network& network, double epsilon) {
  for (net::Node& node : network.nodes) {
    if (auto* norm = std::get_if<net::BatchNorm>(&node.layer)) norm->epsilon = epsilon;
    if (auto* norm = std::get_if<net::LayerNorm>(&node.layer)) norm->epsilon = epsilon;
  }
}

// A recipe that a network alone stands for, but for its discriminator.
run::Recipe recipe_of(const ImportArguments& arguments, net::Network network) {
  const auto names_source = [](const std::string& set) { return set.starts_with("data.source="); };
  if (std::ranges::none_of(arguments.recipe.sets, names_source)) {
    fail<UserError>(
        "--network: say with --source which data this generator draws like (`{} data list`): their classes, and what "
        "maps and scores compare with",
        program_name());
  }
  run::Recipe recipe;
  recipe.name = fs::path(arguments.file).stem().string();
  recipe.description = "Weights from " + fs::path(arguments.file).filename().string();
  recipe.train.epochs = 1;
  recipe.latent.dim = static_cast<int>(std::get<net::Input>(net::value_input(network).layer).shape.at(0));
  set_layers(recipe.generator, run::Recipe{}.generator, std::move(network));
  return recipe;
}

// Recipe and networks of the run.
struct ImportPlan {
  run::Recipe recipe;
  run::ImageFacts facts;
  run::Networks networks;
};

ImportPlan import_plan_of(const ImportArguments& arguments) try {
  if (arguments.recipe.recipe.empty() == arguments.network.empty())
    fail<UserError>("import: wanted the generator's layers, by --recipe RECIPE or by --network FILE.json");
  ImportPlan plan;
  if (!arguments.network.empty()) {
    net::Network network = net::from_json(read_file(arguments.network));
    network.name = "generator";
    net::infer_shapes(network);
    plan.recipe = recipe_of(arguments, std::move(network));
    run::apply_sets(plan.recipe, arguments.recipe.sets);
  } else {
    plan.recipe = run::find_recipe(arguments.recipe.recipe);
    apply(arguments.recipe, plan.recipe);
  }
  plan.facts = image_facts(plan.recipe, arguments.data);
  if (arguments.epsilon > 0) {
    net::Network network = run::build_generator(plan.recipe, plan.facts);
    set_epsilon(network, arguments.epsilon);
    set_layers(plan.recipe.generator, run::Recipe{}.generator, std::move(network));
  }
  if (!arguments.network.empty()) {
    const net::Network generator = run::build_generator(plan.recipe, plan.facts);
    set_layers(plan.recipe.discriminator, run::Recipe{}.discriminator,
               run::stand_in_discriminator(plan.facts, generator));
  }
  run::check(plan.recipe);
  run::make_absolute(plan.recipe);
  plan.networks = run::build_networks(plan.recipe, plan.facts);
  return plan;
} catch (const run::NetworkError& error) {
  throw ConfigError(run::place_of(error, arguments.recipe.recipe, arguments.recipe.sets) + error.what());
}

// The names of the classes, and conditions to name samples with, where the data are there.
struct KnownOfData {
  std::vector<std::string> class_names;
  train::Conditions conditions;
};
KnownOfData known_of_data(const ImportPlan& plan, const std::string& data) {
  data::OpenOptions options = train::open_options(plan.recipe);
  constexpr std::int64_t kFew = 1000;  // drawn ones: names alone are wanted
  if (plan.facts.conditions == 0) options.builtin_count = std::min(options.builtin_count, kFew);
  try {
    const data::Dataset dataset =
        data::open_dataset(plan.recipe.data.source, data::Split::train, data::search_places(data), options);
    return {dataset.class_names, train::conditions_for(dataset, plan.networks.generator, {})};
  } catch (const DataError&) {
    return {};  // MNIST is known by name; maps and scores will say that it is missing
  }
}

// That it draws at all is known before the run exists.
void try_out(const run::Snapshot& snapshot, int threads) {
  explore::TrainedGenerator generator(backend(), snapshot, {}, threads);
  if (generator.condition_length() == 0) generator.draw(0, 1);
}

std::string table_of_tensors(const interop::ImportedWeights& weights) {
  TextTable table("lll");
  table.add({"here", "in the file", "its shape there"});
  table.add_rule();
  for (const interop::TakenTensor& t : weights.taken) table.add({t.ours, t.theirs, to_string(t.found)});
  return table.str();
}

int import_generator(const ImportArguments& arguments) {
  const NamedTensors tensors = weights_in(arguments.file);
  const interop::WeightLayout layout = layout_of(arguments.layout, tensors);
  const ImportPlan plan = import_plan_of(arguments);
  interop::ImportedWeights weights;
  try {
    weights =
        interop::import_weights(plan.networks.generator, tensors,
                                {.layout = layout, .table = table_in(arguments.names), .prefix = arguments.prefix});
  } catch (const DataError& error) {
    fail<DataError>("{}: {}", arguments.file, error.what());
  }
  const KnownOfData data = known_of_data(plan, arguments.data);
  const run::Snapshot snapshot{.tensors = weights.tensors,
                               .recipe = plan.recipe,
                               .generator = plan.networks.generator,
                               .discriminator = plan.networks.discriminator,
                               .class_names = data.class_names};
  try_out(snapshot, arguments.threads);
  std::string path, name;
  if (!arguments.dry_run) {
    const run::RunDirectory directory =
        run::import_run(run::runs_root(arguments.run.runs), arguments.run.run, snapshot,
                        {.version = version(),
                         .commit = commit(),
                         .data = arguments.data.empty() ? "" : fs::absolute(arguments.data).string(),
                         .imported = fs::absolute(arguments.file).string()},
                        [&](const run::RunDirectory& made) { train::keep_conditions(data.conditions, made.path()); });
    path = directory.path().string();
    name = directory.name();
  }
  const std::int64_t parameters = net::count_parameters(plan.networks.generator).total;
  const char* words = layout == interop::WeightLayout::keras ? "keras" : "pytorch";
  if (arguments.output.json) {
    nlohmann::json taken = nlohmann::json::array();
    for (const interop::TakenTensor& t : weights.taken)
      taken.push_back({{"here", t.ours}, {"in_file", t.theirs}, {"shape_in_file", t.found}});
    print(nlohmann::json{{"schema", "ganymede.import/1"},
                         {"run", name},
                         {"path", path},
                         {"file", arguments.file},
                         {"layout", words},
                         {"way", weights.way},
                         {"parameters", parameters},
                         {"tensors", taken},
                         {"left_out", weights.left_out}});
    return 0;
  }
  if (arguments.output.quiet) return 0;
  if (arguments.dry_run) print(table_of_tensors(weights));
  print(fmt::format("{}: {} tensors, {} parameters, {} layout, paired {}\n", arguments.file, weights.taken.size(),
                    with_thousands(parameters), words, weights.way));
  if (!weights.left_out.empty()) {
    constexpr std::size_t kFew = 6;
    const std::size_t shown = std::min(weights.left_out.size(), kFew), more = weights.left_out.size() - shown;
    print(fmt::format(
        "left out: {}{}\n",
        fmt::join(weights.left_out.begin(), weights.left_out.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
        more > 0 ? fmt::format(" and {} more", more) : ""));
  }
  const bool norm = std::ranges::any_of(plan.networks.generator.nodes, [](const net::Node& node) {
    return std::holds_alternative<net::BatchNorm>(node.layer);
  });
  if (norm && layout == interop::WeightLayout::pytorch && arguments.epsilon == 0 && arguments.network.empty())
    print(std::string("BatchNorm's epsilon is the recipe's; PyTorch's own default is another: --epsilon 1e-5\n"));
  if (!path.empty()) print(fmt::format("run: {}\nnext: {} sample {} -o {}.png\n", path, program_name(), name, name));
  return 0;
}

}  // namespace

Action set_up_import(CLI::App& command) {
  const auto a = std::make_shared<ImportArguments>();
  command.add_option("FILE", a->file, "Weights of a generator, safetensors, as PyTorch or Keras has them")->required();
  command
      .add_option("--recipe", a->recipe.recipe,
                  "Recipe of this generator and its data: a shipped one's name, or a file")
      ->type_name("RECIPE");
  command
      .add_option("--network", a->network,
                  "Its layers as JSON instead (`ganymede describe --json` shows the form), with --source")
      ->type_name("FILE");
  command
      .add_option("--layout", a->layout,
                  "Whose names and shapes the file has: pytorch or keras (default: seen by the names)")
      ->transform(one_of({"pytorch", "keras"}));
  command
      .add_option("--names", a->names,
                  "JSON {\"their layer or tensor\": \"ours\"}; null: not wanted (default: by name, else in order)")
      ->type_name("FILE");
  command.add_option("--prefix", a->prefix, "Of a whole model: only names that begin so count, as \"ema.generator.\"")
      ->type_name("TEXT");
  command.add_option("--epsilon", a->epsilon, "Of BatchNorm and LayerNorm, instead of the description's")
      ->transform(positive(1));
  command.add_option("--run", a->run.run, "Name of the new run (default: the recipe's name and a number)")
      ->type_name("NAME");
  add_runs(command, a->run);
  add_changes(command, a->recipe);
  command.add_flag("--dry-run", a->dry_run, "Show which tensor goes where, and write nothing");
  add_threads(command, a->threads);
  add_data(command, a->data);
  add_output(command, a->output);
  command.footer(
      "Maps, scores, samples, reports and the explorer then take the run as any other; it cannot be resumed.\n"
      "Example: ganymede import generator.safetensors --recipe dcgan --epsilon 1e-5 --run theirs");
  return [a] { return import_generator(*a); };
}

}  // namespace ganymede::app
