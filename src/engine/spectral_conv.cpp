#include <algorithm>
#include <utility>

#include "engine/conv_pass.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"
#include "kernels/spectral.hpp"

namespace ganymede::engine {
namespace {

constexpr std::int64_t kRowBlock = 96;     // samples of one task: its operands stay in the second-level cache
constexpr std::int64_t kDepthBlock = 128;  // of one product: 32 KB of panel stay in the first-level cache
constexpr std::int64_t kSampleBlock = 64;  // of one product of the weight gradient

struct Residue {
  kernels::Taps taps;
  int first = 0, y_step = 1, x_step = 1, height = 0, width = 0;
};

// Taps of one axis that meet phase p of the larger image: position 2 u + p or u.
int axis_taps(int kernel, int stride, int before, int phase, int* tap, int* shift) {
  int count = 0;
  for (int a = 0; a < kernel; ++a) {
    const int offset = a - before - phase;
    if (offset % stride != 0) continue;
    tap[count] = a;
    shift[count++] = offset / stride;
  }
  return count;
}

std::vector<Residue> make_residues(const Geometry& g) {
  std::vector<Residue> phases;
  for (int y = 0; y < g.stride.h; ++y) {
    for (int x = 0; x < g.stride.w; ++x) {
      Residue p;
      p.taps.kernel_width = g.kernel.w;
      p.taps.rows = axis_taps(g.kernel.h, g.stride.h, g.top, y, p.taps.row_tap, p.taps.row_shift);
      p.taps.columns = axis_taps(g.kernel.w, g.stride.w, g.left, x, p.taps.column_tap, p.taps.column_shift);
      p.first = y * g.big_width + x;
      p.y_step = g.stride.h * g.big_width;
      p.x_step = g.stride.w;
      p.height = (g.big_height - y + g.stride.h - 1) / g.stride.h;
      p.width = (g.big_width - x + g.stride.w - 1) / g.stride.w;
      phases.push_back(p);
    }
  }
  return phases;
}

class SpectralConv : public Pass {
 public:
  explicit SpectralConv(ConvSpec spec)
      : spec_(std::move(spec)),
        big_(spec_.transposed ? spec_.out : spec_.in),
        small_(spec_.transposed ? spec_.in : spec_.out),
        length_(spectral_length(spec_.geometry)),
        residues_(make_residues(spec_.geometry)),
        planes_(kernels::complex_planes(length_) + kernels::real_planes(length_)),
        big_channels_(big_->sample_stride()),
        x_columns_(static_cast<int>(residues_.size()) * big_channels_),
        s_columns_(small_->sample_stride()),
        part_(std::int64_t{1} * x_columns_ * s_columns_ + 16 * 5) {
    nodes = spec_.nodes;
    weights_ = Buffer(std::int64_t{3} * planes_ * part_);
  }

  void forward(const Step& step) override {
    reserve(step);
    if (stale_) transform_weights(step);
    if (spec_.transposed) {
      to_planes_small(step, small_->value, step.samples);
      multiply_to_big(step, step.samples);
      from_planes_big(step, big_->value, step.samples);
    } else {
      to_planes_big(step, big_->value, step.samples);
      multiply_to_small(step, step.samples);
      from_planes_small(step, small_->value, step.samples);
    }
  }

  void backward(const Step& step) override {
    const std::int64_t rows = step.backward_samples;
    if (spec_.transposed) {
      to_planes_big(step, big_->gradient, rows);
    } else {
      to_planes_small(step, small_->gradient, rows);
    }
    if (step.parameter_gradients) weight_gradient(step, rows);
    if (!spec_.input_need.now(step)) return;
    if (spec_.transposed) {
      multiply_to_small(step, rows);
      from_planes_small(step, small_->gradient, rows);
    } else {
      multiply_to_big(step, rows);
      from_planes_big(step, big_->gradient, rows);
    }
  }

  void parameters_changed() override { stale_ = true; }

  std::int64_t bytes() const override {
    std::int64_t total = 0;
    for (const Buffer* b : {&x_buffer_, &s_buffer_, &z_buffer_, &weights_, &turned_}) total += b->bytes();
    for (const Buffer& b : scratch_) total += b.bytes();
    return total;
  }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * spec_.in->channels * spec_.out->channels;
    describe_products(spec_.network, nodes,
                      "transform " + std::to_string(length_) + " x " + std::to_string(length_) + ", panel product " +
                          kernels::level(),
                      flops, spec_.input_need, out);
  }

 private:
  int complex_planes() const { return kernels::complex_planes(length_); }
  int taps() const { return spec_.geometry.taps(); }
  static int panels(int columns) { return (columns + 63) / 64; }
  static int width(int columns, int panel) { return std::min(64, columns - panel * 64); }

  // Plane strides are odd multiples of a cache line, so that planes do not collide in the caches.
  static kernels::Planes make_planes(std::int64_t samples, int columns, Buffer& buffer, int planes) {
    kernels::Planes p;
    p.row = columns + 16;
    p.imaginary = samples * p.row + 16 * 5;
    p.plane = 2 * p.imaginary + 16 * 3;
    if (buffer.size() < planes * p.plane) buffer = Buffer(planes * p.plane);
    p.base = buffer.data();
    return p;
  }

  void reserve(const Step& step) {
    if (step.samples > capacity_) {
      capacity_ = step.samples;
      x_ = make_planes(capacity_, x_columns_, x_buffer_, planes_);
      s_ = make_planes(capacity_, s_columns_, s_buffer_, planes_);
    }
    if (scratch_.empty()) scratch_.resize(static_cast<std::size_t>(step.pool.size()));
  }

  float* scratch(int worker, std::int64_t count) {
    Buffer& buffer = scratch_[worker];
    if (buffer.size() < count) buffer = Buffer(count);
    return buffer.data();
  }

  void to_planes_big(const Step& step, const float* from, std::int64_t rows) {
    big_planes(step, const_cast<float*>(from), rows, kernels::spectral_forward);
  }
  void from_planes_big(const Step& step, float* to, std::int64_t rows) {
    big_planes(step, to, rows, kernels::spectral_inverse);
  }
  void to_planes_small(const Step& step, const float* from, std::int64_t rows) {
    small_planes(step, const_cast<float*>(from), rows, kernels::spectral_forward);
  }
  void from_planes_small(const Step& step, float* to, std::int64_t rows) {
    small_planes(step, to, rows, kernels::spectral_inverse);
  }

  using Transform = void (*)(int, const kernels::Grid&, const kernels::Planes&, std::int64_t, int, int);

  void big_planes(const Step& step, float* data, std::int64_t rows, Transform transform) {
    step.pool.run(rows, [&](std::int64_t n, int) {
      for (std::size_t i = 0; i < residues_.size(); ++i) {
        const Residue& p = residues_[i];
        const kernels::Grid grid{.data = data + n * big_channels_,
                                 .position = big_->position_stride(step.samples),
                                 .first = p.first,
                                 .y_step = p.y_step,
                                 .x_step = p.x_step,
                                 .height = p.height,
                                 .width = p.width};
        transform(length_, grid, x_, n, static_cast<int>(i) * big_channels_, big_channels_);
      }
    });
  }

  void small_planes(const Step& step, float* data, std::int64_t rows, Transform transform) {
    step.pool.run(rows, [&](std::int64_t n, int) {
      const kernels::Grid grid{.data = data + n * s_columns_,
                               .position = small_->position_stride(step.samples),
                               .y_step = spec_.geometry.small_width,
                               .height = spec_.geometry.small_height,
                               .width = spec_.geometry.small_width};
      transform(length_, grid, s_, n, 0, s_columns_);
    });
  }

  // W: [plane][re, im, re + im][panel of S columns][X column][up to 64].
  void transform_weights(const Step& step) {
    const float* w = spec_.weight->value.data();
    const std::int64_t tap_size = std::int64_t{1} * big_->channels * s_columns_;
    if (spec_.transposed) {
      turn(step, w, true);
      w = turned_.data();
    }
    const auto rows = static_cast<std::int64_t>(residues_.size()) * big_->channels;
    step.pool.run(rows, [&](std::int64_t row, int) {
      const std::int64_t phase = row / big_->channels;
      const std::int64_t channel = row % big_->channels;
      for (int panel = 0; panel < panels(s_columns_); ++panel) {
        const int columns = width(s_columns_, panel);
        kernels::spectral_weights(
            length_, residues_[phase].taps, w + channel * s_columns_ + panel * 64, tap_size,
            weights_.data() + std::int64_t{64} * panel * x_columns_ + (phase * big_channels_ + channel) * columns,
            3 * part_, part_, columns);
      }
    });
    stale_ = false;
  }

  // Between the parameter's order [tap][small][big to 16] of a transposed convolution and [tap][big][small to 16].
  void turn(const Step& step, const float* from, bool from_parameter) {
    const std::int64_t tap_size = std::int64_t{1} * big_->channels * s_columns_;
    if (turned_.size() == 0) turned_ = Buffer(tap_size * taps());
    const std::int64_t parameter_tap = std::int64_t{1} * small_->channels * big_channels_;
    float* parameter = from_parameter ? const_cast<float*>(from) : spec_.weight->gradient.data();
    step.pool.run(taps(), [&](std::int64_t tap, int) {
      float* p = parameter + tap * parameter_tap;
      float* t = turned_.data() + tap * tap_size;
      const int fours = small_->channels / 4 * 4;
      const int big_fours = big_->channels / 4 * 4;
      if (from_parameter) {
        kernels::transpose(p, big_channels_, fours, big_fours, t, s_columns_);
      } else {
        kernels::transpose(t, s_columns_, big_fours, fours, p, big_channels_);
      }
      for (int s = 0; s < small_->channels; ++s) {
        for (int b = s < fours ? big_fours : 0; b < big_->channels; ++b) {
          float& in_parameter = p[std::int64_t{1} * s * big_channels_ + b];
          float& in_turned = t[std::int64_t{1} * b * s_columns_ + s];
          (from_parameter ? in_turned : in_parameter) = from_parameter ? in_parameter : in_turned;
        }
      }
    });
  }

  struct RowBlocks {
    std::int64_t count, rows;
  };
  static RowBlocks cut(std::int64_t rows) {
    const std::int64_t count = (rows + kRowBlock - 1) / kRowBlock;
    const std::int64_t each = ((rows + count - 1) / count + 5) / 6 * 6;
    return {(rows + each - 1) / each, each};
  }

  // S = X W.
  void multiply_to_small(const Step& step, std::int64_t rows) {
    const RowBlocks blocks = cut(rows);
    step.pool.run(planes_ * blocks.count, [&](std::int64_t task, int worker) {
      const std::int64_t f = task / blocks.count;
      const std::int64_t first = task % blocks.count * blocks.rows;
      const std::int64_t m = std::min(blocks.rows, rows - first);
      const bool is_complex = f < complex_planes();
      float* sums = scratch(worker, blocks.rows * (x_.row + 3 * 64));
      float* thirds = sums + 3 * blocks.rows * 64;
      const float* a = x_.base + f * x_.plane + first * x_.row;
      const float* parts[3] = {a, a + x_.imaginary, thirds};
      if (is_complex) kernels::third(a, a + x_.imaginary, x_.row, m, x_columns_, false, thirds, x_.row);
      kernels::Upcoming next[2];
      if (task + 1 < planes_ * blocks.count) {
        const std::int64_t next_f = (task + 1) / blocks.count;
        const std::int64_t next_first = (task + 1) % blocks.count * blocks.rows;
        next[0] = {x_.base + next_f * x_.plane + next_first * x_.row,
                   std::min(blocks.rows, rows - next_first) * x_.row};
        if (next_f < complex_planes()) next[1] = {next[0].data + x_.imaginary, next[0].count};
      }
      for (int panel = 0; panel < panels(s_columns_); ++panel) {
        const int columns = width(s_columns_, panel);
        const float* b = weights_.data() + f * 3 * part_ + std::int64_t{64} * panel * x_columns_;
        for (int k = 0; k < x_columns_; k += kDepthBlock) {
          for (int part = 0; part < (is_complex ? 3 : 1); ++part) {
            kernels::PanelProduct p{.a = parts[part] + k,
                                    .a_row = x_.row,
                                    .b = b + part * part_ + std::int64_t{1} * k * columns,
                                    .b_k = columns,
                                    .c = sums + part * blocks.rows * 64,
                                    .c_row = 64,
                                    .rows = m,
                                    .depth = std::min<std::int64_t>(kDepthBlock, x_columns_ - k),
                                    .width = columns,
                                    .accumulate = k > 0};
            if (panel == 0 && k == 0 && part < 2) p.next[0] = next[part];
            kernels::panel_product(p);
          }
        }
        store(kernels::Complex::forward, is_complex, sums, blocks.rows, m, columns, s_, f, first, panel);
      }
    });
  }

  // X = S conj(W).
  void multiply_to_big(const Step& step, std::int64_t rows) {
    const RowBlocks blocks = cut(rows);
    // One plane's blocks follow each other in one task, since they share its transposed weights.
    step.pool.run(planes_, [&](std::int64_t f, int worker) {
      const bool is_complex = f < complex_planes();
      const int parts_count = is_complex ? 3 : 1;
      const std::int64_t matrix = std::int64_t{1} * x_columns_ * s_columns_;
      float* sums = scratch(worker, 3 * matrix + blocks.rows * (s_.row + 3 * 64));
      float* thirds = sums + 3 * blocks.rows * 64;
      float* turned = thirds + blocks.rows * s_.row;
      for (int part = 0; part < parts_count; ++part) {
        for (int s_panel = 0; s_panel < panels(s_columns_); ++s_panel) {
          const int s_width = width(s_columns_, s_panel);
          const float* w = weights_.data() + (3 * f + part) * part_ + std::int64_t{64} * s_panel * x_columns_;
          for (int x_panel = 0; x_panel < panels(x_columns_); ++x_panel) {
            const int x_width = width(x_columns_, x_panel);
            kernels::transpose(
                w + std::int64_t{64} * x_panel * s_width, s_width, x_width, s_width,
                turned + part * matrix + std::int64_t{64} * x_panel * s_columns_ + std::int64_t{64} * s_panel * x_width,
                x_width);
          }
        }
      }
      for (std::int64_t block = 0; block < blocks.count; ++block) {
        const std::int64_t first = block * blocks.rows;
        const std::int64_t m = std::min(blocks.rows, rows - first);
        const float* a = s_.base + f * s_.plane + first * s_.row;
        const float* parts[3] = {a, a + s_.imaginary, thirds};
        if (is_complex) kernels::third(a, a + s_.imaginary, s_.row, m, s_columns_, true, thirds, s_.row);
        for (int panel = 0; panel < panels(x_columns_); ++panel) {
          const int columns = width(x_columns_, panel);
          for (int part = 0; part < parts_count; ++part) {
            for (int k = 0; k < s_columns_; k += kDepthBlock) {
              kernels::panel_product(
                  {.a = parts[part] + k,
                   .a_row = s_.row,
                   .b = turned + part * matrix + std::int64_t{64} * panel * s_columns_ + std::int64_t{1} * k * columns,
                   .b_k = columns,
                   .c = sums + part * blocks.rows * 64,
                   .c_row = 64,
                   .rows = m,
                   .depth = std::min<std::int64_t>(kDepthBlock, s_columns_ - k),
                   .width = columns,
                   .accumulate = k > 0});
            }
          }
          store(kernels::Complex::data, is_complex, sums, blocks.rows, m, columns, x_, f, first, panel);
        }
      }
    });
  }

  static void store(kernels::Complex kind, bool is_complex, const float* sums, std::int64_t part_rows,
                    std::int64_t rows, int columns, const kernels::Planes& to, std::int64_t plane, std::int64_t first,
                    int panel) {
    float* re = to.base + plane * to.plane + first * to.row + panel * 64;
    if (is_complex) {
      kernels::combine_products(kind, sums, sums + part_rows * 64, sums + 2 * part_rows * 64, rows, columns, re,
                                re + to.imaginary, to.row);
    } else {
      kernels::stream_product(sums, rows, columns, re, to.row);
    }
  }

  // Z = X conj(S) over the samples in order, then back to taps.
  void weight_gradient(const Step& step, std::int64_t rows) {
    if (z_buffer_.size() == 0) z_buffer_ = Buffer(2 * planes_ * part_);
    float* z = z_buffer_.data();
    step.pool.run(planes_, [&](std::int64_t f, int worker) {
      const bool is_complex = f < complex_planes();
      const int parts_count = is_complex ? 3 : 1;
      const int s_panels = panels(s_columns_);
      const std::int64_t matrix = std::int64_t{64} * x_columns_;
      float* sums = scratch(worker, 3 * s_panels * matrix + kSampleBlock * (x_.row + s_.row));
      float* x_thirds = sums + 3 * s_panels * matrix;
      float* s_thirds = x_thirds + kSampleBlock * x_.row;
      for (std::int64_t first = 0; first < rows; first += kSampleBlock) {
        const std::int64_t depth = std::min(kSampleBlock, rows - first);
        const float* a = x_.base + f * x_.plane + first * x_.row;
        const float* b = s_.base + f * s_.plane + first * s_.row;
        const float* x_parts[3] = {a, a + x_.imaginary, x_thirds};
        const float* s_parts[3] = {b, b + s_.imaginary, s_thirds};
        if (is_complex) {
          kernels::third(a, a + x_.imaginary, x_.row, depth, x_columns_, false, x_thirds, x_.row);
          kernels::third(b, b + s_.imaginary, s_.row, depth, s_columns_, true, s_thirds, s_.row);
        }
        for (int panel = 0; panel < s_panels; ++panel) {
          for (int part = 0; part < parts_count; ++part) {
            kernels::PanelProduct p{.a = x_parts[part],
                                    .a_row = 1,
                                    .a_k = x_.row,
                                    .b = s_parts[part] + panel * 64,
                                    .b_k = s_.row,
                                    .c = sums + (3 * panel + part) * matrix,
                                    .c_row = 64,
                                    .rows = x_columns_,
                                    .depth = depth,
                                    .width = width(s_columns_, panel),
                                    .accumulate = first > 0};
            if (panel == 0 && part < 2 && first + kSampleBlock < rows) {
              const std::int64_t count = std::min(kSampleBlock, rows - first - kSampleBlock);
              p.next[0] = {x_parts[part] + kSampleBlock * x_.row, count * x_.row};
              p.next[1] = {s_parts[part] + kSampleBlock * s_.row, count * s_.row};
            }
            kernels::panel_product(p);
          }
        }
      }
      for (int panel = 0; panel < s_panels; ++panel) {
        const float* p = sums + 3 * panel * matrix;
        float* re = z + 2 * f * part_ + panel * 64;
        if (is_complex) {
          kernels::combine_products(kernels::Complex::weights, p, p + matrix, p + 2 * matrix, x_columns_,
                                    width(s_columns_, panel), re, re + part_, s_columns_);
        } else {
          kernels::stream_product(p, x_columns_, width(s_columns_, panel), re, s_columns_);
        }
      }
    });
    const std::int64_t tap_size = std::int64_t{1} * big_->channels * s_columns_;
    if (spec_.transposed && turned_.size() == 0) turned_ = Buffer(tap_size * taps());
    float* gradient = spec_.transposed ? turned_.data() : spec_.weight->gradient.data();
    step.pool.run(static_cast<std::int64_t>(residues_.size()) * big_->channels, [&](std::int64_t row, int) {
      const std::int64_t phase = row / big_->channels;
      const std::int64_t channel = row % big_->channels;
      kernels::spectral_weight_gradient(length_, residues_[phase].taps,
                                        z + (phase * big_channels_ + channel) * s_columns_, 2 * part_, part_,
                                        gradient + channel * s_columns_, tap_size, s_columns_);
    });
    if (spec_.transposed) turn(step, nullptr, false);
  }

  ConvSpec spec_;
  Field* big_;
  Field* small_;
  int length_;
  std::vector<Residue> residues_;
  std::int64_t planes_;
  int big_channels_, x_columns_, s_columns_;  // padded to 16; X holds the phases beside each other
  std::int64_t part_;                         // of W and Z: one matrix [X columns][S columns], kept off powers of two
  std::int64_t capacity_ = 0;
  kernels::Planes x_, s_;
  Buffer x_buffer_, s_buffer_, z_buffer_, weights_, turned_;
  std::vector<Buffer> scratch_;
  bool stale_ = true;
};

}  // namespace

int spectral_length(const Geometry& g) {
  if (g.stride.h != g.stride.w || g.stride.h > 2 || g.kernel.h > 5 || g.kernel.w > 5) return 0;
  if (g.small_height > kernels::kSpectralImage || g.small_width > kernels::kSpectralImage) return 0;
  int largest = 0;
  for (const Residue& p : make_residues(g)) {
    if (p.height > kernels::kSpectralImage || p.width > kernels::kSpectralImage) return 0;
    for (int i = 0; i < p.taps.rows; ++i) largest = std::max(largest, std::abs(p.taps.row_shift[i]));
    for (int i = 0; i < p.taps.columns; ++i) largest = std::max(largest, std::abs(p.taps.column_shift[i]));
  }
  return largest <= 1 ? 8 : largest == 2 ? 9 : 0;
}

std::unique_ptr<Pass> make_spectral_conv(ConvSpec spec) {
  return std::make_unique<SpectralConv>(std::move(spec));
}

}  // namespace ganymede::engine
