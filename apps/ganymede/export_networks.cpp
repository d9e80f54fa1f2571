#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "backend.hpp"
#include "base/console.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "explore/weights.hpp"
#include "export_command.hpp"
#include "interop/onnx_export.hpp"
#include "interop/onnx_graph.hpp"
#include "interop/pytorch_export.hpp"
#include "run_classifier.hpp"
#include "usage.hpp"
#include "version.hpp"

namespace ganymede::app {
namespace {

namespace fs = std::filesystem;

// The networks of a run that are asked for.
struct ExportedNetworks {
  run::RunDirectory directory;
  explore::Weights weights;
  std::vector<interop::FrozenNetwork> networks;
  std::vector<std::string> left_out;  // "classifier: why"

  std::string words() const {
    const run::Snapshot& s = weights.snapshot;
    return fmt::format("run {}, epoch {}, step {}, written by {}", directory.name(), s.epoch, s.step, version_line());
  }
};

interop::FrozenNetwork generator_of(const run::Snapshot& snapshot) {
  return interop::freeze(snapshot.generator, run::generator_weights(snapshot));
}

bool has_discriminator(const run::Snapshot& snapshot) {
  return std::ranges::any_of(snapshot.tensors, [](const auto& t) { return t.first.starts_with("discriminator."); });
}

// Adds the classifier of the run's data, or says why not.
void add_classifier(const ExportArguments& arguments, bool must, ExportedNetworks& found) {
  explore::TrainedGenerator generator(backend(), found.weights.snapshot, found.directory.path(),
                                      arguments.machine.threads);
  SeenBy by = classifier_if_kept(generator, arguments.machine, arguments.output, arguments.classify);
  if (!by.classifier) {
    if (must) fail<UserError>("{}: {}", found.directory.name(), by.why_not);
    found.left_out.push_back("classifier: " + by.why_not);
    return;
  }
  const fit::ClassifierRecord& record = by.classifier->record();
  found.networks.push_back(interop::freeze(record.network, record.parameters));
}

// `all`: what is there, else the generator, unless --network names one.
ExportedNetworks networks_of(const ExportArguments& arguments, bool all) {
  const auto wants = [&](const char* name) { return arguments.network.empty() ? all : arguments.network == name; };
  run::RunDirectory directory = arguments.run.find();
  ExportedNetworks found{.directory = std::move(directory), .weights = {}, .networks = {}, .left_out = {}};
  found.weights = explore::load_weights(found.directory, arguments.epoch);
  for (const std::string& line : found.weights.warnings) tell("{}", line);
  const run::Snapshot& snapshot = found.weights.snapshot;
  if (wants("generator") || (arguments.network.empty() && !all)) found.networks.push_back(generator_of(snapshot));
  if (wants("discriminator")) {
    if (has_discriminator(snapshot)) {
      found.networks.push_back(interop::freeze(snapshot.discriminator, snapshot.tensors));
    } else if (arguments.network.empty()) {
      found.left_out.emplace_back("discriminator: this run was imported without one");
    } else {
      fail<UserError>("{}: this run was imported without a discriminator", found.directory.name());
    }
  }
  if (wants("classifier")) add_classifier(arguments, !arguments.network.empty(), found);
  return found;
}

void say(const ExportArguments& arguments, const ExportedNetworks& found, const char* format,
         const std::map<std::string, std::string>& files) {
  if (arguments.output.json) {
    nlohmann::json networks = nlohmann::json::array();
    for (const interop::FrozenNetwork& network : found.networks) networks.push_back(network.network.name);
    nlohmann::json written = nlohmann::json::array();
    for (const auto& [file, bytes] : files) written.push_back({{"file", file}, {"bytes", bytes.size()}});
    print(nlohmann::json{{"schema", "ganymede.export_networks/1"},
                         {"run", found.directory.name()},
                         {"epoch", found.weights.snapshot.epoch},
                         {"step", found.weights.snapshot.step},
                         {"format", format},
                         {"networks", networks},
                         {"files", written},
                         {"left_out", found.left_out}});
  } else if (!arguments.output.quiet) {
    for (const auto& [file, bytes] : files)
      print(fmt::format("{}: {}\n", file, human_bytes(static_cast<double>(bytes.size()))));
    for (const std::string& line : found.left_out) print("left out: " + line + "\n");
  }
}

// Each file whole, by path, after all of them are made.
void write_files(const std::map<std::string, std::string>& files) {
  for (const auto& [file, bytes] : files) write_file_atomically(file, bytes);
}

std::map<std::string, std::string> onnx_metadata(const ExportedNetworks& found, const interop::FrozenNetwork& network) {
  const run::Snapshot& snapshot = found.weights.snapshot;
  return {{"run", found.directory.name()},
          {"epoch", fmt::format("{}", snapshot.epoch)},
          {"step", fmt::format("{}", snapshot.step)},
          {"network", network.network.name},
          {"prior", snapshot.recipe.latent.prior},
          {"class_names", nlohmann::json(snapshot.class_names).dump()}};
}

}  // namespace

int export_onnx(const ExportArguments& arguments) {
  const fs::path target = arguments.onnx;
  const bool one = target.extension() == ".onnx";
  if (!one && fs::exists(target) && !fs::is_directory(target))
    fail<UserError>("--onnx {}: wanted a name that ends in .onnx, or a folder", arguments.onnx);
  if (one) check_writable(followed(target));
  const ExportedNetworks found = networks_of(arguments, !one);
  std::map<std::string, std::string> files;
  for (const interop::FrozenNetwork& network : found.networks) {
    const fs::path file = one ? followed(target) : target / (network.network.name + ".onnx");
    files[file.string()] =
        interop::to_onnx(network, {.version = version(),
                                   .sentence = fmt::format("The {} of {}", network.network.name, found.words()),
                                   .metadata = onnx_metadata(found, network)});
  }
  if (!one) make_folder(target);
  write_files(files);
  say(arguments, found, "onnx", files);
  return 0;
}

int export_pytorch(const ExportArguments& arguments) {
  const fs::path target = arguments.pytorch;
  if (fs::exists(target) && !fs::is_directory(target))
    fail<UserError>("--pytorch {}: wanted a folder, found a file", arguments.pytorch);
  const ExportedNetworks found = networks_of(arguments, true);
  std::vector<std::string> names;
  for (const interop::FrozenNetwork& network : found.networks) names.push_back(network.network.name);
  const std::string sentence = fmt::format("The {} of {}; prior of z: {}.", fmt::join(names, ", "), found.words(),
                                           found.weights.snapshot.recipe.latent.prior);
  std::map<std::string, std::string> files;
  for (const auto& [name, bytes] : interop::to_pytorch(found.networks, sentence))
    files[(target / name).string()] = bytes;
  make_folder(target);
  write_files(files);
  say(arguments, found, "pytorch", files);
  return 0;
}

}  // namespace ganymede::app
