#include "picture/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace ganymede::picture {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max() / 4;  // so that differences stay finite

double nice_step(double range, int count) {
  const double rough = range / std::max(count, 1);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double best = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (std::abs(std::log(factor * power / rough)) < std::abs(std::log(best / rough))) best = factor * power;
  }
  return best;
}

std::vector<double> multiples(double low, double high, double step) {
  std::vector<double> out;
  const double slack = 1e-9 * (high - low);
  for (double i = std::ceil((low - slack) / step); i * step <= high + slack && out.size() < 1000; ++i) {
    out.push_back(i == 0 ? 0 : i * step);
  }
  return out;
}

bool is_whole(double v) {
  return std::abs(v - std::round(v)) < 1e-6;
}

// A range of positive length around one value.
void widen(double& low, double& high) {
  if (high > low) return;
  const double half = low == 0 ? 0.5 : std::abs(low) * 0.1;
  low -= half, high += half;
}

}  // namespace

std::string tick_label(double value, double step) {
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size < 1e-4 || size >= 1e9) return fmt::format("{:.3g}", value);
  const int fewest = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
  int decimals = fewest;  // up to two more, for a step such as 0.25
  while (decimals < fewest + 2 && !is_whole(step * std::pow(10, decimals))) ++decimals;
  if (decimals == 0) return with_thousands(std::llround(value));
  return fmt::format("{:.{}f}", value, decimals);
}

Axis Axis::linear(const std::vector<double>& values, int ticks, double room, Zero zero) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  bool whole = true;
  for (const double v : values) {
    if (!(std::abs(v) <= kLargest)) continue;
    low = std::min(low, v), high = std::max(high, v);
    whole &= v == std::floor(v);
  }
  if (low > high) low = 0, high = 1;
  // A half of the largest numbers, so that differences stay finite.
  low = std::max(low, -std::numeric_limits<double>::max() / 4),
  high = std::min(high, std::numeric_limits<double>::max() / 4);
  const bool near_zero =
      low * high > 0 && std::min(std::abs(low), std::abs(high)) < 0.4 * std::max(std::abs(low), std::abs(high));
  const bool with_zero = zero == Zero::yes || (zero == Zero::if_near && near_zero);
  if (with_zero) low = std::min(low, 0.0), high = std::max(high, 0.0);
  widen(low, high);
  const double extra = room * (high - low);
  if (!with_zero || low != 0) low -= extra;
  if (!with_zero || high != 0) high += extra;
  Axis axis(low, high, false);
  double step = nice_step(high - low, ticks);
  if (whole) step = std::max(step, 1.0);
  for (const double v : multiples(low, high, step)) axis.ticks_.push_back({v, tick_label(v, step)});
  return axis;
}

Axis Axis::logarithmic(const std::vector<double>& values, int ticks, double room) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  for (const double v : values) {
    if (v > 0 && v <= kLargest) low = std::min(low, v), high = std::max(high, v);
  }
  if (low > high) low = 0.1, high = 1;
  double a = std::log10(low), b = std::log10(high);
  if (b - a < 0.1) a -= 0.15, b += 0.15;
  const double extra = room * (b - a);
  a -= extra, b += extra;
  Axis axis(a, b, true);
  const int every = std::max(1, static_cast<int>(std::ceil((b - a) / (ticks + 1))));
  const bool fine = b - a < 2.5;  // few decades: 2 and 5 as well
  for (int power = static_cast<int>(std::floor(a)); power <= b; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if ((factor != 1 && !fine) || power % every != 0) continue;
      const double value = factor * std::pow(10, power), at = power + std::log10(factor);
      if (at >= a && at <= b && axis.shows(value)) axis.ticks_.push_back({value, tick_label(value, value)});
    }
  }
  return axis;
}

bool Axis::shows(double v) const {
  return std::abs(v) <= kLargest && (!log_ || v > 0);
}

double Axis::place(double v) const {
  return ((log_ ? std::log10(v) : v) - low_) / (high_ - low_);
}

}  // namespace ganymede::picture
