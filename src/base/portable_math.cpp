#include "base/portable_math.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/every_unit.hpp"
#include "base/portable_math-inl.hpp"

namespace ganymede {
namespace {

constexpr std::size_t kAtOnce = 32;
using Numbers = std::array<double, kAtOnce>;

template <bool fused>
[[gnu::always_inline]] inline void logistics_of(const Numbers& x, Numbers& softplus, Numbers& softplus_of_minus,
                                                Numbers& sigmoid, Numbers& sigmoid_of_minus) {
  for (std::size_t i = 0; i < kAtOnce; ++i) {
    const Logistic of = portable::logistic<fused>(x[i]);
    softplus[i] = of.softplus;
    softplus_of_minus[i] = of.softplus_of_minus;
    sigmoid[i] = of.sigmoid;
    sigmoid_of_minus[i] = of.sigmoid_of_minus;
  }
}
GANYMEDE_FOR_EVERY_UNIT(logistics, logistics_of,
                        (const Numbers& x, Numbers& softplus, Numbers& softplus_of_minus, Numbers& sigmoid,
                         Numbers& sigmoid_of_minus),
                        (x, softplus, softplus_of_minus, sigmoid, sigmoid_of_minus))

}  // namespace

double portable_exp(double x) {
  if (std::isnan(x)) return x;
  return x < -700 ? 0 : portable::exp<false>(x > 700 ? 700 : x);
}

double portable_log(double x) {
  return std::isnan(x) ? x : portable::log(x);
}

Logistic portable_logistic(double x) {
  return portable::logistic<false>(x);
}

void portable_logistic(std::span<const double> x, std::span<Logistic> out) {
  Numbers all{}, softplus, softplus_of_minus, sigmoid, sigmoid_of_minus;
  for (std::size_t first = 0; first < x.size(); first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, x.size() - first);
    std::copy_n(x.data() + first, count, all.begin());
    logistics(all, softplus, softplus_of_minus, sigmoid, sigmoid_of_minus);
    for (std::size_t i = 0; i < count; ++i)
      out[first + i] = {softplus[i], softplus_of_minus[i], sigmoid[i], sigmoid_of_minus[i]};
  }
}

double portable_softplus(double x) {
  return portable_logistic(x).softplus;
}

double portable_sigmoid(double x) {
  return portable_logistic(x).sigmoid;
}

void portable_sincos_turn(double t, double& sine, double& cosine) {
  portable::sincos_turn<false>(t, sine, cosine);
}

}  // namespace ganymede
