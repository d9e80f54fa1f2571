#include "engine/plan/field.hpp"

#include <algorithm>
#include <cstring>

namespace ganymede::engine {
namespace {

constexpr int kNarrowStride = 16;

}  // namespace

void scatter_samples(const Field& field, float* base, std::int64_t total, std::int64_t first, std::int64_t count,
                     const float* nchw) {
  const int positions = field.positions();
  const int stride = field.sample_stride();
  if (positions == 1 && field.channels == stride) {
    std::copy_n(nchw, count * stride, base + first * stride);
    return;
  }
  if (positions == 1 && stride == kNarrowStride) {  // logits, points: a sample is one line of the cache
    for (std::int64_t n = 0; n < count; ++n) {
      float* const line = base + (first + n) * stride;
      std::fill_n(line, kNarrowStride, 0.0F);
      for (int c = 0; c < field.channels; ++c) line[c] = nchw[n * field.channels + c];
    }
    return;
  }
  for (int p = 0; p < positions; ++p) {
    float* row = field.at(base, total, p) + first * stride;
    for (std::int64_t n = 0; n < count; ++n) {
      const float* sample = nchw + n * field.features() + p;
      for (int c = 0; c < field.channels; ++c) row[n * stride + c] = sample[std::int64_t{1} * c * positions];
      for (int c = field.channels; c < stride; ++c) row[n * stride + c] = 0;
    }
  }
}

void gather_samples(const Field& field, const float* base, std::int64_t total, std::int64_t first, std::int64_t count,
                    float* nchw) {
  const int positions = field.positions();
  const int stride = field.sample_stride();
  for (int p = 0; p < positions; ++p) {
    const float* row = base + p * field.position_stride(total) + first * stride;
    for (std::int64_t n = 0; n < count; ++n) {
      float* sample = nchw + n * field.features() + p;
      for (int c = 0; c < field.channels; ++c) sample[std::int64_t{1} * c * positions] = row[n * stride + c];
    }
  }
}

void copy_samples(const Field& from, const float* source, std::int64_t from_total, const Field& to, float* target,
                  std::int64_t to_total, std::int64_t count) {
  const std::int64_t from_stride = from.position_stride(from_total);
  const std::int64_t to_stride = to.position_stride(to_total);
  for (int p = 0; p < to.positions(); ++p) {
    const float* a = source + p * from_stride;
    float* b = target + p * to_stride;
    if (from.sample_stride() == to.sample_stride()) {
      std::memcpy(b, a, static_cast<std::size_t>(count) * to.sample_stride() * sizeof(float));
      continue;
    }
    for (std::int64_t n = 0; n < count; ++n) {
      std::fill_n(b + n * to.sample_stride(), to.sample_stride(), 0.0F);
      std::copy_n(a + n * from.sample_stride(), to.channels, b + n * to.sample_stride());
    }
  }
}

void scale_samples(const Field& field, float* values, std::int64_t total, std::span<const float> factors) {
  const int stride = field.sample_stride();
  for (int p = 0; p < field.positions(); ++p) {
    float* at = values + p * field.position_stride(total);
    for (const float factor : factors) {
      for (int c = 0; c < stride; ++c) *at++ *= factor;
    }
  }
}

}  // namespace ganymede::engine
