#include "engine/plan/layout.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/error.hpp"
#include "engine/passes/activation_pass.hpp"
#include "engine/passes/conv_pass.hpp"
#include "engine/passes/dense_pass.hpp"
#include "engine/passes/gates.hpp"
#include "net/traits.hpp"

namespace ganymede::engine {
namespace {

template <class L>
bool is(const net::Node& node) {
  return std::holds_alternative<L>(node.layer);
}

Field spatial_field(const Shape& shape) {
  Field field;
  field.channels = static_cast<int>(shape[0]);
  if (shape.size() == 3) {
    field.height = static_cast<int>(shape[1]);
    field.width = static_cast<int>(shape[2]);
  } else if (shape.size() == 2) {
    field.width = static_cast<int>(shape[1]);
  }
  return field;
}

// For each flat node the image shape that its users reshape it to, or empty.
std::vector<Shape> wanted_orders(const net::Network& network, const std::vector<Shape>& shapes) {
  std::vector<Shape> wanted(network.nodes.size());
  for (int i = static_cast<int>(network.nodes.size()) - 1; i >= 0; --i) {
    const net::Node& node = network.nodes[i];
    for (const std::string& name : node.inputs) {
      const int input = network.index_of(name);
      if (shapes[input].size() != 1) continue;
      // Products work on whole vectors of channels: a few channels are cheaper to copy.
      if (is<net::Reshape>(node) && shapes[i].size() > 1 &&
          (shapes[i][0] >= 5 || is<net::Embedding>(network.nodes[input]))) {
        wanted[input] = shapes[i];
      } else if (net::keeps_axes(node.layer) && !wanted[i].empty()) {
        wanted[input] = wanted[i];
      }
    }
  }
  return wanted;
}

// Nodes that share one layout end in one set; a set is thin if every node in it may be.
void choose_thin(const net::Network& network, const std::vector<Shape>& shapes, const Layout& layout,
                 std::vector<Field>& fields) {
  const int count = static_cast<int>(network.nodes.size());
  std::vector<int> set(count);
  std::iota(set.begin(), set.end(), 0);
  const auto root = [&](int i) {
    while (set[i] != i) i = set[i];
    return i;
  };
  std::vector<bool> allowed(count, true);
  for (int i = 0; i < count; ++i) {
    const net::Node& node = network.nodes[i];
    const bool pointwise = net::is_pointwise(node.layer);
    const bool makes = pointwise || is<net::Input>(node) || is<net::ConvTranspose>(node) || is<net::Reshape>(node) ||
                       is<net::Embedding>(node) || is<net::Concat>(node);
    if (!makes || fields[i].channels > 4 || fields[i].positions() == 1) allowed[i] = false;
    for (const std::string& name : node.inputs) {
      const int input = network.index_of(name);
      const bool takes = pointwise || is<net::Conv>(node) || is<net::Concat>(node) || is<net::Reshape>(node);
      if (!takes) allowed[input] = false;
      const bool joined = pointwise || (is<net::Reshape>(node) && !layout.copies[i]);
      if (joined) set[root(input)] = root(i);
    }
  }
  // A convolution from a thin image must write a wide one and the other way round.
  for (int i = 0; i < count; ++i) {
    if (is<net::Conv>(network.nodes[i]) && shapes[i][0] < 5)
      allowed[network.index_of(network.nodes[i].inputs[0])] = false;
    if (is<net::ConvTranspose>(network.nodes[i]) && fields[network.index_of(network.nodes[i].inputs[0])].channels < 5)
      allowed[i] = false;
  }
  std::vector<bool> set_allowed(count, true);
  for (int i = 0; i < count; ++i) {
    if (!allowed[i]) set_allowed[root(i)] = false;
  }
  for (int i = 0; i < count; ++i) fields[i].thin = set_allowed[root(i)];
}

}  // namespace

Layout make_layout(const net::Network& network) {
  Layout layout;
  layout.shapes = net::infer_shapes(network);
  const auto wanted = wanted_orders(network, layout.shapes);
  layout.copies.assign(network.nodes.size(), false);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const net::Node& node = network.nodes[i];
    const Shape& shape = layout.shapes[i];
    Field field;
    if (net::is_class_index(node)) {
      layout.fields.push_back(field);
      continue;
    }
    const Field* input = node.inputs.empty() ? nullptr : &layout.fields[network.index_of(node.inputs[0])];
    if (shape.size() != 1) {
      field = spatial_field(shape);
      if (is<net::Reshape>(node)) {
        layout.copies[i] = input->positions() != field.positions() || input->channels != field.channels;
      }
    } else if (is<net::Reshape>(node)) {
      // Flatten: keep the image's order unless somebody wants another, or few channels would make thin products.
      if (!wanted[i].empty()) {
        field = spatial_field(wanted[i]);
      } else if (input->channels >= 16 || input->positions() == 1) {
        field = *input;
      } else {
        field.channels = static_cast<int>(shape[0]);
      }
      layout.copies[i] = input->positions() != field.positions() || input->channels != field.channels;
    } else if (net::keeps_axes(node.layer)) {
      field = *input;
    } else if (!wanted[i].empty() && !is<net::Concat>(node) && !is<net::MinibatchStd>(node)) {
      field = spatial_field(wanted[i]);
    } else {
      field.channels = static_cast<int>(shape[0]);
    }
    field.thin = false;
    layout.fields.push_back(field);
  }
  choose_thin(network, layout.shapes, layout, layout.fields);
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    if (!is<net::Reshape>(network.nodes[i])) continue;
    const Field& input = layout.fields[network.index_of(network.nodes[i].inputs[0])];
    if (input.thin != layout.fields[i].thin) layout.copies[i] = true;
  }
  return layout;
}

ParameterSet::ParameterSet(const net::Network& network, const Layout& layout) {
  for (const net::Parameter& declared : net::parameters(network)) {
    const std::size_t dot = declared.name.rfind('.');
    const int index = network.index_of(declared.name.substr(0, dot));
    const std::string kind = declared.name.substr(dot + 1);
    const net::Node& node = network.nodes[index];
    const Field& out = layout.fields[index];
    const int input_index = network.index_of(node.inputs[0]);
    const Field& in = layout.fields[input_index];
    const bool per_position = layout.per_position(index);
    // One row for each of `count`, as a sample lies in a field.
    const auto rows_like = [](const Field& field, std::int64_t count, std::int64_t& size) {
      std::int64_t row = 0;
      const auto one = channel_places(field, true, row);
      row = std::int64_t{1} * field.positions() * field.sample_stride();
      size = (row * count + 15) / 16 * 16;
      std::vector<std::int32_t> places;
      for (std::int64_t k = 0; k < count; ++k) {
        for (const std::int32_t place : one) places.push_back(static_cast<std::int32_t>(k * row) + place);
      }
      return places;
    };
    Parameter p;
    p.name = declared.name;
    p.shape = declared.shape;
    p.trainable = declared.trainable;
    if (is<net::Dense>(node) && kind == "weight") {
      p.place = dense_weight_places(in, out, p.size);
    } else if ((is<net::Conv>(node) || is<net::ConvTranspose>(node)) && kind == "weight") {
      const bool transposed = is<net::ConvTranspose>(node);
      const int taps = static_cast<int>(declared.shape[2] * declared.shape[3]);
      if (transposed ? out.thin : in.thin) {
        p.place = thin_weight_places(transposed ? out.channels : in.channels, transposed ? in.channels : out.channels,
                                     taps, p.size);
      } else {
        p.place = wide_weight_places(in.channels, out.channels, taps, transposed, p.size);
      }
    } else if (const auto* gru = std::get_if<net::ConvGru>(&node.layer)) {
      p.place = kind == "bias" ? gate_bias_places(3, gru->out, p.size)
                               : gate_weight_places(3, kind == "weight_ih" ? in.channels : gru->out, gru->out,
                                                    gru->kernel, p.size);
    } else if (const auto* lstm = std::get_if<net::Lstm>(&node.layer)) {
      p.place = kind == "bias"
                    ? gate_bias_places(4, lstm->out, p.size)
                    : gate_weight_places(4, kind == "weight_ih" ? in.channels : lstm->out, lstm->out, 1, p.size);
    } else if (is<net::Embedding>(node)) {
      p.place = rows_like(out, declared.shape[0], p.size);
    } else if (is<net::Projection>(node) && kind.ends_with("weight")) {
      p.place = rows_like(in, declared.shape[0], p.size);
    } else if (kind.ends_with("_u") || is<net::MinibatchStd>(node)) {  // nothing of a sample
      p.place.resize(static_cast<std::size_t>(declared.shape[0]));
      std::iota(p.place.begin(), p.place.end(), 0);
      p.size = (declared.shape[0] + 15) / 16 * 16;
    } else {
      const auto* layer_norm = std::get_if<net::LayerNorm>(&node.layer);
      const bool whole_sample =
          layer_norm != nullptr && element_count(declared.shape) == out.features() && out.positions() > 1;
      const bool shared = element_count(declared.shape) == out.channels;
      if (!shared && !whole_sample && !(per_position && element_count(declared.shape) == out.features())) {
        fail<ConfigError>("{}.{}: the CPU engine cannot share {} values over {} channels and {} positions",
                          network.name, declared.name, element_count(declared.shape), out.channels, out.positions());
      }
      p.place = channel_places(out, !shared, p.size);
    }
    p.value = Buffer(p.size);
    parameters_.push_back(std::move(p));
  }
  for (std::size_t u = 0; u < parameters_.size(); ++u) {
    if (!parameters_[u].name.ends_with("_u")) continue;
    const std::string weight = parameters_[u].name.substr(0, parameters_[u].name.size() - 2);
    const auto raw = static_cast<std::size_t>(find(weight) - parameters_.data());
    spectral_.emplace_back(raw, u, parameters_[raw]);
  }
}

void ParameterSet::normalise(ThreadPool& pool, bool iterate) {
  for (SpectralWeight& weight : spectral_)
    weight.normalise(pool, parameters_[weight.raw], parameters_[weight.u], iterate);
}

void ParameterSet::pull_back(ThreadPool& pool) {
  for (const SpectralWeight& weight : spectral_) weight.pull_back(pool, parameters_[weight.raw]);
}

Parameter* ParameterSet::find(const std::string& name) {
  for (Parameter& p : parameters_) {
    if (p.name == name) return &p;
  }
  return nullptr;
}

Parameter* ParameterSet::get(const std::string& name) {
  for (SpectralWeight& weight : spectral_) {
    if (weight.normal.name != name) continue;
    if (weight.normal.gradient.size() == 0) weight.normal.gradient = Buffer(weight.normal.size);
    return &weight.normal;
  }
  Parameter* p = find(name);
  if (p == nullptr) fail<Error>("internal: no parameter {}", name);
  return p;
}

void ParameterSet::reserve_tangents(bool parameters_move) {
  for (Parameter& p : parameters_) {
    if (!p.trainable) continue;
    p.gradient_tangent = Buffer(p.size);
    if (parameters_move) p.direction = Buffer(p.size);
  }
}

void ParameterSet::load(const NamedTensors& tensors, const std::string& prefix) {
  for (Parameter& p : parameters_) {
    const auto found = tensors.find(prefix + p.name);
    if (found == tensors.end())
      fail<DataError>("the weights hold no tensor '{}{}' of shape {}", prefix, p.name, to_string(p.shape));
    if (found->second.shape() != p.shape || found->second.dtype() != DType::f32) {
      fail<DataError>("tensor '{}{}': wanted f32 {}, found {} {}", prefix, p.name, to_string(p.shape),
                      name_of(found->second.dtype()), to_string(found->second.shape()));
    }
    p.load(found->second, p.value);
  }
}

void ParameterSet::copy_values(const ParameterSet& other, bool averages) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& from = other.parameters_[i];
    const Buffer& source = averages && from.average.size() > 0 ? from.average : from.value;
    std::memcpy(parameters_[i].value.data(), source.data(), static_cast<std::size_t>(source.size()) * sizeof(float));
  }
}

std::int64_t ParameterSet::bytes() const {
  std::int64_t total = 0;
  for (const Parameter& p : parameters_) {
    for (const Buffer* b : {&p.value, &p.gradient, &p.first, &p.second, &p.average, &p.direction, &p.gradient_tangent})
      total += b->bytes();
  }
  for (const SpectralWeight& weight : spectral_) total += weight.normal.value.bytes() + weight.normal.gradient.bytes();
  return total;
}

}  // namespace ganymede::engine
