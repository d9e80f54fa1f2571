#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "base/error.hpp"
#include "net/network.hpp"

namespace ganymede::net {
namespace {

// Bounds that no sensible network meets; they keep all products of extents far from overflow.
constexpr std::int64_t kMaxExtent = std::int64_t{1} << 24;
constexpr std::int64_t kMaxSampleElements = std::int64_t{1} << 30;

bool is_identifier(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Where we are, for messages: "generator, layer conv1 (conv_transpose)".
struct Place {
  const Network& network;
  const Node& node;

  std::string text() const { return fmt::format("{}, layer {} ({})", network.name, node.name, kind_of(node.layer)); }
  template <class... Args>
  [[noreturn]] void config(fmt::format_string<Args...> format, Args&&... args) const {
    fail<ConfigError>("{}: {}", text(), fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  [[noreturn]] void shape(fmt::format_string<Args...> format, Args&&... args) const {
    fail<ShapeError>("{}: {}", text(), fmt::format(format, std::forward<Args>(args)...));
  }
  void in_range(const char* what, std::int64_t value, std::int64_t low, std::int64_t high) const {
    if (value < low || value > high) config("{} must be between {} and {} (got {})", what, low, high, value);
  }
  void check_extents(const Shape& s) const {
    std::int64_t count = 1;
    for (const std::int64_t extent : s) {
      in_range("every extent", extent, 1, kMaxExtent);
      count *= extent;
      if (count > kMaxSampleElements) config("more than {} elements in one sample", kMaxSampleElements);
    }
  }
};

// A kernel laid on an axis: what is said of it in rows or columns.
struct Axis {
  const char* name;
  int kernel, stride;
  bool same;
  int before, after;
};

Axis rows(Pair kernel, Pair stride, const Padding& p) {
  return {"rows", kernel.h, stride.h, p.same, p.top, p.bottom};
}

Axis columns(Pair kernel, Pair stride, const Padding& p) {
  return {"columns", kernel.w, stride.w, p.same, p.left, p.right};
}

void check_axis(const Place& at, const Axis& axis) {
  at.in_range("kernel", axis.kernel, 1, 1 << 12);
  at.in_range("stride", axis.stride, 1, 1 << 12);
  at.in_range("padding", axis.before, 0, 1 << 12);
  at.in_range("padding", axis.after, 0, 1 << 12);
  if (axis.same && (axis.before != 0 || axis.after != 0)) at.config("padding is either 'same' or numbers, not both");
}

std::int64_t shrink(const Place& at, const Axis& axis, std::int64_t in) {
  check_axis(at, axis);
  if (axis.same) return (in + axis.stride - 1) / axis.stride;
  const std::int64_t padded = in + axis.before + axis.after;
  if (axis.kernel > padded) {
    at.shape("a kernel of {} {} does not fit into {} with padding", axis.kernel, axis.name, padded);
  }
  return (padded - axis.kernel) / axis.stride + 1;
}

std::int64_t grow(const Place& at, const Axis& axis, std::int64_t in) {
  check_axis(at, axis);
  if (axis.same) return in * axis.stride;
  const std::int64_t out = (in - 1) * axis.stride + axis.kernel - axis.before - axis.after;
  if (out < 1) at.shape("padding leaves {} {} of the output", out, axis.name);
  return out;
}

// The output of a layer that slides a kernel over [C, H, W] or [C, T].
Shape slide(const Place& at, const Shape& in, std::int64_t channels, const Axis& h, const Axis& w,
            std::int64_t (*size)(const Place&, const Axis&, std::int64_t)) {
  at.in_range("out", channels, 1, kMaxExtent);
  if (in.size() == 3) return {channels, size(at, h, in[1]), size(at, w, in[2])};
  if (in.size() != 2) at.shape("wanted an image [C, H, W] or a sequence [C, T], found {}", to_string(in));
  if (h.kernel != 1 || h.stride != 1 || h.before != 0 || h.after != 0) {
    at.shape("on a sequence {} the kernel has one row, stride 1 and no padding of rows", to_string(in));
  }
  return {channels, size(at, w, in[1])};
}

struct Inference {
  const Place& at;
  const std::vector<const Node*>& from;  // the nodes that feed this one
  const std::vector<Shape>& in;          // and their shapes

  const Shape& values() const { return values(0); }
  const Shape& values(std::size_t i) const {
    if (in[i].empty()) {
      at.shape("wanted values, found the class index '{}': put an embedding or one_hot between", from[i]->name);
    }
    return in[i];
  }
  const Shape& image() const {
    if (values().size() != 3) at.shape("wanted an image [C, H, W], found {}", to_string(in[0]));
    return in[0];
  }
  int classes(std::size_t i = 0) const {
    const auto* input = std::get_if<Input>(&from[i]->layer);
    if (input == nullptr || input->role != Role::class_index) {
      at.shape("wanted an input of role class_index, found '{}' ({})", from[i]->name, kind_of(from[i]->layer));
    }
    return input->classes;
  }
  void check_epsilon(double epsilon) const {
    if (!(epsilon > 0 && epsilon < 1e6)) at.config("epsilon must be positive (got {})", epsilon);
  }

  Shape operator()(const Input& layer) const {
    const std::size_t rank = layer.shape.size();
    if (layer.role == Role::class_index) {
      if (rank != 0) at.config("an input of role class_index has the shape [], found {}", to_string(layer.shape));
      at.in_range("classes", layer.classes, 1, kMaxExtent);
      return {};
    }
    if (layer.classes != 0) at.config("classes belong to an input of role class_index only");
    if (layer.role == Role::latent && rank != 1) {
      at.config("an input of role latent has the shape [Z], found {}", to_string(layer.shape));
    }
    if (layer.role == Role::condition && rank != 1) {
      at.config("an input of role condition has the shape [K], found {}", to_string(layer.shape));
    }
    if (layer.role == Role::image && rank != 3) {
      at.config("an input of role image has the shape [C, H, W], found {}", to_string(layer.shape));
    }
    if (rank < 1 || rank > 3) at.config("wanted a shape of 1 to 3 extents, found {}", to_string(layer.shape));
    return layer.shape;
  }
  Shape operator()(const Dense& layer) const {
    at.in_range("out", layer.out, 1, kMaxExtent);
    values();
    return {layer.out};
  }
  Shape operator()(const Conv& layer) const {
    return slide(at, values(), layer.out, rows(layer.kernel, layer.stride, layer.padding),
                 columns(layer.kernel, layer.stride, layer.padding), shrink);
  }
  Shape operator()(const ConvTranspose& layer) const {
    return slide(at, values(), layer.out, rows(layer.kernel, layer.stride, layer.padding),
                 columns(layer.kernel, layer.stride, layer.padding), grow);
  }
  Shape operator()(const BatchNorm& layer) const {
    check_epsilon(layer.epsilon);
    if (!(layer.momentum >= 0 && layer.momentum <= 1)) {
      at.config("momentum must be between 0 and 1 (got {})", layer.momentum);
    }
    return values();
  }
  Shape operator()(const LayerNorm& layer) const {
    check_epsilon(layer.epsilon);
    return values();
  }
  Shape operator()(const Activation& layer) const {
    const Shape& shape = values();
    for (const float value : {layer.negative_slope, layer.threshold, layer.alpha, layer.lower, layer.upper}) {
      if (!std::isfinite(value)) at.config("every number but max_value must be finite");
    }
    if (!(layer.max_value > layer.threshold)) {
      at.config("max_value {} must be above threshold {}", layer.max_value, layer.threshold);
    }
    if (layer.lower > layer.upper) at.config("lower {} must not be above upper {}", layer.lower, layer.upper);
    const bool grouped = layer.channels != 0 && layer.channels != shape[0];
    if (layer.channels < 0 || (grouped && (shape.size() != 1 || shape[0] % layer.channels != 0))) {
      at.shape("{} channels do not divide {}", layer.channels, to_string(shape));
    }
    return shape;
  }
  Shape operator()(const Dropout& layer) const {
    if (!(layer.rate >= 0 && layer.rate < 1)) at.config("rate must be at least 0 and below 1 (got {})", layer.rate);
    return values();
  }
  Shape operator()(const Embedding& layer) const {
    classes();
    at.in_range("dim", layer.dim, 1, kMaxExtent);
    return {layer.dim};
  }
  Shape operator()(const OneHot&) const { return {classes()}; }
  Shape operator()(const Multiply&) const {
    if (values(0) != values(1)) {
      at.shape("wanted two inputs of one shape, found {} and {}", to_string(in[0]), to_string(in[1]));
    }
    return in[0];
  }
  Shape operator()(const Concat&) const {
    const Shape& a = values(0);
    const Shape& b = values(1);
    const bool planes = a.size() == 1 || b.size() == 1;  // a vector joined to an image or sequence
    if (!planes && (a.size() != b.size() || !std::equal(a.begin() + 1, a.end(), b.begin() + 1))) {
      at.shape("inputs that are joined differ in the first extent only, found {} and {}", to_string(a), to_string(b));
    }
    Shape out = a.size() > b.size() ? a : b;
    out[0] = a[0] + b[0];
    return out;
  }
  Shape operator()(const Reshape& layer) const {
    Shape out = layer.shape;
    const std::int64_t count = element_count(values());
    if (out.empty() || out.size() > 3) at.config("wanted a shape of 1 to 3 extents, found {}", to_string(out));
    if (std::count(out.begin(), out.end(), -1) > 1) at.config("only one extent may be -1, found {}", to_string(out));
    std::int64_t known = 1;
    for (const std::int64_t extent : out) {
      if (extent == -1) continue;
      at.in_range("every extent", extent, 1, kMaxExtent);
      known *= extent;
      if (known > count) at.shape("{} does not reshape to {}", to_string(in[0]), to_string(layer.shape));
    }
    for (std::int64_t& extent : out) {
      if (extent == -1) extent = count / known;
    }
    if (element_count(out) != count) at.shape("{} does not reshape to {}", to_string(in[0]), to_string(layer.shape));
    return out;
  }
  Shape operator()(const Permute& layer) const {
    const Shape& shape = image();
    std::vector<int> sorted = layer.order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != std::vector<int>{0, 1, 2}) at.config("order must hold 0, 1 and 2, each once");
    return {shape[static_cast<std::size_t>(layer.order[0])], shape[static_cast<std::size_t>(layer.order[1])],
            shape[static_cast<std::size_t>(layer.order[2])]};
  }
  Shape operator()(const ConvGru& layer) const {
    const Shape& shape = image();
    at.in_range("out", layer.out, 1, 1 << 16);
    at.in_range("kernel", layer.kernel, 1, 1 << 12);
    return {layer.out, shape[1], shape[2]};
  }
  Shape operator()(const Lstm& layer) const {
    const Shape& shape = values();
    at.in_range("out", layer.out, 1, 1 << 16);
    at.in_range("steps", layer.steps, 0, 1 << 12);
    if (!std::isfinite(layer.forget_bias)) at.config("forget_bias must be finite");
    if (layer.steps == 0 && shape.size() != 2) {
      at.shape("wanted a sequence [C, T], or steps and the vector [{}] to begin with; found {}", layer.out,
               to_string(shape));
    }
    if (layer.steps > 0 && shape != Shape{layer.out})
      at.shape("{} steps begin with a state [{}], found {}", layer.steps, layer.out, to_string(shape));
    return {layer.out, layer.steps > 0 ? layer.steps : shape[1]};
  }
  Shape operator()(const MinibatchStd& layer) const {
    check_epsilon(layer.epsilon);
    if (!(layer.momentum >= 0 && layer.momentum <= 1)) {
      at.config("momentum must be between 0 and 1 (got {})", layer.momentum);
    }
    Shape out = values();
    ++out[0];
    return out;
  }
  Shape operator()(const Projection&) const {
    values();
    classes(1);
    return {1};
  }
  Shape operator()(const Pool& layer) const {
    const Padding none{.same = false};
    const Shape& shape = values();
    return slide(at, shape, shape[0], rows(layer.kernel, layer.stride, none), columns(layer.kernel, layer.stride, none),
                 shrink);
  }
};

std::size_t arity(const Layer& layer) {
  if (std::holds_alternative<Input>(layer)) return 0;
  return std::holds_alternative<Multiply>(layer) || std::holds_alternative<Concat>(layer) ||
                 std::holds_alternative<Projection>(layer)
             ? 2
             : 1;
}

}  // namespace

std::vector<Shape> infer_shapes(const Network& network) {
  if (!is_identifier(network.name)) {
    fail<ConfigError>("a network's name has lower-case letters, digits and _, found '{}'", network.name);
  }
  std::vector<Shape> shapes;
  std::set<std::string> used(network.outputs.begin(), network.outputs.end());
  std::map<std::string, std::size_t> known;
  for (const Node& node : network.nodes) {
    const Place at{network, node};
    if (!is_identifier(node.name)) at.config("a layer's name has lower-case letters, digits and _");
    if (known.contains(node.name)) at.config("the name is taken by an earlier layer");
    if (node.inputs.size() != arity(node.layer)) {
      at.config("wanted {} inputs, found {}", arity(node.layer), node.inputs.size());
    }
    std::vector<const Node*> from;
    std::vector<Shape> in;
    for (const std::string& input : node.inputs) {
      const auto found = known.find(input);
      if (found == known.end()) at.config("there is no earlier layer '{}'", input);
      from.push_back(&network.nodes[found->second]);
      in.push_back(shapes[found->second]);
      used.insert(input);
    }
    shapes.push_back(std::visit(Inference{at, from, in}, node.layer));
    at.check_extents(shapes.back());
    known.emplace(node.name, shapes.size() - 1);
  }
  if (network.outputs.empty()) fail<ConfigError>("{}: wanted at least one output, found none", network.name);
  for (const std::string& output : network.outputs) {
    if (network.node(output).layer.index() == 0)
      fail<ConfigError>("{}: '{}' is both input and output", network.name, output);
  }
  for (const Node& node : network.nodes) {
    if (!used.contains(node.name)) Place{network, node}.config("its output goes nowhere: use it or remove it");
  }
  return shapes;
}

}  // namespace ganymede::net
