#pragma once

#include <string>

#include "base/philox.hpp"
#include "tensor/tensor.hpp"

namespace ganymede::testing {

/// One tensor of each type, of ranks 0 to 4, one without elements; every byte random.
inline NamedTensors sample_tensors() {
  NamedTensors tensors;
  tensors["generator.dense.weight"] = Tensor(DType::f32, {7, 5});
  tensors["generator.norm0.running_mean"] = Tensor(DType::f64, {3});
  tensors["labels"] = Tensor(DType::u8, {13});
  tensors["classes"] = Tensor(DType::i32, {1, 2, 3, 4});
  tensors["step"] = Tensor(DType::i64, {});
  tensors["empty"] = Tensor(DType::f32, {0, 4});
  RandomSequence random(Random(1, "sample_tensors"), 0);
  for (auto& [name, tensor] : tensors) {
    for (std::byte& byte : tensor.bytes()) byte = static_cast<std::byte>(random.below(256));
  }
  return tensors;
}

/// What `action` throws as E, or a text that says it did not.
template <class E, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace ganymede::testing
