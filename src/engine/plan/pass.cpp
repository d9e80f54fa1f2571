#include "engine/plan/pass.hpp"

#include "base/error.hpp"

namespace ganymede::engine {

// The compiler asks no pass without them for tangents.
void Pass::forward_tangent(const Step&) {
  fail<Error>("internal: {} has no tangent", nodes);
}
void Pass::backward_tangent(const Step&) {
  fail<Error>("internal: {} has no tangent", nodes);
}

void describe_products(const std::string& network, const std::string& nodes, const std::string& kernel, double flops,
                       const GradientNeed& input_need, std::vector<PassInfo>& out) {
  out.push_back({network, nodes, "forward", kernel, flops});
  out.push_back({network, nodes, "backward weights", kernel, flops});
  if (input_need.for_parameters || input_need.for_inputs)
    out.push_back({network, nodes, "backward data", kernel, flops});
}

void reduce_rows(const float* rows, std::int64_t parts, std::int64_t row_stride, std::int64_t count, float* out) {
  for (std::int64_t i = 0; i < count; ++i) {
    double sum = 0;
    for (std::int64_t part = 0; part < parts; ++part) sum += rows[part * row_stride + i];
    out[i] = static_cast<float>(sum);
  }
}

}  // namespace ganymede::engine
