#include "train/start_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "net/traits.hpp"
#include "run/checkpoint.hpp"
#include "run/run_directory.hpp"
#include "run/snapshot.hpp"
#include "train/class_parts.hpp"

namespace ganymede::train {
namespace {

namespace fs = std::filesystem;

struct Source {
  NamedTensors tensors;
  fs::path file;
  std::uint64_t step = 0;
  net::Network generator, discriminator;
  std::vector<std::string> class_names;
};

Source source_in(const fs::path& file) {
  run::Snapshot snapshot = run::load_weights_of(file);
  return {.tensors = std::move(snapshot.tensors),
          .file = file,
          .step = snapshot.step,
          .generator = std::move(snapshot.generator),
          .discriminator = std::move(snapshot.discriminator),
          .class_names = std::move(snapshot.class_names)};
}

Source source_of(const std::string& from) {
  std::error_code ignored;
  if (fs::is_regular_file(from, ignored)) return source_in(from);
  if (!fs::is_directory(from, ignored))
    fail<DataError>("train.from: there is no run, checkpoint or snapshot \"{}\"", from);
  const run::RunDirectory directory = run::RunDirectory::open(from);
  if (run::list_checkpoints(directory.checkpoints()).empty())
    return source_in(run::latest_snapshot(directory.snapshots()).path);
  return source_in(run::load_latest_checkpoint(directory.checkpoints()).path);
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

/// What of a network's layers can be taken over although the classes are others.
class ClassParts {
 public:
  /// `names` of the run; none, or those of the source: nothing differs.
  ClassParts(const net::Network& network, const net::Network& there, std::span<const std::string> names,
             const std::vector<std::string>& names_there) {
    if (names.empty() || names_there.empty() || std::ranges::equal(names, names_there)) return;
    here_ = class_axes(network);
    there_ = class_axes(there);
    places_ = places_of_classes(names, names_there);
    classes_there_ = std::ssize(names_there);
  }
  bool is_classed(const std::string& parameter) const { return here_.contains(parameter); }
  /// The parameter as the run begins with it; nothing if it differs in more.
  std::optional<Tensor> merged(const std::string& parameter, const Tensor& fresh, const Tensor& source) const {
    const auto here = here_.find(parameter), there = there_.find(parameter);
    if (here == here_.end() || there == there_.end()) return {};
    return with_known_classes(fresh, here->second, source, there->second, places_, classes_there_);
  }

 private:
  std::map<std::string, ClassAxis> here_, there_;
  std::vector<int> places_;
  std::int64_t classes_there_ = 0;
};

// The tensors of one layer as the run begins with them, the moving average too where both have one.
struct TakenLayer {
  NamedTensors tensors;
  std::optional<std::string> fault;  ///< why it cannot be taken
  bool partly = false;
};

TakenLayer take_layer(std::span<const net::Parameter> layer, const std::string& network, const Source& source,
                      const NamedTensors& fresh, const ClassParts& parts, bool with_average) {
  TakenLayer taken;
  for (const net::Parameter& parameter : layer) {
    const std::string name = network + "." + parameter.name, average = "ema." + name;
    const auto found = source.tensors.find(name);
    const bool by_class = found != source.tensors.end() && parts.is_classed(parameter.name);
    const auto take = [&](const std::string& to, const Tensor& from) {
      const auto merged = by_class ? parts.merged(parameter.name, fresh.at(name), from) : std::optional(from);
      if (merged) taken.tensors.insert_or_assign(to, *merged);
      return merged.has_value();
    };
    if (!by_class) taken.fault = misfit(source.tensors, name, parameter.shape);
    if (!taken.fault && !take(name, found->second)) taken.fault = misfit(source.tensors, name, parameter.shape);
    if (taken.fault) return taken;
    taken.partly |= by_class;
    const auto kept = source.tensors.find(average);
    if (with_average && kept != source.tensors.end()) take(average, kept->second);
  }
  return taken;
}

}  // namespace

StartWeights start_weights(const run::Recipe& recipe, const run::Networks& networks, NamedTensors fresh,
                           std::span<const std::string> class_names) {
  const Source source = source_of(recipe.train.from);
  StartWeights start{.tensors = std::move(fresh), .file = source.file, .step = source.step, .fresh = {}};
  std::size_t taken = 0;
  std::optional<std::string> first;
  const std::span<const std::string> names = recipe.train.from_fitting ? class_names : std::span<const std::string>();
  for (const net::Network* network : {&networks.generator, &networks.discriminator}) {
    const bool is_generator = network == &networks.generator;
    const ClassParts parts(*network, is_generator ? source.generator : source.discriminator, names, source.class_names);
    const std::vector<net::Parameter> parameters = net::parameters(*network);
    for (std::size_t begin = 0, end = 0; begin < parameters.size(); begin = end) {
      const std::string layer = layer_of(parameters[begin].name);
      while (end < parameters.size() && layer_of(parameters[end].name) == layer) ++end;
      TakenLayer found = take_layer(std::span(parameters).subspan(begin, end - begin), network->name, source,
                                    start.tensors, parts, recipe.game.ema_decay > 0);
      if (found.fault) {
        if (!first) first = found.fault;
        start.fresh.push_back(network->name + "." + layer);
        continue;
      }
      ++taken;
      if (found.partly) start.partly.push_back(network->name + "." + layer);
      for (auto& [name, tensor] : found.tensors) start.tensors.insert_or_assign(name, std::move(tensor));
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
  if (!start.partly.empty()) {
    for (const std::string& name : class_names) {
      const bool is_known = std::ranges::find(source.class_names, name) != source.class_names.end();
      (is_known ? start.known_classes : start.new_classes).push_back(name);
    }
  }
  const bool has_names =
      !class_names.empty() && !source.class_names.empty() && net::class_count(networks.generator) > 0;
  const bool are_equal = std::ranges::equal(class_names, source.class_names);
  start.by_name = has_names && are_equal;
  start.by_place = has_names && names.empty() && !are_equal;
  return start;
}

}  // namespace ganymede::train
