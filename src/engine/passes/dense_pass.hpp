#pragma once

#include <mutex>

#include "engine/plan/memory.hpp"
#include "engine/plan/pass.hpp"
#include "kernels/activation.hpp"

namespace ganymede::engine {

/// The weights of a flat layer in the order that a product reads them, panel by panel: brought into it once for each
/// change of the weights, by whoever comes first, for all programs that share them.
class WeightPanels {
 public:
  /// fill(data) writes so many floats, where the weights have changed; from any thread. What it gives stays until the
  /// next change.
  template <class Fill>
  const float* get(std::int64_t floats, const Fill& fill) {
    const std::lock_guard lock(mutex_);
    if (!stale_) return data_.data();
    if (data_.size() == 0) data_ = Buffer(floats);
    fill(data_.data());
    stale_ = false;
    return data_.data();
  }
  void parameters_changed() { stale_ = true; }
  std::int64_t bytes() const { return data_.bytes(); }

 private:
  std::mutex mutex_;
  Buffer data_;
  bool stale_ = true;
};

/// A dense layer without its bias, on any layout of flat features: for each output position a sum of products over the
/// input positions.
struct DenseSpec {
  std::string network, nodes;
  Field* in = nullptr;
  Field* out = nullptr;
  Parameter* weight = nullptr;
  GradientNeed input_need;
  WeightPanels* backward_panels = nullptr;  ///< of all programs of these weights; null: the pass has its own
};

/// Where element (out feature, in feature) lies in the engine's order [out position][in position][in channel][out
/// channel to 16].
std::vector<std::int32_t> dense_weight_places(const Field& in, const Field& out, std::int64_t& size);

std::unique_ptr<Pass> make_dense(DenseSpec spec);
/// One output feature over whole vectors of channels: read once, summed in sixteen lanes.
bool is_narrow(const Field& in, const Field& out);
std::unique_ptr<Pass> make_narrow_dense(DenseSpec spec);

/// Bias and curve of a flat hidden layer and the narrow layer behind it (kernels/narrow_head.hpp), for training, with
/// tangents. The same bits as both by themselves.
struct NarrowHeadSpec {
  std::string network, nodes;
  Field* in = nullptr;        ///< the hidden layer's products
  Field* out = nullptr;       ///< one feature
  Parameter* bias = nullptr;  ///< of the hidden layer
  Parameter* weight = nullptr;
  kernels::Activation activation;
  bool from_output = false;  ///< the curve's slope follows from its output (kernels::derivative_from_output)
  GradientNeed in_need;
};
std::unique_ptr<Pass> make_narrow_head(NarrowHeadSpec spec);
/// For inference alone: weights are packed once and stream by at the speed of memory. The same bits as make_dense.
std::unique_ptr<Pass> make_packed_dense(DenseSpec spec);
/// The same in bf16 on the unit in use (kernels/pair_product.hpp).
std::unique_ptr<Pass> make_mixed_packed_dense(DenseSpec spec);

}  // namespace ganymede::engine
