#include "interop/weight_pairing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "interop/pytorch_export.hpp"

namespace ganymede::interop {
namespace {

bool says(const std::string& name, const char* word) {
  return name.find(word) != std::string::npos;
}

}  // namespace

WeightPairing::WeightPairing(const net::Network& network, std::vector<WeightLayer> ours,
                             std::vector<WeightLayer> theirs)
    : network_(network), ours_(std::move(ours)), theirs_(std::move(theirs)) {}

const WeightLayer* WeightPairing::their(const std::string& name) const {
  const auto found = std::ranges::find(theirs_, name, &WeightLayer::name);
  return found == theirs_.end() ? nullptr : &*found;
}

bool WeightPairing::is_paired(const WeightLayer& layer) const {
  return unwanted_.contains(layer.name) ||
         std::ranges::any_of(partners_, [&](const auto& pair) { return pair.second == layer.name; });
}

void WeightPairing::take_table(const NameTable& table, const NamedTensors& given) {
  for (const auto& [from, to] : table) {
    const bool tensor = given.contains(from);
    if (!tensor && their(dotted(from)) == nullptr)
      fail<DataError>("the table of names: \"{}\" is neither a layer nor a tensor of the file", from);
    if (to.empty()) {
      unwanted_.insert(tensor ? from : dotted(from));
      continue;
    }
    const auto layer = std::ranges::find_if(ours_, [&](const WeightLayer& l) {
      return tensor ? std::ranges::any_of(l.whole, [&](const auto& w) { return w.second == to; }) : l.name == to;
    });
    if (layer == ours_.end()) {
      fail<DataError>("the table of names: \"{}\" is no {} of the network with weights; there are {}", to,
                      tensor ? "tensor" : "layer", fmt::join(names_of_ours(), ", "));
    }
    if (!(tensor ? tensors_ : partners_).emplace(to, tensor ? from : dotted(from)).second)
      fail<DataError>("the table of names: two names lead to \"{}\"", to);
  }
  if (!table.empty()) way_ = "by the table";
}

std::vector<std::string> WeightPairing::names_of_ours() const {
  std::vector<std::string> names;
  for (const WeightLayer& layer : ours_) names.push_back(layer.name);
  return names;
}

// Our layers that have no partner yet, nor all their tensors from the table.
std::vector<const WeightLayer*> WeightPairing::waiting() const {
  std::vector<const WeightLayer*> list;
  for (const WeightLayer& layer : ours_) {
    const bool by_tensor = std::ranges::all_of(layer.whole, [&](const auto& w) { return tensors_.contains(w.second); });
    if (!partners_.contains(layer.name) && !by_tensor) list.push_back(&layer);
  }
  return list;
}

// Our waiting layers under one prefix, as theirs are called; nothing unless all are there.
std::map<std::string, std::string> WeightPairing::found_under(const std::string& prefix) const {
  std::map<std::string, std::string> found;
  for (const WeightLayer* layer : waiting()) {
    for (const std::string& name : {layer->name, python_name(layer->name)})
      if (their(prefix + name) != nullptr) found[layer->name] = prefix + name;
  }
  return found.size() == waiting().size() ? found : std::map<std::string, std::string>();
}

void WeightPairing::leave_out_all_but(const std::string& prefix) {
  for (const WeightLayer& layer : theirs_)
    if (!layer.name.starts_with(prefix)) unwanted_.insert(layer.name);
}

bool WeightPairing::pair_by_name(const std::string& given_prefix) {
  if (waiting().empty()) return true;
  std::set<std::string> prefixes;
  const std::string& first = waiting().front()->name;
  for (const WeightLayer& layer : theirs_) {
    for (const std::string& name : {first, python_name(first)}) {
      if (layer.name != name && !layer.name.ends_with("." + name)) continue;
      const std::string prefix = layer.name.substr(0, layer.name.size() - name.size());
      if ((given_prefix.empty() || prefix == given_prefix) && !found_under(prefix).empty()) prefixes.insert(prefix);
    }
  }
  if (prefixes.empty()) return false;
  if (prefixes.size() > 1) {
    fail<DataError>("the {}'s layers are there {} times, under {}: which are meant? (--prefix)", network_.name,
                    prefixes.size(), fmt::join(prefixes, ", "));
  }
  const std::string& prefix = *prefixes.begin();
  partners_.merge(found_under(prefix));
  way_ += (way_.empty() ? "by name" : ", by name") + (prefix.empty() ? "" : " under " + prefix);
  leave_out_all_but(prefix);  // of a whole model the other networks
  return true;
}

void WeightPairing::pair_in_order(WeightLayout layout) {
  const bool told = layout == WeightLayout::keras &&
                    std::ranges::any_of(theirs_, [](const WeightLayer& l) { return says(l.name, "transpose"); });
  std::map<std::string, std::vector<std::string>> queues;
  for (const WeightLayer& layer : theirs_) {
    if (is_paired(layer)) continue;
    std::string kind = kind_of(layer, told && says(layer.name, "transpose"));
    if (kind == "dense" && !layer.shapes.contains("bias") && says(layer.name, "emb")) kind = "embedding";
    queues[kind].push_back(layer.name);
  }
  std::map<std::string, std::size_t> next;
  for (const WeightLayer* layer : waiting()) {
    const net::Layer& ours_is = network_.node(layer->name).layer;
    std::string kind = kind_of(*layer, told && std::holds_alternative<net::ConvTranspose>(ours_is));
    if (std::holds_alternative<net::Embedding>(ours_is) && queues.contains("embedding")) kind = "embedding";
    std::vector<std::string>& queue = queues[kind];
    std::size_t& at = next[kind];
    if (at < queue.size()) partners_[layer->name] = queue[at++];
  }
  way_ += way_.empty() ? "in order" : ", the rest in order";
}

const WeightLayer* WeightPairing::partner(const WeightLayer& ours) const {
  const auto found = partners_.find(ours.name);
  return found == partners_.end() ? nullptr : their(found->second);
}

std::string WeightPairing::tensor_for(const WeightLayer& ours, const std::string& suffix) const {
  if (const auto named = tensors_.find(ours.whole.at(suffix)); named != tensors_.end()) return named->second;
  const WeightLayer* theirs = partner(ours);
  return theirs != nullptr && theirs->whole.contains(suffix) ? theirs->whole.at(suffix) : "";
}

bool WeightPairing::is_unwanted(const WeightLayer& theirs, const std::string& whole) const {
  return unwanted_.contains(theirs.name) || unwanted_.contains(whole);
}

}  // namespace ganymede::interop
