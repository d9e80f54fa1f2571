#include "run/layers.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "net/description.hpp"
#include "net/traits.hpp"
#include "run/toml_text.hpp"

namespace ganymede::run {
namespace {

using Json = nlohmann::ordered_json;

// Infinity ("no limit") is null there; NaN has no form and stays a text, which net::from_json refuses.
Json to_json(const TomlValue& value) {
  return std::visit(
      [](const auto& v) -> Json {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, double>) {
          return std::isfinite(v) ? Json(v) : v > 0 ? Json(nullptr) : Json(toml_text(v));
        } else if constexpr (std::is_same_v<T, TomlValue::Array>) {
          Json list = Json::array();
          for (const TomlValue& item : v) {
            list.push_back(to_json(item));
          }
          return list;
        } else if constexpr (std::is_same_v<T, TomlValue::Table>) {
          Json object = Json::object();
          for (const auto& [key, item] : v) {
            object[key] = to_json(item);
          }
          return object;
        } else if constexpr (std::is_same_v<T, TomlValue::Other>) {
          return v.text;
        } else {
          return v;
        }
      },
      value.value);
}

std::string to_toml(const Json& value) {
  if (value.is_array()) {
    std::string items;
    for (const Json& item : value) {
      items += (items.empty() ? "" : ", ") + to_toml(item);
    }
    return "[" + items + "]";
  }
  if (value.is_null()) {
    return "inf";
  }
  if (value.is_string()) {
    return toml_text(value.get<std::string>());
  }
  if (value.is_number_float()) {
    return toml_text(value.get<double>());
  }
  return value.dump();
}

// Checks one node by itself, so that its fault gets its line.
void read_node(const std::string& player, const Json& node) {
  const std::string name = node.contains("name") ? node["name"].dump() : "";
  const Json document = {
      {"schema", "ganymede.network/1"}, {"name", player}, {"outputs", Json::array()}, {"nodes", Json::array({node})}};
  try {
    net::from_json(document.dump());
  } catch (const Error& error) {
    std::string text = error.what();
    const std::string place = "network description, node 0: ";
    if (text.starts_with(place)) {
      text = text.substr(place.size());
    }
    fail<ConfigError>("{}.layer {}: {}", player, name, text);
  }
}

}  // namespace

std::optional<net::Network> read_layers(const std::string& player, const TomlValue& layers,
                                        std::vector<LineFault>& faults) {
  const std::size_t faults_before = faults.size();
  const auto* tables = layers.as<TomlValue::Array>();
  if (tables == nullptr || tables->empty()) {
    faults.push_back({layers.line, fmt::format("{0}.layer must be written as [[{0}.layer]] tables", player)});
    return {};
  }
  Json nodes = Json::array();
  Json outputs = Json::array();
  for (const TomlValue& layer : *tables) {
    Json node = to_json(layer);
    if (!node.is_object()) {
      faults.push_back({layer.line, fmt::format("{0}.layer must be written as [[{0}.layer]] tables", player)});
      continue;
    }
    if (!node.contains("inputs") && !nodes.empty() && node.value("kind", Json()) != "input") {
      node["inputs"] = Json::array({nodes.back().value("name", Json())});
    }
    if (const auto output = node.find("output"); output != node.end()) {
      if (*output == true) {
        outputs.push_back(node.value("name", Json()));
      } else if (*output != false) {
        faults.push_back(
            {layer.line, fmt::format("{}.layer: output must be true or false (got {})", player, to_toml(*output))});
      }
      node.erase(output);
    }
    if (node.value("kind", Json()) == "activation" && !node.contains("function")) {
      faults.push_back(
          {layer.line, fmt::format("{}.layer {}: function is missing: relu, leaky_relu, tanh ... or linear, "
                                   "which changes nothing",
                                   player, node.value("name", Json()).dump())});
    }
    try {
      read_node(player, node);
    } catch (const Error& error) {
      faults.push_back({layer.line, error.what()});
    }
    nodes.push_back(std::move(node));
  }
  if (faults.size() > faults_before) {
    return {};
  }
  if (outputs.empty()) {
    outputs.push_back(nodes.back()["name"]);
  }
  const Json document = {{"schema", "ganymede.network/1"}, {"name", player}, {"outputs", outputs}, {"nodes", nodes}};
  try {
    net::Network network = net::from_json(document.dump());
    net::infer_shapes(network);
    return network;
  } catch (const Error& error) {
    faults.push_back({layers.line, error.what()});
    return {};
  }
}

std::string unbounded_output(const net::Network& network) {
  const net::Node* node = &network.node(network.outputs.front());
  while (net::moves_values(node->layer)) {
    node = &network.node(node->inputs.front());
  }
  return net::is_unbounded(node->layer) ? node->name : "";
}

std::string layers_to_toml(const std::string& player, const net::Network& network) {
  const Json document = Json::parse(net::to_json(network));
  const Json& outputs = document["outputs"];
  const Json& nodes = document["nodes"];
  std::string text;
  for (const Json& node : nodes) {
    text += fmt::format("\n[[{}.layer]]\n", player);
    for (const auto& [key, value] : node.items()) {
      text += fmt::format("{} = {}\n", key, to_toml(value));
    }
    if (outputs.size() != 1 || outputs[0] != nodes.back()["name"]) {
      text += fmt::format("output = {}\n", std::find(outputs.begin(), outputs.end(), node["name"]) != outputs.end());
    }
  }
  return text;
}

}  // namespace ganymede::run
