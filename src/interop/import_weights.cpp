#include "interop/import_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "base/error.hpp"
#include "interop/weight_pairing.hpp"
#include "net/keras_import.hpp"

// How it works: both sides are lists of layers, each with its tensors by name; a layer of theirs is paired with one of
// ours (by the table, by name, or in order within its kind), and then tensor with tensor. Nothing is converted before
// all of it fits; what does not is listed whole.

namespace ganymede::interop {
namespace {

constexpr std::size_t kMostFaults = 30;  // of a list

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
  const WeightPairing& pairing;
  const NamedTensors& given;
  WeightLayout layout;
  std::vector<std::string> faults = {};
  std::vector<TakenTensor> taken = {};
  std::set<std::string> used = {};  // their whole names

  void compare() {
    for (const WeightLayer& layer : pairing.ours()) {
      for (const auto& [suffix, wanted] : layer.shapes) {
        const std::string& ours = layer.whole.at(suffix);
        const std::string name = pairing.tensor_for(layer, suffix);
        if (name.empty()) {
          const WeightLayer* theirs = pairing.partner(layer);
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
    for (const WeightLayer& layer : pairing.theirs()) {
      for (const auto& [suffix, name] : layer.whole) {
        if (used.contains(name)) continue;
        if (pairing.is_unwanted(layer, name)) {
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

ImportedWeights import_weights(const net::Network& network, const NamedTensors& theirs, const ImportOptions& options) {
  const WeightLayout layout = options.layout;
  ImportedWeights result;
  WeightPairing pairing(network, layers_of(network, layout), layers_of(theirs, result.left_out));
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
                    pairing.way().empty() ? "by name" : pairing.way(), comparison.taken.size(),
                    net::parameters(network).size(), fmt::join(faults, "\n  "));
  }
  NamedTensors found;
  for (const TakenTensor& tensor : comparison.taken) {
    const std::size_t dot = tensor.ours.find('.');
    const net::Layer& layer = network.node(tensor.ours.substr(0, dot)).layer;
    const std::string suffix = tensor.ours.substr(dot + 1);
    found.emplace(tensor.ours.substr(0, dot + 1) + suffix_in(layout, layer, suffix),
                  as_floats(theirs.at(tensor.theirs), tensor.theirs));
  }
  if (layout == WeightLayout::keras) found = net::from_keras(network, found);
  for (const net::Parameter& p : net::parameters(network))
    result.tensors.emplace(network.name + "." + p.name, found.at(p.name).reshaped(p.shape));
  result.taken = std::move(comparison.taken);
  result.way = pairing.way();
  return result;
}

}  // namespace ganymede::interop
