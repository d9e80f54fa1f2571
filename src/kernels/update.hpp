#pragma once

#include <cstdint>

namespace ganymede::kernels {

// Optimiser rules over flat arrays whose length is a multiple of 16. `gradient_scale` multiplies the gradient first
// (clipping).

struct Update {
  float* parameter = nullptr;
  const float* gradient = nullptr;
  float* first = nullptr;   ///< first moment (adam, nadam), or velocity (sgd)
  float* second = nullptr;  ///< second moment (adam, nadam, rmsprop)
  std::int64_t count = 0;
  float gradient_scale = 1;
};

/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= (rate_m m + rate_g g) / (sqrt(v) v_scale + epsilon).
/// Adam in Keras' form: rate_m = lr sqrt(1 - b2^t) / (1 - b1^t), rate_g = 0, v_scale = 1. Nadam: rate_g > 0.
struct Moments {
  float beta1 = 0.9F, beta2 = 0.999F, rate_m = 0, rate_g = 0, v_scale = 1, epsilon = 1e-7F;
};
void update_moments(const Update& u, const Moments& rule);
/// v = rho v + (1 - rho) g^2; p -= rate g / sqrt(v + epsilon).
void update_rmsprop(const Update& u, float rate, float rho, float epsilon);
/// m = momentum m - rate g; p += m.
void update_sgd(const Update& u, float rate, float momentum);

/// average = decay average + (1 - decay) value.
void update_average(float* average, const float* value, std::int64_t count, float decay);
/// Clamps to [-limit, limit].
void clamp(float* values, std::int64_t count, float limit);
/// a += b.
void add(float* a, const float* b, std::int64_t count);
/// out = a b.
void multiply(float* out, const float* a, const float* b, std::int64_t count);
/// Sum of squares in sixteen virtual lanes and double precision over blocks of 4096: NaN and infinity come through.
double sum_of_squares(const float* values, std::int64_t count);

}  // namespace ganymede::kernels
