#include "interop/import_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "interop/pytorch_export.hpp"
#include "net/keras_import.hpp"

// How it works: both sides are lists of layers, each with its tensors by name; a layer of theirs is paired with one of
// ours (by the table, by name, or in order within its kind), and then tensor with tensor. Nothing is converted before
// all of it fits; what does not is listed whole.

namespace ganymede::interop {
namespace {

constexpr std::size_t kMostFaults = 30;  // of a list

// A layer's tensors by the name within it: of theirs as the file has it, of ours as theirs should.
struct WeightLayer {
  std::string name;
  std::map<std::string, Shape> shapes{};
  std::map<std::string, std::string> whole{};  // the tensor's whole name, by the one within
};

std::string dotted(std::string name) {
  std::ranges::replace(name, '/', '.');
  if (name.ends_with(":0")) name.resize(name.size() - 2);  // Keras 2
  return name;
}

// What a module counts or draws by, and no weight.
bool is_no_weight(const std::string& suffix) {
  return suffix == "num_batches_tracked" || suffix == "seed_generator_state";
}

std::string keras_suffix(const net::Layer& layer, const std::string& suffix) {
  const bool norm = std::holds_alternative<net::BatchNorm>(layer) || std::holds_alternative<net::LayerNorm>(layer);
  if (suffix == "bias") return norm ? "beta" : "bias";
  if (suffix == "running_mean") return "moving_mean";
  if (suffix == "running_var") return "moving_variance";
  if (suffix != "weight") return suffix;
  if (norm) return "gamma";
  if (std::holds_alternative<net::Activation>(layer)) return "alpha";
  return std::holds_alternative<net::Embedding>(layer) ? "embeddings" : "kernel";
}

// Ours [out, in, kh, kw] (transposed [in, out, kh, kw]) is theirs [kh, kw, in, out] ([kh, kw, out, in]).
Shape keras_shape(const std::string& suffix, const Shape& shape) {
  if (suffix == "kernel" && shape.size() == 2) return {shape[1], shape[0]};
  if (suffix == "kernel" && shape.size() == 4) return {shape[2], shape[3], shape[1], shape[0]};
  if (shape.size() == 3) return {shape[1], shape[2], shape[0]};  // LayerNorm over a sample
  return shape;
}

std::vector<WeightLayer> layers_of(const net::Network& network, WeightLayout layout) {
  std::vector<WeightLayer> layers;
  for (const net::Parameter& p : net::parameters(network)) {
    const std::size_t dot = p.name.find('.');
    const std::string layer = p.name.substr(0, dot);
    std::string suffix = p.name.substr(dot + 1);
    Shape shape = p.shape;
    if (layout == WeightLayout::keras) {
      suffix = keras_suffix(network.node(layer).layer, suffix);
      shape = keras_shape(suffix, shape);
    }
    if (layers.empty() || layers.back().name != layer) layers.push_back({.name = layer});
    layers.back().shapes[suffix] = shape;
    layers.back().whole[suffix] = p.name;
  }
  return layers;
}

// In the order in which their names count.
std::vector<WeightLayer> layers_of(const NamedTensors& tensors, std::vector<std::string>& left_out) {
  std::map<std::string, WeightLayer> layers;
  for (const auto& [name, tensor] : tensors) {
    const std::string plain = dotted(name);
    const std::size_t dot = plain.rfind('.');
    const std::string layer = dot == std::string::npos ? "" : plain.substr(0, dot), suffix = plain.substr(dot + 1);
    if (is_no_weight(suffix)) {
      left_out.push_back(name);
      continue;
    }
    WeightLayer& found = layers[layer];
    found.name = layer;
    found.shapes[suffix] = tensor.shape();
    found.whole[suffix] = name;
  }
  std::vector<WeightLayer> list;
  for (const auto& [name, layer] : layers) list.push_back(layer);
  std::ranges::stable_sort(list, [](const auto& a, const auto& b) { return counts_before(a.name, b.name); });
  return list;
}

// What a layer is, as far as its tensors tell; layers of one kind are paired in order.
std::string kind_of(const WeightLayer& layer, bool transposed) {
  const auto has = [&](const char* suffix) { return layer.shapes.contains(suffix); };
  if (has("running_mean") || has("moving_mean")) return "BatchNorm";
  if (has("embeddings")) return "embedding";
  if (has("alpha")) return "slopes";
  if (has("gamma")) return "LayerNorm";
  const auto main = has("kernel") ? layer.shapes.find("kernel") : layer.shapes.find("weight");
  if (main == layer.shapes.end()) return "other";
  const std::size_t rank = main->second.size();
  if (rank >= 3) return transposed ? "transposed convolution" : "convolution";
  return rank == 2 ? "dense" : has("bias") ? "LayerNorm" : "slopes";
}

bool says(const std::string& name, const char* word) {
  return name.find(word) != std::string::npos;
}

struct Pairing {
  const net::Network& network;
  std::vector<WeightLayer> ours, theirs;
  std::map<std::string, std::string> partner = {};  // their layer, by our name
  std::map<std::string, std::string> tensors = {};  // their whole name, by ours: of tensors that the table names
  std::set<std::string> unwanted = {};              // their layers and whole names
  std::string way = {};

  const WeightLayer* their(const std::string& name) const {
    const auto found = std::ranges::find(theirs, name, &WeightLayer::name);
    return found == theirs.end() ? nullptr : &*found;
  }
  bool is_paired(const WeightLayer& layer) const {
    return unwanted.contains(layer.name) ||
           std::ranges::any_of(partner, [&](const auto& pair) { return pair.second == layer.name; });
  }

  void take_table(const NameTable& table, const NamedTensors& given) {
    for (const auto& [from, to] : table) {
      const bool tensor = given.contains(from);
      if (!tensor && their(dotted(from)) == nullptr)
        fail<DataError>("the table of names: \"{}\" is neither a layer nor a tensor of the file", from);
      if (to.empty()) {
        unwanted.insert(tensor ? from : dotted(from));
        continue;
      }
      const auto layer = std::ranges::find_if(ours, [&](const WeightLayer& l) {
        return tensor ? std::ranges::any_of(l.whole, [&](const auto& w) { return w.second == to; }) : l.name == to;
      });
      if (layer == ours.end()) {
        fail<DataError>("the table of names: \"{}\" is no {} of the network with weights; there are {}", to,
                        tensor ? "tensor" : "layer", fmt::join(names_of_ours(), ", "));
      }
      if (!(tensor ? tensors : partner).emplace(to, tensor ? from : dotted(from)).second)
        fail<DataError>("the table of names: two names lead to \"{}\"", to);
    }
    if (!table.empty()) way = "by the table";
  }
  std::vector<std::string> names_of_ours() const {
    std::vector<std::string> names;
    for (const WeightLayer& layer : ours) names.push_back(layer.name);
    return names;
  }
  // Our layers that have no partner yet, nor all their tensors from the table.
  std::vector<const WeightLayer*> waiting() const {
    std::vector<const WeightLayer*> list;
    for (const WeightLayer& layer : ours) {
      const bool by_tensor =
          std::ranges::all_of(layer.whole, [&](const auto& w) { return tensors.contains(w.second); });
      if (!partner.contains(layer.name) && !by_tensor) list.push_back(&layer);
    }
    return list;
  }

  // Our waiting layers under one prefix, as theirs are called; nothing unless all are there.
  std::map<std::string, std::string> found_under(const std::string& prefix) const {
    std::map<std::string, std::string> found;
    for (const WeightLayer* layer : waiting()) {
      for (const std::string& name : {layer->name, python_name(layer->name)})
        if (their(prefix + name) != nullptr) found[layer->name] = prefix + name;
    }
    return found.size() == waiting().size() ? found : std::map<std::string, std::string>();
  }
  void leave_out_all_but(const std::string& prefix) {
    for (const WeightLayer& layer : theirs)
      if (!layer.name.starts_with(prefix)) unwanted.insert(layer.name);
  }
  bool pair_by_name(const std::string& given_prefix) {
    if (waiting().empty()) return true;
    std::set<std::string> prefixes;
    const std::string& first = waiting().front()->name;
    for (const WeightLayer& layer : theirs) {
      for (const std::string& name : {first, python_name(first)}) {
        if (layer.name != name && !layer.name.ends_with("." + name)) continue;
        const std::string prefix = layer.name.substr(0, layer.name.size() - name.size());
        if ((given_prefix.empty() || prefix == given_prefix) && !found_under(prefix).empty()) prefixes.insert(prefix);
      }
    }
    if (prefixes.empty()) return false;
    if (prefixes.size() > 1) {
      fail<DataError>("the {}'s layers are there {} times, under {}: which are meant? (--prefix)", network.name,
                      prefixes.size(), fmt::join(prefixes, ", "));
    }
    const std::string& prefix = *prefixes.begin();
    partner.merge(found_under(prefix));
    way += (way.empty() ? "by name" : ", by name") + (prefix.empty() ? "" : " under " + prefix);
    leave_out_all_but(prefix);  // of a whole model the other networks
    return true;
  }
  void pair_in_order(WeightLayout layout) {
    const bool told = layout == WeightLayout::keras &&
                      std::ranges::any_of(theirs, [](const WeightLayer& l) { return says(l.name, "transpose"); });
    std::map<std::string, std::vector<std::string>> queues;
    for (const WeightLayer& layer : theirs) {
      if (is_paired(layer)) continue;
      std::string kind = kind_of(layer, told && says(layer.name, "transpose"));
      if (kind == "dense" && !layer.shapes.contains("bias") && says(layer.name, "emb")) kind = "embedding";
      queues[kind].push_back(layer.name);
    }
    std::map<std::string, std::size_t> next;
    for (const WeightLayer* layer : waiting()) {
      const net::Layer& ours_is = network.node(layer->name).layer;
      std::string kind = kind_of(*layer, told && std::holds_alternative<net::ConvTranspose>(ours_is));
      if (std::holds_alternative<net::Embedding>(ours_is) && queues.contains("embedding")) kind = "embedding";
      std::vector<std::string>& queue = queues[kind];
      std::size_t& at = next[kind];
      if (at < queue.size()) partner[layer->name] = queue[at++];
    }
    way += way.empty() ? "in order" : ", the rest in order";
  }
};

// A 1-D convolution has no axis of rows there; slopes that are shared over positions have an axis of one for each.
bool fits(const Shape& wanted, const Shape& found, WeightLayout layout) {
  if (wanted == found) return true;
  Shape plain = wanted, long_axes;
  const std::ptrdiff_t rows = layout == WeightLayout::keras ? 0 : 2;
  if (wanted.size() == 4 && wanted[static_cast<std::size_t>(rows)] == 1) plain.erase(plain.begin() + rows);
  if (plain == found) return true;
  std::ranges::copy_if(found, std::back_inserter(long_axes), [](std::int64_t extent) { return extent != 1; });
  return wanted.size() == 1 && long_axes == wanted;
}

Tensor as_floats(const Tensor& tensor, const std::string& name) {
  Tensor result(DType::f32, tensor.shape());
  if (tensor.dtype() == DType::f64) {
    std::ranges::transform(tensor.values<double>(), result.values<float>().begin(),
                           [](double value) { return static_cast<float>(value); });
  } else if (tensor.dtype() == DType::f32) {
    result = tensor;
  } else {
    fail<DataError>("{}: wanted floating-point values, found {}", name, name_of(tensor.dtype()));
  }
  if (!std::ranges::all_of(result.values<float>(), [](float value) { return std::isfinite(value); }))
    fail<DataError>("{} holds values that are no numbers (NaN or infinite)", name);
  return result;
}

// Everything that does not fit, and what was taken.
struct Comparison {
  const Pairing& pairing;
  const NamedTensors& given;
  WeightLayout layout;
  std::vector<std::string> faults = {};
  std::vector<TakenTensor> taken = {};
  std::set<std::string> used = {};  // their whole names

  void compare() {
    for (const WeightLayer& layer : pairing.ours) {
      const auto partner = pairing.partner.find(layer.name);
      const WeightLayer* theirs = partner == pairing.partner.end() ? nullptr : pairing.their(partner->second);
      for (const auto& [suffix, wanted] : layer.shapes) {
        const std::string& ours = layer.whole.at(suffix);
        const auto by_table = pairing.tensors.find(ours);
        std::string name;
        if (by_table != pairing.tensors.end()) {
          name = by_table->second;
        } else if (theirs != nullptr && theirs->shapes.contains(suffix)) {
          name = theirs->whole.at(suffix);
        } else {
          faults.push_back(fmt::format("{}: wanted {}, found nothing{}", ours, to_string(wanted),
                                       theirs == nullptr ? "" : fmt::format(" ({} has no {})", theirs->name, suffix)));
          continue;
        }
        used.insert(name);
        const Shape& found = given.at(name).shape();
        if (!fits(wanted, found, layout)) {
          faults.push_back(
              fmt::format("{}: wanted {}, found {} ({})", ours, to_string(wanted), to_string(found), name));
        } else {
          taken.push_back({.ours = ours, .theirs = name, .found = found});
        }
      }
    }
  }
  void note_unused(std::vector<std::string>& left_out) {
    for (const WeightLayer& layer : pairing.theirs) {
      for (const auto& [suffix, name] : layer.whole) {
        if (used.contains(name)) continue;
        if (pairing.unwanted.contains(layer.name) || pairing.unwanted.contains(name)) {
          left_out.push_back(name);
        } else {
          faults.push_back(
              fmt::format("{} {}: nothing in the network takes it", name, to_string(layer.shapes.at(suffix))));
        }
      }
    }
  }
};

}  // namespace

bool counts_before(const std::string& a, const std::string& b) {
  const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      const auto number = [&](const std::string& text, std::size_t& at) {
        const std::size_t begin = std::min(text.find_first_not_of('0', at), text.size());
        std::size_t end = begin;
        while (end < text.size() && is_digit(text[end])) ++end;
        at = std::max(end, at + 1);
        return text.substr(begin, end - begin);
      };
      const std::string x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

ImportedWeights import_weights(const net::Network& network, const NamedTensors& theirs, const ImportOptions& options) {
  const WeightLayout layout = options.layout;
  ImportedWeights result;
  Pairing pairing{network, layers_of(network, layout), layers_of(theirs, result.left_out)};
  pairing.take_table(options.table, theirs);
  const std::string prefix = dotted(options.prefix);
  pairing.leave_out_all_but(prefix);
  if (!pairing.pair_by_name(prefix)) pairing.pair_in_order(layout);
  Comparison comparison{pairing, theirs, layout};
  comparison.compare();
  comparison.note_unused(result.left_out);
  if (auto& faults = comparison.faults; !faults.empty()) {
    const std::size_t count = faults.size();
    if (count > kMostFaults) {
      faults.resize(kMostFaults);
      faults.push_back(fmt::format("... and {} more", count - kMostFaults));
    }
    fail<DataError>("the weights do not fit the {} ({}, {} of {} tensors):\n  {}", network.name,
                    pairing.way.empty() ? "by name" : pairing.way, comparison.taken.size(),
                    net::parameters(network).size(), fmt::join(faults, "\n  "));
  }
  NamedTensors found;
  for (const TakenTensor& tensor : comparison.taken) {
    const std::size_t dot = tensor.ours.find('.');
    const net::Layer& layer = network.node(tensor.ours.substr(0, dot)).layer;
    const std::string suffix = tensor.ours.substr(dot + 1);
    const std::string name = layout == WeightLayout::keras ? keras_suffix(layer, suffix) : suffix;
    found.emplace(tensor.ours.substr(0, dot + 1) + name, as_floats(theirs.at(tensor.theirs), tensor.theirs));
  }
  if (layout == WeightLayout::keras) found = net::from_keras(network, found);
  for (const net::Parameter& p : net::parameters(network))
    result.tensors.emplace(network.name + "." + p.name, found.at(p.name).reshaped(p.shape));
  result.taken = std::move(comparison.taken);
  result.way = pairing.way;
  return result;
}

}  // namespace ganymede::interop
