#include "train/start_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "base/error.hpp"
#include "run/checkpoint.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

struct Source {
  NamedTensors tensors;
  fs::path file;
  std::uint64_t step = 0;
};

Source source_in(const fs::path& file) {
  run::Snapshot snapshot = run::load_weights_of(file);
  return {std::move(snapshot.tensors), file, snapshot.step};
}

Source source_of(const std::string& from) {
  std::error_code ignored;
  if (fs::is_regular_file(from, ignored)) return source_in(from);
  if (!fs::is_directory(from, ignored))
    fail<DataError>("train.from: there is no run, checkpoint or snapshot \"{}\"", from);
  const run::RunDirectory directory = run::RunDirectory::open(from);
  if (run::list_checkpoints(directory.checkpoints()).empty())
    return source_in(run::latest_snapshot(directory.snapshots()).path);
  run::LoadedCheckpoint newest = run::load_latest_checkpoint(directory.checkpoints());
  return {std::move(newest.checkpoint.tensors), std::move(newest.path), newest.checkpoint.step};
}

// "dense" of "dense.weight".
std::string layer_of(const std::string& parameter) {
  return parameter.substr(0, parameter.find('.'));
}

// Why a layer cannot be taken over; none if it can.
std::optional<std::string> misfit(const NamedTensors& source, const std::string& name, const Shape& wanted) {
  const auto found = source.find(name);
  if (found == source.end()) return fmt::format("{} is {} here and not there", name, to_string(wanted));
  if (found->second.shape() != wanted)
    return fmt::format("{} is {} here and {} there", name, to_string(wanted), to_string(found->second.shape()));
  return {};
}

// The first tensor of a network there that is none here.
std::optional<std::string> surplus(const NamedTensors& source, const net::Network& network, const NamedTensors& here) {
  for (const auto& [name, tensor] : source) {
    if (name.starts_with(network.name + ".") && !here.contains(name))
      return fmt::format("{} is {} there and not here", name, to_string(tensor.shape()));
  }
  return {};
}

}  // namespace

StartWeights start_weights(const run::Recipe& recipe, const run::Networks& networks, NamedTensors fresh) {
  const Source source = source_of(recipe.train.from);
  StartWeights start{.tensors = std::move(fresh), .file = source.file, .step = source.step, .fresh = {}};
  std::size_t taken = 0;
  std::optional<std::string> first;
  for (const net::Network* network : {&networks.generator, &networks.discriminator}) {
    const std::vector<net::Parameter> parameters = net::parameters(*network);
    for (std::size_t begin = 0, end = 0; begin < parameters.size(); begin = end) {
      const std::string layer = layer_of(parameters[begin].name);
      std::optional<std::string> fault;
      for (; end < parameters.size() && layer_of(parameters[end].name) == layer; ++end) {
        if (!fault) fault = misfit(source.tensors, network->name + "." + parameters[end].name, parameters[end].shape);
      }
      if (fault) {
        if (!first) first = fault;
        start.fresh.push_back(network->name + "." + layer);
        continue;
      }
      ++taken;
      for (std::size_t i = begin; i < end; ++i) {
        const std::string name = network->name + "." + parameters[i].name;
        start.tensors.insert_or_assign(name, source.tensors.at(name));
        const auto average = source.tensors.find("ema." + name);
        if (recipe.game.ema_decay > 0 && average != source.tensors.end())
          start.tensors.insert_or_assign(average->first, average->second);
      }
    }
    if (!first) first = surplus(source.tensors, *network, start.tensors);
  }
  if (taken == 0) fail<ConfigError>("train.from: no layer of {} fits: {}", source.file.string(), *first);
  if (first && !recipe.train.from_fitting) {
    fail<ConfigError>(
        "train.from: the networks of {} differ from this recipe's: {}; train.from_fitting = true takes "
        "what fits",
        source.file.string(), *first);
  }
  return start;
}

}  // namespace ganymede::train
