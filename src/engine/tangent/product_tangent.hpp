#pragma once

#include <memory>
#include <utility>

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// Three passes of one layer of products, y = W x, that share its fields and weight.
struct ProductPasses {
  std::unique_ptr<Pass> plain;      ///< W and x
  std::unique_ptr<Pass> of_input;   ///< W and x'
  std::unique_ptr<Pass> of_weight;  ///< W' and x
  Field* in = nullptr;
  Field* out = nullptr;
  Parameter* weight = nullptr;
  GradientNeed input_need;
};

/// The layer with its tangents, whatever its kernels: each of the three keeps what it packs or transforms.
std::unique_ptr<Pass> make_product_tangent(ProductPasses passes);

/// The same of a spec of dense layers or convolutions and what makes their pass.
template <class Spec>
std::unique_ptr<Pass> make_with_tangent(std::unique_ptr<Pass> (*make)(Spec), Spec spec) {
  ProductPasses passes{.in = spec.in, .out = spec.out, .weight = spec.weight, .input_need = spec.input_need};
  spec.input_need = {.for_parameters = false, .for_inputs = true};  // Step::input_samples alone decides
  passes.plain = make(spec);
  passes.of_input = make(spec);
  passes.of_weight = make(std::move(spec));
  return make_product_tangent(std::move(passes));
}

}  // namespace ganymede::engine
