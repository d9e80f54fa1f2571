#include "interop/pytorch_export.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "interop/pytorch_parts.hpp"
#include "tensor/safetensors.hpp"

// How it works: each node of the graph becomes at most a line of __init__, where it has weights, and a line of forward.
// A value that the next line alone reads is called x, as one writes such code by hand; others bear their node's name.

namespace ganymede::interop {
namespace {

using Names = std::vector<std::string>;

std::string number(float value) {
  return fmt::format("{}", value);
}

/// "5", or "(3, 1)".
std::string pair(int h, int w) {
  return h == w ? fmt::format("{}", h) : fmt::format("({}, {})", h, w);
}

std::string capitalised(std::string name) {
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

struct ModuleWriter {
  const FrozenNetwork& frozen;
  std::vector<const PyTorchPart*>& parts;  // that the module needs
  std::map<std::string, std::string> values = {};
  Names arguments = {}, init = {}, forward = {};
  std::size_t at = 0;

  const net::Node& node() const { return frozen.network.nodes[at]; }
  const Shape& shape() const { return frozen.shapes[at]; }
  const Shape& in_shape(std::size_t i = 0) const { return frozen.shape_of(node().inputs[i]); }
  const std::string& in(std::size_t i = 0) const { return values.at(node().inputs[i]); }
  std::string flat(std::size_t i = 0) const { return in_shape(i).size() == 1 ? in(i) : in(i) + ".flatten(1)"; }
  const char* bias() const { return frozen.find(node(), "bias") == nullptr ? ", bias=False" : ""; }

  void use(const PyTorchPart& part) {
    if (std::ranges::find(parts, &part) == parts.end()) parts.push_back(&part);
  }
  /// Makes the layer, and returns it.
  std::string module(const std::string& made) {
    const std::string name = "self." + python_name(node().name);
    init.push_back(name + " = " + made);
    return name;
  }
  std::string called(const std::string& made) { return fmt::format("{}({})", module(made), in()); }

  // Each returns the expression of the node's value.
  std::string operator()(const net::Input&) const { return ""; }
  std::string operator()(const net::Dense& layer) {
    return fmt::format(
        "{}({})", module(fmt::format("nn.Linear({}, {}{})", element_count(in_shape()), layer.out, bias())), flat());
  }
  bool sequence() const { return in_shape().size() == 2; }
  std::string as_image() const { return sequence() ? in() + ".unsqueeze(2)" : in(); }
  const char* as_before() const { return sequence() ? ".squeeze(2)" : ""; }

  template <class L>
  std::string kernel_of(const L& layer, const std::string& padding) const {
    std::string text = fmt::format("{}, {}, {}", in_shape()[0], layer.out, pair(layer.kernel.h, layer.kernel.w));
    if (layer.stride != net::Pair{1, 1}) text += ", stride=" + pair(layer.stride.h, layer.stride.w);
    if (padding != "0") text += ", padding=" + padding;
    return text;
  }
  std::string operator()(const net::Conv& layer) {
    const Sides s = sides_of(layer, in_shape());
    const bool even = s.top == s.bottom && s.left == s.right;
    const std::string made = fmt::format("nn.Conv2d({}{})", kernel_of(layer, even ? pair(s.top, s.left) : "0"), bias());
    const std::string fed =
        even ? as_image() : fmt::format("F.pad({}, ({}, {}, {}, {}))", as_image(), s.left, s.right, s.top, s.bottom);
    return fmt::format("{}({}){}", module(made), fed, as_before());
  }
  // PyTorch takes as much away after as before, and output_padding gives some back; what is too much is cut off.
  std::string operator()(const net::ConvTranspose& layer) {
    const Sides s = sides_of(layer, in_shape(), shape());
    const int back_h = std::max(s.top - s.bottom, 0), back_w = std::max(s.left - s.right, 0);
    const bool whole = back_h >= layer.stride.h || back_w >= layer.stride.w;  // more than it gives back
    std::string made = kernel_of(layer, whole ? "0" : pair(s.top, s.left));
    if (!whole && (back_h > 0 || back_w > 0)) made += ", output_padding=" + pair(back_h, back_w);
    const std::string full =
        fmt::format("{}({})", module(fmt::format("nn.ConvTranspose2d({}{})", made, bias())), as_image());
    const std::int64_t rows = sequence() ? 1 : shape()[1], columns = shape().back();
    if (whole) {
      return fmt::format("{}[:, :, {}:{}, {}:{}]{}", full, s.top, s.top + rows, s.left, s.left + columns, as_before());
    }
    const bool cut = s.bottom > s.top || s.right > s.left;
    return cut ? fmt::format("{}[:, :, :{}, :{}]{}", full, rows, columns, as_before()) : full + as_before();
  }
  std::string operator()(const net::Pool& layer) const {
    return fmt::format("F.{}_pool2d({}, {}, {}){}", layer.kind == net::PoolKind::max ? "max" : "avg", as_image(),
                       pair(layer.kernel.h, layer.kernel.w), pair(layer.stride.h, layer.stride.w), as_before());
  }
  std::string operator()(const net::BatchNorm& layer) {
    return called(fmt::format("nn.BatchNorm{}({}, eps={:g}, momentum={:g})", in_shape().size() == 3 ? "2d" : "1d",
                              in_shape()[0], layer.epsilon, 1 - layer.momentum));
  }
  std::string operator()(const net::LayerNorm& layer) {
    const bool sample = layer.over == net::LayerNorm::Over::sample || in_shape().size() == 1;
    const std::string over = sample && in_shape().size() > 1 ? fmt::format("({})", fmt::join(in_shape(), ", "))
                                                             : fmt::format("{}", in_shape()[0]);
    const std::string made = fmt::format("nn.LayerNorm({}, eps={:g})", over, layer.epsilon);
    return sample ? called(made) : fmt::format("{}({}.movedim(1, -1)).movedim(-1, 1)", module(made), in());
  }
  std::string operator()(const net::Activation& layer) {
    switch (layer.kind) {
      case net::ActivationKind::linear:
        return in();
      case net::ActivationKind::relu:
        return relu(layer);
      case net::ActivationKind::leaky_relu:
        return fmt::format("F.leaky_relu({}, {})", in(), number(layer.negative_slope));
      case net::ActivationKind::rrelu:
        return fmt::format("F.rrelu({}, {}, {}, self.training)", in(), number(layer.lower), number(layer.upper));
      case net::ActivationKind::prelu:
        return prelu();
      case net::ActivationKind::elu:
        return fmt::format("F.elu({}, {})", in(), number(layer.alpha));
      case net::ActivationKind::tanh:
        return fmt::format("torch.tanh({})", in());
      case net::ActivationKind::sigmoid:
        return fmt::format("torch.sigmoid({})", in());
    }
    fail<Error>("internal: {} has an activation without a name", node().name);
  }
  std::string prelu() {
    const std::int64_t slopes = frozen.at(node(), "weight").count();
    const std::string made = fmt::format("nn.PReLU({}, init=0)", slopes);
    if (slopes == in_shape()[0]) return called(made);
    return fmt::format("{}({}.unflatten(1, ({}, -1))).flatten(1)", module(made), in(), slopes);
  }
  std::string relu(const net::Activation& layer) const {
    const bool bounded = std::isfinite(layer.max_value);
    if (layer.threshold == 0 && !bounded) {
      return layer.negative_slope == 0 ? fmt::format("F.relu({})", in())
                                       : fmt::format("F.leaky_relu({}, {})", in(), number(layer.negative_slope));
    }
    const std::string most = bounded ? fmt::format(".clamp(max={})", number(layer.max_value)) : "";
    if (layer.threshold == 0 && layer.negative_slope == 0) return fmt::format("F.relu({}){}", in(), most);
    return fmt::format("torch.where({0} >= {1}, {0}, {2} * ({0} - {1})){3}", in(), number(layer.threshold),
                       number(layer.negative_slope), most);
  }
  std::string operator()(const net::Dropout& layer) {
    return called(fmt::format("nn.Dropout({})", number(layer.rate)));
  }
  std::string operator()(const net::Embedding& layer) {
    return called(fmt::format("nn.Embedding({}, {})", frozen.at(node(), "weight").shape()[0], layer.dim));
  }
  std::string operator()(const net::OneHot&) const {
    return fmt::format("F.one_hot({}, {}).float()", in(), shape()[0]);
  }
  std::string operator()(const net::Multiply&) const { return in(0) + " * " + in(1); }
  // A vector that is joined to an image or a sequence becomes planes.
  std::string planes(std::size_t i) const {
    if (in_shape(i).size() == shape().size()) return in(i);
    std::string axes, extents;
    for (std::size_t axis = 1; axis < shape().size(); ++axis) {
      axes += ", None";
      extents += fmt::format(", {}", shape()[axis]);
    }
    return fmt::format("{}[:, :{}].expand(-1, -1{})", in(i), axes, extents);
  }
  std::string operator()(const net::Concat&) const {
    return fmt::format("torch.cat(({}, {}), 1)", planes(0), planes(1));
  }
  std::string operator()(const net::Reshape&) const {
    if (shape().size() > 1) return fmt::format("{}.reshape(-1, {})", in(), fmt::join(shape(), ", "));
    return flat();
  }
  std::string operator()(const net::Permute& layer) const {
    return fmt::format("{}.permute(0, {}, {}, {})", in(), layer.order[0] + 1, layer.order[1] + 1, layer.order[2] + 1);
  }
  std::string operator()(const net::ConvGru& layer) {
    use(kConvGruPart);
    return called(fmt::format("ConvGRU({}, {}, {}{})", in_shape()[0], layer.out, layer.kernel, bias()));
  }
  std::string operator()(const net::Lstm& layer) {
    use(kLstmPart);
    const std::string steps = layer.steps > 0 ? fmt::format(", steps={}", layer.steps) : "";
    return called(fmt::format("LSTM({}, {}{}{}, forget_bias={})", in_shape()[0], layer.out, steps, bias(),
                              number(layer.forget_bias)));
  }
  std::string operator()(const net::MinibatchStd& layer) {
    use(kMinibatchStdPart);
    return called(fmt::format("MinibatchStd(eps={:g})", layer.epsilon));
  }
  std::string operator()(const net::Projection&) {
    use(kProjectionPart);
    const std::string made =
        fmt::format("Projection({}, {})", element_count(in_shape()), frozen.at(node(), "class_weight").shape()[0]);
    return fmt::format("{}({}, {})", module(made), flat(), in(1));
  }

  bool is_head(const std::string& name) const {
    return std::ranges::find(frozen.network.outputs, name) != frozen.network.outputs.end();
  }
  /// What a node's value is called; "" where it is what the function returns.
  std::string variable() const {
    const bool last = at + 1 == frozen.network.nodes.size();
    if (is_head(node().name)) return frozen.network.outputs.size() == 1 && last ? "" : frozen.names.at(node().name);
    std::size_t users = 0, next = at + 1;
    while (next < frozen.network.nodes.size() && frozen.network.nodes[next].inputs.empty()) ++next;
    bool by_next = false;
    for (std::size_t i = at + 1; i < frozen.network.nodes.size(); ++i) {
      const auto count = std::ranges::count(frozen.network.nodes[i].inputs, node().name);
      users += static_cast<std::size_t>(count);
      by_next |= i == next && count > 0;
    }
    if (users == 1 && by_next) return "x";
    std::string name = python_name(node().name);
    while (std::ranges::find(arguments, name) != arguments.end() || name == "x") name += "_";
    return name;
  }
  void write_node() {
    if (std::holds_alternative<net::Input>(node().layer)) {
      std::string name = frozen.names.at(node().name);
      if (name == "class") name = "label";  // a word of Python's
      arguments.push_back(values[node().name] = name);
      return;
    }
    const std::string expression = std::visit(*this, node().layer), name = variable();
    if (name.empty()) {
      forward.push_back("return " + expression);
    } else if (expression == in() && !is_head(node().name)) {
      values[node().name] = in();  // the same value
    } else {
      std::string line = name + " = " + expression;
      if (shape() != in_shape() && !std::holds_alternative<net::Reshape>(node().layer))
        line += fmt::format("  # {}", to_string(shape()));
      forward.push_back(line);
      values[node().name] = name;
    }
  }
};

std::string class_of(const FrozenNetwork& frozen, std::vector<const PyTorchPart*>& parts) {
  ModuleWriter writer{frozen, parts};
  Names in, out;
  for (; writer.at < frozen.network.nodes.size(); ++writer.at) {
    writer.write_node();
    if (!std::holds_alternative<net::Input>(writer.node().layer)) continue;
    Shape shape = writer.shape();
    in.push_back(fmt::format("{} [N{}{}]", writer.arguments.back(), shape.empty() ? "" : ", ", fmt::join(shape, ", ")));
  }
  for (const std::string& head : frozen.network.outputs)
    out.push_back(fmt::format("{} [N, {}]", frozen.names.at(head), fmt::join(frozen.shape_of(head), ", ")));
  if (writer.forward.empty() || !writer.forward.back().starts_with("return ")) {
    Names heads;
    for (const std::string& head : frozen.network.outputs) heads.push_back(writer.values.at(head));
    writer.forward.push_back(fmt::format("return {}", fmt::join(heads, ", ")));
  }
  if (writer.init.empty()) writer.init.emplace_back("pass");
  return fmt::format(
      "class {}(nn.Module):\n"
      "    \"\"\"{} -> {}; {} parameters.\"\"\"\n\n"
      "    def __init__(self):\n"
      "        super().__init__()\n"
      "        {}\n\n"
      "    def forward(self, {}):\n"
      "        {}\n",
      capitalised(frozen.network.name), fmt::join(in, ", "), fmt::join(out, ", "),
      with_thousands(net::count_parameters(frozen.network).total), fmt::join(writer.init, "\n        "),
      fmt::join(writer.arguments, ", "), fmt::join(writer.forward, "\n        "));
}

std::string example_of(const FrozenNetwork& frozen) {
  Names given;
  for (const net::Node& node : frozen.network.nodes) {
    const auto* input = std::get_if<net::Input>(&node.layer);
    if (input == nullptr) continue;
    given.push_back(input->role == net::Role::class_index
                        ? fmt::format("torch.arange(16) % {}", input->classes)
                        : fmt::format("torch.randn(16, {})", fmt::join(input->shape, ", ")));
  }
  return fmt::format(
      "    from model import load\n    {} = load({})({})", frozen.names.at(frozen.network.outputs.front()),
      frozen.network.name == "generator" ? "" : fmt::format("\"{}\"", frozen.network.name), fmt::join(given, ", "));
}

}  // namespace

std::string python_name(const std::string& node) {
  // Of the words that are legal names of nodes: Python's, and what nn.Module has already.
  static constexpr std::array kTaken = {"and",
                                        "as",
                                        "assert",
                                        "async",
                                        "await",
                                        "break",
                                        "buffers",
                                        "bfloat16",
                                        "call",
                                        "children",
                                        "class",
                                        "compile",
                                        "continue",
                                        "cpu",
                                        "cuda",
                                        "def",
                                        "del",
                                        "double",
                                        "elif",
                                        "else",
                                        "eval",
                                        "except",
                                        "extra_repr",
                                        "finally",
                                        "float",
                                        "for",
                                        "forward",
                                        "from",
                                        "global",
                                        "half",
                                        "if",
                                        "import",
                                        "in",
                                        "ipu",
                                        "is",
                                        "lambda",
                                        "modules",
                                        "mtia",
                                        "nonlocal",
                                        "not",
                                        "or",
                                        "parameters",
                                        "pass",
                                        "raise",
                                        "register_buffer",
                                        "requires_grad_",
                                        "return",
                                        "share_memory",
                                        "state_dict",
                                        "to",
                                        "train",
                                        "training",
                                        "try",
                                        "type",
                                        "while",
                                        "with",
                                        "xpu",
                                        "yield",
                                        "zero_grad",
                                        "add_module",
                                        "apply",
                                        "dump_patches",
                                        "get_buffer",
                                        "self"};
  const bool digit = node[0] >= '0' && node[0] <= '9';
  return std::ranges::find(kTaken, node) != kTaken.end() ? node + "_" : digit ? "_" + node : node;
}

std::map<std::string, std::string> to_pytorch(const std::vector<FrozenNetwork>& networks, const std::string& sentence) {
  std::vector<const PyTorchPart*> parts;
  std::map<std::string, std::string> files;
  Names classes, table;
  for (const FrozenNetwork& frozen : networks) {
    classes.push_back(class_of(frozen, parts));
    const std::string name = capitalised(frozen.network.name);
    table.push_back(fmt::format("\"{}\": {}", frozen.network.name, name));
    NamedTensors tensors;
    for (const auto& [of, tensor] : frozen.tensors) {
      const std::size_t dot = of.find('.');
      tensors.emplace(python_name(of.substr(0, dot)) + of.substr(dot), tensor);
    }
    files[frozen.network.name + ".safetensors"] = to_safetensors(tensors, {{"format", "pt"}});
  }
  for (const PyTorchPart* part : parts) classes.insert(classes.begin(), part->text);
  std::string first = sentence;  // which a run's name must not end
  for (char& c : first) c = c == '"' || c == '\\' ? '\'' : c;
  files["model.py"] = fmt::format(
      "\"\"\"{}\n\n{}\n\nPictures lie in [-1, 1]. Needs torch and safetensors.\n\"\"\"\n\n"
      "import pathlib\n\nimport torch\nimport torch.nn.functional as F\nfrom safetensors.torch import load_file\n"
      "from torch import nn\n\n\n"
      "{}\n\n"
      "NETWORKS = {{{}}}\n\n\n"
      "def load(name=\"{}\"):\n"
      "    \"\"\"A network with its trained weights, for inference.\"\"\"\n"
      "    network = NETWORKS[name]()\n"
      "    network.load_state_dict(load_file(pathlib.Path(__file__).with_name(f\"{{name}}.safetensors\")))\n"
      "    return network.eval()\n",
      first, example_of(networks.front()), fmt::join(classes, "\n\n"), fmt::join(table, ", "),
      networks.front().network.name);
  return files;
}

}  // namespace ganymede::interop
