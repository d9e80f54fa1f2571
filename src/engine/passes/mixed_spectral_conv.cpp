#include <algorithm>
#include <utility>

#include "engine/passes/spectral_conv-inl.hpp"
#include "kernels/complex_product.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {

// How it works. A convolution by Fourier transform in bf16 (the steps: spectral_conv-inl.hpp). Real and imaginary part
// lie beside each other as the pair that a dot-product unit multiplies at once, so a complex product takes two dot
// products. Transforms and sums are made in f32; what lies in the planes of X, S and W is rounded, the products for the
// weights' gradient are not.

namespace {

using kernels::Pair;

constexpr std::int64_t kPairRowBlock = 96;      // samples of one task: its operands stay in the second-level cache
constexpr std::int64_t kPairSampleBlock = 128;  // of one product of the weight gradient
constexpr int kPanel = 32;

// In bf16 pairs: one layout of X, S and W serves all passes (kernels/complex_product.hpp). W lies in two orders, panels
// of S columns and panels of X columns.
class MixedSpectralConv : public SpectralConvBase<kernels::PairPlanes> {
 public:
  explicit MixedSpectralConv(ConvSpec spec)
      : SpectralConvBase(std::move(spec)), to_small_(planes_ * part_), to_big_(planes_ * part_) {}

  std::int64_t bytes() const override { return SpectralConvBase::bytes() + to_small_.bytes() + to_big_.bytes(); }

  void describe(std::vector<PassInfo>& out) const override {
    describe_kernel(std::string("complex product ") + kernels::name_of(kernels::unit()), out);
  }

 private:
  static int panels(int columns) { return (columns + kPanel - 1) / kPanel; }
  static int width(int columns, int panel) { return std::min(kPanel, columns - panel * kPanel); }
  static Pair* pairs(const Buffer& buffer) { return reinterpret_cast<Pair*>(buffer.data()); }
  bool is_real(std::int64_t plane) const { return plane >= complex_planes(); }

  kernels::PairPlanes make_planes(std::int64_t samples, int columns, Buffer& buffer) const override {
    kernels::PairPlanes p;
    p.row = columns + 16;
    p.plane = samples * p.row + 16 * 5;
    if (buffer.size() < planes_ * p.plane) buffer = Buffer(planes_ * p.plane);
    p.base = pairs(buffer);
    return p;
  }

  void pack_weights(const Step& step, const float* w, std::int64_t tap_size) override {
    const auto rows = static_cast<std::int64_t>(residues_.size()) * big_->channels;
    step.pool.run(rows, [&](std::int64_t row, int) {
      const std::int64_t residue = row / big_->channels;
      const std::int64_t channel = row % big_->channels;
      for (int panel = 0; panel < panels(s_columns_); ++panel) {
        const int columns = width(s_columns_, panel);
        kernels::spectral_weight_pairs(length_, residues_[residue].taps, w + channel * s_columns_ + panel * kPanel,
                                       tap_size,
                                       pairs(to_small_) + std::int64_t{kPanel} * panel * x_columns_ +
                                           (residue * big_channels_ + channel) * columns,
                                       part_, columns);
      }
    });
    step.pool.run(planes_, [&](std::int64_t plane, int) {
      const float* from = to_small_.data() + plane * part_;
      float* to = to_big_.data() + plane * part_;
      for (int s = 0; s < panels(s_columns_); ++s) {
        const int s_width = width(s_columns_, s);
        for (int x = 0; x < panels(x_columns_); ++x) {
          const int x_width = width(x_columns_, x);
          kernels::transpose(from + std::int64_t{kPanel} * (s * x_columns_ + x * s_width), s_width, x_width, s_width,
                             to + std::int64_t{kPanel} * (x * s_columns_ + s * x_width), x_width);
        }
      }
    });
  }

  void multiply_to_small(const Step& step, std::int64_t rows) override {
    multiply(step, rows, x_, x_columns_, to_small_, s_, s_columns_, false);
  }
  void multiply_to_big(const Step& step, std::int64_t rows) override {
    multiply(step, rows, s_, s_columns_, to_big_, x_, x_columns_, true);
  }

  void multiply(const Step& step, std::int64_t rows, const kernels::PairPlanes& from, int depth, const Buffer& weights,
                const kernels::PairPlanes& to, int columns, bool conjugate) {
    const RowBlocks blocks = cut(rows, kPairRowBlock);
    const std::int64_t tasks = planes_ * blocks.count;
    const auto rows_of = [&](std::int64_t task) {
      return std::min(blocks.rows, rows - task % blocks.count * blocks.rows);
    };
    const auto source = [&](std::int64_t task) {
      return from.base + task / blocks.count * from.plane + task % blocks.count * blocks.rows * from.row;
    };
    step.pool.run(tasks, [&](std::int64_t task, int) {
      const std::int64_t plane = task / blocks.count;
      const std::int64_t first = task % blocks.count * blocks.rows;
      for (int panel = 0; panel < panels(columns); ++panel) {
        kernels::ComplexProduct p{.a = source(task),
                                  .a_row = from.row,
                                  .b = pairs(weights) + plane * part_ + std::int64_t{kPanel} * panel * depth,
                                  .b_k = width(columns, panel),
                                  .rows = rows_of(task),
                                  .depth = depth,
                                  .columns = width(columns, panel),
                                  .conjugate = conjugate,
                                  .real = is_real(plane),
                                  .c = to.base + plane * to.plane + first * to.row + panel * kPanel,
                                  .c_row = to.row};
        if (panel == 0 && task + 1 < tasks)
          p.next = {reinterpret_cast<const float*>(source(task + 1)), rows_of(task + 1) * from.row};
        kernels::complex_product(p);
      }
    });
  }

  void multiply_gradient(const Step& step, std::int64_t rows, float* z) override {
    step.pool.run(planes_, [&](std::int64_t plane, int) {
      for (std::int64_t first = 0; first < rows; first += kPairSampleBlock) {
        const std::int64_t depth = std::min(kPairSampleBlock, rows - first);
        for (int panel = 0; panel < panels(s_columns_); ++panel) {
          kernels::ComplexProduct p{.a = x_.base + plane * x_.plane + first * x_.row,
                                    .a_row = 1,
                                    .a_k = x_.row,
                                    .b = s_.base + plane * s_.plane + first * s_.row + panel * kPanel,
                                    .b_k = s_.row,
                                    .rows = x_columns_,
                                    .depth = depth,
                                    .columns = width(s_columns_, panel),
                                    .conjugate = true,
                                    .real = is_real(plane),
                                    .re = z + 2 * plane * part_ + panel * kPanel,
                                    .im = z + (2 * plane + 1) * part_ + panel * kPanel,
                                    .sum_row = s_columns_,
                                    .accumulate = first > 0};
          if (panel == 0 && first + kPairSampleBlock < rows) {
            const std::int64_t count = std::min(kPairSampleBlock, rows - first - kPairSampleBlock);
            p.next = {reinterpret_cast<const float*>(p.a + kPairSampleBlock * x_.row), count * x_.row};
          }
          kernels::complex_product(p);
        }
      }
    });
  }

  Buffer to_small_, to_big_;
};

}  // namespace

std::unique_ptr<Pass> make_mixed_spectral_conv(ConvSpec spec) {
  return std::make_unique<MixedSpectralConv>(std::move(spec));
}

}  // namespace ganymede::engine
