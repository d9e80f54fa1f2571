#include "interop/onnx_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace ganymede::interop {
namespace {

constexpr std::size_t kMostBytes = (std::size_t{1} << 31U) - 1;
constexpr std::int64_t kFloat = 1, kInt64 = 7;  // TensorProto.DataType

// ValueInfoProto
ProtoMessage value_info(const std::string& value, std::int64_t type, const Shape& shape, const std::string& words) {
  ProtoMessage extents, batch;
  batch.add_bytes(2, "N");
  extents.add_message(1, batch);
  for (const std::int64_t extent : shape) {
    ProtoMessage dim;
    dim.add_integer(1, extent);
    extents.add_message(1, dim);
  }
  ProtoMessage tensor, either, info;
  tensor.add_integer(1, type);
  tensor.add_message(2, extents);
  either.add_message(1, tensor);
  info.add_bytes(1, value);
  info.add_message(2, either);
  info.add_bytes(3, words);
  return info;
}

// AttributeProto
ProtoMessage attribute_message(const OnnxAttribute& attribute) {
  enum Type : std::int64_t { type_float = 1, type_int = 2, type_ints = 7 };
  ProtoMessage message;
  message.add_bytes(1, attribute.first);
  if (const auto* number = std::get_if<float>(&attribute.second)) {
    message.add_float(2, *number);
    message.add_integer(20, type_float);
  } else if (const auto* integer = std::get_if<std::int64_t>(&attribute.second)) {
    message.add_integer(3, *integer);
    message.add_integer(20, type_int);
  } else {
    for (const std::int64_t value : std::get<std::vector<std::int64_t>>(attribute.second))
      message.add_integer(8, value);
    message.add_integer(20, type_ints);
  }
  return message;
}

template <class T>
std::string little_endian(std::span<const T> values) {
  static_assert(std::endian::native == std::endian::little);
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// TensorProto
ProtoMessage tensor_message(const std::string& value, const Shape& shape, std::int64_t type, std::string_view data) {
  ProtoMessage message;
  for (const std::int64_t extent : shape) message.add_integer(1, extent);
  message.add_integer(2, type);
  message.add_bytes(8, value);
  message.add_bytes(9, data);
  return message;
}

}  // namespace

void OnnxGraph::add_input(const std::string& value, DType type, const Shape& shape, const std::string& words) {
  inputs_.add_message(11, value_info(value, type == DType::i64 ? kInt64 : kFloat, shape, words));
}

void OnnxGraph::add_output(const std::string& value, const Shape& shape, const std::string& words) {
  outputs_.add_message(12, value_info(value, kFloat, shape, words));
}

void OnnxGraph::add_split(const std::string& op, const std::vector<std::string>& inputs,
                          const std::vector<std::string>& outputs, const OnnxAttributes& attributes) {
  ProtoMessage node;
  for (const std::string& input : inputs) node.add_bytes(1, input);
  for (const std::string& output : outputs) node.add_bytes(2, output);
  node.add_bytes(3, outputs.front());
  node.add_bytes(4, op);
  for (const OnnxAttribute& attribute : attributes) node.add_message(5, attribute_message(attribute));
  nodes_.add_message(1, node);
}

std::string OnnxGraph::add(const std::string& op, const std::vector<std::string>& inputs, const std::string& output,
                           const OnnxAttributes& attributes) {
  add_split(op, inputs, {output}, attributes);
  return output;
}

std::string OnnxGraph::add_constant(const std::string& value, const Tensor& tensor) {
  if (kept_.insert(value).second)
    constants_.add_message(5, tensor_message(value, tensor.shape(), kFloat, little_endian(tensor.values<float>())));
  return value;
}

std::string OnnxGraph::add_constant(const std::string& value, const std::vector<std::int64_t>& integers) {
  if (kept_.insert(value).second) {
    constants_.add_message(5, tensor_message(value, {std::ssize(integers)}, kInt64,
                                             little_endian(std::span<const std::int64_t>(integers))));
  }
  return value;
}

std::string OnnxGraph::add_scalar(const std::string& value, float number) {
  return add_constant(value, Tensor::of<float>({}, std::span<const float>(&number, 1)));
}

std::string OnnxGraph::integers(const std::vector<std::int64_t>& values) {
  return add_constant(fmt::format("[{}]", fmt::join(values, ",")), values);
}

std::string OnnxGraph::bytes(const std::string& version, const std::string& words,
                             const std::map<std::string, std::string>& metadata) const {
  const std::size_t size = constants_.bytes().size() + nodes_.bytes().size();
  if (size > kMostBytes / 2 * 2 - (std::size_t{1} << 20U))
    fail<DataError>("{}: {} bytes; an ONNX file holds at most 2 GB", name_, size);
  // A message is its fields one after the other.
  ProtoMessage name;
  name.add_bytes(2, name_);
  const std::string graph = nodes_.bytes() + name.bytes() + constants_.bytes() + inputs_.bytes() + outputs_.bytes();
  ProtoMessage opset, model;
  opset.add_bytes(1, "");
  opset.add_integer(2, kOnnxOpset);
  model.add_integer(1, kOnnxIrVersion);
  model.add_bytes(2, "ganymede");
  model.add_bytes(3, version);
  model.add_bytes(6, words);
  model.add_message(8, opset);
  for (const auto& [key, text] : metadata) {
    ProtoMessage entry;
    entry.add_bytes(1, key);
    entry.add_bytes(2, text);
    model.add_message(14, entry);
  }
  model.add_bytes(7, graph);
  return model.bytes();
}

}  // namespace ganymede::interop
