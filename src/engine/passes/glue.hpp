#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/plan/pass.hpp"

namespace ganymede::engine {

/// A pass between the layers that compute: it holds nothing of its own.
class GluePass : public Pass {
 public:
  GluePass(std::string network, std::string node, const char* what) : network_(std::move(network)), what_(what) {
    nodes = std::move(node);
  }
  std::int64_t bytes() const override { return 0; }
  void describe(std::vector<PassInfo>& out) const override {
    out.push_back({network_, nodes, "forward, backward", what_, 0});
  }

 private:
  std::string network_;
  const char* what_;
};

/// What moves values about is its own tangent.
class LinearGlue : public GluePass {
 public:
  using GluePass::GluePass;
  void forward_tangent(const Step& step) override {
    exchange(&Field::value, &Field::value_tangent);
    forward(step);
    exchange(&Field::value, &Field::value_tangent);
  }
  void backward_tangent(const Step& step) override {
    exchange(&Field::gradient, &Field::gradient_tangent);
    backward(step);
    exchange(&Field::gradient, &Field::gradient_tangent);
  }

 protected:
  /// All that it reads and writes.
  virtual std::vector<Field*> fields() const = 0;

 private:
  void exchange(float* Field::*a, float* Field::*b) const {
    for (Field* field : fields()) std::swap(field->*a, field->*b);
  }
};

}  // namespace ganymede::engine
