#include "kernels/update.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/update.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ganymede::kernels {
namespace HWY_NAMESPACE {

void moments(const Update& u, const Moments& rule) {
  const Floats b1 = set(rule.beta1), b2 = set(rule.beta2), c1 = set(1 - rule.beta1), c2 = set(1 - rule.beta2);
  const Floats rate_m = set(rule.rate_m), rate_g = set(rule.rate_g), v_scale = set(rule.v_scale),
               epsilon = set(rule.epsilon);
  const Floats scale = set(u.gradient_scale);
  for (std::int64_t i = 0; i < u.count; i += kLanes) {
    const Floats g = hn::Mul(load(u.gradient + i), scale);
    const Floats m = mul_add(b1, load(u.first + i), hn::Mul(c1, g));
    const Floats v = mul_add(b2, load(u.second + i), hn::Mul(c2, hn::Mul(g, g)));
    store(u.first + i, m);
    store(u.second + i, v);
    const Floats direction = mul_add(rate_m, m, hn::Mul(rate_g, g));
    const Floats size = mul_add(hn::Sqrt(v), v_scale, epsilon);
    store(u.parameter + i, hn::Sub(load(u.parameter + i), hn::Div(direction, size)));
  }
}

void rmsprop(const Update& u, float rate, float rho, float epsilon) {
  for (std::int64_t i = 0; i < u.count; i += kLanes) {
    const Floats g = hn::Mul(load(u.gradient + i), set(u.gradient_scale));
    const Floats v = mul_add(set(rho), load(u.second + i), hn::Mul(set(1 - rho), hn::Mul(g, g)));
    store(u.second + i, v);
    const Floats step = hn::Div(hn::Mul(set(rate), g), hn::Sqrt(hn::Add(v, set(epsilon))));
    store(u.parameter + i, hn::Sub(load(u.parameter + i), step));
  }
}

void sgd(const Update& u, float rate, float momentum) {
  for (std::int64_t i = 0; i < u.count; i += kLanes) {
    const Floats g = hn::Mul(load(u.gradient + i), set(u.gradient_scale));
    const Floats m = neg_mul_add(set(rate), g, hn::Mul(set(momentum), load(u.first + i)));
    store(u.first + i, m);
    store(u.parameter + i, hn::Add(load(u.parameter + i), m));
  }
}

void average(float* target, const float* value, std::int64_t count, float decay) {
  for (std::int64_t i = 0; i < count; i += kLanes) {
    store(target + i, mul_add(set(decay), load(target + i), hn::Mul(set(1 - decay), load(value + i))));
  }
}

void clamp_any(float* values, std::int64_t count, float limit) {
  for (std::int64_t i = 0; i < count; i += kLanes)
    store(values + i, hn::Min(hn::Max(load(values + i), set(-limit)), set(limit)));
}

void add_any(float* a, const float* b, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes) store(a + i, hn::Add(load(a + i), load(b + i)));
}

void multiply_any(float* out, const float* a, const float* b, std::int64_t count) {
  for (std::int64_t i = 0; i < count; i += kLanes) store(out + i, hn::Mul(load(a + i), load(b + i)));
}

double squares(const float* values, std::int64_t count) {
  double total = 0;
  for (std::int64_t begin = 0; begin < count; begin += 4096) {
    const std::int64_t end = std::min(count, begin + 4096);
    Floats sum[kParts];
    for (int part = 0; part < kParts; ++part) sum[part] = hn::Zero(kFloats);
    for (std::int64_t i = begin; i < end; i += 16) {
      for (int part = 0; part < kParts; ++part) {
        const Floats v = load(values + i + part * kLanes);
        sum[part] = mul_add(v, v, sum[part]);
      }
    }
    float lanes[16];
    for (int part = 0; part < kParts; ++part) store(lanes + part * kLanes, sum[part]);
    for (const float lane : lanes) total += lane;
  }
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace ganymede::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ganymede::kernels {

HWY_EXPORT(moments);
HWY_EXPORT(rmsprop);
HWY_EXPORT(sgd);
HWY_EXPORT(average);
HWY_EXPORT(clamp_any);
HWY_EXPORT(add_any);
HWY_EXPORT(multiply_any);
HWY_EXPORT(squares);

void update_moments(const Update& u, const Moments& rule) {
  HWY_DYNAMIC_DISPATCH(moments)(u, rule);
}
void update_rmsprop(const Update& u, float rate, float rho, float epsilon) {
  HWY_DYNAMIC_DISPATCH(rmsprop)(u, rate, rho, epsilon);
}
void update_sgd(const Update& u, float rate, float momentum) {
  HWY_DYNAMIC_DISPATCH(sgd)(u, rate, momentum);
}
void update_average(float* target, const float* value, std::int64_t count, float decay) {
  HWY_DYNAMIC_DISPATCH(average)(target, value, count, decay);
}
void clamp(float* values, std::int64_t count, float limit) {
  HWY_DYNAMIC_DISPATCH(clamp_any)(values, count, limit);
}
void add(float* a, const float* b, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(add_any)(a, b, count);
}
void multiply(float* out, const float* a, const float* b, std::int64_t count) {
  HWY_DYNAMIC_DISPATCH(multiply_any)(out, a, b, count);
}
double sum_of_squares(const float* values, std::int64_t count) {
  return HWY_DYNAMIC_DISPATCH(squares)(values, count);
}

}  // namespace ganymede::kernels
#endif
