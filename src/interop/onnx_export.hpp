#pragma once

#include <map>
#include <string>

#include "interop/frozen.hpp"

namespace ganymede::interop {

/// What an ONNX file says of itself.
struct OnnxWords {
  std::string version;                            ///< of the program
  std::string sentence;                           ///< doc_string
  std::map<std::string, std::string> metadata{};  ///< metadata_props
};

/// The network as an ONNX model (opset kOnnxOpset), in inference: BatchNorm with its running statistics, no dropout,
/// rrelu with its mean slope. Inputs and outputs are named as FrozenNetwork::names says, f32 [N, ...] of any N; a class
/// is int64 [N]. Recurrent layers are written out step by step, an lstm as the operator. @throws DataError for a file
/// of more than 2 GB
std::string to_onnx(const FrozenNetwork& network, const OnnxWords& words);

}  // namespace ganymede::interop
