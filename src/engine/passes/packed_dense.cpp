#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "engine/passes/dense_pass.hpp"
#include "engine/passes/packing.hpp"
#include "engine/passes/pair_packing.hpp"
#include "kernels/level.hpp"
#include "kernels/pair_product.hpp"
#include "kernels/product.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {

// How it works. A dense layer in inference, where the weights stay the same: they are packed once, panel by panel in
// the order in which the tasks read them, so few samples take as long as the weights take to stream by. In f32 the sums
// are those of dense_pass.cpp in the same order, and so are the bits; in bf16 weights and inputs are rounded first, and
// one call of the kernel sums over all input positions.

namespace {

constexpr std::int64_t kPackedRows = 48;  // samples of one task

class PackedDense : public Pass {
 public:
  explicit PackedDense(DenseSpec spec) : spec_(std::move(spec)) { nodes = spec_.nodes; }

  void forward(const Step& step) override {
    if (stale_) {
      const std::int64_t row = (spec_.out->channels + 15) / 16 * 16;
      step.pool.run(std::int64_t{1} * in_positions() * spec_.out->positions(), [&](std::int64_t slice, int) {
        pack(static_cast<int>(slice), spec_.weight->value.data() + slice * spec_.in->channels * row, row);
      });
      stale_ = false;
    }
    prepare(step);
    const std::int64_t blocks = (step.samples + kPackedRows - 1) / kPackedRows;
    const std::int64_t positions = spec_.out->positions();
    step.pool.run(panels() * positions * blocks, [&](std::int64_t task, int worker) {
      const std::int64_t first = task % blocks * kPackedRows;
      multiply(step, worker, static_cast<int>(task / blocks / positions), static_cast<int>(task / blocks % positions),
               first, std::min(kPackedRows, step.samples - first));
    });
  }

  void backward(const Step&) override { fail<Error>("internal: {} was compiled for inference", nodes); }
  void parameters_changed() override { stale_ = true; }

  void describe(std::vector<PassInfo>& out) const override {
    const double flops = 2.0 * static_cast<double>(spec_.in->features()) * static_cast<double>(spec_.out->features());
    out.push_back({spec_.network, nodes, "forward", kernel(), flops});
  }

 protected:
  virtual int panels() const = 0;
  virtual std::string kernel() const = 0;
  virtual void pack(int slice, const float* matrix, std::int64_t row) = 0;
  virtual void prepare(const Step& step) = 0;
  virtual void multiply(const Step& step, int worker, int panel, int position, std::int64_t first,
                        std::int64_t rows) = 0;

  int in_positions() const { return spec_.in->positions(); }
  int slices() const { return in_positions() * spec_.out->positions(); }
  float* result(const Step& step, int panel, int position, std::int64_t first) const {
    return spec_.out->at(spec_.out->value, step.samples, position) + first * spec_.out->sample_stride() + panel * 64;
  }

  DenseSpec spec_;

 private:
  bool stale_ = true;
};

class PackedDenseF32 : public PackedDense {
 public:
  explicit PackedDenseF32(DenseSpec spec)
      : PackedDense(std::move(spec)), panels_(spec_.in->channels, spec_.out->channels, slices()) {}
  std::int64_t bytes() const override { return panels_.bytes(); }

 private:
  int panels() const override { return panels_.count(); }
  std::string kernel() const override { return "panel product " + kernels::level(); }
  void pack(int slice, const float* matrix, std::int64_t row) override { panels_.pack_rows(slice, matrix, row); }
  void prepare(const Step&) override {}

  void multiply(const Step& step, int, int panel, int position, std::int64_t first, std::int64_t rows) override {
    const Field& in = *spec_.in;
    for (int k = 0; k < in_positions(); ++k) {
      kernels::panel_product({.a = in.at(in.value, step.samples, k) + first * in.sample_stride(),
                              .a_row = in.sample_stride(),
                              .b = panels_.at(panel, position * in_positions() + k),
                              .b_k = panels_.width(panel),
                              .c = result(step, panel, position, first),
                              .c_row = spec_.out->sample_stride(),
                              .rows = rows,
                              .depth = panels_.depth(),
                              .width = panels_.width(panel),
                              .accumulate = k > 0});
    }
  }

  Panels panels_;
};

class PackedDenseMixed : public PackedDense {
 public:
  explicit PackedDenseMixed(DenseSpec spec)
      : PackedDense(std::move(spec)), panels_(spec_.in->channels, spec_.out->channels, slices()) {}
  std::int64_t bytes() const override { return panels_.bytes() + rows_.bytes(); }

 private:
  int panels() const override { return panels_.count(); }
  std::string kernel() const override { return std::string("pair product ") + kernels::name_of(kernels::unit()); }
  void pack(int slice, const float* matrix, std::int64_t row) override { panels_.pack_rows(slice, matrix, row); }

  void prepare(const Step& step) override {
    const Field& in = *spec_.in;
    if (rows_.size() < in_positions() * step.samples * panels_.depth())
      rows_ = PairBuffer(in_positions() * step.samples * panels_.depth());
    terms_.resize(static_cast<std::size_t>(step.pool.size()));
    for (int k = 0; k < in_positions(); ++k) {
      kernels::round_rows(in.at(in.value, step.samples, k), in.sample_stride(), step.samples, in.sample_stride(),
                          row_of(step, k, 0), panels_.depth());
    }
  }

  void multiply(const Step& step, int worker, int panel, int position, std::int64_t first, std::int64_t rows) override {
    std::vector<kernels::PairTerm>& terms = terms_[static_cast<std::size_t>(worker)];
    terms.clear();
    for (int k = 0; k < in_positions(); ++k)
      terms.push_back({row_of(step, k, first), panels_.at(panel, position * in_positions() + k)});
    kernels::pair_product({.terms = terms,
                           .a_row = panels_.depth(),
                           .b_row = panels_.row(panel),
                           .c = result(step, panel, position, first),
                           .c_row = spec_.out->sample_stride(),
                           .rows = rows,
                           .depth = panels_.depth(),
                           .width = panels_.width(panel)});
  }

  kernels::Bf16* row_of(const Step& step, std::int64_t position, std::int64_t sample) const {
    return rows_.data() + (position * step.samples + sample) * panels_.depth();
  }

  PairPanels panels_;
  PairBuffer rows_;  // [input position][sample][channel to 32]
  std::vector<std::vector<kernels::PairTerm>> terms_;
};

}  // namespace

std::unique_ptr<Pass> make_packed_dense(DenseSpec spec) {
  return std::make_unique<PackedDenseF32>(std::move(spec));
}
std::unique_ptr<Pass> make_mixed_packed_dense(DenseSpec spec) {
  return std::make_unique<PackedDenseMixed>(std::move(spec));
}

}  // namespace ganymede::engine
