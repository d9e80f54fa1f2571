#pragma once

#include <cstdint>
#include <span>

#include "tensor/tensor.hpp"

namespace ganymede::engine {

/// Values of one node for a whole batch, laid out [position][sample][channel]: every convolution and dense layer is
/// then a list of matrix products whose rows are samples. Channels are padded to a multiple of 16 ("wide") unless they
/// are the 1 to 4 channels of an image ("thin", unpadded). A flat vector of F features is either one position of F
/// channels, or, next to a reshape, the C, H, W order of an image: feature c * positions + p.
struct Field {
  int height = 1;
  int width = 1;
  int channels = 1;
  bool thin = false;
  float* value = nullptr;
  float* gradient = nullptr;
  // Their derivatives along a direction, where the program was compiled for tangents.
  float* value_tangent = nullptr;
  float* gradient_tangent = nullptr;

  int positions() const { return height * width; }
  std::int64_t features() const { return std::int64_t{1} * height * width * channels; }
  /// Floats from one sample to the next.
  int sample_stride() const { return thin ? channels : (channels + 15) / 16 * 16; }
  /// Floats from one position to the next for a batch of n: whole vectors, and never a multiple of 4 KB, which would
  /// collide in the caches. A single position ends with its last sample: behind it may lie another block's
  /// (SampleBlocks).
  std::int64_t position_stride(std::int64_t n) const {
    const std::int64_t stride = (n * sample_stride() + 15) / 16 * 16;
    return positions() > 1 && stride % 1024 == 0 ? stride + 16 : stride;
  }
  std::int64_t size(std::int64_t n) const { return positions() * position_stride(n); }
  float* at(float* base, std::int64_t n, std::int64_t position) const { return base + position * position_stride(n); }

  /// Length of the pattern that per-channel parameters are expanded to (kernels/activation.hpp).
  int period() const { return thin ? 16 * channels : sample_stride(); }
};

/// [N, C, H, W] (or [N, F] in C, H, W order) -> the field's layout; padding becomes zero.
void scatter_samples(const Field& field, float* base, std::int64_t total, std::int64_t first, std::int64_t count,
                     const float* nchw);
/// The inverse.
void gather_samples(const Field& field, const float* base, std::int64_t total, std::int64_t first, std::int64_t count,
                    float* nchw);
/// The first `count` samples from one layout to another of as many positions and channels.
void copy_samples(const Field& from, const float* source, std::int64_t from_total, const Field& to, float* target,
                  std::int64_t to_total, std::int64_t count);
/// Sample n times factors[n].
void scale_samples(const Field& field, float* values, std::int64_t total, std::span<const float> factors);

}  // namespace ganymede::engine
