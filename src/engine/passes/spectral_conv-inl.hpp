#pragma once

#include <algorithm>
#include <utility>

#include "engine/passes/conv_pass.hpp"
#include "engine/passes/residues.hpp"
#include "kernels/spectral.hpp"

namespace ganymede::engine {

/// What convolutions by transform share, whatever the arithmetic: P is kernels::Planes (f32) or kernels::PairPlanes
/// (bf16).
///
/// How it works. An image of up to 7 x 7 pixels is transformed whole, in a circle of 8 x 8 or 9 x 9 whose rest is zero,
/// so that a kernel's shifts of 1 or 2 pixels meet zeros beyond the edge. A convolution is then, for each frequency, a
/// product of the transforms: a matrix product over channels. A stride of 2 cuts the larger image into its residues
/// (residues.hpp), which lie behind each other as channels. Weights are transformed at every step too, which many
/// samples pay for. With X the larger image, S the smaller and W the weights, each pass is one of S = X W, X = S
/// conj(W) and Z = X conj(S), summed over samples: a convolution's forward, its data gradient, the transform of its
/// weight gradient (a transposed one exchanges the first two). The input's transform is kept for the last.
template <class P>
class SpectralConvBase : public Pass {
 public:
  explicit SpectralConvBase(ConvSpec spec)
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
    reserve(step);
    if (spec_.transposed) {
      to_planes_big(step, big_->gradient, step.backward_samples);
    } else {
      to_planes_small(step, small_->gradient, step.backward_samples);
    }
    if (step.parameter_gradients) {
      weight_gradient(step, step.backward_samples);
      step.mark(this, PassPart::backward_weights, step.backward_samples);
    }
    if (!spec_.input_need.now(step)) return;
    const std::int64_t rows = spec_.input_need.samples(step);
    if (spec_.backward_again) {  // until the next call, which finds the input's transform where it was
      (spec_.transposed ? s_ : x_) =
          make_planes(capacity_, spec_.transposed ? s_columns_ : x_columns_, spec_.workspace->data);
    }
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
    for (const Buffer* b : {&input_, &turned_}) total += b->bytes();
    for (const Buffer& b : scratch_) total += b.bytes();
    return total;
  }

 protected:
  int complex_planes() const { return kernels::complex_planes(length_); }
  int taps() const { return spec_.geometry.taps(); }
  std::string transform_name() const {
    return "transform " + std::to_string(length_) + " x " + std::to_string(length_) + ", ";
  }
  void describe_kernel(const std::string& product, std::vector<PassInfo>& out) const {
    const double flops = 2.0 * static_cast<double>(spec_.geometry.links()) * spec_.in->channels * spec_.out->channels;
    describe_products(spec_.network, nodes, transform_name() + product, flops, spec_.input_need, out);
  }

  float* scratch(int worker, std::int64_t count) {
    Buffer& buffer = scratch_[worker];
    if (buffer.size() < count) buffer = Buffer(count);
    return buffer.data();
  }

  struct RowBlocks {
    std::int64_t count, rows;
  };
  /// Even blocks of at most `most` rows, whole blocks of the kernels' six.
  static RowBlocks cut(std::int64_t rows, std::int64_t most) {
    const std::int64_t count = (rows + most - 1) / most;
    const std::int64_t each = ((rows + count - 1) / count + 5) / 6 * 6;
    return {(rows + each - 1) / each, each};
  }

  /// X [plane][sample][residue, channel] and S [plane][sample][channel], for up to so many samples.
  virtual P make_planes(std::int64_t samples, int columns, Buffer& buffer) const = 0;
  /// From w[tap][big channel][small channel to 16].
  virtual void pack_weights(const Step& step, const float* w, std::int64_t tap_size) = 0;
  virtual void multiply_to_small(const Step& step, std::int64_t rows) = 0;  ///< S = X W
  virtual void multiply_to_big(const Step& step, std::int64_t rows) = 0;    ///< X = S conj(W)
  /// Z = X conj(S) over the samples in order: z[plane][re, im][X column][S column], matrices part_ apart.
  virtual void multiply_gradient(const Step& step, std::int64_t rows, float* z) = 0;

  ConvSpec spec_;
  Field* big_;
  Field* small_;
  int length_;
  std::vector<Residue> residues_;
  std::int64_t planes_;
  int big_channels_, x_columns_, s_columns_;  // padded to 16; X holds the residues beside each other
  std::int64_t part_;                         // of one matrix [X columns][S columns], kept off powers of two
  P x_, s_;

 private:
  void reserve(const Step& step) {
    capacity_ = std::max(capacity_, step.samples);
    // The input's transform is read again by the weight gradient; the output's is not.
    x_ = make_planes(capacity_, x_columns_, spec_.transposed ? spec_.workspace->planes : input_);
    s_ = make_planes(capacity_, s_columns_, spec_.transposed ? input_ : spec_.workspace->planes);
    if (scratch_.empty()) scratch_.resize(static_cast<std::size_t>(step.pool.size()));
  }

  using Transform = void (*)(int, const kernels::Grid&, const P&, std::int64_t, int, int);

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

  void transform_weights(const Step& step) {
    const float* w = spec_.weight->value.data();
    if (spec_.transposed) {
      turn(step, w, true);
      w = turned_.data();
    }
    pack_weights(step, w, std::int64_t{1} * big_->channels * s_columns_);
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

  void weight_gradient(const Step& step, std::int64_t rows) {
    Buffer& products = spec_.workspace->products;
    if (products.size() < 2 * planes_ * part_) products = Buffer(2 * planes_ * part_);
    float* z = products.data();
    multiply_gradient(step, rows, z);
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

  std::int64_t capacity_ = 0;
  Buffer input_, turned_;
  std::vector<Buffer> scratch_;
  bool stale_ = true;
};

}  // namespace ganymede::engine
