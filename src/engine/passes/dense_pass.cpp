#include "engine/passes/dense_pass.hpp"

#include <algorithm>
#include <utility>

#include "engine/plan/memory.hpp"
#include "kernels/level.hpp"
#include "kernels/narrow.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {

// How it works. A dense layer in training. Rows are samples: every pair of an output and an input position is one
// matrix product [samples, in channels] x [in channels, out channels], added up over the input positions in order. A
// task is one output position and 64 of its channels. Weights change with every step and are read by few tasks, so each
// task copies its part of them into order first, unless it lies so already; between two flat vectors, whose products
// are many tasks' (or several for each change of the weights, in an unrolled game), that is done once for all of them.
// The way back is the same with both sides exchanged and the weights transposed; the gradient of the weights is, for
// each pair, a product whose depth are the samples. Where a flat input has but a few features (the coordinates of a
// point), products are too short for panels: forward, rows are sums of a few rows of weights; back, a scalar product
// for each feature.

namespace {

constexpr std::int64_t kRows = 48;  // samples of one task
constexpr std::int64_t kFeatureRows = 32;
constexpr int kTile = 16;                // of weights that are transposed, a line of the cache on either side
constexpr std::int64_t kWholeRow = 256;  // channels whose weights a product reads as they lie, panels side by side

class DensePass : public Pass {
 public:
  explicit DensePass(DenseSpec spec)
      : spec_(std::move(spec)), in_positions_(spec_.in->positions()), out_positions_(spec_.out->positions()) {
    nodes = spec_.nodes;
  }

  void forward(const Step& step) override {
    if (is_flat() && spec_.in->channels <= kernels::kMostFeatures) return expand(step);
    multiply(step, *spec_.in, spec_.in->value, *spec_.out, spec_.out->value, true, step.samples);
  }

  void backward(const Step& step) override {
    if (step.parameter_gradients) {
      weight_gradient(step);
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (!spec_.input_need.now(step)) return;
    if (is_flat() && spec_.in->channels <= kernels::kMostFeatures) {
      few_features(step, spec_.input_need.samples(step));
    } else {
      multiply(step, *spec_.out, spec_.out->gradient, *spec_.in, spec_.in->gradient, false,
               spec_.input_need.samples(step));
    }
  }

  void parameters_changed() override {
    forward_panels_.parameters_changed();
    backward_panels_.parameters_changed();
  }

  std::int64_t bytes() const override {
    std::int64_t total = forward_panels_.bytes() + backward_panels_.bytes();
    for (const Buffer& scratch : scratch_) total += scratch.bytes();
    return total;
  }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.in->features()) * static_cast<double>(spec_.out->features());
    describe_products(spec_.network, nodes, "panel product " + kernels::level(), flops, spec_.input_need, out);
  }

 private:
  bool is_flat() const { return in_positions_ * out_positions_ == 1; }
  std::int64_t row() const { return (spec_.out->channels + 15) / 16 * 16; }
  std::int64_t slice_size() const { return spec_.in->channels * row(); }
  int slice(std::int64_t out, std::int64_t in) const { return static_cast<int>(out * in_positions_ + in); }

  static int panels(int columns) { return (columns + 63) / 64; }
  static int width(int columns, int panel) { return std::min(64, (columns - panel * 64 + 15) / 16 * 16); }

  // A task is one position and panel of the result, and of few of these also a block of rows. It brings its part of the
  // weights in order first: they change with every step and are read by few tasks.
  void multiply(const Step& step, const Field& from, const float* source, const Field& to, float* target, bool forward,
                std::int64_t rows) {
    const std::int64_t n = step.samples;
    const int count = panels(to.channels);
    const bool few = step.pool.at_work() > 1 && to.positions() * count < 4 * step.pool.at_work();
    const std::int64_t block = few ? kRows : rows;
    const std::int64_t blocks = (rows + block - 1) / block;
    const float* const ready = is_flat() ? ready_weights(forward) : nullptr;
    const std::int64_t ready_row = forward && row() <= kWholeRow ? row() : 0;  // 0: panel by panel
    if (scratch_.empty()) scratch_.resize(static_cast<std::size_t>(step.pool.size()));
    step.pool.run(to.positions() * blocks * count, [&](std::int64_t task, int worker) {
      const std::int64_t first = task % blocks * block;
      const int panel = static_cast<int>(task / blocks % count);
      const std::int64_t position = task / blocks / count;
      for (int k = 0; k < from.positions(); ++k) {
        kernels::PanelProduct p{
            .a = source + k * from.position_stride(n) + first * from.sample_stride(),
            .a_row = from.sample_stride(),
            .c = target + position * to.position_stride(n) + first * to.sample_stride() + panel * 64,
            .c_row = to.sample_stride(),
            .rows = std::min(block, rows - first),
            .depth = from.channels,
            .width = width(to.channels, panel),
            .accumulate = k > 0};
        if (ready != nullptr) {
          p.b = ready + panel * 64 * (ready_row > 0 ? 1 : p.depth);
          p.b_k = ready_row > 0 ? ready_row : p.width;
        } else {
          Buffer& scratch = scratch_[static_cast<std::size_t>(worker)];
          if (scratch.size() < p.depth * 64) scratch = Buffer(p.depth * 64);
          take_weights(forward ? slice(position, k) : slice(k, position), panel, forward, scratch.data(), p);
        }
        kernels::panel_product(p);
      }
    });
  }

  // Panel `panel` of a slice's matrix [in][out], or of its transpose: in place where a row is no wider than a panel.
  void take_weights(int slice_number, int panel, bool forward, float* scratch, kernels::PanelProduct& p) const {
    const float* w = spec_.weight->value.data() + slice_number * slice_size();
    if (forward && row() <= 64) {
      p.b = w;
      p.b_k = row();
      return;
    }
    p.b = scratch;
    p.b_k = p.width;
    copy_weights(w, panel, forward, p.width, scratch);
  }

  // [depth][width], beyond the channels 0.
  void copy_weights(const float* w, int panel, bool forward, int width, float* to) const {
    if (forward) {
      for (std::int64_t k = 0; k < spec_.in->channels; ++k)
        std::copy_n(w + k * row() + panel * 64, width, to + k * width);
      return;
    }
    const int columns = std::min(64, spec_.in->channels - panel * 64);
    const std::int64_t depth = spec_.out->channels;
    for (std::int64_t k = 0; k < depth && columns < width; ++k) std::fill_n(to + k * width, width, 0.0F);
    for (std::int64_t k = 0; k < depth; k += kTile) {
      const std::int64_t end = std::min(depth, k + kTile);
      for (int j = 0; j < columns; ++j) {
        const float* from = w + (panel * 64 + j) * row();
        for (std::int64_t i = k; i < end; ++i) to[i * width + j] = from[i];
      }
    }
  }

  // Of a flat layer: the weights as they lie, or panel by panel.
  const float* ready_weights(bool forward) {
    const float* const weights = spec_.weight->value.data();
    if (forward && row() <= kWholeRow) return weights;
    WeightPanels* const shared = forward ? nullptr : spec_.backward_panels;
    WeightPanels& own = forward ? forward_panels_ : backward_panels_;
    const std::int64_t depth = (forward ? spec_.in : spec_.out)->channels;
    const int columns = (forward ? spec_.out : spec_.in)->channels;
    return (shared != nullptr ? *shared : own).get(panels(columns) * 64 * depth, [&](float* to) {
      for (int panel = 0; panel < panels(columns); ++panel)
        copy_weights(weights, panel, forward, width(columns, panel), to + panel * 64 * depth);
    });
  }

  // The gradient of the input, feature by feature: lanes run over the output's channels.
  void few_features(const Step& step, std::int64_t rows) const {
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    step.pool.run((rows + kFeatureRows - 1) / kFeatureRows, [&](std::int64_t task, int) {
      const std::int64_t first = task * kFeatureRows, count = std::min(kFeatureRows, rows - first);
      float* const to = in.gradient + first * in.sample_stride();
      std::fill_n(to, count * in.sample_stride(), 0.0F);
      for (int c = 0; c < in.channels; ++c) {
        float lanes[16 * kFeatureRows];
        kernels::dot_lanes(out.gradient + first * out.sample_stride(), out.sample_stride(), count, out.sample_stride(),
                           spec_.weight->value.data() + c * row(), false, lanes);
        kernels::fold_lanes(lanes, count, to + c, in.sample_stride());
      }
    });
  }

  // The product forward of as few: lanes run over the output's channels, in the order of panel products.
  void expand(const Step& step) const {
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    step.pool.run((step.samples + kFeatureRows - 1) / kFeatureRows, [&](std::int64_t task, int) {
      const std::int64_t first = task * kFeatureRows, count = std::min(kFeatureRows, step.samples - first);
      kernels::expand_rows(in.value + first * in.sample_stride(), in.sample_stride(), in.channels, count,
                           spec_.weight->value.data(), row(), static_cast<int>(row()),
                           out.value + first * out.sample_stride(), out.sample_stride());
    });
  }

  void weight_gradient(const Step& step) {
    const std::int64_t n = step.samples;
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    step.pool.run(std::int64_t{1} * in_positions_ * out_positions_, [&](std::int64_t s, int) {
      const std::int64_t from = s % in_positions_;
      const std::int64_t to = s / in_positions_;
      for (int panel = 0; panel < panels(out.channels); ++panel) {
        kernels::panel_product({.a = in.value + from * in.position_stride(n),
                                .a_row = 1,
                                .a_k = in.sample_stride(),
                                .b = out.gradient + to * out.position_stride(n) + panel * 64,
                                .b_k = out.sample_stride(),
                                .c = spec_.weight->gradient.data() + s * slice_size() + panel * 64,
                                .c_row = row(),
                                .rows = in.channels,
                                .depth = step.backward_samples,
                                .width = width(out.channels, panel)});
      }
    });
  }

  DenseSpec spec_;
  int in_positions_;
  int out_positions_;
  std::vector<Buffer> scratch_;
  WeightPanels forward_panels_, backward_panels_;
};

}  // namespace

std::vector<std::int32_t> dense_weight_places(const Field& in, const Field& out, std::int64_t& size) {
  const std::int64_t row = (out.channels + 15) / 16 * 16;
  const std::int64_t in_features = in.features();
  size = std::int64_t{1} * in.positions() * out.positions() * in.channels * row;
  std::vector<std::int32_t> places(static_cast<std::size_t>(in_features * out.features()));
  for (std::int64_t o = 0; o < out.features(); ++o) {
    const std::int64_t out_channel = o / out.positions();
    const std::int64_t out_position = o % out.positions();
    for (std::int64_t i = 0; i < in_features; ++i) {
      const std::int64_t in_channel = i / in.positions();
      const std::int64_t in_position = i % in.positions();
      places[o * in_features + i] = static_cast<std::int32_t>(
          ((out_position * in.positions() + in_position) * in.channels + in_channel) * row + out_channel);
    }
  }
  return places;
}

std::unique_ptr<Pass> make_dense(DenseSpec spec) {
  return std::make_unique<DensePass>(std::move(spec));
}

}  // namespace ganymede::engine
