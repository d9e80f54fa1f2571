#pragma once

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// A dense layer without its bias, on any layout of flat features: for each output position a sum of products over the
/// input positions.
struct DenseSpec {
  std::string network, nodes;
  Field* in = nullptr;
  Field* out = nullptr;
  Parameter* weight = nullptr;
  GradientNeed input_need;
};

/// Where element (out feature, in feature) lies in the engine's order [out position][in position][in channel][out
/// channel to 16].
std::vector<std::int32_t> dense_weight_places(const Field& in, const Field& out, std::int64_t& size);

std::unique_ptr<Pass> make_dense(DenseSpec spec);
/// One output feature over whole vectors of channels: read once, summed in sixteen lanes.
bool is_narrow(const Field& in, const Field& out);
std::unique_ptr<Pass> make_narrow_dense(DenseSpec spec);
/// For inference alone: weights are packed once and stream by at the speed of memory. The same bits as make_dense.
std::unique_ptr<Pass> make_packed_dense(DenseSpec spec);
/// The same in bf16 on the unit in use (kernels/pair_product.hpp).
std::unique_ptr<Pass> make_mixed_packed_dense(DenseSpec spec);

}  // namespace ganymede::engine
