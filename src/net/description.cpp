#include "net/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>

#include "base/error.hpp"
#include "base/json.hpp"

namespace ganymede::net {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::span<const char* const>;

constexpr const char* kSchema = "ganymede.network/1";
constexpr std::size_t kMaxNodes = 10000;

// Names of enumerators, in their order.
constexpr const char* kRoles[] = {"latent", "class_index", "vector", "image", "condition"};
constexpr const char* kOvers[] = {"channel", "sample"};
constexpr const char* kActivations[] = {"linear", "relu", "leaky_relu", "prelu", "elu", "rrelu", "tanh", "sigmoid"};
constexpr const char* kPools[] = {"max", "average"};

const char* name_at(Names names, std::size_t value) {
  if (value >= names.size()) fail<Error>("internal: value {} has no name after {}", value, names.back());
  return names[value];
}

// The attributes of each layer, once for both directions: `io` writes them or reads them.
template <class IO>
struct Attributes {
  IO& io;

  void operator()(Input& layer) const {
    io.choice("role", layer.role, kRoles);
    io.field("shape", layer.shape);
    io.field("classes", layer.classes);
  }
  void operator()(Dense& layer) const {
    io.field("out", layer.out);
    io.field("bias", layer.bias);
    io.flag("spectral", layer.spectral);
  }
  void operator()(Conv& layer) const {
    convolution(layer);
    io.flag("spectral", layer.spectral);
  }
  void operator()(ConvTranspose& layer) const { convolution(layer); }
  void operator()(BatchNorm& layer) const {
    io.field("epsilon", layer.epsilon);
    io.field("momentum", layer.momentum);
  }
  void operator()(LayerNorm& layer) const {
    io.choice("over", layer.over, kOvers);
    io.field("epsilon", layer.epsilon);
  }
  void operator()(Activation& layer) const {
    io.choice("function", layer.kind, kActivations);
    io.field("negative_slope", layer.negative_slope);
    io.field("max_value", layer.max_value);
    io.field("threshold", layer.threshold);
    io.field("alpha", layer.alpha);
    io.field("lower", layer.lower);
    io.field("upper", layer.upper);
    io.field("channels", layer.channels);
  }
  void operator()(Dropout& layer) const { io.field("rate", layer.rate); }
  void operator()(Embedding& layer) const { io.field("dim", layer.dim); }
  void operator()(OneHot&) const {}
  void operator()(Multiply&) const {}
  void operator()(Concat&) const {}
  void operator()(Reshape& layer) const { io.field("shape", layer.shape); }
  void operator()(Permute& layer) const { io.field("order", layer.order); }
  void operator()(ConvGru& layer) const {
    io.field("out", layer.out);
    io.field("kernel", layer.kernel);
    io.field("bias", layer.bias);
  }
  void operator()(Lstm& layer) const {
    io.field("out", layer.out);
    io.field("steps", layer.steps);
    io.field("bias", layer.bias);
    io.field("forget_bias", layer.forget_bias);
  }
  void operator()(MinibatchStd& layer) const {
    io.field("epsilon", layer.epsilon);
    io.field("momentum", layer.momentum);
  }
  void operator()(Projection& layer) const { io.flag("spectral", layer.spectral); }
  void operator()(Pool& layer) const {
    io.choice("function", layer.kind, kPools);
    io.field("kernel", layer.kernel);
    io.field("stride", layer.stride);
  }

 private:
  template <class L>
  void convolution(L& layer) const {
    io.field("out", layer.out);
    io.field("kernel", layer.kernel);
    io.field("stride", layer.stride);
    io.field("padding", layer.padding);
    io.field("bias", layer.bias);
  }
};

struct Writer {
  Json& object;

  template <class E>
  void choice(const char* key, E value, Names names) {
    object[key] = name_at(names, static_cast<std::size_t>(value));
  }
  template <class V>
  void field(const char* key, const V& value) {
    object[key] = value;
  }
  // False where it is not written: what has it not looks as it did before there was the like.
  void flag(const char* key, bool value) {
    if (value) object[key] = true;
  }
  // The shortest decimal that reads back as this float; JSON has no infinity, so that "no limit" is null.
  void field(const char* key, float value) {
    object[key] = std::isfinite(value) ? Json(std::strtod(fmt::format("{}", value).c_str(), nullptr)) : Json(nullptr);
  }
  void field(const char* key, Pair value) { object[key] = {value.h, value.w}; }
  void field(const char* key, const Padding& p) {
    object[key] = p.same ? Json("same") : Json({p.top, p.bottom, p.left, p.right});
  }
};

class Reader {
 public:
  Reader(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object.is_object()) fail<DataError>("{}: wanted an object, found {}", where_, excerpt(object));
  }

  // Every key must have been asked for.
  void finish() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
        fail<DataError>("{}: unknown key '{}'; known are {}", where_, key, fmt::join(asked_, ", "));
      }
    }
  }
  const Json* find(const char* key) {
    asked_.emplace_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  const Json& need(const char* key) {
    const Json* value = find(key);
    if (value == nullptr) fail<DataError>("{}: '{}' is missing", where_, key);
    return *value;
  }
  const std::string& where() const { return where_; }

  std::string text(const char* key, const Json& value) const {
    if (!value.is_string()) wrong(key, "a string", value);
    return value.get<std::string>();
  }
  std::vector<std::string> texts(const char* key, const Json& value) const {
    if (!value.is_array()) wrong(key, "an array of strings", value);
    std::vector<std::string> list;
    for (const Json& element : value) list.push_back(text(key, element));
    return list;
  }

  template <class E>
  void choice(const char* key, E& out, Names names) {
    const Json* value = find(key);
    if (value == nullptr) return;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (value->is_string() && value->get_ref<const std::string&>() == names[i]) {
        out = static_cast<E>(i);
        return;
      }
    }
    wrong(key, fmt::format("one of {}", fmt::join(names, ", ")), *value);
  }
  void field(const char* key, bool& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) wrong(key, "true or false", *value);
    out = value->get<bool>();
  }
  void flag(const char* key, bool& out) { field(key, out); }
  void field(const char* key, int& out) {
    if (const Json* value = find(key)) out = static_cast<int>(integer(key, *value));
  }
  void field(const char* key, double& out) {
    if (const Json* value = find(key)) out = number(key, *value);
  }
  void field(const char* key, float& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    out = value->is_null() ? std::numeric_limits<float>::infinity() : static_cast<float>(number(key, *value));
  }
  void field(const char* key, Shape& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    out = integers(key, *value, 0, 8);
  }
  void field(const char* key, std::vector<int>& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    const Shape list = integers(key, *value, 0, 8);
    out.assign(list.begin(), list.end());
  }
  // Two numbers, or one for both.
  void field(const char* key, Pair& out) {
    const Json* value = find(key);
    if (value == nullptr) return;
    const Shape list = value->is_array() ? integers(key, *value, 2, 2) : Shape(2, integer(key, *value));
    out = {static_cast<int>(list[0]), static_cast<int>(list[1])};
  }
  // "same", "valid", or top, bottom, left, right.
  void field(const char* key, Padding& out) {
    const Json* value = find(key);
    if (value == nullptr || *value == "same") return;
    const bool four = value->is_array() && value->size() == 4;
    if (*value != "valid" && !four) wrong(key, "\"same\", \"valid\" or [top, bottom, left, right]", *value);
    const Shape list = four ? integers(key, *value, 4, 4) : Shape(4, 0);
    out = {.same = false,
           .top = static_cast<int>(list[0]),
           .bottom = static_cast<int>(list[1]),
           .left = static_cast<int>(list[2]),
           .right = static_cast<int>(list[3])};
  }

 private:
  static std::string excerpt(const Json& value) { return json_text(value).substr(0, 60); }
  [[noreturn]] void wrong(const char* key, const std::string& wanted, const Json& found) const {
    fail<DataError>("{}: '{}' must be {} (got {})", where_, key, wanted, excerpt(found));
  }
  std::int64_t integer(const char* key, const Json& value) const {
    if (value.is_number_integer() && value >= -2147483647 && value <= 2147483647) return value.get<std::int64_t>();
    wrong(key, "an integer of 32 bits", value);
  }
  double number(const char* key, const Json& value) const {
    if (!value.is_number()) wrong(key, "a number", value);
    return value.get<double>();
  }
  Shape integers(const char* key, const Json& value, std::size_t least, std::size_t most) const {
    if (!value.is_array() || value.size() < least || value.size() > most) {
      wrong(key, least == most ? fmt::format("{} integers", least) : fmt::format("at most {} integers", most), value);
    }
    Shape list;
    for (const Json& element : value) list.push_back(integer(key, element));
    return list;
  }

  const Json& object_;
  std::string where_;
  std::vector<std::string> asked_;
};

// A layer of its default attributes, by the name of its kind.
template <std::size_t I = 0>
Layer layer_of(const std::string& kind, const std::string& where) {
  if constexpr (I < std::variant_size_v<Layer>) {
    Layer layer(std::in_place_index<I>);
    return kind == kind_of(layer) ? layer : layer_of<I + 1>(kind, where);
  } else {
    fail<DataError>("{}: there is no layer kind '{}'", where, kind);
  }
}

Json to_object(Node node) {
  Json object = {{"name", node.name}, {"kind", kind_of(node.layer)}, {"inputs", node.inputs}};
  Writer writer{object};
  std::visit(Attributes<Writer>{writer}, node.layer);
  return object;
}

Node to_node(const Json& object, std::size_t number) {
  Reader reader(object, fmt::format("network description, node {}", number));
  Node node;
  node.name = reader.text("name", reader.need("name"));
  if (const Json* inputs = reader.find("inputs")) node.inputs = reader.texts("inputs", *inputs);
  node.layer = layer_of(reader.text("kind", reader.need("kind")), reader.where());
  std::visit(Attributes<Reader>{reader}, node.layer);
  reader.finish();
  return node;
}

}  // namespace

const char* name_of(ActivationKind kind) {
  return name_at(kActivations, static_cast<std::size_t>(kind));
}

std::string to_json(const Network& network) {
  std::string text = fmt::format("{{\"schema\": \"{}\", \"name\": {}, \"outputs\": {},\n \"nodes\": [", kSchema,
                                 Json(network.name).dump(), Json(network.outputs).dump());
  const char* separator = "\n  ";
  for (const Node& node : network.nodes) {
    text += separator + to_object(node).dump();
    separator = ",\n  ";
  }
  return text + "]}";
}

Network from_json(const std::string& text) {
  const auto root = parse_json<Json>(text, "network description");
  Reader reader(root, "network description");
  if (const std::string schema = reader.text("schema", reader.need("schema")); schema != kSchema) {
    fail<DataError>("network description: wanted schema {}, found {}", kSchema, schema);
  }
  Network network;
  network.name = reader.text("name", reader.need("name"));
  network.outputs = reader.texts("outputs", reader.need("outputs"));
  const Json& nodes = reader.need("nodes");
  if (!nodes.is_array() || nodes.size() > kMaxNodes) {
    fail<DataError>("network description: 'nodes' must be an array of at most {} nodes", kMaxNodes);
  }
  for (const Json& node : nodes) network.nodes.push_back(to_node(node, network.nodes.size()));
  reader.finish();
  return network;
}

}  // namespace ganymede::net
