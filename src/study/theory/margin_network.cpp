#include "study/theory/margin_network.hpp"

#include "base/error.hpp"

namespace ganymede::study {

Margin margin_of(const net::Network& classifier, const NamedTensors& tensors, int classes, int from, int to) {
  if (from < 0 || to < 0 || from >= classes || to >= classes || from == to)
    fail<Error>("internal: no margin between classes {} and {} of {}", from, to, classes);
  constexpr const char* kNode = "margin";
  Margin margin{.network = classifier, .tensors = tensors};
  margin.network.nodes.push_back({kNode, {classifier.outputs.front()}, net::Dense{.out = 1, .bias = false}});
  margin.network.outputs = {kNode};
  std::vector<float> weight(static_cast<std::size_t>(classes));
  weight[static_cast<std::size_t>(to)] = 1;
  weight[static_cast<std::size_t>(from)] = -1;
  margin.tensors[classifier.name + "." + kNode + ".weight"] =
      Tensor::of(Shape{1, classes}, std::span<const float>(weight));
  return margin;
}

}  // namespace ganymede::study
