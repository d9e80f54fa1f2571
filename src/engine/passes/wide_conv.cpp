#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <utility>

#include "engine/passes/direct_conv-inl.hpp"
#include "engine/passes/packing.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {

// How it works. A convolution in f32 as a list of matrix products (direct_conv-inl.hpp). A task owns one target
// position and 64 of its channels: for each tap that reaches it, in the order of the geometry's lists, it adds
// [samples, from] x [from, 64]. The next source and panel are fetched ahead. With fewer than four samples the rows of
// many targets are gathered into one product a tap: the same sums in the same order. For the weights' gradient a task
// owns one tap and 64 of its output channels, and adds [in, samples] x [samples, 64] for each link.

namespace {

// With fewer samples than this, products gather the rows of many positions: else each would read a whole tap for them.
constexpr std::int64_t kFewRows = 4;
constexpr std::int64_t kGatheredRows = 256;  // of a product; their sums stay in the second-level cache

class WideConv : public DirectConvBase<Panels> {
 public:
  using DirectConvBase::DirectConvBase;

 private:
  std::string kernel() const override { return "panel product " + kernels::level(); }

  // A task is one target position and one panel of its channels.
  void multiply(const Step& step, const Field& from_field, const float* from, const Field& to_field, float* to,
                const Panels& panels, bool to_big, std::int64_t rows) override {
    if (rows < kFewRows) return multiply_by_tap(step, from_field, from, to_field, to, panels, to_big, rows);
    const auto& lists = to_big ? spec_.geometry.by_big : spec_.geometry.by_small;
    const std::int64_t n = step.samples;
    const std::int64_t from_stride = from_field.position_stride(n);
    const std::int64_t to_stride = to_field.position_stride(n);
    const int count = panels.count();
    step.pool.run(static_cast<std::int64_t>(lists.size()) * count, [&](std::int64_t task, int) {
      const std::int64_t target = task / count;
      const int panel = static_cast<int>(task % count);
      const auto& links = lists[target];
      float* c = to + target * to_stride + panel * 64;
      if (links.empty()) {
        for (std::int64_t r = 0; r < rows; ++r)
          std::fill_n(c + r * to_field.sample_stride(), panels.width(panel), 0.0F);
        return;
      }
      for (std::size_t i = 0; i < links.size(); ++i) {
        const auto source = [&](const Geometry::Link& link) {
          return from + (to_big ? link.small : link.big) * from_stride;
        };
        kernels::PanelProduct p{.a = source(links[i]),
                                .a_row = from_field.sample_stride(),
                                .b = panels.at(panel, links[i].tap),
                                .b_k = panels.width(panel),
                                .c = c,
                                .c_row = to_field.sample_stride(),
                                .rows = rows,
                                .depth = panels.depth(),
                                .width = panels.width(panel),
                                .accumulate = i > 0};
        const Geometry::Link* next =
            i + 1 < links.size() ? &links[i + 1]
            : target + 1 < static_cast<std::int64_t>(lists.size()) && !lists[target + 1].empty()
                ? lists[target + 1].data()
                : nullptr;
        if (next != nullptr) {
          p.next[0] = {source(*next), rows * from_field.sample_stride()};
          p.next[1] = {panels.at(panel, next->tap), std::int64_t{panels.depth()} * panels.width(panel)};
        }
        kernels::panel_product(p);
      }
    });
  }

  // The same sums in the same order, but a task is one panel of a block of targets, and each tap one product.
  void multiply_by_tap(const Step& step, const Field& from_field, const float* from, const Field& to_field, float* to,
                       const Panels& panels, bool to_big, std::int64_t rows) {
    const auto& lists = to_big ? spec_.geometry.by_big : spec_.geometry.by_small;
    const std::int64_t from_stride = from_field.position_stride(step.samples);
    const std::int64_t to_stride = to_field.position_stride(step.samples);
    const auto targets = static_cast<std::int64_t>(lists.size());
    const int count = panels.count();
    const std::int64_t shares = step.pool.at_work() / std::gcd(step.pool.at_work(), count);
    const std::int64_t blocks = std::min(targets, std::max(shares, targets * rows / kGatheredRows + 1));
    step.pool.run(blocks * count, [&](std::int64_t task, int) {
      const int panel = static_cast<int>(task / blocks);
      const std::int64_t first = targets * (task % blocks) / blocks;
      const std::int64_t last = targets * (task % blocks + 1) / blocks;
      for (std::int64_t target = first; target < last; ++target) {
        for (std::int64_t r = 0; r < rows; ++r) {  // -0 is the sum of nothing that leaves every number as it is
          std::fill_n(to + target * to_stride + r * to_field.sample_stride() + panel * 64, panels.width(panel),
                      lists[target].empty() ? 0.0F : -0.0F);
        }
      }
      std::array<std::int32_t, 2 * kGatheredRows> from_at;
      std::array<std::int32_t, 2 * kGatheredRows> to_at;
      for (int i = 0; i < taps(); ++i) {
        const auto tap_of = [&](int number) { return to_big ? taps() - 1 - number : number; };
        const int tap = tap_of(i);
        std::int64_t found = 0;
        for (const Geometry::Link& link : spec_.geometry.by_tap[tap]) {
          const int target = to_big ? link.big : link.small;
          if (target < first || target >= last) continue;
          for (std::int64_t r = 0; r < rows; ++r) {
            from_at[found] = static_cast<std::int32_t>((to_big ? link.small : link.big) * from_stride +
                                                       r * from_field.sample_stride());
            to_at[found++] = static_cast<std::int32_t>(target * to_stride + r * to_field.sample_stride() + panel * 64);
          }
        }
        kernels::PanelProduct p{.a = from,
                                .b = panels.at(panel, tap),
                                .b_k = panels.width(panel),
                                .c = to,
                                .rows = found,
                                .depth = panels.depth(),
                                .width = panels.width(panel),
                                .accumulate = true};
        if (i + 1 < taps())
          p.next[0] = {panels.at(panel, tap_of(i + 1)), std::int64_t{panels.depth()} * panels.width(panel)};
        kernels::gathered_rows_product(p, from_at.data(), to_at.data());
      }
    });
  }

  void weight_gradient(const Step& step) override {
    const std::int64_t n = step.samples;
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    const std::int64_t row = out.sample_stride();
    const int panels = forward_panels_.count();
    float* gradient = spec_.weight->gradient.data();
    step.pool.run(std::int64_t{1} * taps() * panels, [&](std::int64_t task, int) {
      const std::int64_t tap = task / panels;
      const int panel = static_cast<int>(task % panels);
      const auto& links = spec_.geometry.by_tap[tap];
      float* c = gradient + tap * in_channels() * row + panel * 64;
      const int width = forward_panels_.width(panel);
      if (links.empty()) {
        for (int r = 0; r < in_channels(); ++r) std::fill_n(c + r * row, width, 0.0F);
        return;
      }
      const auto input = [&](const Geometry::Link& link) {
        return in.value + (spec_.transposed ? link.small : link.big) * in.position_stride(n);
      };
      const auto output = [&](const Geometry::Link& link) {
        return out.gradient + (spec_.transposed ? link.big : link.small) * out.position_stride(n);
      };
      for (std::size_t i = 0; i < links.size(); ++i) {
        kernels::PanelProduct p{.a = input(links[i]),
                                .a_row = 1,
                                .a_k = in.sample_stride(),
                                .b = output(links[i]) + panel * 64,
                                .b_k = row,
                                .c = c,
                                .c_row = row,
                                .rows = in_channels(),
                                .depth = step.backward_samples,
                                .width = width,
                                .accumulate = i > 0};
        if (i + 1 < links.size()) {
          p.next[0] = {input(links[i + 1]), step.backward_samples * in.sample_stride()};
          p.next[1] = {output(links[i + 1]), step.backward_samples * row};
        }
        kernels::panel_product(p);
      }
    });
  }
};

}  // namespace

std::vector<std::int32_t> wide_weight_places(int in, int out, int taps, bool transposed, std::int64_t& size) {
  const int row = (out + 15) / 16 * 16;
  size = std::int64_t{1} * taps * in * row;
  std::vector<std::int32_t> places(static_cast<std::size_t>(taps) * in * out);
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i) {
      for (int t = 0; t < taps; ++t) {
        const std::size_t canonical = transposed ? (static_cast<std::size_t>(i) * out + o) * taps + t
                                                 : (static_cast<std::size_t>(o) * in + i) * taps + t;
        places[canonical] = (t * in + i) * row + o;
      }
    }
  }
  return places;
}

std::unique_ptr<Pass> make_wide_conv(ConvSpec spec) {
  return std::make_unique<WideConv>(std::move(spec));
}

}  // namespace ganymede::engine
