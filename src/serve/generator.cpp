#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "explore/directions.hpp"
#include "net/traits.hpp"
#include "serve/asked.hpp"
#include "serve/catalogue.hpp"
#include "tensor/safetensors.hpp"

namespace ganymede::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kSeeds = 16;
constexpr std::uint64_t kMostDirections = 512;
constexpr std::uint64_t kMostNumber = 1'000'000'000;

// The layers, or inputs, whose values reach a node without passing another layer.
std::vector<std::string> layers_behind(const net::Network& network, const std::set<std::string>& layers,
                                       const net::Node& node) {
  std::vector<std::string> behind;
  for (const std::string& input : node.inputs) {
    const std::vector<std::string> more =
        layers.contains(input) ? std::vector<std::string>{input} : layers_behind(network, layers, network.node(input));
    behind.insert(behind.end(), more.begin(), more.end());
  }
  return behind;
}

Json layers_json(const net::Network& network) {
  std::set<std::string> names;
  const std::vector<explore::LayerInfo> layers = explore::layers_of(network);
  for (const explore::LayerInfo& layer : layers) names.insert(layer.node);
  const std::vector<net::Parameter> parameters = net::parameters(network);
  Json list = Json::array();
  for (const explore::LayerInfo& layer : layers) {
    const net::Node& node = network.node(layer.node);
    std::int64_t count = 0;
    for (const net::Parameter& parameter : parameters) {
      if (parameter.name.starts_with(layer.node + ".")) count += element_count(parameter.shape);
    }
    Json one = {{"node", layer.node}, {"kind", layer.kind}, {"shape", layer.shape}};
    if (std::holds_alternative<net::Activation>(node.layer)) one["activation"] = true;
    one["parameters"] = count;
    one["from"] = layers_behind(network, names, node);
    list.push_back(std::move(one));
  }
  return list;
}

// Whether these, the newest weights, were trained on after the last snapshot; a damaged one has nothing of them.
bool is_beyond(std::uint64_t step, const std::filesystem::path& folder) {
  const std::vector<run::SnapshotFile> snapshots = run::list_snapshots(folder / "snapshots");
  if (snapshots.empty()) return true;
  try {
    const Metadata fields = read_safetensors_metadata(snapshots.back().path);
    const auto found = fields.find("step");
    return found == fields.end() || found->second != std::to_string(step);
  } catch (const Error&) {
    return true;
  }
}

// The first of those that its samples are named with, and from where to where all of them go; null where it takes none.
Json condition_json(const explore::TrainedGenerator& generator) {
  const auto length = static_cast<std::size_t>(generator.condition_length());
  const std::vector<float>& rows = generator.known_conditions();
  if (length == 0) return {};
  std::vector<float> first(length, 0), low(length, 0), high(length, 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t k = i % length;
    if (i < length) first[k] = low[k] = high[k] = rows[i];
    low[k] = std::min(low[k], rows[i]);
    high[k] = std::max(high[k], rows[i]);
  }
  return {{"first", rows_json(first, length).front()},
          {"low", rows_json(low, length).front()},
          {"high", rows_json(high, length).front()}};
}

Json generator_json(const Opened& opened, const std::vector<std::uint64_t>& epochs, bool beyond) {
  explore::TrainedGenerator& generator = opened.generator();
  const net::Network& network = generator.network();
  const run::Recipe& recipe = generator.about().recipe;
  const int dim = generator.latent_dim();
  const Shape image = net::infer_shapes(network)[static_cast<std::size_t>(network.index_of(network.outputs.front()))];
  const bool ink = train::is_ink(image), points = train::is_points(image);
  const std::vector<std::string>& names = generator.class_names();
  return {{"run", opened.run},
          {"epoch", generator.about().epoch},
          {"step", generator.about().step},
          {"epochs", epochs},
          {"beyond", beyond},
          {"latent", {{"dim", dim}, {"prior", recipe.latent.prior}, {"codes", generator.codes()}}},
          {"classes", generator.classes()},
          {"class_names", generator.classes() > 0 ? names : std::vector<std::string>()},
          {"condition", condition_json(generator)},
          {"screen", dim >= 2 && dim <= 4 ? fmt::format("{}d", dim) : "plane"},
          {"kind", ink      ? "ink"
                   : points ? "points"
                            : "image"},
          {"shape", ink      ? Shape{image[1], image[2]}
                    : points ? Shape{image[0]}
                             : image},
          {"layers", layers_json(network)},
          {"seeds", {{"z", rows_json(generator.samples(0, kSeeds).z, static_cast<std::size_t>(dim))}}},
          {"classifier", to_json(opened.known)}};
}

}  // namespace

Response describe_generator(const Request& request, const Parts& parts, Api& api) {
  const auto asked = std::make_shared<Asked>(read_query(request, parts, api));
  asked->has_view = true;  // the page is shown before the data are open
  asked->points = true;
  return with_models(asked, api, true, false, [=](const Opened& opened) {
    const std::vector<std::uint64_t> epochs = epochs_of(asked->folder);
    const bool beyond = !asked->wanted.epoch && is_beyond(opened.generator().about().step, asked->folder);
    return json_response("generator", generator_json(opened, epochs, beyond));
  });
}

Response describe_classifier(const Request& request, const Parts& parts, Api& api) {
  const auto asked = std::make_shared<Asked>(read_query(request, parts, api));
  asked->points = true;
  return with_models(asked, api, true, true,
                     [](const Opened& opened) { return json_response("classifier", to_json(opened.known)); });
}

Response fit_classifier(const Request& request, const Parts&, Api& api) {
  const Body body(request.body);
  const std::filesystem::path folder = api.runs.folder_of(body.required_text("run"));
  Judges& judges = models_of(api).judges();
  const Judges::Known known =
      judges.fit(std::filesystem::absolute(folder), recipe_of(folder), data_folder_of(folder), api.program);
  if (known.state == Judges::State::impossible) throw HttpError(409, known.sentence);
  return json_response("classifier", to_json(known));
}

Response list_directions(const Request& request, const Parts& parts, Api& api) {
  const auto asked = std::make_shared<Asked>(read_query(request, parts, api));
  const std::string* given = request.parameter("kind");
  const std::string kind = given == nullptr ? "axes" : *given;
  if (kind != "axes" && kind != "random" && kind != "principal")
    throw HttpError(400, fmt::format("kind: wanted one of axes, random, principal, found \"{}\"", kind));
  const auto count = static_cast<int>(number_in(request, "count", kMostDirections).value_or(8));
  const std::uint64_t seed = number_in(request, "seed", kMostNumber).value_or(0);
  asked->points = true;
  return with_models(asked, api, false, false, [=](const Opened& opened) {
    const explore::TrainedGenerator& generator = opened.generator();
    const int dim = generator.latent_dim();
    const std::vector<explore::Direction> directions =
        kind == "axes"     ? explore::axis_directions(dim, count)
        : kind == "random" ? explore::random_directions(dim, count, seed)
                           : explore::principal_directions(generator.network(), generator.weights(), count);
    Json list = Json::array();
    for (const explore::Direction& direction : directions) {
      Json one = {{"name", direction.name}, {"vector", rows_json(direction.vector, direction.vector.size()).front()}};
      if (kind == "principal") one["strength"] = direction.strength;
      list.push_back(std::move(one));
    }
    return json_response("directions", {{"run", opened.run}, {"directions", std::move(list)}});
  });
}

}  // namespace ganymede::serve
