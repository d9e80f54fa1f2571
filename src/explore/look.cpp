#include "explore/look.hpp"

#include <algorithm>
#include <utility>

namespace ganymede::explore {
namespace {

constexpr bool kByItself = true;  // a hand waits for it

train::NamedSamples first_of(const train::NamedSamples& samples) {
  train::NamedSamples first{.seed = samples.seed, .count = 1, .z = {}, .classes = {}};
  const auto dim = static_cast<std::ptrdiff_t>(samples.z.size()) / samples.count;
  first.z.assign(samples.z.begin(), samples.z.begin() + dim);
  const auto front_of = [](const auto& all, auto& one) {
    if (!all.empty()) one.assign(1, all.front());
  };
  front_of(samples.classes, first.classes);
  front_of(samples.toward, first.toward);
  front_of(samples.shares, first.shares);
  first.conditions.assign(samples.conditions.begin(),
                          samples.conditions.begin() + std::ssize(samples.conditions) / samples.count);
  return first;
}

// Every layer that something is asked of, once.
std::vector<std::string> needed(const net::Network& network, const LookOptions& o) {
  std::vector<std::string> names = o.layers;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  add(o.maps);
  if (o.taps) {
    add(o.taps->layer);
    for (const std::string& before : layers_before(network, o.taps->layer)) add(before);
  }
  return names;
}

const LayerView& view_of(const Dissection& dissection, const std::string& name) {
  return *std::ranges::find_if(dissection.layers, [&](const LayerView& view) { return view.layer.node == name; });
}

Tensor maps_of(const LayerView& view) {
  if (view.layer.shape.size() == 3) return view.values.reshaped(view.layer.shape);
  const Tensor square = mean_map(view, 0);
  return square.reshaped({1, square.shape()[0], square.shape()[1]});
}

}  // namespace

Look look(TrainedGenerator& generator, const LookOptions& o, fit::Classifier* classifier) {
  Look seen;
  const std::vector<std::string> names = needed(generator.network(), o);
  if (names.empty()) {
    seen.pictures = generator.draw(o.samples, o.overrides, kByItself);
  } else {
    const bool alone = o.samples.count == 1;
    Dissection inside = generator.inspect(alone ? o.samples : first_of(o.samples), names, o.overrides, kByItself);
    for (const std::string& name : o.layers) {
      const LayerView& view = view_of(inside, name);
      seen.layers.push_back({view.layer, view.activity, mean_map(view, 0)});
    }
    if (!o.maps.empty()) seen.maps = maps_of(view_of(inside, o.maps));
    if (o.taps) seen.taps = taps_of(generator.network(), generator.weights(), inside, o.samples, *o.taps, o.overrides);
    seen.pictures = alone ? std::move(inside.pictures) : generator.draw(o.samples, o.overrides);
  }
  if (classifier != nullptr) seen.judged = generator.judge(*classifier, seen.pictures);
  if (!o.before) return seen;
  seen.before = generator.draw(o.samples, {}, kByItself);
  if (classifier != nullptr) seen.judged_before = generator.judge(*classifier, *seen.before);
  return seen;
}

}  // namespace ganymede::explore
