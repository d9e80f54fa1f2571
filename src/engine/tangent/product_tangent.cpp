#include "engine/tangent/product_tangent.hpp"

#include <algorithm>

#include "engine/tangent/exchange.hpp"
#include "kernels/update.hpp"

namespace ganymede::engine {

// How it works. A product is linear in its weight and in its input, so its tangents are products again:
//   y' = W x' + W' x;   dx' = W^T g' + W'^T g;   dW' = g' x + g x'
// with g the gradient of the output. The layer's own kernels compute each term, with values and tangents exchanged in
// the fields and in the parameter. A pass may keep something of its forward pass for the way back (packed weights, a
// transform of the input), so there is one for each pair: `plain` has (W, x), `of_input` (W, x'), `of_weight` (W',
// x). Terms that are 0 are left out: a penalty's parameters stand still, and so does an unrolled player's input.

namespace {

class ProductTangent : public Pass {
 public:
  explicit ProductTangent(ProductPasses passes) : p_(std::move(passes)) { nodes = p_.plain->nodes; }

  void forward(const Step& step) override { p_.plain->forward(step); }

  void backward(const Step& step) override {
    Step own = with_data(step);
    own.parameter_gradients = step.parameter_gradients && step.weight_gradients;
    p_.plain->backward(own);
  }

  void forward_tangent(const Step& step) override {
    const bool moves = p_.input_need.moves(step);
    if (moves) {
      const Exchange in(p_.in->value, p_.in->value_tangent);
      const Exchange out(p_.out->value, p_.out->value_tangent);
      p_.of_input->forward(step);
    }
    const std::int64_t size = p_.out->size(step.samples);
    if (step.parameter_direction) {
      p_.of_weight->parameters_changed();
      float* sum = moves ? scratch(y_, size) : p_.out->value_tangent;
      {
        const Exchange weight(p_.weight->value, p_.weight->direction);
        const Exchange out(p_.out->value, sum);
        p_.of_weight->forward(step);
      }
      if (moves) kernels::add(p_.out->value_tangent, sum, size);
    } else if (!moves) {
      std::fill_n(p_.out->value_tangent, size, 0.0F);
    }
  }

  void backward_tangent(const Step& step) override {
    const Step data = with_data(step);
    {
      const Exchange out(p_.out->gradient, p_.out->gradient_tangent);
      const Exchange in(p_.in->gradient, p_.in->gradient_tangent);
      const Exchange weight(p_.weight->gradient, p_.weight->gradient_tangent);
      p_.plain->backward(data);
    }
    if (step.parameter_direction && data.input_samples > 0) {
      const std::int64_t size = p_.in->size(step.samples);
      float* sum = scratch(x_, size);
      Step alone = data;
      alone.parameter_gradients = false;
      {
        const Exchange weight(p_.weight->value, p_.weight->direction);
        const Exchange in(p_.in->gradient, sum);
        p_.of_weight->backward(alone);
      }
      kernels::add(p_.in->gradient_tangent, sum, size);
    }
    if (step.parameter_gradients && p_.input_need.moves(step)) {
      if (w_.size() == 0) w_ = Buffer(p_.weight->size);
      Step weights = data;
      weights.input_samples = 0;
      {
        const Exchange in(p_.in->value, p_.in->value_tangent);
        const Exchange weight(p_.weight->gradient, w_);
        p_.of_input->backward(weights);
      }
      kernels::add(p_.weight->gradient_tangent.data(), w_.data(), p_.weight->size);
    }
  }

  void parameters_changed() override {
    p_.plain->parameters_changed();
    p_.of_input->parameters_changed();
  }
  void describe(std::vector<PassInfo>& out) const override { p_.plain->describe(out); }
  std::int64_t bytes() const override {
    return p_.plain->bytes() + p_.of_input->bytes() + p_.of_weight->bytes() + x_.bytes() + y_.bytes() + w_.bytes();
  }

 private:
  // The three know of no parameters before them: how many samples need the input's gradient is said by the step alone.
  Step with_data(const Step& step) const {
    Step own = step;
    own.input_samples = p_.input_need.now(step) ? p_.input_need.samples(step) : 0;
    return own;
  }

  static float* scratch(Buffer& buffer, std::int64_t size) {
    if (buffer.size() < size + 16) buffer = Buffer(size + 16);
    return buffer.data();
  }

  ProductPasses p_;
  Buffer x_, y_, w_;  // second terms
};

}  // namespace

std::unique_ptr<Pass> make_product_tangent(ProductPasses passes) {
  return std::make_unique<ProductTangent>(std::move(passes));
}

}  // namespace ganymede::engine
