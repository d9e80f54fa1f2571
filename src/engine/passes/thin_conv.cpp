#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/passes/conv_pass.hpp"
#include "engine/passes/packing.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {

// How it works. A convolution whose larger side is an image of 1 to 4 channels: as a product with that depth or width
// it would be mostly padding. Towards the wide side all taps and channels that a position meets are the depth of one
// product, whose operands the kernel gathers by their offsets; in f32 the forward pass sums it in double. Towards the
// image one product gives all taps of the positions of a sample, which are then added to the pixels where they belong;
// a task owns a block of rows of one sample's image. The gradient of the weights gathers its rows likewise and is
// summed for each row of the smaller image apart; those sums are added up in order.

namespace {

class ThinConv : public Pass {
 public:
  explicit ThinConv(ConvSpec spec)
      : spec_(std::move(spec)),
        thin_(spec_.transposed ? spec_.out : spec_.in),
        wide_(spec_.transposed ? spec_.in : spec_.out),
        gather_panels_(taps() * channels(), wide_->channels, 1),
        scatter_panels_(wide_->channels, taps() * channels(), 1),
        partial_(spec_.training ? spec_.geometry.small_height * weight_size() : 0) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (stale_) pack();
    if (spec_.transposed) {
      scatter(step, wide_->value, thin_->value, step.samples);
    } else {
      gather(step, thin_->value, wide_->value, step.samples, spec_.exact);
    }
  }

  void backward(const Step& step) override {
    const float* thin = spec_.transposed ? thin_->gradient : thin_->value;
    const float* wide = spec_.transposed ? wide_->value : wide_->gradient;
    if (step.parameter_gradients) {
      weight_gradient(step, thin, wide);
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (!spec_.input_need.now(step)) return;
    if (spec_.transposed) {
      gather(step, thin_->gradient, wide_->gradient, spec_.input_need.samples(step), false);
    } else {
      scatter(step, wide_->gradient, thin_->gradient, spec_.input_need.samples(step));
    }
  }

  void parameters_changed() override { stale_ = true; }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * channels() * wide_->channels;
    const std::string gathered = "gathered product " + kernels::level();
    const std::string scattered = "product and scatter " + kernels::level();
    out.push_back({spec_.network, nodes, "forward", spec_.transposed ? scattered : gathered, flops});
    out.push_back({spec_.network, nodes, "backward weights", gathered, flops});
    if (spec_.input_need.for_parameters || spec_.input_need.for_inputs) {
      out.push_back({spec_.network, nodes, "backward data", spec_.transposed ? gathered : scattered, flops});
    }
  }

  std::int64_t bytes() const override {
    std::int64_t total = gather_panels_.bytes() + scatter_panels_.bytes() + partial_.bytes();
    for (const Scratch& scratch : scratch_) total += scratch.products.bytes() + scratch.image.bytes();
    return total;
  }

 private:
  struct Scratch {
    Buffer products;  // [small position][tap, channel]
    Buffer image;     // rows of it
  };

  int channels() const { return thin_->channels; }
  int taps() const { return spec_.geometry.taps(); }
  std::int64_t weight_row() const { return wide_->sample_stride(); }
  std::int64_t weight_size() const { return taps() * channels() * weight_row(); }

  void pack() {
    gather_panels_.pack_rows(0, spec_.weight->value.data(), weight_row());
    scatter_panels_.pack_columns(0, spec_.weight->value.data(), weight_row());
    stale_ = false;
  }

  // wide[p][n][:] = sum over p's links and thin channels of thin[P][n][c] W[tap][c][:]; a task is one position and
  // panel.
  void gather(const Step& step, const float* thin, float* wide, std::int64_t rows, bool exact) {
    const std::int64_t n = step.samples;
    const int panels = gather_panels_.count();
    step.pool.run(std::int64_t{1} * wide_->positions() * panels, [&](std::int64_t task, int) {
      const std::int64_t position = task / panels;
      const int panel = static_cast<int>(task % panels);
      std::vector<std::int32_t> thin_at;
      std::vector<std::int32_t> weight_at;
      for (const Geometry::Link& link : spec_.geometry.by_small[position]) {
        for (int c = 0; c < channels(); ++c) {
          thin_at.push_back(static_cast<std::int32_t>(link.big * thin_->position_stride(n) + c));
          weight_at.push_back((link.tap * channels() + c) * gather_panels_.width(panel));
        }
      }
      (exact ? kernels::exact_gathered_depth_product : kernels::gathered_depth_product)(
          {.a = thin,
           .a_row = channels(),
           .b = gather_panels_.at(panel, 0),
           .c = wide + position * wide_->position_stride(n) + panel * 64,
           .c_row = wide_->sample_stride(),
           .rows = rows,
           .depth = static_cast<std::int64_t>(thin_at.size()),
           .width = gather_panels_.width(panel)},
          thin_at.data(), weight_at.data());
    });
  }

  // thin[P][n][c] = sum over P's links of wide[p][n][:] . W[tap][c][:]: all taps' products of one sample at once, then
  // added where they belong. A task is a block of rows of a sample's image; of one sample there are several, which make
  // the products between them twice.
  void scatter(const Step& step, const float* wide, float* thin, std::int64_t rows) {
    if (scratch_.empty()) scratch_.resize(static_cast<std::size_t>(step.pool.size()));
    const int height = spec_.geometry.big_height;
    const std::int64_t blocks =
        std::clamp<std::int64_t>(step.pool.at_work() / std::max<std::int64_t>(rows, 1), 1, height);
    step.pool.run(rows * blocks, [&](std::int64_t task, int worker) {
      const std::int64_t sample = task / blocks;
      const std::int64_t block = task % blocks;
      scatter_rows(step, wide + sample * wide_->sample_stride(), thin + sample * channels(),
                   static_cast<int>(height * block / blocks), static_cast<int>(height * (block + 1) / blocks),
                   scratch_[static_cast<std::size_t>(worker)]);
    });
  }

  void scatter_rows(const Step& step, const float* wide, float* thin, int top, int bottom, Scratch& scratch) const {
    const Geometry& g = spec_.geometry;
    const int columns = (taps() * channels() + 15) / 16 * 16;
    // Small rows y with top <= y stride - g.top + tap row < bottom for some tap row.
    const int first = std::clamp((top + g.top - g.kernel.h + g.stride.h) / g.stride.h, 0, g.small_height);
    const int last = std::clamp((bottom - 1 + g.top) / g.stride.h + 1, first, g.small_height);
    const int row = std::max((g.small_width - 1) * g.stride.w + g.kernel.w, g.left + g.big_width) * channels();
    if (scratch.products.size() == 0) {
      scratch.products = Buffer(std::int64_t{1} * wide_->positions() * columns);
      scratch.image = Buffer(std::int64_t{1} * g.big_height * row);
    }
    const std::int64_t stride = wide_->position_stride(step.samples);
    for (int panel = 0; panel < scatter_panels_.count(); ++panel) {
      kernels::panel_product({.a = wide + first * g.small_width * stride,
                              .a_row = stride,
                              .b = scatter_panels_.at(panel, 0),
                              .b_k = scatter_panels_.width(panel),
                              .c = scratch.products.data() + panel * 64,
                              .c_row = columns,
                              .rows = std::int64_t{1} * (last - first) * g.small_width,
                              .depth = wide_->channels,
                              .width = scatter_panels_.width(panel)});
    }
    // The taps of a kernel's row lie side by side, in the product and in the image with its margins.
    const int run = g.kernel.w * channels();
    std::memset(scratch.image.data(), 0, sizeof(float) * static_cast<std::size_t>(bottom - top) * row);
    const float* product = scratch.products.data();
    for (int y = first; y < last; ++y) {
      const int image_row = y * g.stride.h - g.top;
      for (int x = 0; x < g.small_width; ++x, product += columns) {
        for (int a = std::max(0, top - image_row); a < std::min(g.kernel.h, bottom - image_row); ++a) {
          float* to = scratch.image.data() + (image_row + a - top) * row + x * g.stride.w * channels();
          for (int i = 0; i < run; ++i) to[i] += product[a * run + i];
        }
      }
    }
    for (int y = top; y < bottom; ++y) {
      const float* from = scratch.image.data() + (y - top) * row + g.left * channels();
      for (int x = 0; x < g.big_width; ++x) {
        float* to = thin + (y * g.big_width + x) * thin_->position_stride(step.samples);
        for (int c = 0; c < channels(); ++c) to[c] = from[x * channels() + c];
      }
    }
  }

  // gradient[tap][c][:] = sum over positions and samples of thin[P][n][c] wide[p][n][:], in fixed parts (rows of the
  // small image).
  void weight_gradient(const Step& step, const float* thin, const float* wide) {
    const std::int64_t n = step.samples;
    const int parts = spec_.geometry.small_height;
    step.pool.run(parts, [&](std::int64_t part, int) {
      float* sum = partial_.data() + part * weight_size();
      std::memset(sum, 0, sizeof(float) * static_cast<std::size_t>(weight_size()));
      std::vector<std::int32_t> thin_at;
      std::vector<std::int32_t> weight_at;
      for (int x = 0; x < spec_.geometry.small_width; ++x) {
        const std::int64_t position = part * spec_.geometry.small_width + x;
        thin_at.clear();
        weight_at.clear();
        for (const Geometry::Link& link : spec_.geometry.by_small[position]) {
          for (int c = 0; c < channels(); ++c) {
            thin_at.push_back(static_cast<std::int32_t>(link.big * thin_->position_stride(n) + c));
            weight_at.push_back(static_cast<std::int32_t>((link.tap * channels() + c) * weight_row()));
          }
        }
        for (int panel = 0; panel < gather_panels_.count(); ++panel) {
          kernels::gathered_rows_product({.a = thin,
                                          .a_k = channels(),
                                          .b = wide + position * wide_->position_stride(n) + panel * 64,
                                          .b_k = wide_->sample_stride(),
                                          .c = sum + panel * 64,
                                          .rows = static_cast<std::int64_t>(thin_at.size()),
                                          .depth = step.backward_samples,
                                          .width = gather_panels_.width(panel),
                                          .accumulate = true},
                                         thin_at.data(), weight_at.data());
        }
      }
    });
    reduce_rows(partial_.data(), parts, weight_size(), weight_size(), spec_.weight->gradient.data());
  }

  ConvSpec spec_;
  Field* thin_;
  Field* wide_;
  Panels gather_panels_;   // [tap, thin channel][wide panel]
  Panels scatter_panels_;  // [wide][tap, thin channel]
  Buffer partial_;
  std::vector<Scratch> scratch_;  // of each worker
  bool stale_ = true;
};

}  // namespace

std::vector<std::int32_t> thin_weight_places(int thin, int wide, int taps, std::int64_t& size) {
  const int row = (wide + 15) / 16 * 16;
  size = std::int64_t{1} * taps * thin * row;
  std::vector<std::int32_t> places(static_cast<std::size_t>(taps) * thin * wide);
  for (int c = 0; c < thin; ++c) {
    for (int w = 0; w < wide; ++w) {
      for (int t = 0; t < taps; ++t) {
        places[(static_cast<std::size_t>(w) * thin + c) * taps + t] = (t * thin + c) * row + w;
      }
    }
  }
  return places;
}

std::unique_ptr<Pass> make_thin_conv(ConvSpec spec) {
  return std::make_unique<ThinConv>(std::move(spec));
}

}  // namespace ganymede::engine
