#include "interop/frozen.hpp"

#include <cmath>

#include "base/error.hpp"
#include "net/traits.hpp"

namespace ganymede::interop {
namespace {

/// Divides by sigma = |W' u| / |u| of the weight as a matrix [first extent, the rest], as inference does.
void divide_by_spectral_norm(Tensor& weight, const Tensor& u) {
  const auto values = weight.values<float>();
  const auto direction = u.values<float>();
  const std::size_t rows = direction.size(), columns = values.size() / rows;
  std::vector<double> product(columns, 0);
  double length = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    length += double{direction[r]} * direction[r];
    for (std::size_t c = 0; c < columns; ++c) product[c] += double{values[r * columns + c]} * direction[r];
  }
  double norm = 0;
  for (const double value : product) norm += value * value;
  const double sigma = std::sqrt(norm) / std::sqrt(length);
  for (float& value : weight.values<float>()) value = static_cast<float>(value / sigma);
}

void remove_spectral(net::Layer& layer) {
  if (auto* dense = std::get_if<net::Dense>(&layer)) dense->spectral = false;
  if (auto* conv = std::get_if<net::Conv>(&layer)) conv->spectral = false;
  if (auto* projection = std::get_if<net::Projection>(&layer)) projection->spectral = false;
}

std::string name_of_input(const net::Node& node) {
  switch (std::get<net::Input>(node.layer).role) {
    case net::Role::latent:
      return "z";
    case net::Role::class_index:
      return "class";
    case net::Role::condition:
      return "vector";
    case net::Role::image:
      return "image";
    case net::Role::vector:
      break;
  }
  return node.name;
}

std::map<std::string, std::string> names_of(const net::Network& network) {
  std::map<std::string, std::string> names;
  for (const net::Node& node : network.nodes)
    if (std::holds_alternative<net::Input>(node.layer)) names[node.name] = name_of_input(node);
  const std::string first = network.name == "generator"       ? "image"
                            : network.name == "discriminator" ? "logit"
                                                              : "logits";
  for (const std::string& head : network.outputs) {
    names[head] = head == network.outputs.front() ? first : head == net::code_head(network) ? "codes" : "class_logits";
  }
  return names;
}

int before(int given, bool same, std::int64_t large, int kernel, int stride) {
  return net::padding_before(same, given, static_cast<int>(large), kernel, stride);
}

// Along one axis of a Conv.
int after(int given, bool same, std::int64_t large, int kernel, int stride) {
  if (!same) return given;
  const auto small = static_cast<int>((large + stride - 1) / stride);
  const int all = std::max((small - 1) * stride + kernel - static_cast<int>(large), 0);
  return all - before(given, same, large, kernel, stride);
}

std::int64_t rows_of(const Shape& shape) {
  return shape.size() == 3 ? shape[1] : 1;
}

}  // namespace

const Tensor* FrozenNetwork::find(const net::Node& node, const std::string& parameter) const {
  const auto found = tensors.find(node.name + "." + parameter);
  return found == tensors.end() ? nullptr : &found->second;
}

const Tensor& FrozenNetwork::at(const net::Node& node, const std::string& parameter) const {
  return tensors.at(node.name + "." + parameter);
}

FrozenNetwork freeze(const net::Network& network, const NamedTensors& weights) {
  FrozenNetwork frozen{
      .network = network, .shapes = net::infer_shapes(network), .tensors = {}, .names = names_of(network)};
  for (const net::Parameter& parameter : net::parameters(network)) {
    const auto found = weights.find(network.name + "." + parameter.name);
    if (found == weights.end()) fail<DataError>("{}.{} is missing among the weights", network.name, parameter.name);
    if (found->second.shape() != parameter.shape) {
      fail<DataError>("{}.{}: wanted {}, found {}", network.name, parameter.name, to_string(parameter.shape),
                      to_string(found->second.shape()));
    }
    found->second.values<float>();  // f32, or an error
    frozen.tensors.emplace(parameter.name, found->second);
  }
  for (net::Node& node : frozen.network.nodes) {
    if (!net::is_spectral(node.layer)) continue;
    remove_spectral(node.layer);
    for (const char* name : {"weight", "class_weight"}) {
      const auto u = frozen.tensors.find(node.name + "." + name + "_u");
      if (u == frozen.tensors.end()) continue;
      divide_by_spectral_norm(frozen.tensors.at(node.name + "." + name), u->second);
      frozen.tensors.erase(u);
    }
  }
  return frozen;
}

Sides sides_of(const net::Conv& layer, const Shape& in) {
  const net::Padding& p = layer.padding;
  const std::int64_t h = rows_of(in), w = in.back();
  return {.top = before(p.top, p.same, h, layer.kernel.h, layer.stride.h),
          .bottom = after(p.bottom, p.same, h, layer.kernel.h, layer.stride.h),
          .left = before(p.left, p.same, w, layer.kernel.w, layer.stride.w),
          .right = after(p.right, p.same, w, layer.kernel.w, layer.stride.w)};
}

Sides sides_of(const net::ConvTranspose& layer, const Shape& in, const Shape& out) {
  const net::Padding& p = layer.padding;
  const auto all = [](std::int64_t small, std::int64_t large, int kernel, int stride) {
    return static_cast<int>((small - 1) * stride + kernel - large);
  };
  Sides sides{.top = before(p.top, p.same, rows_of(out), layer.kernel.h, layer.stride.h),
              .left = before(p.left, p.same, out.back(), layer.kernel.w, layer.stride.w)};
  sides.bottom = all(rows_of(in), rows_of(out), layer.kernel.h, layer.stride.h) - sides.top;
  sides.right = all(in.back(), out.back(), layer.kernel.w, layer.stride.w) - sides.left;
  return sides;
}

}  // namespace ganymede::interop
