#include "interop/onnx_recurrent.hpp"

#include <fmt/format.h>

#include <array>

namespace ganymede::interop {
namespace {

using Integers = std::vector<std::int64_t>;

// Rows [first, last) of the first axis.
Tensor rows(const Tensor& tensor, std::int64_t first, std::int64_t last) {
  Shape shape = tensor.shape();
  const std::int64_t each = tensor.count() / shape[0];
  shape[0] = last - first;
  return Tensor::of<float>(shape, tensor.values<float>().subspan(static_cast<std::size_t>(first * each),
                                                                 static_cast<std::size_t>((last - first) * each)));
}

// One layer's values, and the names of them.
struct GruWriter {
  OnnxGraph& graph;
  const OnnxRecurrent& at;
  std::int64_t units, kernel;

  std::string name(const char* what, std::int64_t step = -1) const {
    return step < 0 ? fmt::format("{}/{}", at.out, what) : fmt::format("{}/{}/{}", at.out, step, what);
  }
  // Over the cells, "same": the odd one after.
  std::string convolve(const std::string& in, const std::string& out, const std::vector<std::string>& weights) const {
    std::vector<std::string> inputs{in};
    inputs.insert(inputs.end(), weights.begin(), weights.end());
    const std::int64_t before = (kernel - 1) / 2;
    return graph.add("Conv", inputs, out,
                     {{"kernel_shape", Integers{1, kernel}}, {"pads", Integers{0, before, 0, kernel - 1 - before}}});
  }
  std::string part(const char* what, const Tensor& tensor, std::int64_t first, std::int64_t last) const {
    return graph.add_constant(name(what), rows(tensor, first, last));
  }
  // What x gives the gates `first` to `last`, a value a step.
  std::vector<std::string> fed(const char* what, std::int64_t first, std::int64_t last) const {
    const std::string w = std::string("weight_ih_") + what, b = std::string("bias_") + what;
    std::vector<std::string> weights{part(w.c_str(), *at.weight_ih, first, last)};
    if (at.bias != nullptr) weights.push_back(part(b.c_str(), *at.bias, first, last));
    const std::string all = convolve(at.in, name(what), weights);
    std::vector<std::string> steps;
    for (std::int64_t t = 0; t < at.steps; ++t) steps.push_back(name(what, t));
    if (at.steps == 1) return {all};
    graph.add_split("Split", {all}, steps, {{"axis", std::int64_t{2}}});
    return steps;
  }
  std::string binary(const char* op, const std::string& a, const std::string& b, const char* what,
                     std::int64_t step) const {
    return graph.add(op, {a, b}, name(what, step));
  }
};

}  // namespace

std::string add_gru(OnnxGraph& graph, const net::ConvGru& layer, const OnnxRecurrent& at) {
  const GruWriter w{graph, at, layer.out, layer.kernel};
  const std::int64_t h = layer.out;
  const auto gates = w.fed("gates", 0, 2 * h), candidates = w.fed("candidates", 2 * h, 3 * h);
  const std::string gate_weight = w.part("weight_hh_gates", *at.weight_hh, 0, 2 * h),
                    candidate_weight = w.part("weight_hh_candidates", *at.weight_hh, 2 * h, 3 * h);
  std::vector<std::string> states;
  for (std::int64_t t = 0; t < at.steps; ++t) {
    const auto now = static_cast<std::size_t>(t);
    std::string sum = gates[now], candidate = candidates[now];
    const std::string& before = t == 0 ? sum : states.back();  // h_0 = 0 adds nothing
    if (t > 0) sum = w.binary("Add", sum, w.convolve(before, w.name("recalled", t), {gate_weight}), "sum", t);
    const std::string open = graph.add("Sigmoid", {sum}, w.name("open", t));
    const std::string reset = w.name("reset", t), update = w.name("update", t);
    graph.add_split("Split", {open}, {reset, update}, {{"axis", std::int64_t{1}}});
    if (t > 0) {
      const std::string kept = w.binary("Mul", reset, before, "kept", t);
      candidate = w.binary("Add", candidate, w.convolve(kept, w.name("remembered", t), {candidate_weight}), "new", t);
    }
    const std::string fresh = graph.add("Tanh", {candidate}, w.name("fresh", t));
    if (t == 0) {
      states.push_back(w.binary("Mul", update, fresh, "state", t));
    } else {
      const std::string change = w.binary("Mul", update, w.binary("Sub", fresh, before, "difference", t), "change", t);
      states.push_back(w.binary("Add", before, change, "state", t));
    }
  }
  return graph.add("Concat", states, at.out, {{"axis", std::int64_t{2}}});
}

std::string add_lstm(OnnxGraph& graph, const net::Lstm& layer, const OnnxRecurrent& at) {
  const std::int64_t h = layer.out;
  const auto name = [&](const char* what) { return at.out + "/" + what; };
  // i, f, g, o -> i, o, f, c
  const auto reordered = [&](const Tensor& tensor) {
    Shape shape = tensor.shape();
    const auto block = static_cast<std::size_t>(tensor.count() / 4);
    std::vector<float> values;
    for (const std::size_t gate : std::array<std::size_t, 4>{0, 3, 1, 2}) {
      const auto part = tensor.values<float>().subspan(gate * block, block);
      values.insert(values.end(), part.begin(), part.end());
    }
    shape.insert(shape.begin(), 1);
    return Tensor::of<float>(shape, std::span<const float>(values));
  };
  Tensor bias(DType::f32, {4 * h});
  if (at.bias != nullptr) bias = *at.bias;
  for (std::int64_t i = h; i < 2 * h; ++i) bias.values<float>()[static_cast<std::size_t>(i)] += layer.forget_bias;
  const Tensor fed_bias = reordered(bias);
  Tensor both(DType::f32, {1, 8 * h});  // of x, and of h: zeros
  std::ranges::copy(fed_bias.values<float>(), both.values<float>().begin());

  std::string sequence, state;  // [T, N, C], [1, N, H]
  if (at.weight_ih == nullptr) {
    state = graph.add("Unsqueeze", {at.in, graph.integers({0})}, name("begin"));
    const std::string batch =
        graph.add("Shape", {at.in}, name("batch"), {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
    const std::string extents = graph.add("Concat", {graph.integers({at.steps}), batch, graph.integers({1})},
                                          name("extents"), {{"axis", std::int64_t{0}}});
    sequence = graph.add("ConstantOfShape", {extents}, name("nothing"));
  } else {
    sequence = graph.add("Transpose", {at.in}, name("sequence"), {{"perm", Integers{2, 0, 1}}});
  }
  const Tensor none(DType::f32, {1, 4 * h, 1});
  std::vector<std::string> inputs{
      sequence, graph.add_constant(name("weight_ih"), at.weight_ih == nullptr ? none : reordered(*at.weight_ih)),
      graph.add_constant(name("weight_hh"), reordered(*at.weight_hh)), graph.add_constant(name("bias"), both)};
  if (!state.empty()) inputs.insert(inputs.end(), {"", state, state});                         // all of one length
  const std::string states = graph.add("LSTM", inputs, name("states"), {{"hidden_size", h}});  // [T, 1, N, H]
  const std::string plain = graph.add("Squeeze", {states, graph.integers({1})}, name("plain"));
  return graph.add("Transpose", {plain}, at.out, {{"perm", Integers{1, 2, 0}}});
}

}  // namespace ganymede::interop
