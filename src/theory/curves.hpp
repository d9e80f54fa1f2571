#pragma once

#include <functional>
#include <string>
#include <vector>

namespace ganymede::theory {

/// An activation function as a figure shows it (S-LATENT L8, 2.1), with the constants that networks here begin with.
struct Curve {
  std::string name;     ///< as recipes call it: "leaky_relu"
  std::string formula;  ///< "x > 0 ? x : 0.3 x"
  std::function<double(double x)> value, slope;
  bool bounded = false;  ///< its values stay within limits on both sides
};

/// relu, relu with a ceiling of 6, leaky_relu 0.3, prelu (0.25, where He et al. 2015 begin), elu 1, rrelu's mean slope
/// 11/48, tanh, sigmoid. Slopes at a kink are those of the left side, at a ceiling 0.
const std::vector<Curve>& activation_curves();

/// The share of N(0, 1) on which a curve's slope is below `least` in magnitude.
double share_without_slope(const Curve& curve, double least);

}  // namespace ganymede::theory
