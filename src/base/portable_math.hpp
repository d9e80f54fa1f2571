#pragma once

#include <span>

namespace ganymede {

// Elementary functions in double that give the same bits on every IEEE machine (no libm, no fused multiply-add).
// Relative error below 2e-15 over the stated range. NaN gives NaN.

/// exp(x) for x in [-700, 700]; 0 below, exp(700) above.
double portable_exp(double x);
/// Natural logarithm for x > 0, normal.
double portable_log(double x);
/// log(1 + exp(x)) for every x; 0 below -700.
double portable_softplus(double x);
/// 1 / (1 + exp(-x)) for every x; 0 below -700.
double portable_sigmoid(double x);
/// Both of x and of -x, for the price of one.
struct Logistic {
  double softplus, softplus_of_minus, sigmoid, sigmoid_of_minus;
};
Logistic portable_logistic(double x);
/// The same of many numbers, several at a time.
void portable_logistic(std::span<const double> x, std::span<Logistic> out);
/// Sine and cosine of 2 pi t for t in [0, 1].
void portable_sincos_turn(double t, double& sine, double& cosine);

}  // namespace ganymede
