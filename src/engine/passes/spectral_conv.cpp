#include <algorithm>
#include <utility>

#include "engine/passes/spectral_conv-inl.hpp"
#include "kernels/level.hpp"
#include "kernels/product.hpp"

namespace ganymede::engine {

// How it works. A convolution by Fourier transform in f32 (the steps: spectral_conv-inl.hpp). In the transform's domain
// each frequency is one complex matrix product over channels, made of three real ones (of re, of im, and of their sums
// or differences; Karatsuba) on the same panel kernel as everything else. Frequencies without an imaginary part take
// one. A task is one frequency and, forward, a block of samples.

namespace {

constexpr std::int64_t kRowBlock = 96;     // samples of one task: its operands stay in the second-level cache
constexpr std::int64_t kDepthBlock = 128;  // of one product: 32 KB of panel stay in the first-level cache
constexpr std::int64_t kSampleBlock = 64;  // of one product of the weight gradient

// In f32: each complex product is made of three real ones (kernels/spectral.hpp).
class SpectralConv : public SpectralConvBase<kernels::Planes> {
 public:
  explicit SpectralConv(ConvSpec spec)
      : SpectralConvBase(std::move(spec)), weights_(std::int64_t{3} * planes_ * part_) {}

  std::int64_t bytes() const override { return SpectralConvBase::bytes() + weights_.bytes(); }

  void describe(std::vector<PassInfo>& out) const override {
    describe_kernel("panel product " + kernels::level(), out);
  }

 private:
  static int panels(int columns) { return (columns + 63) / 64; }
  static int width(int columns, int panel) { return std::min(64, columns - panel * 64); }

  // Plane strides are odd multiples of a cache line, so that planes do not collide in the caches.
  kernels::Planes make_planes(std::int64_t samples, int columns, Buffer& buffer) const override {
    kernels::Planes p;
    p.row = columns + 16;
    p.imaginary = samples * p.row + 16 * 5;
    p.plane = 2 * p.imaginary + 16 * 3;
    if (buffer.size() < planes_ * p.plane) buffer = Buffer(planes_ * p.plane);
    p.base = buffer.data();
    return p;
  }

  // W: [plane][re, im, re + im][panel of S columns][X column][up to 64].
  void pack_weights(const Step& step, const float* w, std::int64_t tap_size) override {
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
  }

  // S = X W.
  void multiply_to_small(const Step& step, std::int64_t rows) override {
    const RowBlocks blocks = cut(rows, kRowBlock);
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
  void multiply_to_big(const Step& step, std::int64_t rows) override {
    const RowBlocks blocks = cut(rows, kRowBlock);
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

  void multiply_gradient(const Step& step, std::int64_t rows, float* z) override {
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
  }

  Buffer weights_;
};

}  // namespace

std::unique_ptr<Pass> make_spectral_conv(ConvSpec spec) {
  return std::make_unique<SpectralConv>(std::move(spec));
}

}  // namespace ganymede::engine
