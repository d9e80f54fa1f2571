#include "engine/plan/field.hpp"

namespace ganymede::engine {

void scatter_samples(const Field& field, float* base, std::int64_t total, std::int64_t first, std::int64_t count,
                     const float* nchw) {
  const int positions = field.positions();
  const int stride = field.sample_stride();
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

}  // namespace ganymede::engine
