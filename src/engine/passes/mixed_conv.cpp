#include <algorithm>
#include <utility>

#include "engine/passes/direct_conv-inl.hpp"
#include "engine/passes/pair_packing.hpp"
#include "kernels/bf16.hpp"
#include "kernels/pair_product.hpp"
#include "kernels/unit.hpp"

namespace ganymede::engine {

// How it works. A convolution by direct products in bf16 (direct_conv-inl.hpp). What a pass reads is rounded to bf16
// first, into one matrix a position, once for all taps; all taps of a target are one call of the kernel, which sums in
// f32 on the unit in use. For the weights' gradient samples are the depth: the input is transposed while it is rounded,
// the output's gradient laid out in pairs of samples.

namespace {

using kernels::Bf16;

// The values of a field in bf16, one matrix a position; padding stays zero.
class Matrices {
 public:
  void reserve(std::int64_t positions, std::int64_t size) {
    size_ = size;
    if (data_.size() < positions * size) data_ = PairBuffer(positions * size);
  }
  /// Another number of samples leaves other padding.
  void clear_if_changed(std::int64_t samples) {
    if (samples_ == samples) return;
    std::fill_n(data_.data(), data_.size(), Bf16{0});
    samples_ = samples;
  }
  Bf16* at(std::int64_t position) const { return data_.data() + position * size_; }
  std::int64_t bytes() const { return data_.bytes(); }

 private:
  PairBuffer data_;
  std::int64_t size_ = 0;
  std::int64_t samples_ = 0;
};

// Direct products in bf16 (kernels/pair_product.hpp): the field that is read is rounded once, whatever reads it.
class MixedConv : public DirectConvBase<PairPanels> {
 public:
  using DirectConvBase::DirectConvBase;

  std::int64_t bytes() const override {
    return DirectConvBase::bytes() + in_rows_.bytes() + in_columns_.bytes() + gradient_rows_.bytes() +
           gradient_pairs_.bytes();
  }

 private:
  std::string kernel() const override { return std::string("pair product ") + kernels::name_of(kernels::unit()); }

  // [position][sample][channel to 32].
  static void round_rows(const Step& step, const Field& field, const float* values, std::int64_t rows, Matrices& to) {
    const std::int64_t row = padded_depth(field.channels);
    to.reserve(field.positions(), step.samples * row);
    step.pool.run(field.positions(), [&](std::int64_t p, int) {
      kernels::round_rows(values + p * field.position_stride(step.samples), field.sample_stride(), rows,
                          field.sample_stride(), to.at(p), row);
    });
  }

  // A task is one target position and one panel of its channels.
  void multiply(const Step& step, const Field& from_field, const float* from, const Field& to_field, float* to,
                const PairPanels& panels, bool to_big, std::int64_t rows) override {
    Matrices& from_rows = &panels == &forward_panels_ ? in_rows_ : gradient_rows_;
    round_rows(step, from_field, from, rows, from_rows);
    const auto& lists = to_big ? spec_.geometry.by_big : spec_.geometry.by_small;
    const std::int64_t to_stride = to_field.position_stride(step.samples);
    const int count = panels.count();
    step.pool.run(static_cast<std::int64_t>(lists.size()) * count, [&](std::int64_t task, int) {
      const std::int64_t target = task / count;
      const int panel = static_cast<int>(task % count);
      std::vector<kernels::PairTerm> terms;
      terms.reserve(lists[target].size());
      for (const Geometry::Link& link : lists[target])
        terms.push_back({from_rows.at(to_big ? link.small : link.big), panels.at(panel, link.tap)});
      product(terms, padded_depth(from_field.channels), panels.row(panel), to + target * to_stride + panel * kPairPanel,
              to_field.sample_stride(), rows, panels.depth(), panels.width(panel));
    });
  }

  static void product(const std::vector<kernels::PairTerm>& terms, std::int64_t a_row, std::int64_t b_row, float* c,
                      std::int64_t c_row, std::int64_t rows, int depth, int width) {
    if (terms.empty()) {
      for (std::int64_t r = 0; r < rows; ++r) std::fill_n(c + r * c_row, width, 0.0F);
      return;
    }
    kernels::pair_product({.terms = terms,
                           .a_row = a_row,
                           .b_row = b_row,
                           .c = c,
                           .c_row = c_row,
                           .rows = rows,
                           .depth = depth,
                           .width = width});
  }

  // Samples are the depth, so the input is turned and the gradient paired over them.
  void weight_gradient(const Step& step) override {
    const Field& in = *spec_.in;
    const Field& out = *spec_.out;
    const std::int64_t n = step.backward_samples;
    const std::int64_t depth = padded_depth(n);
    const std::int64_t row = out.sample_stride();
    in_columns_.reserve(in.positions(), in.channels * depth);
    gradient_pairs_.reserve(out.positions(), depth * row);
    in_columns_.clear_if_changed(n);
    gradient_pairs_.clear_if_changed(n);
    step.pool.run(in.positions(), [&](std::int64_t p, int) {
      kernels::round_transposed(in.value + p * in.position_stride(step.samples), in.sample_stride(), n, in.channels,
                                in_columns_.at(p), depth);
    });
    step.pool.run(out.positions(), [&](std::int64_t p, int) {
      kernels::round_pairs(out.gradient + p * out.position_stride(step.samples), row, n, row, gradient_pairs_.at(p),
                           2 * row);
    });
    const int panels = forward_panels_.count();
    step.pool.run(std::int64_t{1} * taps() * panels, [&](std::int64_t task, int) {
      const std::int64_t tap = task / panels;
      const int panel = static_cast<int>(task % panels);
      std::vector<kernels::PairTerm> terms;
      terms.reserve(spec_.geometry.by_tap[tap].size());
      for (const Geometry::Link& link : spec_.geometry.by_tap[tap]) {
        terms.push_back({in_columns_.at(spec_.transposed ? link.small : link.big),
                         gradient_pairs_.at(spec_.transposed ? link.big : link.small) + 2 * panel * kPairPanel});
      }
      product(terms, depth, 2 * row, spec_.weight->gradient.data() + tap * in.channels * row + panel * kPairPanel, row,
              in.channels, static_cast<int>(depth), forward_panels_.width(panel));
    });
  }

  Matrices in_rows_, in_columns_, gradient_rows_, gradient_pairs_;
};

}  // namespace

std::unique_ptr<Pass> make_mixed_conv(ConvSpec spec) {
  return std::make_unique<MixedConv>(std::move(spec));
}

}  // namespace ganymede::engine
