#include <algorithm>
#include <array>
#include <utility>

#include "engine/passes/glue.hpp"
#include "engine/passes/glue_pass.hpp"

namespace ganymede::engine {

// How it works. Copies each element to where the new order of axes wants it, and gradients back.

namespace {

class Permute : public LinearGlue {
 public:
  Permute(std::string network, std::string node, const net::Permute& permute, Field* in, Field* out, GradientNeed need)
      : LinearGlue(std::move(network), std::move(node), "copy"), in_(in), out_(out), need_(need) {
    for (std::size_t axis = 0; axis < 3; ++axis) order_[axis] = permute.order[axis];
  }

  void forward(const Step& step) override {
    each(step, step.samples, [&](std::int64_t from, std::int64_t to) { out_->value[to] = in_->value[from]; });
  }
  void backward(const Step& step) override {
    if (!need_.now(step)) return;
    std::fill_n(in_->gradient, in_->size(step.samples), 0.0F);
    each(step, need_.samples(step),
         [&](std::int64_t from, std::int64_t to) { in_->gradient[from] = out_->gradient[to]; });
  }

 private:
  std::vector<Field*> fields() const override { return {in_, out_}; }

  template <class F>
  void each(const Step& step, std::int64_t samples, F&& f) const {
    const std::int64_t n = step.samples;
    step.pool.run(out_->positions(), [&](std::int64_t position, int) {
      for (int c = 0; c < out_->channels; ++c) {
        const std::array<std::int64_t, 3> to = {c, position / out_->width, position % out_->width};
        std::array<std::int64_t, 3> from{};
        for (std::size_t axis = 0; axis < 3; ++axis) from[static_cast<std::size_t>(order_[axis])] = to[axis];
        const std::int64_t source = (from[1] * in_->width + from[2]) * in_->position_stride(n) + from[0];
        const std::int64_t target = position * out_->position_stride(n) + c;
        for (std::int64_t i = 0; i < samples; ++i)
          f(source + i * in_->sample_stride(), target + i * out_->sample_stride());
      }
    });
  }

  std::array<int, 3> order_{};
  Field *in_, *out_;
  GradientNeed need_;
};

}  // namespace

std::unique_ptr<Pass> make_permute(std::string network, std::string node, const net::Permute& permute, Field* in,
                                   Field* out, GradientNeed need) {
  return std::make_unique<Permute>(std::move(network), std::move(node), permute, in, out, need);
}

}  // namespace ganymede::engine
