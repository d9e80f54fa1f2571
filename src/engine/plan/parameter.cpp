#include "engine/plan/parameter.hpp"

namespace ganymede::engine {

void Parameter::load(const Tensor& tensor, Buffer& into) const {
  const auto values = tensor.values<float>();
  for (std::size_t i = 0; i < place.size(); ++i) into.data()[place[i]] = values[i];
}

Tensor Parameter::store(const Buffer& from) const {
  Tensor tensor(DType::f32, shape);
  const auto values = tensor.values<float>();
  for (std::size_t i = 0; i < place.size(); ++i) values[i] = from.data()[place[i]];
  return tensor;
}

}  // namespace ganymede::engine
