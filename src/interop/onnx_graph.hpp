#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/proto_message.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::interop {

/// The operator set that files name (ONNX 1.12, 2022), and the version of the format that came with it.
inline constexpr std::int64_t kOnnxOpset = 17, kOnnxIrVersion = 8;

using OnnxAttribute = std::pair<std::string, std::variant<std::int64_t, float, std::vector<std::int64_t>>>;
using OnnxAttributes = std::vector<OnnxAttribute>;

/// An ONNX model as it grows: values are named, an operator takes some and gives some. The fields and their numbers
/// are those of onnx.proto (github.com/onnx/onnx).
class OnnxGraph {
 public:
  explicit OnnxGraph(std::string name) : name_(std::move(name)) {}

  /// `shape`: of one sample; the file's has the extent "N" before it.
  void add_input(const std::string& value, DType type, const Shape& shape, const std::string& words);
  void add_output(const std::string& value, const Shape& shape, const std::string& words);
  /// An operator of one output: `output` is its name. Returns it.
  std::string add(const std::string& op, const std::vector<std::string>& inputs, const std::string& output,
                  const OnnxAttributes& attributes = {});
  /// An operator of several.
  void add_split(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
                 const OnnxAttributes& attributes = {});
  /// A constant, kept once under its name. Returns the name.
  std::string add_constant(const std::string& value, const Tensor& tensor);
  std::string add_constant(const std::string& value, const std::vector<std::int64_t>& integers);
  std::string add_scalar(const std::string& value, float number);
  /// A vector of integers; those of equal content share one constant.
  std::string integers(const std::vector<std::int64_t>& values);

  /// The file. @throws DataError for one of more than 2 GB, which Protocol Buffers do not allow.
  std::string bytes(const std::string& version, const std::string& words,
                    const std::map<std::string, std::string>& metadata) const;

 private:
  std::string name_;
  ProtoMessage nodes_, constants_, inputs_, outputs_;
  std::set<std::string> kept_;
};

}  // namespace ganymede::interop
