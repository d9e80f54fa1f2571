#pragma once

#include <cmath>

namespace ganymede::engine {

/// A number and its derivative along a direction: what is computed with these carries its own tangent, by no rule but
/// those of +, -, *, / and the functions below. Comparisons look at the number alone. Implicit from a number that does
/// not move.
struct Dual {
  double value = 0;
  double tangent = 0;

  Dual() = default;
  Dual(double v) : value(v) {}  // NOLINT: a number is one that stands still
  Dual(double v, double t) : value(v), tangent(t) {}
  explicit operator double() const { return value; }

  Dual& operator+=(Dual b) { return *this = {value + b.value, tangent + b.tangent}; }
  Dual& operator-=(Dual b) { return *this = {value - b.value, tangent - b.tangent}; }
  Dual& operator*=(Dual b) { return *this = {value * b.value, tangent * b.value + value * b.tangent}; }
  Dual& operator/=(Dual b) {
    const double quotient = value / b.value;
    return *this = {quotient, (tangent - quotient * b.tangent) / b.value};
  }

  friend Dual operator-(Dual a) { return {-a.value, -a.tangent}; }
  friend Dual operator+(Dual a, Dual b) { return a += b; }
  friend Dual operator-(Dual a, Dual b) { return a -= b; }
  friend Dual operator*(Dual a, Dual b) { return a *= b; }
  friend Dual operator/(Dual a, Dual b) { return a /= b; }
  friend bool operator<(Dual a, Dual b) { return a.value < b.value; }
  friend bool operator>(Dual a, Dual b) { return a.value > b.value; }
  friend bool operator<=(Dual a, Dual b) { return a.value <= b.value; }
  friend bool operator>=(Dual a, Dual b) { return a.value >= b.value; }

  friend Dual exp(Dual a) { return {std::exp(a.value), std::exp(a.value) * a.tangent}; }
  friend Dual expm1(Dual a) { return {std::expm1(a.value), std::exp(a.value) * a.tangent}; }
  friend Dual tanh(Dual a) {
    const double y = std::tanh(a.value);
    return {y, (1 - y * y) * a.tangent};
  }
  /// Its slope at 0 is taken for 0.
  friend Dual sqrt(Dual a) {
    const double root = std::sqrt(a.value);
    return {root, root > 0 ? a.tangent / (2 * root) : 0};
  }
};

}  // namespace ganymede::engine
